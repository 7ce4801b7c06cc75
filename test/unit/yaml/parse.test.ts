import { describe, expect, test } from 'vitest';
import { plainValue } from '../../../server/src/schema/validate.ts';
import { soundUntil, type YamlProblem } from '../../../server/src/yaml/document.ts';
import { parseDocument, parseFile } from '../../../server/src/yaml/parse.ts';

const problems = (text: string): readonly YamlProblem[] => parseDocument('file', text).problems;
const value = (text: string): unknown => plainValue(parseDocument('file', text).root);
/** The problems with the text that they mark. */
const marked = (text: string): readonly string[] =>
  problems(text).map(({ code, start, end }) => `${code} ${JSON.stringify(text.slice(start, end))} ${start}`);

describe('values', () => {
  test.each([
    ['block and flow', 'a:\n  - b: 1\n  - {c: [x, "y"]}\n', { a: [{ b: 1 }, { c: ['x', 'y'] }] }],
    ['a pair in a flow list', 'a: [b: 1, c]\n', { a: [{ b: 1 }, 'c'] }],
    ['an address in a flow list', 'a: [fe80::, ::1, 1::2]\n', { a: ['fe80::', '::1', '1::2'] }],
    ['an address in a block list is a map, for Kubernetes too', 'a:\n - fe80::\n', { a: [{ 'fe80:': null }] }],
    ['a trailing comma', 'a: {b: 1,}\n', { a: { b: 1 } }],
    ['a comma inside a plain word is the end of it', 'a: {b: 1,c: 2}\n', { a: { b: 1, c: 2 } }],
    ['texts over several lines', 'a: >-\n  x\n  y\nb: |\n  x\n  y\nc: x\n  y\n', { a: 'x y', b: 'x\ny\n', c: 'x y' }],
    ['keys that are no strings', 'y: 1\n2: 3\n"on": 4\n1.5: 6\n', { true: 1, '2': 3, on: 4, '1.5': 6 }],
    ['a key that is an alias', 'a: &a x\n*a : 1\n', { a: 'x', x: 1 }],
    ['a key that is a list', '? [a, b]\n: 1\n', { '[a, b]': 1 }],
    ['explicit keys', '? a\n: b\n? c\n', { a: 'b', c: null }],
    ['tags', 'a: !!str 1\nb: ! 2\nc: !foo bar\nd: !!int "3"\n', { a: '1', b: '2', c: 'bar', d: '3' }],
    ['CRLF', 'a: 1\r\nb:\r\n  - x\r\n', { a: 1, b: ['x'] }],
    ['a byte order mark', '\uFEFFa: 1\n', { a: 1 }],
    ['what is not ASCII', 'ä: "\u{1f600}"\n', { ä: '\u{1f600}' }],
    ['__proto__', '__proto__: { a: 1 }\n', JSON.parse('{"__proto__":{"a":1}}')],
    ['only a comment', '# c\n', null],
    ['nothing', '', null],
    ['a document behind its marker', '--- {a: 1}\n...\n# c\n', { a: 1 }],
  ])('%s', (_, text, expected) => {
    expect(problems(text)).toEqual([]);
    expect(value(text)).toEqual(expected);
  });
});

describe('ranges', () => {
  test('count UTF-16 units, and leave out what stands around a value', () => {
    const text = '\uFEFFkey: "\u{1f600}" # c\r\nlist:\r\n  - a\r\n  - >-\r\n    b\r\n\r\nlast: x\r\n';
    const { root } = parseDocument('file', text);
    if (root?.kind !== 'map') throw new Error('no map');
    const [first, list, last] = root.entries;
    expect([first, list, last].map(entry => text.slice(entry?.key.start, entry?.key.end))).toEqual([
      'key',
      'list',
      'last',
    ]);
    expect(text.slice(first?.value.start, first?.value.end)).toBe('"\u{1f600}"');
    expect(text.slice(list?.value.start, list?.value.end)).toBe('- a\r\n  - >-\r\n    b');
    expect(text.slice(root.start, root.end)).toBe(text.slice(1).trimEnd());
  });
});

