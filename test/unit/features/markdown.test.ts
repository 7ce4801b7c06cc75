import { describe, expect, test } from 'vitest';
import { blocks, bullets, code, codes, table } from '../../../server/src/features/markdown.ts';

describe('code', () => {
  test('keeps a user’s text from being Markdown', () => {
    expect(code('**bold** [x](y) <b>')).toBe('`**bold** [x](y) <b>`');
  });
  test('stays on one line and short', () => {
    expect(code('a\n  b')).toBe('`a b`');
    expect(code('x'.repeat(500))).toHaveLength(122);
  });
  test('survives backticks', () => {
    expect(code('a`b')).toBe('`` a`b ``');
    expect(code('``')).toBe('``` `` ```');
  });
  test('shows that a text is empty', () => {
    expect(code('')).toBe('`""`');
  });
});

test('long lists end with the number of further ones', () => {
  expect(codes(['a', 'b', 'c'], 2)).toBe('`a`, `b` and 1 more');
  expect(codes(['a', 'b'], 2)).toBe('`a`, `b`');
});

test('a bar in a cell does not end the cell', () => {
  expect(table(['a'], [['`x|y`']])).toBe('| a |\n| --- |\n| `x\\|y` |');
});

test('empty blocks leave no gap', () => {
  expect(blocks(['a', undefined, '', bullets(['b', 'c'])])).toBe('a\n\n- b\n- c');
});
