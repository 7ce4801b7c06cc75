import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { CompletionItem } from '../../../../server/src/analysis.ts';
import { cursorAt } from '../../../../server/src/yaml/cursor.ts';
import type { YamlDocument } from '../../../../server/src/yaml/document.ts';
import { locationAt } from '../../../../server/src/yaml/node.ts';
import { parseFile } from '../../../../server/src/yaml/parse.ts';
import { accept, completionsAt, insertedText } from '../../../harness/completion.ts';
import { snapshotOf } from '../../../harness/fixtures.ts';
import { SAMPLES, WORKSPACE } from './samples.ts';

const FILE = 'sample.yaml';

function itemsAt(text: string, offset: number): readonly CompletionItem[] {
  const snapshot = snapshotOf([
    { path: FILE, text },
    { path: 'workspace.yaml', text: WORKSPACE },
  ]);
  return completionsAt(snapshot, FILE, offset);
}

/** What is replaced lies in the text, holds the cursor, and stays on its line, as the protocol wants it. */
function expectSound(text: string, offset: number, items: readonly CompletionItem[]): void {
  for (const { replace, label } of items) {
    expect(replace.start, label).toBeGreaterThanOrEqual(0);
    expect(replace.start, label).toBeLessThanOrEqual(offset);
    expect(replace.end, label).toBeGreaterThanOrEqual(offset);
    expect(replace.end, label).toBeLessThanOrEqual(text.length);
    expect(text.slice(replace.start, replace.end), label).not.toContain('\n');
  }
}

const styles = Object.entries({
  ...SAMPLES,
  crlf: (SAMPLES['block'] ?? '').replaceAll('\n', '\r\n'),
  byteOrderMark: `\uFEFF${SAMPLES['block'] ?? ''}`,
});

describe.each(styles)('%s', (_name, sample) => {
  test('at every place of the manifest, the items replace what stands at that place', () => {
    const snapshot = snapshotOf([{ path: FILE, text: sample }]);
    for (let offset = 0; offset <= sample.length; offset++)
      expectSound(sample, offset, completionsAt(snapshot, FILE, offset));
  });

  test('in a manifest that is being written: every prefix, and texts with something cut out or put in', () => {
    const pieces = fc.constantFrom(
      '',
      ' ',
      '\n',
      '\n  ',
      '- ',
      ':',
      '{',
      '}',
      '[',
      ']',
      '"',
      "'",
      '#',
      ',',
      'host',
      '%',
      '|',
      '\t',
      '---\n',
      '&a',
      '*a',
    );
    fc.assert(
      fc.property(fc.nat(), fc.nat({ max: 20 }), pieces, fc.nat(), (from, length, piece, at) => {
        const start = from % (sample.length + 1);
        const text = sample.slice(0, start) + piece + sample.slice(start + length);
        const near = Math.min(text.length, start + (at % (piece.length + 3)));
        expectSound(text, near, itemsAt(text, near));
        const prefix = sample.slice(0, start);
        expectSound(prefix, prefix.length, itemsAt(prefix, prefix.length));
      }),
      { numRuns: 40 },
    );
  });

  test('a key that is taken on a new line stands in the map that was meant, and the rest stays as it was', () => {
    const breaks = [...sample.matchAll(/\n/g)].map(({ index }) => index + 1);
    fc.assert(
      fc.property(fc.constantFrom(...breaks), fc.nat({ max: 16 }), (at, spaces) => {
        const text = `${sample.slice(0, at)}${' '.repeat(spaces)}\n${sample.slice(at)}`;
        expectInPlace(text, at + spaces);
      }),
      { numRuns: 50 },
    );
  });

  test('a value that is taken is read back as that value', () => {
    const places = [...sample.matchAll(/[:-] (?=[^\s|{[])|\[(?=[^\s{])/g)].map(match => match.index + match[0].length);
    for (const offset of places) expectReadBack(sample, offset);
  });
});

describe('in flow style', () => {
  test('a key that is taken behind a bracket or a comma stands in its map', () => {
    for (const name of ['flow', 'flowLines']) {
      const sample = SAMPLES[name] ?? '';
      for (const { index } of sample.matchAll(/[{,[]/g)) expectInPlace(sample, index + 1);
    }
  });
});

/** The first item, the last one and two between: each one would take its time. */
function some<T>(items: readonly T[]): readonly T[] {
  const last = items.length - 1;
  return [...new Set([0, last / 3, (2 * last) / 3, last].map(Math.floor))].flatMap(index => items[index] ?? []);
}

/** Takes fields that are offered, and looks where they went. */
function expectInPlace(text: string, offset: number): void {
  const before = documentAt(text, offset);
  if (before === undefined || before.document.problems.length > 0) return;
  for (const item of some(itemsAt(text, offset).filter(({ kind }) => kind === 'field'))) {
    const changed = accept(text, item);
    const what = `${item.label} at ${offset} in\n${changed}`;
    const after = documentAt(changed, item.replace.start);
    expect(after?.document.problems ?? [], what).toEqual([]);
    if (after === undefined) continue;
    const inserted = insertedText(text, item);
    const key = item.replace.start + inserted.indexOf(item.label.replace('- ', '')) - after.offset;
    const location = locationAt(after.document.root, key + 1);
    const cursor = cursorAt(before.document.text, offset - before.offset);
    expect(location?.onKey?.key.source, what).toBe(item.label.replace('- ', ''));
    const path = (location?.path ?? []).slice(0, -1).map(step => (typeof step === 'number' ? 0 : step));
    expect(accepted(cursor?.path ?? [], cursor?.besides?.path), what).toContain(path.join('.'));
    expect([...keysOf(after.document)], what).toEqual(expect.arrayContaining([...keysOf(before.document)]));
  }
}

/** Takes values that are offered where one stands already, and reads them. */
function expectReadBack(text: string, offset: number): void {
  const values = itemsAt(text, offset).filter(
    ({ kind, label }) => !/^(field|snippet)$/.test(kind) && !label.startsWith('%'),
  );
  for (const item of some(values)) {
    const changed = accept(text, item);
    const what = `${item.label} at ${offset} in\n${changed}`;
    const after = documentAt(changed, item.replace.start);
    expect(after?.document.problems, what).toEqual([]);
    const location = locationAt(after?.document.root, item.replace.start - (after?.offset ?? 0));
    const value = location?.node.kind === 'scalar' ? String(location.node.value) : undefined;
    expect(value?.split(','), what).toContain(item.label);
  }
}

/** Where the key may be: at the path of the cursor, or in an item of the list that the path names. */
function accepted(
  path: readonly (string | number)[],
  besides: readonly (string | number)[] | undefined,
): readonly string[] {
  return [path.join('.'), [...path, 0].join('.'), ...(besides === undefined ? [] : [besides.join('.')])];
}

function documentAt(
  text: string,
  offset: number,
): { readonly document: YamlDocument; readonly offset: number } | undefined {
  return parseFile(FILE, text, () => true).documents.findLast(placed => placed.offset <= offset);
}

/** Every key with its way from the root, indices left out. */
function keysOf({ root }: YamlDocument): ReadonlySet<string> {
  const found = new Set<string>();
  const visit = (node: typeof root, way: string): void => {
    if (node?.kind === 'map') {
      for (const { key, value } of node.entries) {
        found.add(`${way}.${key.source}`);
        visit(value, `${way}.${key.source}`);
      }
    } else if (node?.kind === 'seq') for (const item of node.items) visit(item, way);
  };
  visit(root, '');
  return found;
}
