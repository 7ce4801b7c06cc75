import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  definition,
  documentSymbols,
  foldingRanges,
  hover,
  references,
  type Snapshot,
  type SymbolNode,
} from '../../../server/src/analysis.ts';
import { parseFixture } from '../../harness/fixture.ts';
import { snapshotOf } from '../../harness/fixtures.ts';

const FIXTURES = path.join(import.meta.dirname, '../../fixtures/features');
const FOLDERS = ['hover', 'definition', 'references', 'symbols', 'folding'];
const FILE = 'fixture.yaml';

/** The files of a fixture as one text of several documents. */
const MANIFESTS = FOLDERS.flatMap(folder =>
  readdirSync(path.join(FIXTURES, folder), { recursive: true, encoding: 'utf8' })
    .filter(file => file.endsWith('.yaml'))
    .sort()
    .map(file => parseFixture(readFileSync(path.join(FIXTURES, folder, file), 'utf8')))
    .map(({ files }) => files.map(({ text }) => text).join('---\n')),
);

const manifest = fc.constantFrom(...MANIFESTS);
const rubbish = fc.constantFrom(
  '',
  '\n',
  '  ',
  '- ',
  ': ',
  '{',
  '}',
  '[',
  ']',
  '"',
  "'",
  '&a ',
  '*a',
  '<<: *a',
  '#',
  '|',
  '>',
  '%',
  '\t',
  '\r\n',
  '---\n',
  '5',
  'é',
  '\u{1f600}',
  '\uFEFF',
  'null',
);

/** A manifest cut off somewhere, or with pieces of it replaced by rubbish. */
const broken = fc.oneof(
  fc
    .tuple(manifest, fc.double({ min: 0, max: 1, noNaN: true }))
    .map(([text, part]) => text.slice(0, Math.floor(text.length * part))),
  fc
    .tuple(
      manifest,
      fc.array(fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.nat(12), rubbish), {
        minLength: 1,
        maxLength: 4,
      }),
    )
    .map(([text, edits]) =>
      edits.reduce((current, [part, length, piece]) => {
        const at = Math.floor(current.length * part);
        return current.slice(0, at) + piece + current.slice(at + length);
      }, text),
    ),
);

describe.each([
  ['hover', checkHover],
  ['definition and references', checkNavigation],
] as const)('%s', (_, check) => {
  test('answers at every offset of every fixture', () => {
    for (const text of MANIFESTS) {
      const snapshot = snapshotOf([{ path: FILE, text }]);
      for (let offset = 0; offset <= text.length; offset += 3) check(snapshot, offset, text.length);
    }
  });
  test('answers at any offset of broken manifests', () => {
    fc.assert(
      fc.property(
        broken,
        fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 5, maxLength: 20 }),
        (text, parts) => {
          const snapshot = snapshotOf([{ path: FILE, text }]);
          for (const part of parts) check(snapshot, Math.floor(text.length * part), text.length);
        },
      ),
      { numRuns: 150 },
    );
  });
  test('answers outside of the file', () => {
    const snapshot = snapshotOf([{ path: FILE, text: 'a: 1\n' }]);
    for (const offset of [-1, 5, 99]) check(snapshot, offset, 5);
    expect(hover(snapshot, 'no-such-file.yaml', 0)).toBeUndefined();
    expect(definition(snapshot, 'no-such-file.yaml', 0)).toBeUndefined();
  });
});

describe('outline', () => {
  test('stays inside the text, names inside nodes, nodes inside parents', () => {
    fc.assert(
      fc.property(fc.oneof(manifest, broken), text => {
        const snapshot = snapshotOf([{ path: FILE, text }]);
        for (const node of documentSymbols(snapshot, FILE)) checkNode(node, { start: 0, end: text.length });
        const lines = text.split(/\r\n|\n|\r/).length;
        let last = -1;
        for (const { startLine, endLine } of foldingRanges(snapshot, FILE)) {
          expect(startLine).toBeGreaterThan(last);
          expect(endLine).toBeGreaterThan(startLine);
          expect(endLine).toBeLessThan(lines);
          last = startLine;
        }
      }),
      { numRuns: 200 },
    );
  });
  test('of two foldings one lies inside the other, or they do not touch', () => {
    fc.assert(
      fc.property(broken, text => {
        const ranges = foldingRanges(snapshotOf([{ path: FILE, text }]), FILE);
        const open: number[] = [];
        for (const { startLine, endLine } of ranges) {
          while ((open.at(-1) ?? Number.POSITIVE_INFINITY) < startLine) open.pop();
          expect(endLine).toBeLessThanOrEqual(open.at(-1) ?? Number.POSITIVE_INFINITY);
          open.push(endLine);
        }
      }),
      { numRuns: 200 },
    );
  });
});

function checkHover(snapshot: Snapshot, offset: number, length: number): void {
  const found = hover(snapshot, FILE, offset);
  if (found === undefined) return;
  expect(found.markdown).not.toBe('');
  expect(found.markdown).not.toContain('undefined');
  expect(found.range.start).toBeLessThanOrEqual(offset);
  expect(found.range.end).toBeGreaterThanOrEqual(offset);
  checkRange(found.range, length);
}

function checkNavigation(snapshot: Snapshot, offset: number, length: number): void {
  const found = definition(snapshot, FILE, offset);
  if (found !== undefined) {
    checkRange(found.origin, length);
    for (const { range, nameRange } of found.targets) {
      checkRange(range, length);
      expect(range.start <= nameRange.start && nameRange.end <= range.end).toBe(true);
    }
  }
  for (const range of references(snapshot, FILE, offset, { declarations: true })) checkRange(range, length);
}

function checkRange({ start, end }: { readonly start: number; readonly end: number }, length: number): void {
  expect(start).toBeGreaterThanOrEqual(0);
  expect(end).toBeGreaterThanOrEqual(start);
  expect(end).toBeLessThanOrEqual(length);
}

function checkNode(node: SymbolNode, outer: { readonly start: number; readonly end: number }): void {
  expect(outer.start <= node.range.start && node.range.end <= outer.end).toBe(true);
  expect(node.range.start <= node.nameRange.start && node.nameRange.end <= node.range.end).toBe(true);
  for (const child of node.children) checkNode(child, node.range);
}
