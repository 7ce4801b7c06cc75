import { expect, test } from 'vitest';
import { RULES } from '../../server/src/analysis.ts';
import type { Cache } from '../../server/src/lsp/runtime.ts';
import type { ResourceRule } from '../../server/src/rules/rule.ts';
import { type ClientOptions, startClient } from '../harness/lsp-client.ts';
import { MemoryCache } from '../harness/memory-cache.ts';
import { MISSPELT, VIRTUAL_SERVICE } from './manifests.ts';

/** As many files as make a cache worth while. */
const FILES: Readonly<Record<string, string>> = {
  'a.yaml': MISSPELT,
  ...Object.fromEntries(
    Array.from({ length: 9 }, (_, i) => [`b${i}.yaml`, VIRTUAL_SERVICE.replace('name:', `name: other-${i}-`)]),
  ),
};

function options(cache: Cache, folders: string[] = []): ClientOptions {
  return {
    files: FILES,
    initializationOptions: { cacheFolder: '/cache' },
    openCache: async folder => {
      folders.push(folder);
      return cache;
    },
  };
}

/** What a session tells of all files, and how often a rule has judged a resource by itself. */
async function played(session: ClientOptions): Promise<{ said: unknown; judged: number }> {
  const rule = RULES.find(({ id }) => id === 'schema/unknown-field') as { check: ResourceRule['check'] };
  const { check } = rule;
  let judged = 0;
  rule.check = (...args) => {
    judged++;
    return check(...args);
  };
  try {
    const client = await startClient(session);
    return { said: Object.keys(FILES).map(file => client.diagnostics(file)), judged };
  } finally {
    rule.check = check;
  }
}

test('a session takes from the cache what an earlier one has found', async () => {
  const cache = new MemoryCache();
  const folders: string[] = [];
  const first = await played(options(cache, folders));
  expect(first.judged).toBe(10);
  expect([cache.kept.size, cache.workspaces.length, cache.saves, folders]).toEqual([11, 1, 1, ['/cache']]);
  const second = await played(options(cache));
  expect(second).toEqual({ said: first.said, judged: 0 });
  expect(JSON.stringify(second.said)).toContain('schema/unknown-field');
});

test('a text that has changed, and another default namespace, are judged', async () => {
  const cache = new MemoryCache();
  await played(options(cache));
  const changed = { ...options(cache), files: { ...FILES, 'a.yaml': `${MISSPELT}# changed\n` } };
  expect((await played(changed)).judged).toBe(1);
  expect((await played({ ...options(cache), settings: { defaultNamespace: 'elsewhere' } })).judged).toBe(10);
});

test('a few files are judged in less time than a cache is opened', async () => {
  const folders: string[] = [];
  const few = { ...options(new MemoryCache(), folders), files: { 'a.yaml': MISSPELT } };
  expect((await played(few)).judged).toBe(1);
  expect(folders).toEqual([]);
});

test('without a folder, or with a cache that fails, everything is judged', async () => {
  const cache = new MemoryCache();
  const { said } = await played(options(cache));
  const none = { ...options(cache), initializationOptions: {} };
  expect(await played(none)).toEqual({ said, judged: 10 });
  const failing = { ...options(cache), openCache: () => Promise.reject(new Error('no luck')) };
  expect(await played(failing)).toEqual({ said, judged: 10 });
  for (const key of cache.kept.keys()) cache.kept.set(key, 'rubbish');
  expect(await played(options(cache))).toEqual({ said, judged: 10 });
});
