import { PassThrough } from 'node:stream';
import {
  type CancellationToken,
  createConnection,
  type Diagnostic,
  type PublishDiagnosticsParams,
  type ServerCapabilities,
} from 'vscode-languageserver';
import {
  createMessageConnection,
  createProtocolConnection,
  type MessageConnection,
  StreamMessageReader,
  StreamMessageWriter,
} from 'vscode-languageserver/node';
import type { FileContent, Runtime } from '../../server/src/lsp/runtime.ts';
import { startServer } from '../../server/src/lsp/server.ts';
import { schemas } from './schemas.ts';

const ROOT = 'file:///ws';
/** Timers of the server from this length on wait for a client that does not answer: they are fired by name only. */
const PATIENCE = 1000;

export interface ClientOptions {
  /** Texts on the disk by path below the first workspace folder, or by URI. */
  readonly files?: Readonly<Record<string, string>>;
  readonly folders?: readonly string[];
  /** The answer to `workspace/configuration`; `undefined`: the client never answers. */
  readonly settings?: unknown;
  /** Changes what the client can do. */
  readonly capabilities?: (all: Capabilities) => unknown;
  readonly initializationOptions?: unknown;
  readonly features?: Runtime['features'];
  readonly openCache?: Runtime['openCache'];
}

type Capabilities = ReturnType<typeof capabilities>;

/** A client on in-memory streams with the real server behind it, a disk in memory and a clock that stands still. */
export class LspClient {
  readonly disk = new Map<string, string>();
  /** Everything that was published, in order. */
  readonly published: PublishDiagnosticsParams[] = [];
  readonly logs: string[] = [];
  readonly messages: string[] = [];
  readonly registrations: { readonly method: string; readonly registerOptions: unknown }[] = [];
  readonly progress: { readonly kind: string; readonly message?: string }[] = [];
  readonly capabilities: ServerCapabilities;
  routesChanged = 0;
  exitCode: number | undefined;
  settings: unknown;
  /** A list of files that was made is not handed out before this has come. */
  listing: Promise<void> = Promise.resolve();
  /** A text that was read is not handed out before this has come. */
  delivery: Promise<void> = Promise.resolve();
  /** Called before a file is read; may change the disk. */
  onRead: (uri: string) => void = () => undefined;
  readonly #clock = new Clock();
  readonly #options: ClientOptions;
  readonly #toServer = new PassThrough();
  readonly #connection: MessageConnection;
  readonly #versions = new Map<string, number>();

