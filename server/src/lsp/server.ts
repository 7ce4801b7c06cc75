import {
  type CancellationToken,
  CodeActionKind,
  type Connection,
  DidChangeConfigurationNotification,
  DidChangeWatchedFilesNotification,
  ErrorCodes,
  FileOperationPatternKind,
  type InitializeResult,
  ResponseError,
  TextDocumentSyncKind,
  WatchKind,
} from 'vscode-languageserver';
import { METHOD } from '../contract.ts';
import { readClient } from './client.ts';
import { readList, readString } from './from-protocol.ts';
import { Faults, guard, guardNotification, Timings } from './guard.ts';
import { codeAction, FIX_ALL } from './handlers/code-action.ts';
import { compareRoutes } from './handlers/compare-routes.ts';
import { completion, TRIGGER_CHARACTERS } from './handlers/completion.ts';
import { definition } from './handlers/definition.ts';
import { documentSymbol } from './handlers/document-symbol.ts';
import { explain } from './handlers/explain.ts';
import { exportRoutes } from './handlers/export-routes.ts';
import { foldingRange } from './handlers/folding-range.ts';
import { hover } from './handlers/hover.ts';
import { references } from './handlers/references.ts';
import { routeTests, runRouteTests } from './handlers/route-tests.ts';
import { routes } from './handlers/routes.ts';
import { didChange, didClose, didOpen } from './handlers/text-documents.ts';
import { didChangeWatchedFiles, didCreateFiles, didDeleteFiles, didRenameFiles } from './handlers/watched-files.ts';
import type { Runtime } from './runtime.ts';
import { Session } from './session.ts';
import { isRecord } from './settings.ts';

/** Milliseconds after which a client that does not answer for its settings gets the defaults. */
const PATIENCE = 3000;

type Handler = (session: Session, params: unknown, token: CancellationToken) => unknown;

/** Requests by method. Editors ask them on their own, so that a fault gives an empty answer. */
const REQUESTS: Readonly<Record<string, Handler>> = {
  'textDocument/codeAction': codeAction,
  'textDocument/completion': completion,
  'textDocument/definition': definition,
  'textDocument/documentSymbol': documentSymbol,
  'textDocument/foldingRange': foldingRange,
  'textDocument/hover': hover,
  'textDocument/references': references,
};

/** Requests of our own client: it shows what went wrong. */
const OWN_REQUESTS: Readonly<Record<string, Handler>> = {
  [METHOD.compareRoutes]: compareRoutes,
  [METHOD.explain]: explain,
  [METHOD.exportRoutes]: exportRoutes,
  [METHOD.routeTests]: routeTests,
  [METHOD.routes]: routes,
  [METHOD.runRouteTests]: runRouteTests,
  [METHOD.status]: session => session.status(),
};

const NOTIFICATIONS: Readonly<Record<string, (session: Session, params: unknown) => unknown>> = {
  'textDocument/didOpen': didOpen,
  'textDocument/didChange': didChange,
  'textDocument/didClose': didClose,
  'workspace/didChangeWatchedFiles': didChangeWatchedFiles,
  'workspace/didCreateFiles': didCreateFiles,
  'workspace/didDeleteFiles': didDeleteFiles,
  'workspace/didRenameFiles': didRenameFiles,
};

/** Serves one client until it says `exit`. Entry points give the connection and what the server may use. */
export function startServer(connection: Connection, runtime: Runtime): void {
  const log = runtime.log.bind(runtime);
  const faults = new Faults(log);
  const timings = new Timings();
  let session: Session | undefined;
  let isShutDown = false;

  const running = (): Session => {
    if (session === undefined)
      throw new ResponseError(ErrorCodes.ServerNotInitialized, 'the first request is initialize');
    if (isShutDown) throw new ResponseError(ErrorCodes.InvalidRequest, 'the server is shut down');
    return session;
  };
  const answer = (requests: Readonly<Record<string, Handler>>, onFault: 'empty' | 'error'): void => {
    for (const [method, handler] of Object.entries(requests)) {
      const run = (params: unknown, token: CancellationToken): unknown => handler(running(), params, token);
      connection.onRequest(method, guard(method, run, { faults, timings, now: () => runtime.now(), onFault }));
    }
  };
  const listen = (method: string, handler: (session: Session, params: unknown) => unknown): void => {
    // What comes too early or too late is no use to anybody.
    const run = (params: unknown): unknown =>
      session === undefined || isShutDown ? undefined : handler(session, params);
    connection.onNotification(method, guardNotification(method, run, { faults, log }));
  };

  connection.onInitialize(params => {
    if (session !== undefined) return new ResponseError(ErrorCodes.InvalidRequest, 'the server is initialized already');
    session = new Session({ connection, runtime, client: readClient(params), faults, timings });
    return { capabilities: CAPABILITIES, serverInfo: { name: 'istio-language-server', version: runtime.version } };
  });
  listen('initialized', started => begin(connection, started));
  connection.onShutdown(async () => {
    const stopping = running().stop();
    isShutDown = true;
    await stopping.catch((fault: unknown) => faults.report('shutdown', fault));
  });
  answer(REQUESTS, 'empty');
  answer(OWN_REQUESTS, 'error');
  for (const [method, handler] of Object.entries(NOTIFICATIONS)) listen(method, handler);
  listen('workspace/didChangeConfiguration', (changed, params) =>
    configure(connection, changed, isRecord(params) ? params['settings'] : undefined),
  );
  connection.listen();
}

