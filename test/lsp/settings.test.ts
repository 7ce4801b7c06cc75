import { expect, test } from 'vitest';
import { DEFAULT_SETTINGS } from '../../server/src/analysis.ts';
import { globMatcher } from '../../server/src/lsp/glob.ts';
import { readSettings } from '../../server/src/lsp/settings.ts';
import { startClient, uri } from '../harness/lsp-client.ts';
import { MISSPELT, service, VIRTUAL_SERVICE } from './manifests.ts';

test('every setting is read', () => {
  const { settings, problems } = readSettings({
    defaultNamespace: 'shop',
    ownedNamespaces: ['shop', '*'],
    exclude: ['**/old/**'],
    maxFileSize: 1000,
    maxDocuments: 100,
    maxLineLength: 500,
    rules: { 'schema/unknown-field': 'off', schema: 'hint' },
    mesh: {
      rootNamespace: 'mesh',
      clusterDomain: 'c.local',
      trustDomain: 't.local',
      outboundTrafficPolicy: 'REGISTRY_ONLY',
      gatewayNamespace: 'gw',
      defaultVirtualServiceExportTo: ['.'],
      defaultServiceExportTo: ['*'],
      defaultDestinationRuleExportTo: ['.'],
      defaultHttpRetryPolicy: { attempts: 3, retryOn: '503', perTryTimeout: '1m30s', retryRemoteLocalities: true },
    },
  });
  expect(problems).toEqual([]);
  expect(settings).toEqual({
    workspace: {
      defaultNamespace: 'shop',
      ownedNamespaces: ['shop', '*'],
      maxFileSize: 1000,
      maxDocuments: 100,
      maxLineLength: 500,
      mesh: {
        rootNamespace: 'mesh',
        clusterDomain: 'c.local',
        trustDomain: 't.local',
        outboundTrafficPolicy: 'REGISTRY_ONLY',
        gatewayNamespace: 'gw',
        defaultVirtualServiceExportTo: ['.'],
        defaultServiceExportTo: ['*'],
        defaultDestinationRuleExportTo: ['.'],
        defaultHttpRetryPolicy: { attempts: 3, retryOn: '503', perTryTimeout: '1m30s', retryRemoteLocalities: true },
      },
    },
    exclude: ['**/old/**'],
    severities: { 'schema/unknown-field': 'off', schema: 'hint' },
  });
});

test.each([
  [
    { defaultNamespace: 'No Namespace' },
    'istio.defaultNamespace: "No Namespace" is not the name of a namespace; it is ignored',
  ],
  [{ ownedNamespaces: 'shop' }, 'istio.ownedNamespaces: "shop" is not a list of namespaces, or of "*"; it is ignored'],
  [{ exclude: ['[z-a]'] }, 'istio.exclude: ["[z-a]"] is not a list of glob patterns; it is ignored'],
  [
    { maxFileSize: '5MB' },
    'istio.maxFileSize: "5MB" is not a whole number of bytes from 1 to 256000000; it is ignored',
  ],
  [{ maxFileSize: 0.5 }, 'istio.maxFileSize: 0.5 is not a whole number of bytes from 1 to 256000000; it is ignored'],
  [{ maxDocuments: 0 }, 'istio.maxDocuments: 0 is not a whole number from 1 to 256000000; it is ignored'],
  [
    { maxLineLength: '1MB' },
    'istio.maxLineLength: "1MB" is not a whole number of characters from 1 to 256000000; it is ignored',
  ],
  [
    { rules: { 'no/rule': 'off' } },
    'istio.rules: "no/rule" is not the id of a rule or of a group of rules; it is ignored',
  ],
  [
    { rules: { 'schema/unknown-field': 'loud' } },
    'istio.rules["schema/unknown-field"]: "loud" is not one of off, error, warning, information, hint; it is ignored',
  ],
  [
    { mesh: { outboundTrafficPolicy: 'DENY' } },
    'istio.mesh.outboundTrafficPolicy: "DENY" is not one of ALLOW_ANY, REGISTRY_ONLY; it is ignored',
  ],
  [
    { mesh: { defaultServiceExportTo: ['shop'] } },
    'istio.mesh.defaultServiceExportTo: ["shop"] is not a list of "*" or "."; it is ignored',
  ],
  [
    { mesh: { defaultHttpRetryPolicy: { attempts: -1 } } },
    'istio.mesh.defaultHttpRetryPolicy: {"attempts":-1} is not an object of attempts, retryOn, perTryTimeout, backoff, retryRemoteLocalities and retryIgnorePreviousHosts; it is ignored',
  ],
  [[], 'istio.*: [] is not an object of settings; it is ignored'],
])('%j is told and left out', (value, message) => {
  const { settings, problems } = readSettings(value);
  expect(problems).toEqual([message]);
  expect(settings.workspace).toEqual(DEFAULT_SETTINGS);
});

