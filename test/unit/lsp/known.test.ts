import { expect, test } from 'vitest';
import { createHost, drain, fileFindings, type Snapshot } from '../../../server/src/analysis.ts';
import { KnownDiagnostics } from '../../../server/src/lsp/known-diagnostics.ts';
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
  const asked = [IDS.slice(0, 8), IDS.slice(8, 18), IDS.slice(18)].map(ids => second.recall(workspace(), ids));
  open();
  expect(await Promise.all(asked)).toEqual([[], [], []]);
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
