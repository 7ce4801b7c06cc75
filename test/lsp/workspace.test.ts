import { expect, test, vi } from 'vitest';
import type { ServerStatus } from '../../server/src/contract.ts';
import { SourceFile } from '../../server/src/workspace/file.ts';
import { held, LspClient, startClient, uri } from '../harness/lsp-client.ts';
import { MISSPELT, service, VIRTUAL_SERVICE } from './manifests.ts';

test('reads the manifests of all folders, with progress, and leaves out what is not ours', async () => {
  const files = {
    'file:///one/a.yaml': VIRTUAL_SERVICE,
    'file:///one/deep/er/b.yml': MISSPELT,
    'file:///two/c.yaml': service('c'),
    'file:///two/values.yaml': 'replicas: 3\n',
    'file:///two/node_modules/x/d.yaml': service('d'),
    'file:///two/out/e.yaml': service('e'),
    'file:///three/f.yaml': service('f'),
  };
  const settings = { exclude: ['**/out'] };
  const client = await startClient({ files, settings, folders: ['file:///one', 'file:///two'] });
  expect(await statusOf(client)).toMatchObject({ files: 3, resources: 3, indexing: false });
  expect(client.published.map(params => params.uri)).toEqual(['file:///one/deep/er/b.yml']);
  expect(client.progress.map(({ kind }) => kind)).toEqual(['begin', 'end']);
});

test('reports how far it has come', async () => {
  const client = await startClient({ files: manyFiles(200) });
  expect(client.progress.at(0)).toMatchObject({ kind: 'begin', title: 'Istio: reading manifests' });
  expect(client.progress).toContainEqual({ kind: 'report', percentage: 75, message: '150 of 200 files' });
  expect(client.progress.at(-1)).toEqual({ kind: 'end' });
});

test('requests are answered while the workspace is read', async () => {
  const client = new LspClient({ files: manyFiles(200) });
  let asked: Promise<ServerStatus> | undefined;
  client.onRead = () => {
    asked ??= statusOf(client);
  };
  await client.initialize();
  await client.settled();
  const status = await asked;
  expect(status?.indexing).toBe(true);
  expect(status?.files).toBeLessThan(200);
  expect(await statusOf(client)).toMatchObject({ indexing: false, files: 200 });
});

test('the reading of the workspace waits while open documents are judged', async () => {
  let read = 0;
  const readBy: number[] = [];
  const client = new LspClient({
    files: manyFiles(200),
    features: {
      *fileFindings(_snapshot, id) {
        for (let i = 0; id.endsWith('mine.yaml') && i < 1000; i++) {
          readBy.push(read);
          yield;
        }
        return [];
      },
    },
  });
  client.onRead = () => {
    if (read++ === 0) client.open('mine.yaml', VIRTUAL_SERVICE);
  };
  await client.initialize();
  await client.settled();
  // Those that were being read already come to their end.
  expect((readBy[999] ?? 0) - (readBy[0] ?? 0)).toBeLessThanOrEqual(16);
  expect(readBy[999]).toBeLessThan(200);
  expect(await statusOf(client)).toMatchObject({ files: 201, indexing: false });
});

test('follows files that are made, changed and deleted', async () => {
  const client = await startClient({ files: { 'a.yaml': VIRTUAL_SERVICE } });
  client.disk.set(uri('b.yaml'), MISSPELT);
  client.changedOnDisk(['b.yaml', 1]);
  await client.settled();
  expect(client.diagnostics('b.yaml')).toHaveLength(1);
  client.disk.set(uri('b.yaml'), VIRTUAL_SERVICE);
  client.disk.set(uri('a.yaml'), MISSPELT);
  client.changedOnDisk(['b.yaml', 2], ['a.yaml', 2]);
  await client.settled();
  expect(client.diagnostics('b.yaml')).toEqual([]);
  expect(client.diagnostics('a.yaml')).toHaveLength(1);
  client.disk.delete(uri('a.yaml'));
  client.changedOnDisk(['a.yaml', 3]);
  await client.settled();
  expect(client.diagnostics('a.yaml')).toEqual([]);
  expect(await statusOf(client)).toMatchObject({ files: 1 });
});

