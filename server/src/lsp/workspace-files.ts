import { type FileId, type FileText, mayHoldMeshConfig, mentionsResources } from '../analysis.ts';
import type { Documents } from './documents.ts';
import { globMatcher } from './glob.ts';
import type { FileContent, Runtime } from './runtime.ts';
import type { Settings } from './settings.ts';
import { fileIdOf, isWithin, isYaml, relativePath } from './uri.ts';

/** Files that are read at the same time. */
const READERS = 16;
/** UTF-16 units that are parsed before messages are let in. */
const BATCH = 60_000;
/** Folders that never hold manifests. */
const NEVER = /(^|\/)(node_modules|\.git)(\/|$)/;

/** What the reader of files needs of the session. */
export interface FilesSource {
  readonly runtime: Pick<Runtime, 'files' | 'timers'>;
  readonly documents: Documents;
  readonly settings: Settings;
  /** Files of the workspace that are known now. */
  known(): Iterable<FileId>;
  /** Takes what has been read; `undefined` for a file that is gone or holds nothing of ours. */
  put(files: ReadonlyMap<FileId, FileText | undefined>): void;
  /** Resolves when nothing is going on that a user waits for. */
  idle(): Promise<void>;
  /** Parses what has been taken and judges it by itself, with pauses. */
  digest(): Promise<void>;
}

/** Told while files are read. */
export type OnProgress = (done: number, all: number) => void;

/** The files of the workspace folders on the disk. An open document always wins over its file. */
export class WorkspaceFiles {
  readonly #source: FilesSource;
  #folders: readonly string[] = [];
  /** Which reading of a file was begun last: earlier ones that end later are dropped. */
  readonly #tickets = new Map<FileId, number>();
  #ticket = 0;
  /** UTF-16 units that have been taken and are not parsed yet. */
  #waiting = 0;
  #scan = 0;
  /** Files that were read on their own while a scan was looking for files. */
  readonly #refreshed = new Set<FileId>();
  #stopped = false;
  #matcher: { readonly patterns: readonly string[]; readonly test: (path: string) => boolean } | undefined;

  constructor(source: FilesSource) {
    this.#source = source;
  }

  get folders(): readonly string[] {
    return this.#folders;
  }

  /** Reads all files of these workspace folders, and drops the others. A later scan ends an earlier one. */
  async scan(folders: readonly string[], onProgress: OnProgress): Promise<void> {
    const scan = ++this.#scan;
    this.#folders = folders.map(folder => fileIdOf(folder).replace(/\/$/, ''));
    this.#refreshed.clear();
    const { files } = this.#source.runtime;
    const lists = await Promise.all(this.#folders.map(folder => files.list(folder, path => this.#isIgnored(path))));
    if (scan !== this.#scan) return;
    const found = new Set(lists.flat().map(fileIdOf));
    this.#drop(id => !found.has(id) && !this.#refreshed.has(id));
    await this.#read([...found], () => scan === this.#scan, onProgress);
  }

  /** Reads files again of which something is known: created, changed or gone. Also takes folders. */
  async refresh(uris: readonly string[]): Promise<void> {
    const ids = [...new Set(uris.map(fileIdOf))].filter(id => this.isInWorkspace(id));
    const lists = await Promise.all(ids.map(id => (isYaml(id) ? [id] : this.#filesBelow(id))));
    const files = [...new Set(lists.flat())];
    for (const id of files) this.#refreshed.add(id);
    await this.#read(files);
  }

  /** Forgets files, and all that was below folders that are gone. */
  forget(uris: readonly string[]): void {
    const gone = new Set(uris.map(fileIdOf));
    // A folder that is gone is named once: its files are not.
    const isGone = (id: FileId): boolean => {
      for (let end = id.length; end > 0; end = id.lastIndexOf('/', end - 1))
        if (gone.has(id.slice(0, end))) return true;
      return false;
    };
    for (const id of this.#tickets.keys()) if (isGone(id)) this.#tickets.delete(id);
    this.#drop(isGone);
  }

  /** Whether a file belongs to the workspace, open or not. */
  isInWorkspace(id: FileId): boolean {
    const folder = this.folderOf(id);
    return folder !== undefined && !this.#isIgnored(relativePath(id, folder));
  }

  /** The innermost workspace folder that holds a file. */
  folderOf(id: FileId): string | undefined {
    return this.#folders.filter(folder => isWithin(id, folder)).sort((a, b) => b.length - a.length)[0];
  }

  /** Reads nothing more. */
  stop(): void {
    this.#stopped = true;
  }

  #isIgnored(path: string): boolean {
    const patterns = this.#source.settings.exclude;
    if (this.#matcher?.patterns !== patterns) this.#matcher = { patterns, test: globMatcher(patterns) };
    return NEVER.test(path) || this.#matcher.test(path);
  }

  async #filesBelow(folder: string): Promise<readonly FileId[]> {
    const files = await this.#source.runtime.files.list(folder, path => NEVER.test(path));
    return files.map(fileIdOf).filter(id => this.isInWorkspace(id));
  }

  #drop(isGone: (id: FileId) => boolean): void {
    const { documents } = this.#source;
    const gone = [...this.#source.known()].filter(id => !documents.has(id) && isGone(id));
    this.#source.put(new Map(gone.map(id => [id, undefined])));
  }

  async #read(ids: readonly FileId[], isWanted = () => true, onProgress: OnProgress = () => {}): Promise<void> {
    let next = 0;
    let done = 0;
    const work = async (): Promise<void> => {
      for (let id = ids[next++]; id !== undefined && isWanted() && !this.#stopped; id = ids[next++]) {
        await this.#source.idle();
        await this.#readOne(id);
        onProgress(++done, ids.length);
      }
    };
    await Promise.all(Array.from({ length: READERS }, work));
  }

  async #readOne(id: FileId): Promise<void> {
    const { runtime, documents, settings } = this.#source;
    const ticket = ++this.#ticket;
    this.#tickets.set(id, ticket);
    const content = await runtime.files.read(id, settings.workspace.maxFileSize);
    if (this.#tickets.get(id) !== ticket) return;
    this.#tickets.delete(id);
    if (documents.has(id) || !this.isInWorkspace(id)) return;
    const taken = take(content);
    this.#source.put(new Map([[id, taken]]));
    this.#waiting += typeof taken === 'string' ? taken.length : 0;
    if (this.#waiting < BATCH) return;
    this.#waiting = 0;
    await this.#source.digest();
    await new Promise<void>(resume => runtime.timers.soon(resume));
  }
}

/** What is kept of a file: nothing where it holds nothing of ours. */
function take(content: FileContent | undefined): FileText | undefined {
  if (content === undefined) return undefined;
  const text = 'text' in content ? content.text : content.start;
  if (!mentionsResources(text) && !mayHoldMeshConfig(text)) return undefined;
  return 'text' in content ? text : { unread: 'too-large', size: content.size };
}
