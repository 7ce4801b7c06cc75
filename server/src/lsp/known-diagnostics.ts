import type { Diagnostic } from 'vscode-languageserver';
import type { FileId, Snapshot, SourceFile, Steps } from '../analysis.ts';
import type { Cache } from './runtime.ts';
import type { Settings } from './settings.ts';
import type { View } from './to-protocol.ts';

/** All that diagnostics of a workspace depend on beside this program. */
export interface Judged {
  readonly snapshot: Snapshot;
  readonly settings: Settings;
}

/** Diagnostics of a whole workspace by file; what is left out has none. */
export interface JudgedDiagnostics extends Judged {
  readonly diagnostics: ReadonlyMap<FileId, readonly Diagnostic[]>;
}

/** UTF-16 units that are kept of one workspace: what has more to say is judged before it is shown. */
const MAX_SIZE = 4_000_000;

const hashes = new WeakMap<SourceFile, string>();

/**
 * What was shown of all files at the end of an earlier session. It is shown again at once when every text and every
 * setting is the same; the files are judged all the same afterwards, as edits need what is then known. One entry for
 * each set of workspace folders: a newer one takes its place.
 */
export class KnownDiagnostics {
  readonly #cache: () => Cache | undefined;
  readonly #viewOf: (snapshot: Snapshot) => View;

  /** @param cache `undefined` where nothing is kept */
  constructor(cache: () => Cache | undefined, viewOf: (snapshot: Snapshot) => View) {
    this.#cache = cache;
    this.#viewOf = viewOf;
  }

  /** What would be shown of a workspace when all of it were judged; `undefined` when that is not known. */
  *recall(judged: Judged, folders: readonly string[]): Steps<JudgedDiagnostics | undefined> {
    const cache = this.#cache();
    const kept = cache?.get(slotOf(folders));
    if (cache === undefined || kept === undefined) return undefined;
    const space = kept.indexOf(' ');
    if (kept.slice(0, space) !== (yield* this.#keyOf(judged, cache))) return undefined;
    const diagnostics = read(kept.slice(space + 1));
    return diagnostics && { ...judged, diagnostics };
  }

  /** Takes what is shown of a workspace of which everything has been judged. */
  *remember(judged: JudgedDiagnostics, folders: readonly string[]): Steps<void> {
    const cache = this.#cache();
    if (cache === undefined) return;
    const key = yield* this.#keyOf(judged, cache);
    const entries: string[] = [];
    let size = 0;
    for (const entry of judged.diagnostics) {
      const text = JSON.stringify(entry);
      size += text.length;
      if (size > MAX_SIZE) return;
      entries.push(text);
      yield;
    }
    cache.put(slotOf(folders), `${key} [${entries.join(',')}]`);
  }

  /** Stands for all that decides what is shown. Which file was read first plays no part. */
  *#keyOf({ snapshot, settings }: Judged, cache: Cache): Steps<string> {
    const view = this.#viewOf(snapshot);
    const { relatedInformation, codeDescriptions, diagnosticTags } = view.client;
    const parts = [
      JSON.stringify([settings, relatedInformation, codeDescriptions, diagnosticTags, view.rulePage('group/rule')]),
    ];
    for (const [id, file] of snapshot.files) {
      const hash = hashes.get(file) ?? cache.hash(`${JSON.stringify([file.omitted, file.excess])}\n${file.text}`);
      hashes.set(file, hash);
      parts.push(JSON.stringify([id, hash]));
      yield;
    }
    return cache.hash(parts.sort().join('\n'));
  }
}

function slotOf(folders: readonly string[]): string {
  return `diagnostics\n${folders.join('\n')}`;
}

function read(kept: string): ReadonlyMap<FileId, readonly Diagnostic[]> | undefined {
  try {
    const entries = JSON.parse(kept) as readonly (readonly [FileId, readonly Diagnostic[]])[];
    return new Map(entries);
  } catch {
    return undefined;
  }
}
