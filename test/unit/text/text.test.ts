import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { applyEdits, type TextEdit } from '../../../server/src/text/edit.ts';
import { LineIndex, lineAt, longLineStart } from '../../../server/src/text/line-index.ts';
import { contains, cover, locate, sameSpan, span } from '../../../server/src/text/range.ts';

const lines = fc.array(fc.constantFrom('a', 'é', '\u{1f600}', '\n', '\r\n', '\r', '')).map(parts => parts.join(''));

describe('lines', () => {
  test('end with LF, CRLF or CR', () => {
    const index = new LineIndex('a\nbb\r\nccc\rd');
    expect(index.lineCount).toBe(4);
    expect([0, 1, 2, 3].map(line => index.lineStart(line))).toEqual([0, 2, 6, 10]);
    expect([0, 1, 2, 3].map(line => index.lineEnd(line))).toEqual([2, 6, 10, 11]);
  });

  test('a text that ends with a line break has an empty last line', () => {
    expect(new LineIndex('a\n').position(2)).toEqual({ line: 1, character: 0 });
    expect(new LineIndex('').lineCount).toBe(1);
  });

  test('offsets and positions outside the text are moved to its nearest end', () => {
    const index = new LineIndex('ab\ncd');
    expect(index.position(-5)).toEqual({ line: 0, character: 0 });
    expect(index.position(99)).toEqual({ line: 1, character: 2 });
    expect(index.offset({ line: -1, character: 3 })).toBe(0);
    expect(index.offset({ line: 9, character: 0 })).toBe(5);
    expect(index.offset({ line: 1, character: 99 })).toBe(5);
    expect(index.offset({ line: 0, character: -1 })).toBe(0);
    expect(index.lineStart(9)).toBe(5);
    expect(index.lineEnd(9)).toBe(5);
  });

  test('an offset and its position name the same place', () => {
    fc.assert(
      fc.property(lines, fc.nat(), (text, at) => {
        const index = new LineIndex(text);
        const offset = at % (text.length + 1);
        const position = index.position(offset);
        expect(index.offset(position)).toBe(offset);
        // The line is the number of line breaks that end before the offset; CRLF is one.
        const breaks = [...text.matchAll(/\r\n|\r|\n/g)].filter(match => match.index + match[0].length <= offset);
        expect(position.line).toBe(breaks.length);
      }),
    );
  });

  test('the line around an offset leaves out its line break', () => {
    const text = 'ab\r\ncd\n';
    expect([0, 2, 4, 6, 7].map(offset => lineAt(text, offset)).map(({ start, end }) => text.slice(start, end))).toEqual(
      ['ab', 'ab', 'cd', 'cd', ''],
    );
  });

  test('a long line is found where a reading of all lines finds the first one', () => {
    fc.assert(
      fc.property(lines, fc.integer({ min: 1, max: 6 }), (text, max) => {
        const long = [...text.matchAll(/[^\r\n]+/g)].find(([line]) => line.length > max);
        expect(longLineStart(text, max)).toBe(long?.index);
      }),
    );
  });

  test.each([
    ['of just the length', 'aaaa\naaaa\r\naaaa', undefined],
    ['one longer, at the start', 'aaaaa\na', 0],
    ['one longer, at the end', 'a\r\naaaaa', 3],
    ['one longer, behind a lone CR', 'aaaa\raaaaa', 5],
  ])('lines %s', (_, text, start) => {
    expect(longLineStart(text, 4)).toBe(start);
  });
});

describe('edits', () => {
  test.each<[string, string, TextEdit[], string]>([
    ['nothing', 'abc', [], 'abc'],
    [
      'in any order',
      'abc',
      [
        { start: 2, end: 3, newText: 'C' },
        { start: 0, end: 1, newText: 'A' },
      ],
      'AbC',
    ],
    [
      'insertions at one place in their order',
      'ab',
      [
        { start: 1, end: 1, newText: '1' },
        { start: 1, end: 1, newText: '2' },
      ],
      'a12b',
    ],
    [
      'an insertion before a replacement',
      'ab',
      [
        { start: 1, end: 2, newText: 'B' },
        { start: 1, end: 1, newText: '-' },
      ],
      'a-B',
    ],
    ['at the end', 'ab', [{ start: 2, end: 2, newText: 'c' }], 'abc'],
  ])('%s', (_, text, edits, expected) => {
    expect(applyEdits(text, edits)).toBe(expected);
  });

  test.each<[string, TextEdit[]]>([
    [
      'that overlap',
      [
        { start: 0, end: 2, newText: '' },
        { start: 1, end: 3, newText: '' },
      ],
    ],
    ['that leave the text', [{ start: 0, end: 9, newText: '' }]],
    ['that end before they start', [{ start: 2, end: 1, newText: '' }]],
  ])('%s are refused', (_, edits) => {
    expect(() => applyEdits('abc', edits)).toThrow(RangeError);
  });

  test('an edit and its inverse give the text', () => {
    fc.assert(
      fc.property(fc.string(), fc.nat(), fc.nat(), fc.string(), (text, a, b, newText) => {
        const [start = 0, end = 0] = [a % (text.length + 1), b % (text.length + 1)].sort((x, y) => x - y);
        const changed = applyEdits(text, [{ start, end, newText }]);
        expect(applyEdits(changed, [{ start, end: start + newText.length, newText: text.slice(start, end) }])).toBe(
          text,
        );
      }),
    );
  });
});

describe('ranges', () => {
  const anchor = { file: 'file' };

  test('hold both their ends', () => {
    expect([0, 1, 2, 3].map(offset => contains({ start: 1, end: 2 }, offset))).toEqual([false, true, true, false]);
  });

  test('cover each other', () => {
    expect(cover(span(anchor, { start: 3, end: 5 }), span(anchor, { start: 1, end: 4 }))).toEqual({
      anchor,
      start: 1,
      end: 5,
    });
  });

  test('are the same only in the same text', () => {
    const here = locate('value', anchor, { start: 1, end: 2 });
    expect(sameSpan(here, span(anchor, { start: 1, end: 2 }))).toBe(true);
    expect(sameSpan(here, span(anchor, { start: 1, end: 3 }))).toBe(false);
    expect(sameSpan(here, span({ file: 'file' }, { start: 1, end: 2 }))).toBe(false);
  });
});
