import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import {
  createHost,
  DEFAULT_SETTINGS,
  type FileId,
  type Snapshot,
  type WorkspaceSettings,
} from '../../server/src/analysis.ts';
import { type Fixture, type Mark, parseFixture, renderFixture } from './fixture.ts';
import { schemas } from './schemas.ts';

const ROOT = path.join(import.meta.dirname, '../fixtures');

/** What a fixture is expected to say. */
export interface Outcome {
  readonly marks?: readonly Mark[];
  readonly results?: ReadonlyMap<string, string>;
}

/**
 * One test for each fixture below `test/fixtures/<folder>`. The outcome is written into the fixture and compared as a
 * whole; with UPDATE_FIXTURES=1 the fixture is rewritten instead, and the review is `git diff`.
 *
 * @param run gets the fixture and the name of its folder relative to `folder`
 */
export function testFixtures(folder: string, run: (fixture: Fixture, group: string) => Outcome): void {
  const root = path.join(ROOT, folder);
  for (const file of readdirSync(root, { recursive: true, encoding: 'utf8' }).sort()) {
    if (!file.endsWith('.yaml') || statSync(path.join(root, file)).isDirectory()) continue;
    test(file.split(path.sep).join('/'), () => {
      const source = readFileSync(path.join(root, file), 'utf8');
      const fixture = parseFixture(source);
      const { marks = [], results = new Map() } = run(fixture, path.dirname(file).split(path.sep).join('/'));
      const rendered = renderFixture(fixture, marks, results);
      if (process.env['UPDATE_FIXTURES'] === '1') {
        if (rendered !== source) writeFileSync(path.join(root, file), rendered);
      } else expect(rendered).toBe(source);
    });
  }
}

/** A snapshot of files, with the settings that a fixture's options name. */
export function snapshotOf(
  files: readonly { path: FileId; text: string }[],
  options: ReadonlyMap<string, string> = new Map(),
): Snapshot {
  const host = createHost(schemas);
  host.apply({
    settings: settingsOf(options),
    files: new Map(files.map(({ path: id, text }) => [id, fullText(text, options)])),
  });
  return host.snapshot();
}

/** What a text of a fixture stands for. */
export function fullText(text: string, options: ReadonlyMap<string, string>): string {
  // A fixture is a text; one that stands for a binary file gets its zero here.
  const tail = options.get('binary') === 'true' ? '\0' : '';
  // A word `LONG` at the end of a fixture stands for a text of so many characters.
  const long = 'x'.repeat(Number(options.get('long') ?? 0));
  return (long === '' ? text : text.replace('LONG', long)) + tail;
}

/** The settings that the options of a fixture name. */
export function settingsOf(options: ReadonlyMap<string, string>): WorkspaceSettings {
  const owned = options.get('ownedNamespaces');
  const policy = options.get('outboundTrafficPolicy');
  return {
    ...DEFAULT_SETTINGS,
    defaultNamespace: options.get('defaultNamespace') ?? DEFAULT_SETTINGS.defaultNamespace,
    maxFileSize: Number(options.get('maxFileSize') ?? DEFAULT_SETTINGS.maxFileSize),
    maxDocuments: Number(options.get('maxDocuments') ?? DEFAULT_SETTINGS.maxDocuments),
    maxLineLength: Number(options.get('maxLineLength') ?? DEFAULT_SETTINGS.maxLineLength),
    ownedNamespaces: owned === undefined ? [] : owned.split(',').map(name => name.trim()),
    mesh: {
      ...DEFAULT_SETTINGS.mesh,
      ...(policy === 'REGISTRY_ONLY' ? { outboundTrafficPolicy: policy } : {}),
    },
  };
}
