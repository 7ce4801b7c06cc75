import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { composeDocument } from '../../../server/src/yaml/parse.ts';
import { readQuickly } from '../../../server/src/yaml/quick.ts';
import { splitDocuments } from '../../../server/src/yaml/split.ts';
import { anyText, brokenDocument, fixtureDocument } from '../../harness/broken.ts';
import { edits, withEdit } from '../../harness/edits.ts';
import { plainNode } from '../../harness/tree.ts';

/** Compares with the library what is read without it. Whether it was read. */
function compare(text: string): boolean {
  const root = readQuickly(text);
  if (root === undefined) return false;
  const { root: wanted, problems } = composeDocument('file', text);
  expect(problems).toEqual([]);
  expect(wanted === undefined ? undefined : plainNode(wanted)).toEqual(plainNode(root));
  return true;
}

function compareAll(text: string): number {
  return splitDocuments(text).filter(({ start, end }) => compare(text.slice(start, end))).length;
}

const LINES = [
  ...['a: 1', 'b:', 'c: d', 'on: off', '0x10: 1', 'y : z', 'e: http://x:80', 'f: a#b', 'g: a # b', 'h: -1', 'i:   '],
  ...[
    'j: "k"',
    "l: 'm''n'",
    '"o": p',
    "'q' : 1",
    'r: "a\\\\b\\"c"',
    's: "\\x41"',
    't: "x" # y',
    'u: "',
    'v: é’',
    'w: ~',
  ],
  ...['aa: {}', 'bb: []', 'cc: {a: b, c: [d, e]}', 'dd: [a, b ,c]', 'ee: [-1, -]', 'ff: [fe80::, a]', 'gg: [a: b]'],
  ...['hh: {a}', 'ii: [a,]', 'jj: {"a":1}', 'kk: [', 'll: |', 'mm: |-', '- |', 'nn: >', 'text', 'oo: a: b', '<<: b'],
  ...[
    '- a',
    '-',
    '- - b',
    '- - - c: d',
    '- e: f',
    '-   g: h',
    '-   # c',
    '- "i": j',
    '- [k]: l',
    '- {}',
    '- m:',
    '-\tn',
  ],
  ...[
    '# c',
    '',
    ' ',
    '   # c',
    '---',
    '...',
    '%x',
    '? a',
    'k: *a',
    'k: &a b',
    'k: !t b',
    'k: - a',
    'k: # c',
    '----: x',
  ],
];
const soup = fc
  .array(fc.tuple(fc.constantFrom(...LINES), fc.constantFrom(0, 0, 0, 2, 2, 2, 4, 4, 6, 1, 3)), {
    minLength: 1,
    maxLength: 8,
  })
  .map(lines => lines.map(([line, indent]) => ' '.repeat(indent) + line).join('\n'));

describe('what is read without the library is what the library reads', () => {
  test('nearly all manifests of the fixtures', () => {
    let [all, quick] = [0, 0];
    fc.assert(
      fc.property(fixtureDocument, text => {
        all += splitDocuments(text).length;
        quick += compareAll(text);
      }),
      { numRuns: 500 },
    );
    expect(quick / all).toBeGreaterThan(0.8);
  });

  test('manifests that were edited', () => {
    fc.assert(
      fc.property(fixtureDocument, edits, (text, list) => {
        let edited = text;
        for (const edit of list) {
          edited = withEdit(edited, edit);
          compareAll(edited);
        }
      }),
      { numRuns: 200 },
    );
  });

  test('lines in any order and indentation', () => {
    fc.assert(
      fc.property(soup, fc.boolean(), (text, isEnded) => void compareAll(isEnded ? `${text}\n` : text)),
      { numRuns: 3000 },
    );
  });

  test('broken manifests, and texts that are none', () => {
    fc.assert(
      fc.property(fc.oneof(brokenDocument, anyText), text => void compareAll(text)),
      { numRuns: 500 },
    );
  });

  test.each([
    '',
    '# nothing but a comment\n',
    'a: 1\n---\nb: 2\n',
    'a: &x 1\nb: *x\n',
    'a: 1\na: 2\n',
    'a: b\n c\n',
    '- a\nb: c\n',
    'a:\n  - b\n - c\n',
    'a: [b\n]\n',
    'a: "b\n  c"\n',
    '{a: b}\n',
    'a: |+\n  b\n\n',
    'a: |\n\n     \n  b\n',
    'a: |\n  b\n   \n',
    'a: b\r\n',
    'a:\tb\n',
  ])('leaves %j to the library', text => {
    expect(readQuickly(text)).toBeUndefined();
  });

  test.each([
    '--- # first\na: b\n',
    '# a comment\n---\na:\n- b\n-\n- c: d\n  e: [f, {g: "h"}] # i\n',
    'a: |\n\n  first\n    second\n\n  third\n\n\nb: |-\n  x\n \n# end\n',
    'a:\n-\n  b: c\n  d:\n  - e\n  f:\n',
    "on: yes\n1: 0x10\n\"x y\": 'it''s'\nz : null\n",
  ])('reads %j', text => {
    expect(compare(text)).toBe(true);
  });
});
