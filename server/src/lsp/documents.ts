import { TextDocument } from 'vscode-languageserver-textdocument';
import type { FileId } from '../analysis.ts';
import { fileIdOf } from './uri.ts';

/** A document that is open in the editor: its text wins over that of the disk. */
export interface OpenDocument {
  readonly id: FileId;
  /** As the client writes it. */
  readonly uri: string;
  readonly version: number;
  readonly text: string;
}

/** One edit as the protocol has it; without a range it replaces the whole text. */
export interface DocumentChange {
  readonly range: { readonly start: LinePosition; readonly end: LinePosition } | undefined;
  readonly text: string;
}

interface LinePosition {
  readonly line: number;
  readonly character: number;
}

/** The open documents, the one that was edited last first. */
export class Documents {
  readonly #open = new Map<FileId, TextDocument>();
  #recent: readonly FileId[] = [];
  readonly #uris = new Map<FileId, string>();

  /** A document that is open already gets the new text. */
  open(uri: string, version: number, text: string): OpenDocument {
    const id = fileIdOf(uri);
    const document = TextDocument.create(uri, 'yaml', version, text);
    this.#open.set(id, document);
    this.#uris.set(id, uri);
    this.#touch(id);
    return plain(id, document);
  }

  /** Applies edits in their order; `undefined` for a document that is not open. Positions outside the text are moved to its end. */
  change(uri: string, version: number, changes: readonly DocumentChange[]): OpenDocument | undefined {
    const id = fileIdOf(uri);
    const document = this.#open.get(id);
    if (document === undefined) return undefined;
    for (const { range, text } of changes) {
      // The library keeps its line starts right only for ranges inside the text.
      const inside = (position: LinePosition): LinePosition => document.positionAt(document.offsetAt(position));
      const change =
        range === undefined ? { text } : { text, range: { start: inside(range.start), end: inside(range.end) } };
      TextDocument.update(document, [change], version);
    }
    this.#touch(id);
    return plain(id, document);
  }

  /** Whether the document was open. */
  close(uri: string): boolean {
    const id = fileIdOf(uri);
    this.#recent = this.#recent.filter(other => other !== id);
    return this.#open.delete(id);
  }

  has(id: FileId): boolean {
    return this.#open.has(id);
  }

  get(id: FileId): OpenDocument | undefined {
    const document = this.#open.get(id);
    return document === undefined ? undefined : plain(id, document);
  }

  /** The URI of a file as the client writes it; in normal form where it has never been open. */
  uriOf(id: FileId): string {
    return this.#uris.get(id) ?? id;
  }

  get recent(): readonly FileId[] {
    return this.#recent;
  }

  #touch(id: FileId): void {
    if (this.#recent[0] === id) return;
    this.#recent = [id, ...this.#recent.filter(other => other !== id)];
  }
}

function plain(id: FileId, document: TextDocument): OpenDocument {
  return { id, uri: document.uri, version: document.version, text: document.getText() };
}