describe('problems', () => {
  test.each([
    ['a quote', 'a: "b\nc: 1\n', ['unclosed "\\"" 3']],
    ['a quote with an escaped one', 'a: "b\\"\nc: 1\n', ['unclosed "\\"" 3']],
    ['a single quote with a doubled one', "a: 'b''\nc: 1\n", ['unclosed "\'" 3']],
    ['the innermost bracket', 'a: {x: [1, 2}\nb: 1\n', ['unclosed "[" 7']],
    ['every bracket that recovers', 'a: [1\nb: 2\nc: {d: 1\ne: 2\n', ['unclosed "[" 3', 'unclosed "{" 14']],
    ['a tab', 'a:\n\tb: 1\n', ['tab "\\t" 3']],
    ['tabs behind spaces', 'a:\n  b:\n  \t\tc: 2\n', ['tab "\\t\\t" 10']],
    ['a word', 'a: 1\nhost\nb: 2\n', ['missing-colon "host" 5']],
    ['a bracket too many', 'a: [1]]\nb: 1\n', ['unexpected-close "]" 6']],
    ['a key among items', '- a\nb: 1\n', ['indentation "b" 4']],
    ['an item among keys', 'a:\n  b: 1\n  - c\n', ['mixed-list "-" 12']],
    ['a comma', '{"a": 1 "b": 2}', ['missing-comma "\\"b\\"" 8']],
    ['quotes', "a: 'it's'\nb: 1\n", ['after-quote "s\'" 7']],
    ['a sign', 'a: @b # c\n', ['reserved "@b" 3']],
    ['an anchor without name', 'a: & b\n', ['reserved "& b" 3']],
    ['an escape', 'a: "\\d+"\n', ['bad-escape "\\\\d" 4']],
    ['a block text', 'a: |x\n  b\n', ['block-header "x" 4']],
    ['a conflict', 'a: 1\n<<<<<<< HEAD\nb: 1\n', ['conflict-marker "<<<<<<< HEAD" 5']],
    ['a character', 'a: "\u0007"\n', ['control-character "\\u0007" 4']],
    ['a further document', 'a: 1\n...\n# c\nb: 2\n', ['several-documents "b: 2" 13']],
    ['an alias', 'a: *b\nc: [*]\n', ['unknown-alias "*b" 3', 'unknown-alias "*" 10']],
    ['two keys', 'a: 1\nb: 2\na: 3\n', ['duplicate-key "a" 10']],
  ])('mark %s', (_, text, expected) => {
    expect(marked(text)).toEqual(expected);
  });

  test('name the first of two keys', () => {
    expect(problems('a: 1\na: 2\n')).toMatchObject([{ detail: 'a', other: { start: 0, end: 1 } }]);
  });

  test('are few, however many there are', () => {
    const lines = Array.from({ length: 5000 }, (_, index) => `  key${index}: @x`).join('\n');
    expect(problems(`a:\n${lines}\n`).length).toBe(50);
  });

  test('end the part that can be trusted, unless they are local', () => {
    expect(soundUntil(parseDocument('file', 'a: [1\nb: 2\n'))).toBe(3);
    expect(soundUntil(parseDocument('file', 'a: @b\na: *c\n'))).toBe(Number.POSITIVE_INFINITY);
  });
});

describe('bad input', () => {
  const bomb = (levels: number, width: number): string =>
    [
      'a0: &a0 [1]',
      ...Array.from({ length: levels }, (_, i) => `a${i + 1}: &a${i + 1} [${Array(width).fill(`*a${i}`).join(', ')}]`),
    ].join('\n');

  test('an alias bomb is one problem, at its first alias', () => {
    expect(problems(bomb(30, 2))).toMatchObject([{ code: 'alias-bomb', start: bomb(30, 2).indexOf('*') }]);
    expect(problems(bomb(10, 2))).toEqual([]);
  });

  test('merge keys count as aliases', () => {
    const text = [
      'a0: &a0 { x: 1 }',
      ...Array.from({ length: 30 }, (_, i) => `a${i + 1}: &a${i + 1} { <<: [*a${i}, *a${i}] }`),
    ].join('\n');
    expect(problems(text)).toMatchObject([{ code: 'alias-bomb' }]);
  });

  test('a chain of aliases is too deep to be followed', () => {
    expect(problems(bomb(210, 1))).toMatchObject([{ code: 'too-deep' }]);
  });

  test.each([
    ['[', ']'],
    ['{a: ', '}'],
    ['- ', ''],
    ['? ', ''],
    ['[{', ''],
  ])('a hundred thousand times %j is too deep', (open, close) => {
    const { problems: found } = parseDocument('file', `a: 1\nb: ${open.repeat(100_000)}${close.repeat(100_000)}`);
    expect(found.length).toBeGreaterThan(0);
    expect(found.length).toBeLessThan(5);
  });

  test('what is deeper than 200 levels is left out, the rest is read', () => {
    const { root, problems: found } = parseDocument('file', `a: ${'['.repeat(300)}${']'.repeat(300)}\nb: 1\n`);
    expect(found).toMatchObject([{ code: 'too-deep', start: 3 + 199 }]);
    expect(plainValue(root)).toMatchObject({ b: 1 });
  });

  test('documents that are not wanted are not parsed', () => {
    const { documents } = parseFile('file', 'a: [\n---\nb: [\n', text => text.includes('b'));
    expect(documents.map(({ document }) => document.problems.length)).toEqual([0, 1]);
    expect(documents[0]?.document.root).toBeUndefined();
  });
});

describe('reparsing', () => {
  const text = 'a: 1\n---\nb: 2\n---\nc: 3\n---\nd: 4\n';
  const before = parseFile('file', text, () => true);

  test.each([
    ['an edit', text.replace('b: 2', 'b: 22'), [0, undefined, 2, 3]],
    ['a new document', text.replace('c: 3', 'x: 0\n---\nc: 3'), [0, 1, undefined, 2, 3]],
    ['a document that is gone', text.replace('---\nb: 2\n', ''), [0, 2, 3]],
    ['a marker that is gone', text.replace('---\nc', 'c'), [0, undefined, 3]],
    ['no edit', text, [0, 1, 2, 3]],
  ])('after %s keeps the documents that are the same', (_, changed, kept) => {
    const after = parseFile('file', changed, () => true, before);
    expect(after.documents.map(({ document }) => before.documents.findIndex(old => old.document === document))).toEqual(
      kept.map(index => index ?? -1),
    );
    expect(after).toEqual(parseFile('file', changed, () => true));
  });
});
