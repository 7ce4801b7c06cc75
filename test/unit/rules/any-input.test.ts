import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createHost, type Snapshot } from '../../../server/src/analysis.ts';
import { anyText, brokenDocument, fixtureDocument } from '../../harness/broken.ts';
import { applyFix, findingsOf } from '../../harness/findings.ts';
import { snapshotOf } from '../../harness/fixtures.ts';
import { schemas } from '../../harness/schemas.ts';

const FILE = 'file.yaml';
const snapshot = (text: string): Snapshot => snapshotOf([{ path: FILE, text }]);

/** Findings as plain data, with places in the file. */
function said(of: Snapshot): readonly object[] {
  return findingsOf(of).map(({ rule, message, severity, at, related = [], fixes = [] }) => ({
    rule: rule.id,
    message,
    severity,
    at: of.locate(at),
    related: related.map(note => ({ message: note.message, at: of.locate(note.at) })),
    fixes: fixes.map(({ title }) => title),
  }));
}

describe('whatever a file holds', () => {
  test('every rule has an answer, at a place in the file, and every repair fits the text', () => {
    fc.assert(
      fc.property(anyText, text => {
        const of = snapshot(text);
        for (const { at, related = [], fixes = [], fade, message } of findingsOf(of)) {
          for (const span of [at, ...related.map(note => note.at), ...(fade === undefined ? [] : [fade])]) {
            const range = of.locate(span);
            if (range === undefined || range.start < 0 || range.end < range.start || range.end > text.length) {
              expect({ message, range }).toBe('a place in the file');
            }
          }
          for (const fix of fixes) applyFix(of, fix);
        }
      }),
      { numRuns: 400 },
    );
  });

  test('an edit and its inverse give what was said before', () => {
    fc.assert(
      fc.property(fc.array(brokenDocument, { minLength: 1, maxLength: 3 }), brokenDocument, (documents, other) => {
        const before = documents.join('---\n');
        const host = createHost(schemas);
        const apply = (text: string): readonly object[] => {
          host.apply({ files: new Map([[FILE, text]]) });
          return said(host.snapshot());
        };
        const first = apply(before);
        expect(apply([other, ...documents.slice(1)].join('---\n'))).toEqual(
          said(snapshot([other, ...documents.slice(1)].join('---\n'))),
        );
        expect(apply(before)).toEqual(first);
      }),
      { numRuns: 100 },
    );
  });

  test('a broken document changes nothing of what is found in the others', () => {
    fc.assert(
      fc.property(fixtureDocument, brokenDocument, fixtureDocument, (before, broken, after) => {
        const documents = (middle: string): string => `z: 1\n---\n${before}\n---\n${middle}\n---\n${after}`;
        expect(ownFindings(snapshot(documents(broken)), [1, -1])).toEqual(
          ownFindings(snapshot(documents('a: 1')), [1, -1]),
        );
      }),
      { numRuns: 200 },
    );
  });
});

/** What is said of some documents by themselves: what other documents define has its part in the rest. */
function ownFindings(of: Snapshot, indices: readonly number[]): readonly object[] {
  const documents = indices.map(index => of.file(FILE)?.documents.at(index)?.document);
  return findingsOf(of)
    .filter(({ rule, at }) => rule.scope !== 'workspace' && documents.some(document => document === at.anchor))
    .map(({ rule, message, at }) => ({ rule: rule.id, message, start: at.start, end: at.end }));
}
