import { describe, expect, test } from 'vitest';
import {
  addEntry,
  keyAt,
  listOf,
  listWords,
  mapAt,
  removeEntry,
  removeItem,
  replaceString,
} from '../../../server/src/rules/edits.ts';
import { applyEdits, type TextEdit } from '../../../server/src/text/edit.ts';
import { locate, type Span, span } from '../../../server/src/text/range.ts';
import type { YamlDocument } from '../../../server/src/yaml/document.ts';
import { type MapNode, nodeAt, type SeqNode, type Step } from '../../../server/src/yaml/node.ts';
import { parseDocument } from '../../../server/src/yaml/parse.ts';

function at(document: YamlDocument, path: readonly Step[]): Span {
  return span(document, nodeAt(document.root, path)!);
}

function mapOf(document: YamlDocument, path: readonly Step[]): MapNode {
  return mapAt(document, at(document, path))!;
}

function applied(text: string, change: (document: YamlDocument) => TextEdit | undefined): string | undefined {
  const edit = change(parseDocument('a.yaml', text));
  return edit === undefined ? undefined : applyEdits(text, [edit]);
}

describe('addEntry', () => {
  test.each([
    ['block', 'a:\n  b: 1\n  c: 2\nd: 3\n', 'a:\n  b: 1\n  c: 2\n  x: 9\nd: 3\n'],
    [
      'block with a comment behind the last value',
      'a:\n  b: 1 # one\n  # more\nd: 3\n',
      'a:\n  b: 1 # one\n  x: 9\n  # more\nd: 3\n',
    ],
    ['block without a final line break', 'a:\n  b: 1', 'a:\n  b: 1\n  x: 9'],
    ['block with CRLF', 'a:\r\n  b: 1\r\nd: 3\r\n', 'a:\r\n  b: 1\r\n  x: 9\r\nd: 3\r\n'],
    ['block that ends with a nested one', 'a:\n  b:\n    c: 1\nd: 3\n', 'a:\n  b:\n    c: 1\n  x: 9\nd: 3\n'],
    ['block that ends with a literal', 'a:\n  b: |\n    text\n\nd: 3\n', 'a:\n  b: |\n    text\n  x: 9\n\nd: 3\n'],
    ['block that ends with nothing', 'a:\n  b:\nd: 3\n', 'a:\n  b:\n  x: 9\nd: 3\n'],
    ['flow', 'a: { b: 1 }\n', 'a: { b: 1, x: 9 }\n'],
    ['empty flow', 'a: {}\n', 'a: { x: 9 }\n'],
  ])('%s', (_style, text, result) => {
    expect(applied(text, document => addEntry(document, mapOf(document, ['a']), 'x: 9'))).toBe(result);
  });

  test('an item of a list keeps its dash', () => {
    const text = 'a:\n  - b: 1\n  - b: 2\n';
    expect(applied(text, document => addEntry(document, mapOf(document, ['a', 0]), 'x: 9'))).toBe(
      'a:\n  - b: 1\n    x: 9\n  - b: 2\n',
    );
  });
});

describe('removeEntry', () => {
  test.each([
    ['the last of a block', 'a:\n  b: 1\n  x: 9 # gone\nd: 3\n', 'a:\n  b: 1\nd: 3\n'],
    ['the first of a block', 'a:\n  x: 9\n  b: 1\n', 'a:\n  b: 1\n'],
    ['one with an object', 'a:\n  b: 1\n  x:\n    y: 1\n    z: 2\nd: 3\n', 'a:\n  b: 1\nd: 3\n'],
    ['the last line of the text', 'a:\n  b: 1\n  x: 9', 'a:\n  b: 1'],
    ['one with CRLF', 'a:\r\n  b: 1\r\n  x: 9\r\nd: 3\r\n', 'a:\r\n  b: 1\r\nd: 3\r\n'],
    ['the first of a flow map', 'a: { x: 9, b: 1 }\n', 'a: { b: 1 }\n'],
    ['the last of a flow map', 'a: { b: 1, x: 9 }\n', 'a: { b: 1 }\n'],
    ['the only one', 'a: { x: 9 }\n', undefined],
    ['one that is not there', 'a: { b: 9, c: 1 }\n', undefined],
  ])('%s', (_place, text, result) => {
    expect(applied(text, document => removeEntry(document, mapOf(document, ['a']), 'x'))).toBe(result);
  });

  test('the first entry of an item leaves the dash to the next', () => {
    const text = 'a:\n  - x: 9\n    b: 1\n  - b: 2\n';
    expect(applied(text, document => removeEntry(document, mapOf(document, ['a', 0]), 'x'))).toBe(
      'a:\n  - b: 1\n  - b: 2\n',
    );
  });
});

