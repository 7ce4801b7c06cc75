import { expect, test } from 'vitest';
import { RULES } from '../../server/src/analysis.ts';
import type { WorkspaceRule } from '../../server/src/rules/rule.ts';
import { generate } from '../bench/generator/workspaces.ts';
import { type ClientOptions, LspClient, startClient } from '../harness/lsp-client.ts';
import { MemoryCache } from '../harness/memory-cache.ts';
import { MISSPELT, service, VIRTUAL_SERVICE } from './manifests.ts';

type Texts = Readonly<Record<string, string>>;

const SUBSET = 'destinations.yaml';
/** Reads the subset that `SUBSET` defines. */
const READER = 'reader.yaml';

const FILES: Texts = {
  'misspelt.yaml': MISSPELT,
  [SUBSET]: `apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: cart, namespace: shop}
spec:
  host: cart
  subsets:
    - name: v1
      labels: {version: v1}
`,
  [READER]: `apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: cart, namespace: shop}
spec:
  hosts: [cart]
  http:
    - route:
        - destination: {host: cart, subset: v2}
`,
  'cart.yaml': service('cart'),
  ...Object.fromEntries(
    Array.from({ length: 8 }, (_, i) => [`b${i}.yaml`, VIRTUAL_SERVICE.replace('name:', `name: other-${i}-`)]),
  ),
};

function options(files: Texts, cache?: MemoryCache, more: ClientOptions = {}): ClientOptions {
  return {
    files,
    ...(cache && { initializationOptions: { cacheFolder: '/cache' }, openCache: async () => cache }),
    ...more,
  };
}

/** What an editor shows of files; nothing and an empty list are the same. */
function shown(client: LspClient, files: Texts): Record<string, unknown> {
  return Object.fromEntries(Object.keys(files).map(file => [file, client.diagnostics(file) ?? []]));
}

/** What is shown of files in a session without a cache. */
async function fromScratch(files: Texts, more: ClientOptions = {}): Promise<Record<string, unknown>> {
  return shown(await startClient(options(files, undefined, more)), files);
}

/** Lets the server read the workspace; the time does not come at which it judges files that are not open. */
async function reading(client: LspClient): Promise<void> {
  while (!client.progress.some(({ kind }) => kind === 'end')) await client.worked();
  await client.worked();
}

/** What a session shows before it has judged files that are not open, and after. */
async function begun(session: ClientOptions, files: Texts): Promise<{ first: unknown; client: LspClient }> {
  const client = await new LspClient(session).initialize();
  await reading(client);
  return { first: shown(client, files), client };
}

const NOTHING = Object.fromEntries(Object.keys(FILES).map(file => [file, []]));

/** A session that has found everything, with the cache that it leaves. */
async function played(files: Texts = FILES, more: ClientOptions = {}): Promise<MemoryCache> {
  const cache = new MemoryCache();
  await startClient(options(files, cache, more));
  return cache;
}

test('a session shows what an earlier one has found before it judges, and finds the same', async () => {
  const expected = await fromScratch(FILES);
  expect(JSON.stringify(expected[READER])).toContain('unknown-subset');
  const cache = await played();
  const { first, client } = await begun(options(FILES, cache), FILES);
  expect(first).toEqual(expected);
  const { length } = client.published;
  await client.settled();
  expect(shown(client, FILES)).toEqual(expected);
  // Nothing was told twice.
  expect(client.published.length).toBe(length);
});

test('without what an earlier session has kept, files wait until they are judged', async () => {
  const { first } = await begun(options(FILES, new MemoryCache()), FILES);
  expect(first).toEqual(NOTHING);
});

test.each([1, 2, 3])('so it is in a generated workspace (%i)', async seed => {
  const files = Object.fromEntries(generate('folder', { seed, files: 60 }).files.map(({ path, text }) => [path, text]));
  const expected = await fromScratch(files);
  const cache = await played(files);
  const { first, client } = await begun(options(files, cache), files);
  expect(first).toEqual(expected);
  await client.settled();
  expect(shown(client, files)).toEqual(expected);
});

test.each<[string, Texts]>([
  ['changed', { ...FILES, [SUBSET]: FILES[SUBSET]!.replace('name: v1', 'name: v2') }],
  [
    'new',
    { ...FILES, 'more.yaml': FILES[SUBSET]!.replace('name: v1', 'name: v2').replace('name: cart', 'name: more') },
  ],
  ['gone', Object.fromEntries(Object.entries(FILES).filter(([file]) => file !== SUBSET))],
])('with a file that is %s, everything is judged first', async (_, files) => {
  const cache = await played();
  const { first, client } = await begun(options(files, cache), files);
  expect(first).toEqual(Object.fromEntries(Object.keys(files).map(file => [file, []])));
  await client.settled();
  expect(shown(client, files)).toEqual(await fromScratch(files));
});