test('follows folders that are moved and deleted, whoever did it', async () => {
  const client = await startClient({
    files: { 'old/a.yaml': MISSPELT, 'old/deep/b.yaml': MISSPELT, 'older.yaml': MISSPELT },
  });
  const move = (from: string, to: string): void => {
    for (const [file, text] of [...client.disk].filter(([file]) => file.startsWith(uri(from)))) {
      client.disk.delete(file);
      client.disk.set(file.replace(uri(from), uri(to)), text);
    }
  };
  move('old/', 'new/');
  client.notify('workspace/didRenameFiles', { files: [{ oldUri: uri('old'), newUri: uri('new') }] });
  await client.settled();
  expect(client.diagnostics('old/deep/b.yaml')).toEqual([]);
  expect(client.diagnostics('new/deep/b.yaml')).toHaveLength(1);
  expect(client.diagnostics('older.yaml')).toHaveLength(1);
  move('new/', 'next/');
  client.changedOnDisk(['new', 3], ['next', 1]);
  await client.settled();
  expect(client.diagnostics('new/a.yaml')).toEqual([]);
  expect(client.diagnostics('next/a.yaml')).toHaveLength(1);
  client.notify('workspace/didDeleteFiles', { files: [{ uri: uri('next') }] });
  await client.settled();
  expect(await statusOf(client)).toMatchObject({ files: 1 });
});

test('skips files that vanish or change while they are read', async () => {
  const client = new LspClient({ files: { ...manyFiles(5), 'a.yaml': MISSPELT } });
  client.onRead = file => {
    if (file === uri('2.yaml')) client.disk.delete(file);
    if (file === uri('a.yaml')) client.open('a.yaml', VIRTUAL_SERVICE);
  };
  await client.initialize();
  await client.settled();
  expect(await statusOf(client)).toMatchObject({ files: 5, faults: [] });
  expect(client.published).toEqual([{ uri: uri('a.yaml'), version: 1, diagnostics: [] }]);
});

test('a text that was read earlier and comes later does not replace a newer one', async () => {
  const client = await startClient();
  const slow = held();
  client.delivery = slow.until;
  client.disk.set(uri('a.yaml'), MISSPELT);
  client.changedOnDisk(['a.yaml', 1]);
  await client.settled();
  client.delivery = Promise.resolve();
  client.disk.set(uri('a.yaml'), `${VIRTUAL_SERVICE}---\n${VIRTUAL_SERVICE}`);
  client.changedOnDisk(['a.yaml', 2]);
  await client.settled();
  slow.release();
  await client.settled();
  expect(await statusOf(client)).toMatchObject({ files: 1, resources: 2 });
});

test('a file that is deleted while it is read does not come back', async () => {
  const client = await startClient();
  const slow = held();
  client.delivery = slow.until;
  client.disk.set(uri('a.yaml'), VIRTUAL_SERVICE);
  client.changedOnDisk(['a.yaml', 1]);
  await client.settled();
  client.disk.clear();
  client.changedOnDisk(['a.yaml', 3]);
  await client.settled();
  slow.release();
  await client.settled();
  expect(await statusOf(client)).toMatchObject({ files: 0 });
});

test('a list of files that comes late drops nothing that has come meanwhile', async () => {
  const files = { 'file:///one/a.yaml': VIRTUAL_SERVICE, 'file:///two/b.yaml': VIRTUAL_SERVICE };
  const client = new LspClient({ files, folders: ['file:///one'] });
  const slow = held();
  client.listing = slow.until;
  await client.initialize();
  await client.handled();
  client.disk.set('file:///one/c.yaml', VIRTUAL_SERVICE);
  client.changedOnDisk(['file:///one/c.yaml', 1]);
  await client.settled();
  slow.release();
  await client.settled();
  expect(await statusOf(client)).toMatchObject({ files: 2 });

  const slower = held();
  client.listing = slower.until;
  client.settings = { exclude: ['none'] };
  client.notify('workspace/didChangeConfiguration', {});
  await client.handled();
  client.listing = Promise.resolve();
  client.notify('workspace/didChangeWorkspaceFolders', {
    event: { added: [{ uri: 'file:///two', name: '' }], removed: [] },
  });
  await client.settled();
  expect(await statusOf(client)).toMatchObject({ files: 3 });
  slower.release();
  await client.settled();
  expect(await statusOf(client)).toMatchObject({ files: 3 });
});