describe('removeItem', () => {
  const remove = (text: string, index: number): string | undefined =>
    applied(text, document => removeItem(document, nodeAt(document.root, ['a']) as SeqNode, index));

  test.each([
    ['the first of a block', 'a:\n  - b: 1\n    c: 2\n  - b: 3\n', 0, 'a:\n  - b: 3\n'],
    ['the last of a block', 'a:\n- b: 1\n- b: 3\n  c: 2\nd: 1\n', 1, 'a:\n- b: 1\nd: 1\n'],
    ['the first of a flow list', 'a: [{ b: 1 }, { b: 2 }]\n', 0, 'a: [{ b: 2 }]\n'],
    ['the last of a flow list', 'a: [{ b: 1 }, { b: 2 }]\n', 1, 'a: [{ b: 1 }]\n'],
    ['the only one', 'a: [{ b: 1 }]\n', 0, undefined],
  ])('%s', (_place, text, index, result) => {
    expect(remove(text, index)).toBe(result);
  });
});

test.each([
  ['a: bare\n', 'other', 'a: other\n'],
  ['a: bare\n', '80', 'a: "80"\n'],
  ['a: bare\n', 'on', 'a: "on"\n'],
  ['a: bare\n', '*.example.com', 'a: "*.example.com"\n'],
  ["a: 'bare' # why\n", 'x,y', "a: 'x,y' # why\n"],
  ['a: x,y\n', 'x', 'a: x\n'],
  ['a: x,y,z\n', 'x,z', 'a: x,z\n'],
  ['a: [x]\n', 'x,z', 'a: ["x,z"]\n'],
  ['a: >-\n  x,\n  y\nb: 1\n', 'x,y', 'a: x,y\nb: 1\n'],
])('replaceString puts %j to %s', (text, by, result) => {
  const path = text.includes('[') ? ['a', 0] : ['a'];
  expect(applied(text, document => replaceString(document, at(document, path), by))).toBe(result);
});

test('listWords finds the words in any style, and the whole where they are written otherwise', () => {
  const words = (text: string): string[] => {
    const document = parseDocument('a.yaml', text);
    const node = nodeAt(document.root, ['a'])!;
    const value = node.kind === 'scalar' ? node.source : '';
    return listWords(document, locate(value, document, node)).map(word => text.slice(word.start, word.end));
  };
  expect(words('a: x, y\n')).toEqual(['x', ' y']);
  expect(words("a: 'x,,y'\n")).toEqual(['x', '', 'y']);
  expect(words('a: "x,\\u0079"\n')).toEqual(['"x,\\u0079"', '"x,\\u0079"']);
});

test.each([
  ['lists', 'list: [a, [b], {c: d}, [e, f], "", g]\n'],
  ['items that are left empty', 'list:\n  - a\n  -\n  -\n  - b\n  -\n'],
])('the list of an item is found as a search of all items finds it: %s', (_, text) => {
  const document = parseDocument('a.yaml', text);
  const list = nodeAt(document.root, ['list']);
  const items = list?.kind === 'seq' ? list.items : [];
  expect(items.length).toBeGreaterThan(4);
  for (const item of items) {
    const first = items.findIndex(({ start, end }) => start === item.start && end === item.end);
    expect(listOf(document, locate('', document, item))).toEqual({ list, index: first });
  }
});

test('places are found again in long lists', () => {
  const text = `list:\n${Array.from({ length: 50 }, (_, i) => `  - { n: ${i}, inner: { k: ${i} } }\n`).join('')}`;
  const document = parseDocument('a.yaml', text);
  for (const index of [0, 24, 49]) {
    const inner = at(document, ['list', index, 'inner']);
    expect(text.slice(keyAt(document, inner).start, keyAt(document, inner).end)).toBe('inner');
    expect(mapAt(document, inner)?.entries[0]?.value).toMatchObject({ value: index });
    expect(listOf(document, at(document, ['list', index]))?.index).toBe(index);
  }
  expect(mapAt(document, { anchor: document, start: 1, end: 2 })).toBeUndefined();
});
