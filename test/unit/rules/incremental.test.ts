import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createHost, type Snapshot } from '../../../server/src/analysis.ts';
import { edits, withEdit } from '../../harness/edits.ts';
import { findingsOf } from '../../harness/findings.ts';
import { type Fixture, parseFixture } from '../../harness/fixture.ts';
import { fullText, settingsOf, snapshotOf } from '../../harness/fixtures.ts';
import { schemas } from '../../harness/schemas.ts';

type Texts = Pick<Fixture, 'files' | 'options'>;

const ROOT = path.join(import.meta.dirname, '../../fixtures/rules');
const FIXTURES = readdirSync(ROOT, { recursive: true, encoding: 'utf8' })
  .filter(file => file.endsWith('.yaml'))
  .sort()
  .map(file => ({ file, fixture: parseFixture(readFileSync(path.join(ROOT, file), 'utf8')) }))
  .filter(({ fixture }) => !fixture.options.has('binary'))
  // Both ways of reading start from what the fixture stands for; an edit may have cut the word that stands for it.
  .map(({ file, fixture: { files, options } }) => ({
    file,
    fixture: {
      options: new Map([...options].filter(([name]) => name !== 'long')),
      files: files.map(({ path: id, text }) => ({ path: id, text: fullText(text, options) })),
    },
  }));

/** Of so many fixtures one is taken apart; with `EVERY=1` all are, which takes minutes. */
const EVERY = Number(process.env['EVERY'] ?? 48);

/** Everything that is said, with places in the files. */
function said(of: Snapshot): readonly object[] {
  return findingsOf(of).map(({ rule, message, severity, at, fade, related = [], fixes = [] }) => ({
    rule: rule.id,
    message,
    severity,
    at: of.locate(at),
    fade: fade === undefined ? undefined : of.locate(fade),
    related: related.map(note => ({ message: note.message, at: of.locate(note.at) })),
    fixes: fixes.map(({ title, edits: list }) => ({
      title,
      edits: list.map(edit => ({ newText: edit.newText, at: of.locate(edit) })),
    })),
  }));
}

function compare(name: string, edited: Snapshot, fresh: Snapshot): void {
  const [a, b] = [said(edited), said(fresh)];
  if (JSON.stringify(a) !== JSON.stringify(b)) expect(a, name).toEqual(b);
}

/** A host in which everything that can be a block is one, with the files of a fixture. */
function inBlocks({ files, options }: Texts): {
  change(file: string, text: string): Snapshot;
  textOf(file: string): string;
} {
  const host = createHost(schemas, 1);
  host.apply({ settings: settingsOf(options), files: new Map(files.map(({ path: id, text }) => [id, text])) });
  findingsOf(host.snapshot());
  return {
    change: (file, text) => {
      host.apply({ files: new Map([[file, text]]) });
      return host.snapshot();
    },
    textOf: file => host.snapshot().file(file)?.text ?? '',
  };
}

describe('after edits everything is said that is said of the same texts read from scratch', () => {
  test('a line that comes and goes in fixtures of every kind', () => {
    for (const { file, fixture } of FIXTURES.filter((_, index) => index % 12 === 0)) {
      const host = inBlocks(fixture);
      for (const { path: id, text } of fixture.files) {
        const middle = text.lastIndexOf('\n', text.length * 0.6) + 1;
        const changed = `${text.slice(0, middle)}# a line\n${text.slice(middle)}`;
        compare(file, host.change(id, changed), snapshotOf(withText(fixture, id, changed), fixture.options));
        compare(file, host.change(id, text), snapshotOf(fixture.files, fixture.options));
      }
    }
  });

  test('a document that goes, changes its names and comes back beside others', () => {
    for (const { file, fixture } of FIXTURES.filter((_, index) => index % EVERY === 0)) {
      const files = apart(fixture);
      if (files.length < 2) continue;
      const host = inBlocks({ files, options: fixture.options });
      for (const { path: id, text } of files) {
        const texts = [
          text.replace(/[a-z]+(?=[^:\n]*$)/gm, 'other'),
          '',
          text.replace(/name: [\w-]+/g, 'name: other'),
          text,
        ];
        for (const changed of texts)
          compare(
            `${file} ${id}`,
            host.change(id, changed),
            snapshotOf(withText({ files }, id, changed), fixture.options),
          );
      }
    }
  });

  test('any edits', () => {
    fc.assert(
      fc.property(fc.constantFrom(...FIXTURES), fc.nat(), edits, ({ fixture }, which, list) => {
        const host = inBlocks(fixture);
        const id = fixture.files[which % fixture.files.length]?.path ?? '';
        for (const edit of list.slice(0, 5)) {
          const text = withEdit(host.textOf(id), edit);
          if (text.includes('\0')) return;
          compare(id, host.change(id, text), snapshotOf(withText(fixture, id, text), fixture.options));
        }
      }),
      { numRuns: 25 },
    );
  });
});

/** The documents of a fixture, each in a file of its own. */
function apart({ files }: Pick<Fixture, 'files'>): readonly { path: string; text: string }[] {
  return files.flatMap(({ path: id, text }) =>
    text.split(/^---$/m).map((part, index) => ({ path: id.replace(/(?=\.[^.]*$|$)/, `-${index}`), text: part })),
  );
}

function withText(
  { files }: Pick<Texts, 'files'>,
  id: string,
  text: string,
): readonly { path: string; text: string }[] {
  return files.map(file => (file.path === id ? { path: id, text } : file));
}
