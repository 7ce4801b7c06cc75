import { readFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { YamlFile } from '../../../server/src/yaml/document.ts';
import { parseFile } from '../../../server/src/yaml/parse.ts';
import { anyText, fixtureDocument } from '../../harness/broken.ts';
import { type Edit, edits, editsOf, withEdit } from '../../harness/edits.ts';
import { nodesOf, plainFile } from '../../harness/tree.ts';

/** Everything that can be a block is one. */
const SMALL = 1;
const parse = (text: string, previous?: YamlFile): YamlFile => parseFile('file', text, () => true, previous, SMALL);

/** Nodes of a later state of a file that were there in an earlier one. */
function keptNodes(before: ReadonlySet<unknown>, after: YamlFile): number {
  let count = 0;
  for (const { document } of after.documents)
    if (document.root !== undefined) for (const node of nodesOf(document.root)) if (before.has(node)) count++;
  return count;
}

const nodesIn = (file: YamlFile): ReadonlySet<unknown> =>
  new Set(file.documents.flatMap(({ document }) => (document.root === undefined ? [] : [...nodesOf(document.root)])));

/** Applies edits one by one; each state must be that of a reading from scratch. */
function follow(start: string, list: readonly Edit[]): { readonly steps: number; readonly kept: number } {
  let file = parse(start);
  let steps = 0;
  let kept = 0;
  for (const edit of list) {
    const text = withEdit(file.text, edit);
    const before = nodesIn(file);
    const wasSingle = file.documents.length === 1;
    file = parse(text, file);
    const [read, wanted] = [plainFile(file), plainFile(parse(text))];
    // Comparing texts is much faster, and there are thousands of states.
    if (JSON.stringify(read) !== JSON.stringify(wanted)) expect(read).toEqual(wanted);
    steps++;
    if (wasSingle && keptNodes(before, file) > 0) kept++;
  }
  return { steps, kept };
}

describe('after any sequence of edits a file is what a reading from scratch makes of it', () => {
  test('manifests of the fixtures', () => {
    fc.assert(
      fc.property(fixtureDocument, edits, (text, list) => void follow(text, list)),
      { numRuns: 250 },
    );
  });

  test('texts that are no manifests', () => {
    fc.assert(
      fc.property(anyText, edits, (text, list) => void follow(text, list)),
      { numRuns: 60 },
    );
  });

  test.each([
    [
      'a line that is wrong because of a bracket before its block',
      'kind: Namespace\nmetadata: { name: shop, labels: { a: x\nteam: b } }\n',
      'kind: Namespace\nmetadata: { name: shop, labels: { a: x\nteeam: b } }\n',
    ],
    [
      'a block scalar behind a value, at the end of the file',
      'kind: VirtualService\nspec:\n  hosts: [shop.example.com]\n  http:\n    - route: [b]\n    - route: [c]\n',
      'kind: VirtualService\nspec:\n  hosts: [shop.example.com]\n  http:\n    - route: [b]\n    - route: [c]|+\n\n\n',
    ],
    [
      'an entry that becomes an item of the entry before it',
      'kind: Namespace\nmetadata:\n  name: shop\n  labels:\n  a  b: c\n',
      'kind: Namespace\nmetadata:\n  name: shop\n  labels:\n  - a\n  b: c\n',
    ],
    [
      'an entry before one that begins with a dash',
      ': \n  -  - a\n- name: x\nversion: v1\nkind: Namespace\nmetadata: { name: shop, labels: { team: shop } }\n',
      'a: b \n  -  - a\n- name: x\nversion: v1\nkind: Namespace\nmetadata: { name: shop, labels: { team: shop } }\n',
    ],
    [
      'a bracket that was open over other mistakes',
      '- [\n       comment\n- a\nversion: v1\nkind: Namespace\nmetadata: { name: shop, labels: { team: shop } }\n',
      '- - a\n\n       comment\n- a\nversion: v1\nkind: Namespace\nmetadata: { name: shop, labels: { team: shop } }\n',
    ],
    [
      'an empty line before a key that has lost its colon',
      'a: b\na v1\nmetadata:\n  name: shop\n  labels:\n    team: shop\n',
      'a: b\n\na v1\nmetadata:\n  name: shop\n  labels:\n    team: shop\n',
    ],
    [
      'a block scalar in the place of a key',
      'kind: AuthorizationPolicy\nmetadata: { name: x }\nspec:\n  action: CUSTOM\n|\n  provider: { name: oauth }\n',
      'kind: AuthorizationPolicy\nmetadata: { name: x }\nspec:\n  action: CUSTOM\n|\n aprovider: { name: oauth }\n',
    ],
    ['a text with a byte order mark inside', 'a: b comment\n\uFEFF', 'a-much-longer-name: b comment\n\uFEFF'],
  ])('%s', (_, before, after) => {
    expect(plainFile(parse(after, parse(before)))).toEqual(plainFile(parse(after)));
  });

  test('what people type, letter by letter, in a real file', () => {
    const text = readFileSync(path.join(import.meta.dirname, '../../../examples/checkout.yaml'), 'utf8');
    const { steps, kept } = follow(text.split(/^---\n/m)[0] ?? '', editsOf(text.split(/^---\n/m)[0] ?? ''));
    expect(steps).toBeGreaterThan(50);
    // It would be easy to be right by reading everything anew.
    expect(kept / steps).toBeGreaterThan(0.3);
  });
});
