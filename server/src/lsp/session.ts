import { type Connection, MessageType } from 'vscode-languageserver';
import { type AnalysisHost, createHost, type FileId, type FileText, type Snapshot } from '../analysis.ts';
import { METHOD, type ServerStatus } from '../contract.ts';
import type { Client } from './client.ts';
import { Diagnostics } from './diagnostics.ts';
import { Documents } from './documents.ts';
import type { Faults, Timings } from './guard.ts';
import { KnownDiagnostics } from './known-diagnostics.ts';
import { KnownFindings } from './known-findings.ts';
import { Progress } from './progress.ts';
import { Routes } from './routes.ts';
import { FEATURES, type Features, type Runtime } from './runtime.ts';
import { inSlices } from './schedule.ts';
import { INITIAL_SETTINGS, readSettings, type Settings } from './settings.ts';
import type { View } from './to-protocol.ts';
import { readablePath, relativePath } from './uri.ts';
import { WorkspaceFiles } from './workspace-files.ts';

/** Files between two reports of progress. */
const REPORT_EVERY = 50;

export interface SessionOptions {
  readonly connection: Connection;
  readonly runtime: Runtime;
  readonly client: Client;
  readonly faults: Faults;
  readonly timings: Timings;
}

/** What lives from `initialize` to the end: the workspace, the open documents and who tells the client of them. */
export class Session {
  readonly runtime: Runtime;
  readonly client: Client;
  readonly faults: Faults;
  readonly features: Features;
  readonly documents = new Documents();
  readonly files: WorkspaceFiles;
  readonly diagnostics: Diagnostics;
  readonly routes: Routes;
  readonly #connection: Connection;
  readonly #timings: Timings;
  readonly #host: AnalysisHost;
  readonly #started: number;
  /** Memory of the process before anything of the workspace was read, in bytes. */
  readonly #memoryBefore: number;
  /** Files that were read while the workspace is, and are not judged by themselves yet. */
  readonly #unjudged = new Set<FileId>();
  /** Texts that have come and are not parsed yet: of several for one file only the last one is. */
  readonly #pending = new Map<FileId, FileText | undefined>();
  readonly #known: KnownFindings;
  readonly #knownDiagnostics: KnownDiagnostics;
  /** Which diagnostics were kept last for later sessions; `undefined` for none since the workspace was read. */
  #kept: number | undefined;
  #settings: Settings = INITIAL_SETTINGS;
  #ready = false;
  #scans = 0;
  #folders: readonly string[];
  #problems = '';

