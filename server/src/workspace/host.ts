import type { Schemas } from '../schema/schemas.ts';
import type { FileId } from '../text/range.ts';
import { SourceFile } from './file.ts';
import { DEFAULT_SETTINGS, type WorkspaceSettings } from './settings.ts';
import { type Admission, type Before, Snapshot } from './snapshot.ts';

/** The text of a file; of one that is too large to be read, its size in bytes. */
export type FileText = string | { readonly unread: 'too-large'; readonly size: number };

/** What has changed since the last snapshot. */
export interface Change {
  /** New texts; `undefined` for a file that is gone. */
  readonly files?: ReadonlyMap<FileId, FileText | undefined>;
  readonly settings?: WorkspaceSettings;
}

/** The one writer: takes changes, hands out immutable snapshots. */
export class AnalysisHost {
  readonly #schemas: Schemas;
  readonly #admission: Admission;
  readonly #minBlocks: number | undefined;
  #files: ReadonlyMap<FileId, SourceFile> = new Map();
  #settings: WorkspaceSettings = DEFAULT_SETTINGS;
  #snapshot: Snapshot | undefined;
  /** What the next snapshot builds upon. */
  #before: Before | undefined;

  /** @param minBlocks collections with more text than this are read anew block by block, in UTF-16 units */
  constructor(schemas: Schemas, admission: Admission, minBlocks?: number) {
    this.#schemas = schemas;
    this.#admission = admission;
    this.#minBlocks = minBlocks;
  }

  apply(change: Change): void {
    if (change.settings !== undefined && JSON.stringify(change.settings) !== JSON.stringify(this.#settings)) {
      const readsAnew = reading(change.settings) !== reading(this.#settings);
      this.#settings = change.settings;
      if (readsAnew) {
        const texts = [...this.#files].filter(([, file]) => !isUnread(file));
        this.#files = new Map([...this.#files, ...texts.map(([id, file]) => [id, this.#read(id, file.text)] as const)]);
      }
      this.#drop();
    }
    if (change.files === undefined || change.files.size === 0) return;
    const files = new Map(this.#files);
    let changed = false;
    for (const [id, text] of change.files) {
      const previous = files.get(id);
      const next = text === undefined ? undefined : this.#read(id, text, previous);
      if (next === previous) continue;
      changed = true;
      if (next === undefined) files.delete(id);
      else files.set(id, next);
    }
    // A change that changes nothing keeps the snapshot, and everything that has been computed from it.
    if (!changed) return;
    this.#files = files;
    this.#drop();
  }

  #drop(): void {
    this.#before = this.#snapshot?.known ?? this.#before;
    this.#snapshot = undefined;
  }

  #read(id: FileId, text: FileText, previous?: SourceFile): SourceFile {
    if (typeof text !== 'string') {
      const { maxFileSize } = this.#settings;
      const excess = previous !== undefined && isUnread(previous) ? previous.excess : undefined;
      const same = excess?.found === text.size && excess.allowed === maxFileSize;
      return previous !== undefined && same ? previous : SourceFile.unread(id, text.size, maxFileSize);
    }
    if (previous?.text === text && !isUnread(previous)) return previous;
    const options = {
      namespace: this.#settings.defaultNamespace,
      limits: this.#settings,
      minBlocks: this.#minBlocks,
    };
    return SourceFile.read(id, text, options, previous);
  }

  snapshot(): Snapshot {
    if (this.#snapshot === undefined) {
      this.#snapshot = new Snapshot(this.#files, this.#settings, this.#schemas, this.#admission, this.#before);
      this.#before = undefined;
    }
    return this.#snapshot;
  }
}

function isUnread(file: SourceFile): boolean {
  return file.omitted !== undefined && file.text === '';
}

/** What of the settings decides how a file is read. */
function reading({ defaultNamespace, maxFileSize, maxDocuments, maxLineLength }: WorkspaceSettings): string {
  return `${defaultNamespace} ${maxFileSize} ${maxDocuments} ${maxLineLength}`;
}
