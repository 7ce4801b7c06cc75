import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { restoreFindings, type Snapshot, saveFindings } from '../../../server/src/analysis.ts';
import { savedOwn } from '../../../server/src/rules/run.ts';
import { findingsOf } from '../../harness/findings.ts';
import { type Fixture, parseFixture } from '../../harness/fixture.ts';
import { snapshotOf } from '../../harness/fixtures.ts';

const ROOT = path.join(import.meta.dirname, '../../fixtures/rules');
const FIXTURES = readdirSync(ROOT, { recursive: true, encoding: 'utf8' })
  .filter(file => file.endsWith('.yaml'))
  .map(file => ({ file, fixture: parseFixture(readFileSync(path.join(ROOT, file), 'utf8')) }));

/** The documents of a snapshot that hold resources, in order. */
function documentsOf({ files }: Snapshot) {
  return [...files.values()].flatMap(file =>
    file.documents.flatMap(({ document }) => {
      const resources = file.resourcesOf(document) ?? [];
      return resources.length === 0 ? [] : [{ document, resources }];
    }),
  );
}

/** All findings with places in the files, as data. */
function said(snapshot: Snapshot): readonly unknown[] {
  return findingsOf(snapshot).map(finding => {
    const place = (span: Parameters<Snapshot['locate']>[0] | undefined): unknown =>
      span === undefined ? undefined : snapshot.locate(span);
    const { rule, at, fade, related, fixes, ...rest } = finding;
    return {
      ...rest,
      rule: rule.id,
      at: place(at),
      fade: place(fade),
      related: related?.map(note => ({ ...note, at: place(note.at) })),
      fixes: fixes?.map(fix => ({
        ...fix,
        edits: fix.edits.map(edit => ({ newText: edit.newText, at: place(edit) })),
      })),
    };
  });
}

/** Judges a fixture, and once more with what was saved of the first judging. How many documents were saved. */
function judgeTwice(fixture: Fixture): { readonly all: number; readonly saved: number } {
  const first = snapshotOf(fixture.files, fixture.options);
  const wanted = said(first);
  const texts = documentsOf(first).map(({ document, resources }) => saveFindings(document, resources));
  const second = snapshotOf(fixture.files, fixture.options);
  let saved = 0;
  for (const [index, { document, resources }] of documentsOf(second).entries()) {
    expect(resources.every(resource => savedOwn(resource) === undefined)).toBe(true);
    const text = texts[index];
    if (text === undefined) continue;
    expect(restoreFindings(document, resources, text)).toBe(true);
    saved++;
  }
  expect(said(second)).toEqual(wanted);
  return { all: texts.length, saved };
}

describe('what was saved is what would be found', () => {
  test('in fixtures of every kind', () => {
    let [all, saved] = [0, 0];
    for (const { fixture } of FIXTURES.filter((_, index) => index % 3 === 0)) {
      const counts = judgeTwice(fixture);
      all += counts.all;
      saved += counts.saved;
    }
    expect(all).toBeGreaterThan(300);
    expect(saved / all).toBeGreaterThan(0.95);
  });

  const one = parseFixture(
    'apiVersion: networking.istio.io/v1\nkind: Gateway\nmetadata:\n  name: a\nspec:\n  servers: []\n  selektor: {a: b}\n',
  );

  test('and nothing that is not judged is saved', () => {
    const [first] = documentsOf(snapshotOf(one.files, one.options));
    expect(first && saveFindings(first.document, first.resources)).toBeUndefined();
  });

  test.each([
    '{',
    '[1]',
    '[[1]]',
    '[]',
    '[[], []]',
    '[[{"rule":"schema/gone","severity":"error","message":"x","at":[0,1]}]]',
  ])('%s is not taken', text => {
    const [first] = documentsOf(snapshotOf(one.files, one.options));
    expect(first && restoreFindings(first.document, first.resources, text)).toBe(false);
    expect(first?.resources.map(savedOwn)).toEqual([undefined]);
  });
});