test('of files that are too large only their presence is known, and only where they are ours', async () => {
  const files = {
    'large.yaml': `${VIRTUAL_SERVICE}${'# filler\n'.repeat(200)}`,
    'data.yaml': 'x: 1\n'.repeat(400),
    'small.yaml': MISSPELT,
  };
  const client = await startClient({ files, settings: { maxFileSize: 1000 } });
  expect(await statusOf(client)).toMatchObject({ files: 2, resources: 1 });
  expect(client.diagnostics('large.yaml')?.map(({ code }) => code)).toEqual(['file/unread-large']);
  expect(client.diagnostics('data.yaml')).toBeUndefined();
  client.settings = { maxFileSize: 1_000_000 };
  client.notify('workspace/didChangeConfiguration', { settings: {} });
  await client.settled();
  expect(await statusOf(client)).toMatchObject({ files: 2, resources: 2 });
  expect(client.diagnostics('large.yaml')).toEqual([]);
});

test('takes and drops workspace folders', async () => {
  const files = { 'file:///one/a.yaml': MISSPELT, 'file:///two/b.yaml': MISSPELT };
  const client = await startClient({ files, folders: ['file:///one'] });
  const change = async (added: string[], removed: string[]): Promise<void> => {
    const folders = (uris: string[]) => uris.map(folder => ({ uri: folder, name: folder }));
    client.notify('workspace/didChangeWorkspaceFolders', {
      event: { added: folders(added), removed: folders(removed) },
    });
    await client.settled();
  };
  await change(['file:///two'], []);
  expect(await statusOf(client)).toMatchObject({ files: 2 });
  await change([], ['file:///one']);
  expect(client.diagnostics('file:///one/a.yaml')).toEqual([]);
  expect(client.diagnostics('file:///two/b.yaml')).toHaveLength(1);
  expect(await statusOf(client)).toMatchObject({ files: 1 });
});

test('a file that cannot be read or parsed for a fault of ours costs only itself', async () => {
  const client = await startClient({ files: { 'a.yaml': MISSPELT } });
  client.onRead = file => {
    if (file === uri('b.yaml')) throw new Error('no luck');
  };
  client.disk.set(uri('b.yaml'), VIRTUAL_SERVICE);
  client.changedOnDisk(['b.yaml', 1]);
  await client.settled();
  expect(await statusOf(client)).toMatchObject({ files: 1, faults: [expect.stringContaining('no luck')] });
  const read = SourceFile.read;
  const spy = vi.spyOn(SourceFile, 'read').mockImplementation((id, ...rest) => {
    if (id === uri('d.yaml')) throw new Error('no luck either');
    return read(id, ...rest);
  });
  client.disk.set(uri('c.yaml'), service('c'));
  client.disk.set(uri('d.yaml'), service('d'));
  client.disk.set(uri('e.yaml'), service('e'));
  client.changedOnDisk(['c.yaml', 1], ['d.yaml', 1], ['e.yaml', 1]);
  await client.settled();
  spy.mockRestore();
  const { files, faults } = await statusOf(client);
  expect([files, faults.length]).toEqual([3, 2]);
});

function manyFiles(count: number): Record<string, string> {
  return Object.fromEntries(Array.from({ length: count }, (_, i) => [`${i}.yaml`, service(`s${i}`)]));
}

function statusOf(client: LspClient): Promise<ServerStatus> {
  return client.request('istio/status');
}
