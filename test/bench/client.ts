import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { sleep } from './measure.ts';
import type { Server } from './peer.ts';
import { type Usage, usageOf } from './usage.ts';

export interface Position {
  readonly line: number;
  readonly character: number;
}

export interface Range {
  readonly start: Position;
  readonly end: Position;
}

export interface Diagnostic {
  readonly range: Range;
  readonly severity?: number;
  readonly message: string;
}

/** The last diagnostics of a document. */
export interface Published {
  readonly at: number;
  readonly version: number | undefined;
  readonly diagnostics: readonly Diagnostic[];
}

interface Message {
  readonly id?: number | string;
  readonly method?: string;
  readonly params?: unknown;
  readonly result?: unknown;
  readonly error?: { readonly code: number; readonly message: string };
}

/** How long an answer may take until it counts as missing. */
const PATIENCE = 20_000;
/** Nothing published for so long: the server is done. */
const QUIET = 600;
/** Who computes for less than this part of a time is idle. */
const IDLE = 10;

/** An editor: speaks to a server over its standard streams, and answers what servers ask of editors. */
export class Client {
  readonly folder: string;
  readonly #cacheFolder: string | undefined;
  /** From the start of the process to the answer of `initialize`, in milliseconds. */
  startup = 0;
  /** When `initialized` was sent, and when the server told that it has read the workspace (`performance.now()`). */
  initializedAt = 0;
  indexedAt: number | undefined;
  readonly published = new Map<string, Published>();
  #publishedAt = 0;
  readonly #server: Server;
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #startedAt = performance.now();
  readonly #pending = new Map<
    number,
    { readonly resolve: (result: unknown) => void; readonly reject: (fault: Error) => void }
  >();
  readonly #waiting = new Set<() => void>();
  readonly #versions = new Map<string, number>();
  readonly #errors: string[] = [];
  #sequence = 0;
  #chunks: Buffer[] = [];
  #length = 0;
  #needed: number | undefined;
  #exited: string | undefined;