/** The client is ready: asks it for what can only be asked now, and reads the workspace. */
async function begin(connection: Connection, session: Session): Promise<void> {
  const { client, runtime } = session;
  const register = (what: Promise<unknown>): void => {
    what.catch((reason: unknown) => runtime.log('warn', `the client refuses a registration: ${reason}`));
  };
  if (client.workspaceFolders) {
    // The library has taken this notification for itself.
    const changed = guardNotification('workspace/didChangeWorkspaceFolders', event => changeFolders(session, event), {
      faults: session.faults,
      log: (level, message) => runtime.log(level, message),
    });
    connection.workspace.onDidChangeWorkspaceFolders(event => void changed(event));
  }
  if (client.registersConfiguration) {
    register(connection.client.register(DidChangeConfigurationNotification.type, { section: 'istio' }));
  }
  if (client.registersWatchers) {
    const watchers = [
      { globPattern: '**/*.{yaml,yml}' },
      // A folder that comes or goes is told as one event of its own.
      { globPattern: '**', kind: WatchKind.Create | WatchKind.Delete },
    ];
    register(connection.client.register(DidChangeWatchedFilesNotification.type, { watchers }));
  }
  await configure(connection, session, { istio: client.settings });
}

/** @param sent the settings that the client has sent; they count where it cannot be asked */
async function configure(connection: Connection, session: Session, sent: unknown): Promise<void> {
  const { client, runtime } = session;
  if (!client.configuration) return session.configure(isRecord(sent) ? sent['istio'] : undefined);
  const goOn = runtime.timers.after(PATIENCE, () => {
    runtime.log('warn', 'the client does not tell its settings: the defaults are taken until it does');
    session.configure(client.settings).catch((fault: unknown) => session.faults.report('configuration', fault));
  });
  const asked = await connection.workspace.getConfiguration('istio').catch((reason: unknown) => {
    runtime.log('warn', `the client does not tell its settings: ${reason}`);
    return client.settings;
  });
  goOn.cancel();
  return session.configure(asked);
}

function changeFolders(session: Session, event: unknown): Promise<void> {
  const uris = (key: string): readonly string[] => readList(event, key).map(folder => readString(folder, 'uri'));
  return session.changeFolders(uris('added'), uris('removed'));
}

/** Files and folders whose coming and going in the editor is told. */
const TOLD = {
  filters: [
    { scheme: 'file', pattern: { glob: '**/*.{yaml,yml}', matches: FileOperationPatternKind.file } },
    { scheme: 'file', pattern: { glob: '**', matches: FileOperationPatternKind.folder } },
  ],
};

const CAPABILITIES: InitializeResult['capabilities'] = {
  positionEncoding: 'utf-16',
  textDocumentSync: { openClose: true, change: TextDocumentSyncKind.Incremental },
  completionProvider: { triggerCharacters: [...TRIGGER_CHARACTERS] },
  hoverProvider: true,
  definitionProvider: true,
  referencesProvider: true,
  documentSymbolProvider: true,
  foldingRangeProvider: true,
  codeActionProvider: { codeActionKinds: [CodeActionKind.QuickFix, FIX_ALL] },
  workspace: {
    workspaceFolders: { supported: true, changeNotifications: true },
    fileOperations: { didCreate: TOLD, didRename: TOLD, didDelete: TOLD },
  },
};
