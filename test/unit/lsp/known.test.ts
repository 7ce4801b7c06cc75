import { expect, test } from 'vitest';
import { createHost, drain, fileFindings, type Snapshot, saveFindings } from '../../../server/src/analysis.ts';
import { Diagnostics, type DiagnosticsSource } from '../../../server/src/lsp/diagnostics.ts';
import { Documents } from '../../../server/src/lsp/documents.ts';
import { Faults } from '../../../server/src/lsp/guard.ts';
import { type JudgedDiagnostics, KnownDiagnostics } from '../../../server/src/lsp/known-diagnostics.ts';
import { KnownFindings } from '../../../server/src/lsp/known-findings.ts';
import { INITIAL_SETTINGS } from '../../../server/src/lsp/settings.ts';
import type { View } from '../../../server/src/lsp/to-protocol.ts';
import { MemoryCache } from '../../harness/memory-cache.ts';
import { schemas } from '../../harness/schemas.ts';
import { MISSPELT } from '../../lsp/manifests.ts';

const IDS = Array.from({ length: 20 }, (_, i) => `file:///ws/${i}.yaml`);

function workspace(): Snapshot {
  const host = createHost(schemas);
  host.apply({ files: new Map(IDS.map((id, i) => [id, MISSPELT.replace('name: ', `name: number-${i}-`)])) });
  return host.snapshot();
}

test('who asks while the cache is being opened is told what it knows, too', async () => {
  const cache = new MemoryCache();
  const first = new KnownFindings({ openCache: async () => cache }, '/cache');
  const judged = workspace();
  const unknown = await first.recall(judged, IDS);
  for (const id of IDS)
    drain(fileFindings(judged, id, { severities: {}, onFault: () => undefined, isPreparing: true }));
  first.remember(unknown);

  let open = (): void => undefined;
  const opened = new Promise<void>(resolve => {
    open = resolve;
  });
  const second = new KnownFindings({ openCache: () => opened.then(() => cache) }, '/cache');
  const same = workspace();
  const asked = [IDS.slice(0, 8), IDS.slice(8, 18), IDS.slice(18)].map(ids => second.recall(same, ids));
  open();
  expect(await Promise.all(asked)).toEqual([[], [], []]);
  // All are taken as judged, and none was.
  const found = [...same.files.values()].flatMap(file =>
    file.documents.map(({ document }) => saveFindings(document, file.resourcesOf(document) ?? [])),
  );
  expect(found.filter(text => text?.includes('unknown-field')).length).toBe(IDS.length);
});

/** What is kept of a workspace of which so much is shown. */
function kept(length: number): MemoryCache {
  const cache = new MemoryCache();
  const view = { client: {}, rulePage: () => undefined } as unknown as View;
  const known = new KnownDiagnostics(
    () => cache,
    () => view,
  );
  const place = { line: 0, character: 0 };
  const diagnostic = { range: { start: place, end: place }, message: 'x'.repeat(length) };
  const diagnostics = new Map(IDS.slice(0, 2).map(id => [id, [diagnostic]]));
  drain(known.remember({ snapshot: workspace(), settings: INITIAL_SETTINGS, diagnostics }, ['file:///ws']));
  return cache;
}

test('of a workspace with very much to say nothing is kept', () => {
  expect(kept(1_500_000).workspaces.length).toBe(1);
  expect(kept(2_000_000).workspaces).toEqual([]);
});

/** What is told of a workspace of which something is known, before any file is judged that is not open. */
async function told(
  known: JudgedDiagnostics,
  now: Pick<JudgedDiagnostics, 'snapshot' | 'settings'>,
): Promise<string[]> {
  const published: string[] = [];
  const view = { uriOf: (id: string) => id, versionOf: () => undefined } as unknown as View;
  const source: DiagnosticsSource = {
    runtime: {
      now: () => 0,
      timers: {
        after: () => ({ cancel: () => undefined }),
        soon: call => {
          const timer = setImmediate(call);
          return { cancel: () => clearImmediate(timer) };
        },
      },
    },
    documents: new Documents(),
    features: { fileFindings },
    faults: new Faults(() => undefined),
    settings: now.settings,
    indexing: false,
    ready: true,
    snapshot: () => now.snapshot,
    view: () => view,
    onRest: () => undefined,
  };
  const diagnostics = new Diagnostics(source, ({ uri }) => published.push(uri));
  diagnostics.expect(known);
  diagnostics.changed('other');
  for (let turn = 0; turn < 10; turn++) await new Promise(resolve => setImmediate(resolve));
  return published;
}

test('what is known is shown of the state that it is of, and of no other', async () => {
  const snapshot = workspace();
  const settings = INITIAL_SETTINGS;
  const known: JudgedDiagnostics = { snapshot, settings, diagnostics: new Map(IDS.map(id => [id, []])) };
  expect(await told(known, { snapshot, settings })).toEqual(IDS);
  expect(await told(known, { snapshot: workspace(), settings })).toEqual([]);
  expect(await told(known, { snapshot, settings: { ...settings } })).toEqual([]);
});
