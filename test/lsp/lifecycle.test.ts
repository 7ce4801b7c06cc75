import { expect, test } from 'vitest';
import { LspClient, startClient, uri } from '../harness/lsp-client.ts';
import { MISSPELT, VIRTUAL_SERVICE } from './manifests.ts';

const NOT_INITIALIZED = -32002;
const INVALID_REQUEST = -32600;
const INVALID_PARAMS = -32602;

test('tells what it can do, and registers what it wants to be told', async () => {
  const client = await startClient();
  expect(client.capabilities).toMatchObject({
    positionEncoding: 'utf-16',
    textDocumentSync: { openClose: true, change: 2 },
    hoverProvider: true,
    definitionProvider: true,
    referencesProvider: true,
    documentSymbolProvider: true,
    foldingRangeProvider: true,
    codeActionProvider: { codeActionKinds: ['quickfix', 'source.fixAll.istio'] },
    workspace: { workspaceFolders: { supported: true, changeNotifications: true } },
  });
  expect(client.registrations.map(({ method }) => method)).toEqual([
    'workspace/didChangeConfiguration',
    'workspace/didChangeWatchedFiles',
  ]);
});

test('refuses requests before initialize, a second initialize, and requests after shutdown', async () => {
  const client = new LspClient({});
  const ask = () => client.request('textDocument/hover', at('a.yaml'));
  await expect(ask()).rejects.toMatchObject({ code: NOT_INITIALIZED });
  await client.initialize();
  await expect(ask()).resolves.toBeNull();
  await expect(client.request('initialize', { capabilities: {} })).rejects.toMatchObject({ code: INVALID_REQUEST });
  await expect(client.request('shutdown')).resolves.toBeNull();
  await expect(ask()).rejects.toMatchObject({ code: INVALID_REQUEST });
  client.notify('exit', undefined);
  await client.handled();
  expect(client.exitCode).toBe(0);
});

test('an exit without shutdown is told by the exit code', async () => {
  const client = await startClient();
  client.notify('exit', undefined);
  await client.handled();
  expect(client.exitCode).toBe(1);
});

test('answers wrong parameters with an error, and goes on', async () => {
  const client = await startClient({ files: { 'a.yaml': VIRTUAL_SERVICE } });
  const wrong: readonly [method: string, params: unknown][] = [
    ['textDocument/hover', undefined],
    ['textDocument/hover', { textDocument: null, position: { line: 0, character: 0 } }],
    ['textDocument/hover', { textDocument: { uri: 7 }, position: { line: 0, character: 0 } }],
    ['textDocument/completion', { textDocument: { uri: uri('a.yaml') }, position: { line: -1, character: 0.5 } }],
    ['textDocument/codeAction', { textDocument: { uri: uri('a.yaml') }, range: {} }],
    ['istio/routes', { viewpoint: 1 }],
  ];
  for (const [method, params] of wrong) {
    await expect(client.request(method, params)).rejects.toMatchObject({ code: INVALID_PARAMS });
  }
  await expect(client.request('textDocument/documentSymbol', at('a.yaml'))).resolves.not.toBeNull();
});

test('outlives notifications and messages that make no sense', async () => {
  const client = await startClient();
  client.notify('textDocument/didOpen', { textDocument: { uri: uri('a.yaml') } });
  client.notify('textDocument/didOpen', undefined);
  client.notify('textDocument/didChange', { textDocument: { uri: uri('a.yaml') }, contentChanges: 'all' });
  client.notify('textDocument/didClose', []);
  client.notify('workspace/didChangeWatchedFiles', { changes: [null, { type: 3 }] });
  client.notify('workspace/didChangeWorkspaceFolders', { event: { added: 1 } });
  client.notify('workspace/didRenameFiles', { files: [{}] });
  for (const body of ['{', 'null', '[]', '"text"', '{"jsonrpc":"2.0","method":"$/cancelRequest"}', '{"id":1}'])
    client.raw(body);
  await client.settled();
  client.open('b.yaml', MISSPELT);
  await client.settled();
  expect(client.diagnostics('b.yaml')).toHaveLength(1);
  expect(client.logs.filter(line => line.startsWith('error'))).toEqual([]);
});

test('goes on with defaults when the client does not tell its settings', async () => {
  const client = await new LspClient({ files: { 'a.yaml': MISSPELT }, settings: undefined }).initialize();
  await client.settled();
  expect(client.published).toEqual([]);
  await client.losePatience();
  expect(client.diagnostics('a.yaml')).toHaveLength(1);
});

test('serves a client that can do nothing', async () => {
  const client = await startClient({ files: { 'a.yaml': MISSPELT }, capabilities: () => ({}) });
  expect(client.registrations).toEqual([]);
  expect(client.progress).toEqual([]);
  expect(client.diagnostics('a.yaml')).toEqual([
    expect.objectContaining({ code: 'schema/unknown-field', source: 'istio', severity: 1 }),
  ]);
});

function at(path: string): unknown {
  return { textDocument: { uri: uri(path) }, position: { line: 0, character: 0 } };
}