  constructor({ connection, runtime, client, faults, timings }: SessionOptions) {
    this.runtime = runtime;
    this.client = client;
    this.faults = faults;
    this.features = { ...FEATURES, ...runtime.features };
    this.#connection = connection;
    this.#timings = timings;
    this.#host = createHost(runtime.schemas);
    this.#started = runtime.now();
    this.#known = new KnownFindings(runtime, client.cacheFolder);
    this.#knownDiagnostics = new KnownDiagnostics(
      () => this.#known.cache,
      snapshot => this.view(snapshot),
    );
    this.#memoryBefore = runtime.memory();
    this.#folders = client.folders;
    this.files = new WorkspaceFiles(this);
    this.diagnostics = new Diagnostics(this, params => this.#send(connection.sendDiagnostics(params)));
    this.routes = new Routes(this, () => this.#send(connection.sendNotification(METHOD.routesChanged)));
  }

  get settings(): Settings {
    return this.#settings;
  }

  /** Settings have come from the client, and the workspace is being read or has been. */
  get ready(): boolean {
    return this.#ready;
  }

  get indexing(): boolean {
    return !this.#ready || this.#scans > 0;
  }

  /** The present state of everything, the last edit included. */
  snapshot(): Snapshot {
    this.parse();
    return this.#host.snapshot();
  }

  put(files: ReadonlyMap<FileId, FileText | undefined>): void {
    for (const [id, text] of files) {
      this.#pending.set(id, text);
      if (this.indexing) this.#unjudged.add(id);
    }
  }

  parse(): void {
    if (this.#pending.size === 0) return;
    const files = new Map(this.#pending);
    this.#pending.clear();
    const before = this.#host.snapshot();
    this.#apply(files);
    this.routes.changed(before, this.#host.snapshot(), files.keys());
  }

  async idle(): Promise<void> {
    while (this.diagnostics.isUrgent) await new Promise<void>(resume => this.runtime.timers.soon(resume));
  }

  async digest(): Promise<void> {
    await this.idle();
    const ids = [...this.#unjudged].filter(id => !this.documents.has(id));
    this.#unjudged.clear();
    this.parse();
    try {
      const unknown = await this.#known.recall(this.snapshot(), ids);
      await inSlices(this.diagnostics.prepare(ids), this.runtime, () => false);
      this.#known.remember(unknown);
    } catch (fault) {
      this.faults.report('findings', fault);
    }
  }

  /** Applies all at once; where that fails, one by one, so that only the file at fault is lost. */
  #apply(files: ReadonlyMap<FileId, FileText | undefined>): void {
    try {
      this.#host.apply({ files });
    } catch (fault) {
      this.faults.report('reading', fault);
      if (files.size > 1) for (const [id, text] of files) this.#apply(new Map([[id, text]]));
      else this.#host.apply({ files: new Map([...files.keys()].map(id => [id, undefined])) });
    }
  }

  known(): Iterable<FileId> {
    return this.snapshot().files.keys();
  }

  /** Takes settings as the client sends them, tells what is wrong with them, and reads the workspace where it must. */
  async configure(value: unknown): Promise<void> {
    const { settings, problems } = readSettings(value);
    this.#tell(problems);
    const before = this.#settings;
    const isFirst = !this.#ready;
    this.#ready = true;
    if (!isFirst && JSON.stringify(before) === JSON.stringify(settings)) return;
    this.#settings = settings;
    this.parse();
    this.#host.apply({ settings: settings.workspace });
    this.diagnostics.changed('other');
    this.routes.changedAll();
    const readsAnew =
      isFirst ||
      before.workspace.maxFileSize !== settings.workspace.maxFileSize ||
      JSON.stringify(before.exclude) !== JSON.stringify(settings.exclude);
    if (readsAnew) await this.scan();
  }

  async changeFolders(added: readonly string[], removed: readonly string[]): Promise<void> {
    const gone = new Set(removed);
    this.#folders = [...new Set([...this.#folders.filter(folder => !gone.has(folder)), ...added])];
    if (this.#ready) await this.scan();
  }

  /** Reads the workspace, with progress where the client shows it. */
  async scan(): Promise<void> {
    this.#scans++;
    const progress = new Progress(this.#connection, 'Istio: reading manifests');
    try {
      await this.files.scan(this.#folders, (done, all) => {
        if (done % REPORT_EVERY === 0) progress.report(done, all);
      });
      await this.digest();
      await this.#recall();
    } finally {
      this.#scans--;
      this.#kept = undefined;
      progress.end();
      this.diagnostics.changed('other');
      this.routes.changedAll();
    }
  }

  /** Looks for what an earlier session has shown of this very workspace. */
  async #recall(): Promise<void> {
    const judged = { snapshot: this.snapshot(), settings: this.#settings };
    const isStale = (): boolean => this.snapshot() !== judged.snapshot || this.#settings !== judged.settings;
    const recalled = this.#knownDiagnostics.recall(judged, this.files.folders);
    this.diagnostics.expect(await inSlices(recalled, this.runtime, isStale));
  }

  /** Keeps once after each reading of the workspace what is known of it; what edits change, at the end of the session. */
  onRest(): void {
    if (this.#kept === undefined) this.#keep().catch((fault: unknown) => this.faults.report('cache', fault));
  }

  /** Keeps for later sessions what is known of the workspace, if all of it has been judged. */
  async #keep(): Promise<void> {
    const { rested } = this.diagnostics;
    if (rested !== undefined && this.#kept !== rested.serial) {
      this.#kept = rested.serial;
      await inSlices(this.#knownDiagnostics.remember(rested, this.files.folders), this.runtime, () => false);
    }
    await this.#known.save();
  }

  /** Reads files and folders again. */
  async refresh(uris: readonly string[]): Promise<void> {
    const before = this.snapshot();
    await this.files.refresh(uris);
    if (this.snapshot() !== before) this.diagnostics.changed('other');
  }

  /** Forgets files and folders that are gone. */
  forget(uris: readonly string[]): void {
    const before = this.snapshot();
    this.files.forget(uris);
    if (this.snapshot() !== before) this.diagnostics.changed('other');
  }

  /** What conversions to the protocol need. */
  view(snapshot: Snapshot): View {
    return {
      snapshot,
      client: this.client,
      uriOf: id => this.documents.uriOf(id),
      versionOf: id => this.documents.get(id)?.version,
      pathOf: id => this.#pathOf(id),
      rulePage: rule => this.runtime.rulePage(rule),
    };
  }

  status(): ServerStatus {
    const { files } = this.snapshot();
    let resources = 0;
    for (const file of files.values()) resources += file.resources.length;
    const memory = this.runtime.memory();
    return {
      version: this.runtime.version,
      files: files.size,
      resources,
      indexing: this.indexing,
      memory,
      memoryPerResource: resources === 0 ? 0 : Math.max(0, Math.round((memory - this.#memoryBefore) / resources)),
      uptime: this.runtime.now() - this.#started,
      istioFacts: this.runtime.schemas.facts.source,
      timings: this.#timings.report(),
      faults: this.faults.summaries,
    };
  }

  /** Ends all work, and keeps what makes the next start faster. */
  async stop(): Promise<void> {
    this.diagnostics.stop();
    this.routes.stop();
    this.files.stop();
    await this.#keep();
  }

  #pathOf(id: FileId): string {
    const folder = this.files.folderOf(id);
    if (folder === undefined) return readablePath(id);
    const path = relativePath(id, folder);
    return this.files.folders.length > 1 ? `${relativePath(folder, folder.replace(/[^/]*$/, ''))}/${path}` : path;
  }

  /** Says once what is wrong with the settings. */
  #tell(problems: readonly string[]): void {
    const text = problems.join('\n');
    if (text === this.#problems) return;
    this.#problems = text;
    if (text === '') return;
    this.runtime.log('warn', text);
    this.#send(this.#connection.sendNotification('window/showMessage', { type: MessageType.Warning, message: text }));
  }

  /** A message fails only when the client is gone: nobody is left to be told. */
  #send(message: Promise<void>): void {
    message.catch(() => undefined);
  }
}
