import { type FileId, restoreFindings, type Snapshot, type SourceFile, saveFindings } from '../analysis.ts';
import type { Cache, Runtime } from './runtime.ts';

/**
 * What was found in documents by themselves in earlier sessions: a document whose text is the same is not judged by
 * itself again.
 */
export class KnownFindings {
  readonly #openCache: () => Promise<Cache> | undefined;
  #cache: Cache | undefined;
  #opening: Promise<Cache | undefined> | undefined;

  /** @param folder of the disk; without one nothing is kept */
  constructor(runtime: Pick<Runtime, 'openCache'>, folder: string | undefined) {
    this.#openCache = () => (folder === undefined ? undefined : runtime.openCache?.(folder));
  }

  /**
   * Gives resources of files the findings that are known.
   *
   * @returns the documents of which nothing is known, to be remembered when they have been judged
   */
  async recall(snapshot: Snapshot, ids: readonly FileId[]): Promise<readonly KeyedDocument[]> {
    if (ids.length >= MIN_FILES) this.#opening ??= this.#openCache()?.catch(() => undefined);
    // Others ask meanwhile: they wait, too, as judging takes longer.
    this.#cache ??= await this.#opening;
    const cache = this.#cache;
    const unknown: KeyedDocument[] = [];
    if (cache === undefined) return unknown;
    for (const keyed of documentsOf(snapshot, ids)) {
      const saved = cache.get(keyed.key);
      if (saved === undefined) unknown.push(keyed);
      else restoreFindings(keyed.document, keyed.resources, saved);
    }
    return unknown;
  }

  /** Takes what has been found in documents since. */
  remember(documents: readonly KeyedDocument[]): void {
    for (const { document, resources, key } of documents) {
      const saved = saveFindings(document, resources);
      if (saved !== undefined) this.#cache?.put(key, saved);
    }
  }

  /** The cache, once it has been opened. */
  get cache(): Cache | undefined {
    return this.#cache;
  }

  async save(): Promise<void> {
    await this.#cache?.save();
  }
}

/** A document with resources, and all that decides what is found in these by themselves. */
interface KeyedDocument {
  readonly document: SourceFile['documents'][number]['document'];
  readonly resources: NonNullable<ReturnType<SourceFile['resourcesOf']>>;
  readonly key: string;
}

/** Fewer files at once are judged in less time than the cache takes to be opened. */
const MIN_FILES = 8;
/** Longer documents are always judged, in UTF-16 units: what is kept for each of their parts is needed at the first edit. */
const MAX_TEXT = 20_000;

function* documentsOf({ files, settings }: Snapshot, ids: readonly FileId[]): Iterable<KeyedDocument> {
  for (const id of ids) {
    const file = files.get(id);
    for (const { document } of file?.documents ?? []) {
      const resources = file?.resourcesOf(document) ?? [];
      if (resources.length > 0 && document.text.length <= MAX_TEXT)
        yield { document, resources, key: `${settings.defaultNamespace}\n${document.text}` };
    }
  }
}
