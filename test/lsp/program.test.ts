import { type ChildProcess, execFileSync, fork, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  createMessageConnection,
  IPCMessageReader,
  IPCMessageWriter,
  type MessageConnection,
  type PublishDiagnosticsParams,
  StreamMessageReader,
  StreamMessageWriter,
} from 'vscode-languageserver/node';
import { readArguments } from '../../server/src/node/arguments.ts';
import { MISSPELT } from './manifests.ts';

const ROOT = path.join(import.meta.dirname, '../..');
const PROGRAM = path.join(ROOT, 'out/server/server.js');
let folder = '';

beforeAll(() => {
  execFileSync(process.execPath, ['scripts/build.mjs', 'server'], { cwd: ROOT, stdio: 'inherit' });
  folder = mkdtempSync(path.join(tmpdir(), 'istio-program-'));
  writeFileSync(path.join(folder, 'a.yaml'), MISSPELT);
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('serves a folder over standard input and output, and ends with code 0 after shutdown and exit', async () => {
  const server = spawn(process.execPath, [PROGRAM, '--stdio'], { stdio: ['pipe', 'pipe', 'inherit'] });
  const connection = createMessageConnection(
    new StreamMessageReader(server.stdout),
    new StreamMessageWriter(server.stdin),
  );
  await expectDiagnostics(connection);
  await connection.sendRequest('shutdown');
  await connection.sendNotification('exit');
  expect(await exitOf(server)).toBe(0);
});

test('ends when the client is gone', async () => {
  const server = spawn(process.execPath, [PROGRAM, '--stdio'], { stdio: ['pipe', 'pipe', 'inherit'] });
  server.stdin.end();
  expect(await exitOf(server)).toBe(1);
});

test('serves over the channel of Node processes, as VS Code starts it', async () => {
  const server = fork(PROGRAM, ['--node-ipc', `--clientProcessId=${process.pid}`], { stdio: 'inherit' });
  const connection = createMessageConnection(new IPCMessageReader(server), new IPCMessageWriter(server));
  await expectDiagnostics(connection);
  const exit = exitOf(server);
  server.disconnect();
  expect(await exit).toBe(1);
});

test('serves over a socket', async () => {
  const listener = createServer();
  await new Promise<void>(resolve => listener.listen(0, '127.0.0.1', resolve));
  const address = listener.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  const accepted = new Promise<Socket>(resolve => listener.once('connection', resolve));
  const server = spawn(process.execPath, [PROGRAM, `--socket=${port}`], { stdio: 'inherit' });
  const socket = await accepted;
  await expectDiagnostics(createMessageConnection(new StreamMessageReader(socket), new StreamMessageWriter(socket)));
  const exit = exitOf(server);
  socket.destroy();
  expect(await exit).toBe(1);
  await new Promise(resolve => listener.close(resolve));
  const { status, stderr } = run(`--socket=${port}`);
  expect([status, stderr]).toEqual([1, expect.stringContaining(`no connection to port ${port} of 127.0.0.1`)]);
});

test('tells its version and its use, and what is wrong with its arguments', () => {
  expect(run('--version')).toMatchObject({ status: 0, stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/) });
  expect(run('--help')).toMatchObject({ status: 0, stdout: expect.stringContaining('--stdio') });
  expect(run()).toMatchObject({ status: 2, stderr: expect.stringContaining('is needed') });
  expect(run('--node-ipc')).toMatchObject({ status: 2, stderr: expect.stringContaining('needs a Node process') });
});

test.each([
  [['--stdio'], { kind: 'stdio' }],
  [['--node-ipc', '--clientProcessId=12'], { kind: 'node-ipc' }],
  [['--clientProcessId', '12', '--stdio'], { kind: 'stdio' }],
  [['--socket=6009'], { kind: 'socket', port: 6009 }],
  [['--socket', '6009'], { kind: 'socket', port: 6009 }],
  [['--socket=x'], { kind: 'wrong', message: '--socket needs a port from 1 to 65535, not "x"' }],
  [['--socket'], { kind: 'wrong', message: '--socket needs a port from 1 to 65535, not ""' }],
  [['--stdio', '--node-ipc'], { kind: 'wrong', message: 'more than one way to talk is given' }],
  [['--stdoi'], { kind: 'wrong', message: 'unknown argument "--stdoi"' }],
  [[], { kind: 'wrong', message: 'one of --stdio, --node-ipc and --socket=PORT is needed' }],
])('the arguments %j', (args, mode) => {
  expect(readArguments(args)).toEqual(mode);
});

/** Says hello and waits for what is to be said of the folder's one file. */
async function expectDiagnostics(connection: MessageConnection): Promise<void> {
  const published = new Promise<PublishDiagnosticsParams>(resolve => {
    connection.onNotification('textDocument/publishDiagnostics', resolve);
  });
  connection.listen();
  const workspaceFolders = [{ uri: pathToFileURL(folder).href, name: 'folder' }];
  await connection.sendRequest('initialize', { processId: process.pid, workspaceFolders, capabilities: {} });
  await connection.sendNotification('initialized', {});
  expect(await published).toMatchObject({
    uri: pathToFileURL(path.join(folder, 'a.yaml')).href,
    diagnostics: [{ code: 'schema/unknown-field' }],
  });
}

function exitOf(server: ChildProcess): Promise<number | null> {
  return new Promise(resolve => server.once('exit', resolve));
}

function run(...args: string[]) {
  return spawnSync(process.execPath, [PROGRAM, ...args], { encoding: 'utf8' });
}