test('the client is asked for its settings, at the start and when they change', async () => {
  const client = await startClient({ files: { 'a.yaml': MISSPELT }, settings: { rules: { schema: 'warning' } } });
  expect(client.diagnostics('a.yaml')).toMatchObject([{ severity: 2 }]);
  client.settings = { rules: { 'schema/unknown-field': 'off' } };
  client.notify('workspace/didChangeConfiguration', { settings: null });
  await client.settled();
  expect(client.diagnostics('a.yaml')).toEqual([]);
});

test('a client that cannot be asked sends its settings', async () => {
  const client = await startClient({
    files: { 'a.yaml': MISSPELT },
    capabilities: () => ({}),
    initializationOptions: { istio: { rules: { schema: 'hint' } } },
  });
  expect(client.diagnostics('a.yaml')).toMatchObject([{ severity: 4 }]);
  client.notify('workspace/didChangeConfiguration', { settings: { istio: { rules: { schema: 'off' } } } });
  await client.settled();
  expect(client.diagnostics('a.yaml')).toEqual([]);
});

test('values that cannot be used are told to the user once, and the others count', async () => {
  const client = await startClient({
    files: { 'a.yaml': MISSPELT },
    settings: { maxFileSize: -1, rules: { schema: 'hint', nothing: 'off' } },
  });
  const message = [
    'istio.maxFileSize: -1 is not a whole number of bytes from 1 to 256000000; it is ignored',
    'istio.rules: "nothing" is not the id of a rule or of a group of rules; it is ignored',
  ].join('\n');
  expect(client.messages).toEqual([message]);
  expect(client.diagnostics('a.yaml')).toMatchObject([{ severity: 4 }]);
  client.notify('workspace/didChangeConfiguration', { settings: null });
  await client.settled();
  expect(client.messages).toHaveLength(1);
  expect(client.progress.filter(({ kind }) => kind === 'begin')).toHaveLength(1);
});

test('excluded files leave when they are excluded, and come when they are not', async () => {
  const client = await startClient({ files: { 'a.yaml': MISSPELT, 'old/b.yaml': MISSPELT } });
  client.settings = { exclude: ['old'] };
  client.notify('workspace/didChangeConfiguration', { settings: null });
  await client.settled();
  expect(client.diagnostics('old/b.yaml')).toEqual([]);
  client.disk.set(uri('old/c.yaml'), service('c'));
  client.changedOnDisk(['old/c.yaml', 1]);
  await client.settled();
  expect(await client.request('istio/status')).toMatchObject({ files: 1 });
  client.open('old/b.yaml', VIRTUAL_SERVICE);
  client.settings = {};
  client.notify('workspace/didChangeConfiguration', { settings: null });
  await client.settled();
  expect(await client.request('istio/status')).toMatchObject({ files: 3 });
});

test.each([
  ['**/out/**', 'a/out/b.yaml', true],
  ['**/out/**', 'out', true],
  ['**/out/**', 'about/b.yaml', false],
  ['vendor', 'a/vendor/b.yaml', true],
  ['/vendor/', 'vendor/b.yaml', true],
  ['*.gen.yaml', 'a/b.gen.yaml', true],
  ['a/*/c.yaml', 'a/b/c.yaml', true],
  ['a/*/c.yaml', 'a/b/d/c.yaml', false],
  ['{a,b}/x?.{yaml,yml}', 'b/x1.yml', true],
  ['[!a]x.yaml', 'ax.yaml', false],
  ['(a|b).yaml', 'a.yaml', false],
  ['a.yaml', 'abyaml', false],
  ['', 'a.yaml', false],
])('the pattern %s on %s', (pattern, path, expected) => {
  expect(globMatcher([pattern])(path)).toBe(expected);
});

test('what a client has not set is null, and a mesh config among the manifests counts', () => {
  const unset = { rootNamespace: null, outboundTrafficPolicy: null, defaultHttpRetryPolicy: null };
  const { settings, problems } = readSettings({ mesh: unset });
  expect(problems).toEqual([]);
  expect(settings.workspace.mesh).toEqual({});
});