test.each<[string, ClientOptions]>([
  ['severities', { settings: { rules: { 'virtual-service': 'hint' } } }],
  ['namespaces', { settings: { defaultNamespace: 'elsewhere', ownedNamespaces: ['*'] } }],
  ['settings of the mesh', { settings: { mesh: { rootNamespace: 'shop' } } }],
  [
    'abilities of the client',
    {
      capabilities: ({ textDocument: { publishDiagnostics: _, ...textDocument }, ...all }) => ({
        ...all,
        textDocument,
      }),
    },
  ],
])('with other %s, everything is judged first', async (_, more) => {
  const cache = await played();
  const { first, client } = await begun(options(FILES, cache, more), FILES);
  expect(first).toEqual(NOTHING);
  await client.settled();
  expect(shown(client, FILES)).toEqual(await fromScratch(FILES, more));
});

test.each(['before', 'after'])('an edit %s files are judged changes what is shown of others', async when => {
  const cache = await played();
  const { client } = await begun(options(FILES, cache), FILES);
  const changed = { ...FILES, [SUBSET]: FILES[SUBSET]!.replace('name: v1', 'name: v2') };
  if (when === 'after') await client.settled();
  client.open(SUBSET, FILES[SUBSET]!);
  client.change(SUBSET, changed[SUBSET]!);
  await client.settled();
  expect(shown(client, FILES)).toEqual(await fromScratch(changed));
});

test('an open document is shown as it is judged, and the others as they were', async () => {
  const cache = await played();
  const client = await new LspClient(options(FILES, cache)).initialize();
  client.open(READER, FILES[READER]!);
  await reading(client);
  const expected = await fromScratch(FILES);
  expect(shown(client, FILES)).toEqual(expected);
  expect(client.published.filter(({ uri }) => uri.endsWith(READER)).every(({ version }) => version === 1)).toBe(true);
});

test('what was found with a text that was never saved is not shown for the text on the disk', async () => {
  const cache = new MemoryCache();
  const dirty = await startClient(options(FILES, cache));
  dirty.open(SUBSET, FILES[SUBSET]!);
  dirty.change(SUBSET, FILES[SUBSET]!.replace('name: v1', 'name: v2'));
  await dirty.settled();
  await dirty.request('shutdown');
  const { first, client } = await begun(options(FILES, cache), FILES);
  expect(first).toEqual(NOTHING);
  await client.settled();
  expect(shown(client, FILES)).toEqual(await fromScratch(FILES));
});

test('the end of a session keeps what edits have changed', async () => {
  const cache = new MemoryCache();
  const edited = await startClient(options(FILES, cache));
  const changed = { ...FILES, [SUBSET]: FILES[SUBSET]!.replace('name: v1', 'name: v2') };
  edited.open(SUBSET, FILES[SUBSET]!);
  edited.change(SUBSET, changed[SUBSET]!);
  await edited.settled();
  expect(cache.saves).toBe(1);
  await edited.request('shutdown');
  expect([cache.saves, cache.workspaces.length]).toEqual([2, 1]);
  expect((await begun(options(changed, cache), changed)).first).toEqual(await fromScratch(changed));
});

test('a session that ends before everything is judged keeps what an earlier one has found', async () => {
  const cache = await played();
  const before = cache.workspaces;
  const { client } = await begun(options({ ...FILES, 'cart.yaml': service('other') }, cache), FILES);
  await client.request('shutdown');
  expect(cache.workspaces).toEqual(before);
});

test.each([
  ['no text', () => ''],
  ['rubbish', () => 'rubbish'],
  ['an end that is cut off', (kept: string) => kept.slice(0, -2)],
  ['another form', (kept: string) => `${kept.slice(0, kept.indexOf(' '))} {"a":1}`],
])('%s in the place of what was kept: everything is judged first', async (_, damage) => {
  const cache = await played();
  for (const [key, kept] of cache.workspaces) cache.kept.set(key, damage(kept));
  const { first, client } = await begun(options(FILES, cache), FILES);
  expect(first).toEqual(NOTHING);
  await client.settled();
  expect(shown(client, FILES)).toEqual(await fromScratch(FILES));
});

test('nothing is kept of a workspace in which a rule has failed', async () => {
  const rule = RULES.find(({ id }) => id === 'virtual-service/unknown-subset') as { check: WorkspaceRule['check'] };
  const { check } = rule;
  rule.check = () => {
    throw new Error('broken');
  };
  try {
    expect((await played()).workspaces).toEqual([]);
  } finally {
    rule.check = check;
  }
});