  constructor(options: ClientOptions) {
    this.#options = options;
    this.settings = 'settings' in options ? options.settings : {};
    this.capabilities = {};
    for (const [path, text] of Object.entries(options.files ?? {})) this.disk.set(uri(path), text);
    const toClient = new PassThrough();
    const connection = createConnection(
      logger =>
        createProtocolConnection(new StreamMessageReader(this.#toServer), new StreamMessageWriter(toClient), logger),
      {
        shutdownReceived: false,
        initialize: () => undefined,
        exit: code => {
          this.exitCode = code;
        },
      },
    );
    startServer(connection, this.#runtime());
    this.#connection = createMessageConnection(
      new StreamMessageReader(toClient),
      new StreamMessageWriter(this.#toServer),
    );
    this.#listen();
  }

  async initialize(): Promise<this> {
    const { capabilities: change = all => all, initializationOptions, folders = [ROOT] } = this.#options;
    const workspaceFolders = folders.map(folder => ({ uri: folder, name: folder }));
    const result = await this.request<{ capabilities: ServerCapabilities }>('initialize', {
      processId: null,
      rootUri: null,
      workspaceFolders,
      capabilities: change(capabilities()),
      initializationOptions,
    });
    Object.assign(this.capabilities, result.capabilities);
    this.notify('initialized', {});
    return this;
  }

  request<T>(method: string, params?: unknown, token?: CancellationToken): Promise<T> {
    const args = [params, token].filter(arg => arg !== undefined);
    return this.#connection.sendRequest(method, ...args);
  }

  notify(method: string, params: unknown): void {
    void (params === undefined
      ? this.#connection.sendNotification(method)
      : this.#connection.sendNotification(method, params));
  }

  /** Sends a body as it is. */
  raw(body: string): void {
    this.#toServer.write(`Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
  }

  open(path: string, text: string): void {
    this.#versions.set(path, 1);
    this.notify('textDocument/didOpen', {
      textDocument: { uri: uri(path), languageId: 'yaml', version: 1, text },
    });
  }

  /** Edits as the protocol has them; a string replaces the whole text. */
  change(path: string, ...edits: readonly (string | { range: unknown; text: string })[]): void {
    const version = (this.#versions.get(path) ?? 0) + 1;
    this.#versions.set(path, version);
    this.notify('textDocument/didChange', {
      textDocument: { uri: uri(path), version },
      contentChanges: edits.map(edit => (typeof edit === 'string' ? { text: edit } : edit)),
    });
  }

  close(path: string): void {
    this.notify('textDocument/didClose', { textDocument: { uri: uri(path) } });
  }

  /** Tells of changes on the disk: 1 created, 2 changed, 3 deleted. */
  changedOnDisk(...changes: readonly (readonly [path: string, type: 1 | 2 | 3])[]): void {
    this.notify('workspace/didChangeWatchedFiles', {
      changes: changes.map(([path, type]) => ({ uri: uri(path), type })),
    });
  }

  /** What the editor shows of a file now. */
  diagnostics(path: string): readonly Diagnostic[] | undefined {
    return this.published.findLast(params => params.uri === uri(path))?.diagnostics;
  }

  /** Resolves when the server has handled all messages that were sent before. No time passes. */
  async handled(): Promise<void> {
    // The second round carries the answers to questions of the server.
    for (let round = 0; round < 2; round++) await this.request('test/none').catch(() => undefined);
  }

  /** Lets time pass until the server has nothing left to do. */
  async settled(): Promise<void> {
    for (;;) {
      await this.handled();
      if (this.#clock.isBusy) await new Promise(resolve => setImmediate(resolve));
      else if (!this.#clock.fireNext(PATIENCE)) break;
    }
    await this.handled();
  }

  /** Lets the time pass after which the server waits no longer for an answer of the client. */
  async losePatience(): Promise<void> {
    await this.handled();
    this.#clock.fireNext(Number.POSITIVE_INFINITY);
    await this.settled();
  }

  /** Lets time pass until the next timer of the server fires; what it starts has only just begun. */
  fireTimer(): void {
    this.#clock.fireNext(PATIENCE);
  }

  /** Lets the server end what it has begun. No time passes. */
  async worked(): Promise<void> {
    await this.handled();
    while (this.#clock.isBusy) await new Promise(resolve => setImmediate(resolve));
  }

  #runtime(): Runtime {
    return {
      version: '0.0.0',
      schemas,
      timers: this.#clock,
      now: () => this.#clock.now(),
      memory: () => 1,
      log: (level, message) => this.logs.push(`${level}: ${message}`),
      rulePage: rule => `https://rules.test/${rule}`,
      files: {
        list: async (folder, ignored) => {
          const below = [...this.disk.keys()].filter(file => file.startsWith(`${folder}/`) && /\.ya?ml$/.test(file));
          await this.listing;
          return below.filter(file => !ignored(decodeURIComponent(file.slice(folder.length + 1))));
        },
        read: async (file, maxSize): Promise<FileContent | undefined> => {
          await new Promise<void>(resume => this.#clock.soon(resume));
          this.onRead(file);
          const text = this.disk.get(file);
          await this.delivery;
          if (text === undefined) return undefined;
          return text.length > maxSize ? { start: text.slice(0, 1000), size: text.length } : { text };
        },
      },
      ...(this.#options.features && { features: this.#options.features }),
      ...(this.#options.openCache && { openCache: this.#options.openCache }),
    };
  }

  #listen(): void {
    const connection = this.#connection;
    connection.onNotification('textDocument/publishDiagnostics', params => void this.published.push(params));
    connection.onNotification('window/showMessage', ({ message }) => void this.messages.push(message));
    connection.onNotification('$/progress', ({ value }) => void this.progress.push(value));
    connection.onNotification('istio/routesChanged', () => {
      this.routesChanged++;
    });
    connection.onRequest('workspace/configuration', ({ items }) =>
      this.settings === undefined ? new Promise(() => undefined) : items.map(() => this.settings),
    );
    connection.onRequest('client/registerCapability', ({ registrations }) => {
      this.registrations.push(...registrations);
      return null;
    });
    connection.onRequest('window/workDoneProgress/create', () => null);
    connection.listen();
  }
}

/** A client that has said hello, with a server that has nothing left to do. */
export async function startClient(options: ClientOptions = {}): Promise<LspClient> {
  const client = await new LspClient(options).initialize();
  await client.settled();
  return client;
}

/** Something to wait for, and what ends the waiting. */
export function held(): { until: Promise<void>; release: () => void } {
  let release = (): void => {};
  const until = new Promise<void>(resolve => {
    release = resolve;
  });
  return { until, release };
}

/** The URI of a path below the workspace folder; a URI stays as it is. */
export function uri(path: string): string {
  return /^\w+:/.test(path) ? path : `${ROOT}/${path}`;
}

/** Timers that fire when they are told to, and a time that goes on by 1 ms at each look. */
class Clock {
  #now = 0;
  #soon = 0;
  readonly #timers = new Set<{ readonly at: number; readonly delay: number; readonly call: () => void }>();

  get isBusy(): boolean {
    return this.#soon > 0;
  }

  now(): number {
    return this.#now++;
  }

  after(delay: number, call: () => void): { cancel(): void } {
    const timer = { at: this.#now + delay, delay, call };
    this.#timers.add(timer);
    return { cancel: () => this.#timers.delete(timer) };
  }

  soon(call: () => void): { cancel(): void } {
    this.#soon++;
    let isOver = false;
    const end = (): boolean => {
      if (isOver) return false;
      isOver = true;
      this.#soon--;
      return true;
    };
    setImmediate(() => {
      if (end()) call();
    });
    return { cancel: end };
  }

  /** Fires the timer that is due first, of those shorter than a limit; tells whether there was one. */
  fireNext(limit: number): boolean {
    const due = [...this.#timers].filter(({ delay }) => delay < limit).sort((a, b) => a.at - b.at)[0];
    if (due === undefined) return false;
    this.#timers.delete(due);
    this.#now = Math.max(this.#now, due.at);
    due.call();
    return true;
  }
}

function capabilities() {
  return {
    workspace: {
      configuration: true,
      workspaceFolders: true,
      didChangeConfiguration: { dynamicRegistration: true },
      didChangeWatchedFiles: { dynamicRegistration: true },
      workspaceEdit: { documentChanges: true },
    },
    window: { workDoneProgress: true },
    textDocument: {
      publishDiagnostics: {
        relatedInformation: true,
        codeDescriptionSupport: true,
        tagSupport: { valueSet: [1, 2] },
      },
      completion: {
        completionItem: {
          snippetSupport: true,
          insertReplaceSupport: true,
          documentationFormat: ['markdown', 'plaintext'],
          insertTextModeSupport: { valueSet: [1, 2] },
          tagSupport: { valueSet: [1] },
        },
      },
      hover: { contentFormat: ['markdown', 'plaintext'] },
      definition: { linkSupport: true },
      documentSymbol: { hierarchicalDocumentSymbolSupport: true },
      codeAction: { codeActionLiteralSupport: {}, isPreferredSupport: true },
      foldingRange: {},
    },
  };
}