  /** @param cacheFolder where the server may keep what makes its next start faster */
  constructor(server: Server, folder: string, cacheFolder?: string) {
    this.folder = folder;
    this.#cacheFolder = cacheFolder;
    this.#server = server;
    const [program = process.execPath, ...args] = server.command;
    this.#child = spawn(program, args, { cwd: folder, stdio: 'pipe' });
    this.#child.stdout.on('data', (chunk: Buffer) => this.#feed(chunk));
    this.#child.stderr.on('data', (chunk: Buffer) => this.#errors.push(String(chunk)));
    this.#child.stdin.on('error', () => undefined);
    this.#child.on('exit', (code, signal) => {
      this.#exited = `the server ended (${code ?? signal}): ${this.#errors.join('').slice(0, 2000)}`;
      for (const { reject } of this.#pending.values()) reject(new Error(this.#exited));
      this.#wake();
    });
  }

  uri(file: string): string {
    return pathToFileURL(path.join(this.folder, file)).href;
  }

  usage(): Usage {
    return usageOf(this.#child.pid ?? 0);
  }

  /** Starts the session; the server begins to read the folder. */
  async initialize(): Promise<void> {
    const uri = pathToFileURL(this.folder).href;
    await this.request('initialize', {
      processId: process.pid,
      rootUri: uri,
      workspaceFolders: [{ uri, name: path.basename(this.folder) }],
      capabilities: CAPABILITIES,
      ...(this.#cacheFolder !== undefined && { initializationOptions: { cacheFolder: this.#cacheFolder } }),
    });
    this.startup = performance.now() - this.#startedAt;
    this.initializedAt = performance.now();
    if (!this.#server.readsFolder) this.indexedAt = this.initializedAt;
    this.#notify('initialized', {});
  }

  request(method: string, params: unknown): Promise<unknown> {
    return this.ask(method, params).answer;
  }

  /** A request that can be taken back; its answer is then an error, or comes all the same. */
  ask(method: string, params: unknown): { readonly answer: Promise<unknown>; cancel(): void } {
    const id = ++this.#sequence;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const answer = new Promise((resolve, reject) => {
      if (this.#exited !== undefined) reject(new Error(this.#exited));
      timer = setTimeout(() => reject(new Error(`no answer to ${method}`)), PATIENCE);
      this.#pending.set(id, { resolve, reject });
      this.#send({ id, method, params });
    });
    return {
      answer: answer.finally(() => clearTimeout(timer)),
      cancel: () => {
        if (this.#pending.has(id)) this.#notify('$/cancelRequest', { id });
      },
    };
  }

  open(uri: string, text: string): void {
    this.#versions.set(uri, 1);
    this.#notify('textDocument/didOpen', { textDocument: { uri, languageId: 'yaml', version: 1, text } });
  }

  change(uri: string, range: Range, text: string): void {
    const version = (this.#versions.get(uri) ?? 0) + 1;
    this.#versions.set(uri, version);
    this.#notify('textDocument/didChange', { textDocument: { uri, version }, contentChanges: [{ range, text }] });
  }

  close(uri: string): void {
    this.#notify('textDocument/didClose', { textDocument: { uri } });
  }

  /**
   * Does something that changes a document, and waits for diagnostics of its present version.
   *
   * @param isWanted tells whether they are those that are waited for
   * @returns milliseconds, or `undefined` when they did not come
   */
  async diagnosed(
    uri: string,
    act: () => void,
    isWanted: (diagnostics: readonly Diagnostic[]) => boolean = () => true,
  ): Promise<number | undefined> {
    const before = this.published.get(uri);
    const start = performance.now();
    act();
    const version = this.#versions.get(uri);
    const found = await this.until(() => {
      const now = this.published.get(uri);
      if (now === undefined || now === before || !isWanted(now.diagnostics)) return undefined;
      return now.version === undefined || now.version === version ? now : undefined;
    });
    return found === undefined ? undefined : found.at - start;
  }

  /** Waits until a test gives something; it is asked after every message. */
  until<T>(test: () => T | undefined, patience = PATIENCE): Promise<T | undefined> {
    return new Promise(resolve => {
      const end = (found: T | undefined): void => {
        clearTimeout(timer);
        this.#waiting.delete(look);
        resolve(found);
      };
      const look = (): void => {
        const found = test();
        if (found !== undefined || this.#exited !== undefined) end(found);
      };
      const timer = setTimeout(() => end(undefined), patience);
      this.#waiting.add(look);
      look();
    });
  }

  /**
   * Waits until the workspace is read, and for a while the server has neither published nor computed anything.
   *
   * @returns when it published last (`performance.now()`)
   */
  async settle(): Promise<number> {
    await this.until(() => this.indexedAt);
    const from = performance.now();
    let used = this.usage().cpu ?? 0;
    for (;;) {
      await sleep(QUIET);
      const before = used;
      used = this.usage().cpu ?? 0;
      const isIdle = used - before < QUIET / IDLE && performance.now() - Math.max(from, this.#publishedAt) >= QUIET;
      if (isIdle || this.#exited !== undefined) return this.#publishedAt;
    }
  }

  async stop(): Promise<void> {
    await this.request('shutdown', null).catch(() => undefined);
    this.#notify('exit', undefined);
    await this.until(() => this.#exited, 1000);
    if (this.#exited === undefined) this.#child.kill('SIGKILL');
  }

  #notify(method: string, params: unknown): void {
    this.#send({ method, params });
  }

  #send(message: Message): void {
    const body = JSON.stringify({ jsonrpc: '2.0', ...message });
    this.#child.stdin.write(`Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
  }

  /** Takes bytes; joins them only when a whole message is there. */
  #feed(chunk: Buffer): void {
    this.#chunks.push(chunk);
    this.#length += chunk.length;
    for (;;) {
      if (this.#needed === undefined) {
        const all = this.#joined();
        const end = all.indexOf('\r\n\r\n');
        if (end < 0) return;
        this.#needed = Number(/content-length: *(\d+)/i.exec(all.toString('latin1', 0, end))?.[1]);
        this.#keep(all.subarray(end + 4));
      }
      if (this.#length < this.#needed) return;
      const all = this.#joined();
      const body = all.subarray(0, this.#needed);
      this.#keep(all.subarray(this.#needed));
      this.#needed = undefined;
      // Taken before our own decoding, which is not the server's work.
      const at = performance.now();
      this.#receive(JSON.parse(body.toString('utf8')) as Message, at);
    }
  }

  #joined(): Buffer {
    return this.#chunks.length === 1 ? this.#chunks[0]! : Buffer.concat(this.#chunks);
  }

  #keep(rest: Buffer): void {
    this.#chunks = [rest];
    this.#length = rest.length;
  }

  #receive(message: Message, at: number): void {
    const { id, method, params } = message;
    if (method !== undefined && id !== undefined)
      this.#send({ id, result: answerOf(method, params, this.#server.settings) });
    else if (method !== undefined) this.#notified(method, params, at);
    else {
      const waiting = this.#pending.get(Number(id));
      this.#pending.delete(Number(id));
      if (message.error === undefined) waiting?.resolve(message.result);
      else waiting?.reject(new Error(`${message.error.code} ${message.error.message}`));
    }
    this.#wake();
  }

  #notified(method: string, params: unknown, at: number): void {
    if (method === 'textDocument/publishDiagnostics') {
      const { uri, version, diagnostics } = params as {
        uri: string;
        version?: number;
        diagnostics: readonly Diagnostic[];
      };
      this.#publishedAt = at;
      this.published.set(uri, { at, version, diagnostics });
    } else if (method === '$/progress' && (params as { value?: { kind?: string } }).value?.kind === 'end') {
      this.indexedAt ??= at;
    }
  }

  #wake(): void {
    for (const look of [...this.#waiting]) look();
  }
}

function answerOf(method: string, params: unknown, settings: Server['settings']): unknown {
  if (method !== 'workspace/configuration') return null;
  const { items } = params as { items: readonly { readonly section?: string }[] };
  return items.map(({ section = '' }) => settings[section] ?? null);
}

const CAPABILITIES = {
  workspace: {
    workspaceFolders: true,
    configuration: true,
    didChangeConfiguration: { dynamicRegistration: true },
    didChangeWatchedFiles: { dynamicRegistration: true },
  },
  textDocument: {
    synchronization: { didSave: true },
    publishDiagnostics: {
      relatedInformation: true,
      versionSupport: true,
      tagSupport: { valueSet: [1, 2] },
      codeDescriptionSupport: true,
    },
    completion: {
      contextSupport: true,
      completionItem: {
        snippetSupport: true,
        documentationFormat: ['markdown'],
        insertReplaceSupport: true,
        labelDetailsSupport: true,
      },
    },
    hover: { contentFormat: ['markdown'] },
  },
  window: { workDoneProgress: true },
  general: { positionEncodings: ['utf-16'] },
};
