/** The program `istio-language-server`: chooses how to talk to the client, and starts the server. */

import { connect } from 'node:net';
import path from 'node:path';
import {
  type Connection,
  createConnection,
  IPCMessageReader,
  IPCMessageWriter,
  SocketMessageReader,
  SocketMessageWriter,
} from 'vscode-languageserver/node';
import type { LogLevel } from '../lsp/runtime.ts';
import { startServer } from '../lsp/server.ts';
import { readArguments, USAGE } from './arguments.ts';
import { setPatience } from './engine.ts';
import { nodeRuntime } from './runtime.ts';

/** Set by the build. */
declare const __VERSION__: string;

const WRONG_ARGUMENTS = 2;

setPatience();
const mode = readArguments(process.argv.slice(2));
switch (mode.kind) {
  case 'stdio':
    // The library ends the process when the input ends: the client is gone.
    serve(createConnection(process.stdin, process.stdout));
    break;
  case 'node-ipc':
    if (process.send === undefined) refuse('--node-ipc needs a Node process that started this one with a channel');
    process.on('disconnect', () => process.exit(1));
    serve(createConnection(new IPCMessageReader(process), new IPCMessageWriter(process)));
    break;
  case 'socket':
    serveSocket(mode.port);
    break;
  case 'version':
    process.stdout.write(`${__VERSION__}\n`);
    break;
  case 'help':
    process.stdout.write(USAGE);
    break;
  case 'wrong':
    refuse(mode.message);
}

function serve(connection: Connection): void {
  const log = (level: LogLevel, message: string): void => connection.console[level](message);
  const root = path.join(__dirname, '../..');
  process.on('unhandledRejection', reason =>
    log('error', `internal fault: ${reason instanceof Error ? reason.stack : reason}`),
  );
  startServer(
    connection,
    nodeRuntime({
      version: __VERSION__,
      program: __filename,
      data: path.join(root, 'out/data'),
      rulePages: path.join(root, 'docs/rules'),
      log,
    }),
  );
}

/** Connects to a client that listens. */
function serveSocket(port: number): void {
  const socket = connect(port, '127.0.0.1', () => {
    serve(createConnection(new SocketMessageReader(socket), new SocketMessageWriter(socket)));
  });
  socket.on('error', fault => {
    process.stderr.write(`istio-language-server: no connection to port ${port} of 127.0.0.1: ${fault.message}\n`);
    process.exit(1);
  });
  socket.on('close', () => process.exit(1));
}

function refuse(message: string): never {
  process.stderr.write(`istio-language-server: ${message}\n\n${USAGE}`);
  process.exit(WRONG_ARGUMENTS);
}
