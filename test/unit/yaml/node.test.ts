import { describe, expect, test } from 'vitest';
import {
  child,
  effectiveEntriesOf,
  entriesOf,
  entry,
  isNull,
  itemsOf,
  locationAt,
  type MapNode,
  nodeAt,
  resolve,
  stringOf,
  type YamlNode,
} from '../../../server/src/yaml/node.ts';
import { parseDocument } from '../../../server/src/yaml/parse.ts';

const read = (text: string): YamlNode => {
  const { root } = parseDocument('file', text);
  if (root === undefined) throw new Error('no tree');
  return root;
};
const map = (text: string): MapNode => {
  const root = read(text);
  if (root.kind !== 'map') throw new Error('no map');
  return root;
};

describe('entries', () => {
  test('of duplicate keys the last one counts', () => {
    const root = map('a: 1\nb: 2\na: 3\n');
    expect(child(root, 'a')).toMatchObject({ value: 3 });
    expect(entriesOf(root).map(({ key }) => key.source)).toEqual(['a', 'b', 'a']);
    expect(effectiveEntriesOf(root).map(({ value }) => resolve(value))).toMatchObject([{ value: 2 }, { value: 3 }]);
  });

  test('merge keys bring in what is not there, the first of several sources winning', () => {
    const root = map('x: &x { a: 1, b: 1 }\ny: &y { b: 2, c: 2 }\nz: { <<: [*x, *y], a: 0 }\n');
    const z = child(root, 'z');
    expect(['a', 'b', 'c'].map(key => child(z, key))).toMatchObject([{ value: 0 }, { value: 1 }, { value: 2 }]);
  });

  test('a merge key may hold a map itself, or nothing that can be merged', () => {
    expect(child(map('<<: { a: 1 }\n'), 'a')).toMatchObject({ value: 1 });
    expect(entriesOf(map('<<: 5\nb: 1\n')).map(({ key }) => key.source)).toEqual(['b']);
    expect(entriesOf(map('<<: *nowhere\nb: 1\n')).map(({ key }) => key.source)).toEqual(['b']);
  });

  test('aliases are followed', () => {
    const root = map('a: &a { b: [1, x] }\nc: *a\n');
    expect(nodeAt(root, ['c', 'b', 1])).toMatchObject({ value: 'x' });
    expect(stringOf(nodeAt(root, ['c', 'b', 1]))).toBe('x');
    expect(stringOf(nodeAt(root, ['c', 'b', 0]))).toBeUndefined();
    expect(nodeAt(root, ['c', 'd', 1])).toBeUndefined();
  });

  test('an alias inside its own value leads nowhere', () => {
    const root = map('a: &a { b: *a }\n');
    expect(child(child(root, 'a'), 'b')).toBeUndefined();
    expect(itemsOf(child(child(root, 'a'), 'b'))).toEqual([]);
  });

  test('nothing, `~` and an alias that leads nowhere are null', () => {
    const root = map('a:\nb: ~\nc: *nowhere\nd: ""\ne: "null"\n');
    expect(['a', 'b', 'c', 'd', 'e', 'f'].map(key => isNull(entry(root, key)?.value))).toEqual([
      true,
      true,
      true,
      false,
      false,
      true,
    ]);
  });
});

describe('location', () => {
  const text = 'a:\n  - b: xyz\n    c: [1, { d: 2 }]\n';
  const root = read(text);
  const at = (needle: string, more = 0): ReturnType<typeof locationAt> => locationAt(root, text.indexOf(needle) + more);

  test.each([
    ['a', ['a'], 'a'],
    ['b', ['a', 0, 'b'], 'b'],
    ['xyz', ['a', 0, 'b'], undefined],
    ['1', ['a', 0, 'c', 0], undefined],
    ['d', ['a', 0, 'c', 1, 'd'], 'd'],
    ['2', ['a', 0, 'c', 1, 'd'], undefined],
  ])('of %s', (needle, path, key) => {
    expect(at(needle)?.path).toEqual(path);
    expect(at(needle)?.onKey?.key.source).toBe(key);
  });

  test('names the collections around, outermost first', () => {
    expect(at('2')?.parents.map(({ kind }) => kind)).toEqual(['map', 'seq', 'map', 'seq', 'map']);
  });

  test('is undefined outside the tree', () => {
    expect(locationAt(root, -1)).toBeUndefined();
    expect(locationAt(root, text.length + 1)).toBeUndefined();
    expect(locationAt(undefined, 0)).toBeUndefined();
  });
});
