import {
  bringsResources,
  type DecodeOptions,
  decodeDocument,
  isTemplate,
  mayHoldResources,
  mentionsResources,
  type TypedResource,
} from '../model/decode.ts';
import { isRouteTestFile } from '../model/route-test/fields.ts';
import { LineIndex } from '../text/line-index.ts';
import type { Anchor, FileId, FileRange, Span, TextRange } from '../text/range.ts';
import { type PlacedDocument, soundUntil, type YamlDocument, type YamlFile } from '../yaml/document.ts';
import { parseFile } from '../yaml/parse.ts';
import { splitDocuments } from '../yaml/split.ts';
import { type Excess, type Limits, type Omission, type Omitted, omittedFor, past } from './limits.ts';

/** A file of the workspace in one state of its text: text, trees and resources. */
export class SourceFile {
  readonly file: FileId;
  readonly yaml: YamlFile;
  readonly resources: readonly TypedResource[];
  readonly omitted: Omission | undefined;
  /** How far it is past a limit; `undefined` for a file that is read, or is no text. */
  readonly excess: Excess | undefined;
  /** Stands for the whole text, for what is said of the file itself: an omitted file has no documents. */
  readonly whole: Anchor;
  /**
   * Names may be defined in ways that we cannot see: some document is a template (Helm and the like), installs a chart,
   * or was left out because it is past a limit.
   */
  readonly hasTemplates: boolean;
  readonly #byDocument: ReadonlyMap<YamlDocument, readonly TypedResource[]>;
  #lines: LineIndex | undefined;
  #linesBefore: { readonly text: string; readonly lines: LineIndex } | undefined;
  #offsets: ReadonlyMap<Anchor, number> | undefined;

  private constructor(
    yaml: YamlFile,
    byDocument: ReadonlyMap<YamlDocument, readonly TypedResource[]>,
    omitted?: Omitted,
  ) {
    this.file = yaml.file;
    this.yaml = yaml;
    this.omitted = omitted?.reason;
    this.excess = omitted?.excess;
    this.whole = { file: yaml.file };
    this.#byDocument = byDocument;
    this.resources = [...byDocument.values()].flat();
    this.hasTemplates =
      (omitted?.excess !== undefined && (yaml.text === '' || mentionsResources(yaml.text))) ||
      yaml.documents.some(({ document }) => mayBringMore(document));
  }

  /**
   * Reads a text. Documents whose text is that of a document of `previous` are kept, with their resources.
   *
   * @param limits texts that are past one of them are not read
   */
  static read(
    file: FileId,
    text: string,
    options: DecodeOptions & { readonly limits: Limits; readonly minBlocks?: number | undefined },
    previous?: SourceFile,
  ): SourceFile {
    let pieces: readonly TextRange[] | undefined;
    const split = (): readonly TextRange[] => (pieces ??= splitDocuments(text));
    const omitted = omittedFor(text, options.limits, split);
    if (omitted !== undefined) {
      const unread = new SourceFile({ file, text, documents: [] }, new Map(), omitted);
      if (previous !== undefined) unread.#takeLines(previous);
      return unread;
    }
    const wanted = isRouteTestFile(file) ? () => true : mayHoldResources;
    const yaml = parseFile(file, text, wanted, previous?.yaml, options.minBlocks, split());
    const byDocument = new Map<YamlDocument, readonly TypedResource[]>();
    for (const { document } of yaml.documents) {
      byDocument.set(document, previous?.resourcesOf(document) ?? decodeDocument(document, options));
    }
    const read = new SourceFile(yaml, byDocument);
    if (previous !== undefined) read.#takeLines(previous);
    return read;
  }

  /** Lines are counted anew only where the text has changed. */
  #takeLines(previous: SourceFile): void {
    const lines = previous.#lines;
    if (lines !== undefined) this.#linesBefore = { text: previous.text, lines };
  }

  /** A file that is there and is not read, as it has more bytes than are allowed: its text is not kept. */
  static unread(file: FileId, size: number, allowed: number): SourceFile {
    return new SourceFile({ file, text: '', documents: [] }, new Map(), past('too-large', size, allowed));
  }

  get text(): string {
    return this.yaml.text;
  }

  get documents(): readonly PlacedDocument[] {
    return this.yaml.documents;
  }

  get lines(): LineIndex {
    this.#lines ??= new LineIndex(this.text, this.#linesBefore);
    this.#linesBefore = undefined;
    return this.#lines;
  }

  /** The first place at which a document cannot be read: what it holds from there on is a guess. */
  get brokenAt(): (Span & { readonly anchor: YamlDocument }) | undefined {
    for (const { document } of this.documents) {
      const start = soundUntil(document);
      const problem = document.problems.find(found => found.start === start);
      if (problem !== undefined) return { anchor: document, start, end: problem.end };
    }
    return undefined;
  }

  resourcesOf(document: YamlDocument): readonly TypedResource[] | undefined {
    return this.#byDocument.get(document);
  }

  /** The document that holds an offset of the file; at a border the later one. */
  documentAt(offset: number): PlacedDocument | undefined {
    return this.documents.findLast(placed => placed.offset <= offset);
  }

  /** Where a span is in the current text; `undefined` for a span of another file or of an earlier text. */
  locate(span: Span): FileRange | undefined {
    this.#offsets ??= new Map<Anchor, number>([
      [this.whole, 0],
      ...this.documents.map(({ document, offset }) => [document, offset] as const),
    ]);
    const offset = this.#offsets.get(span.anchor);
    if (offset === undefined) return undefined;
    return { file: this.file, start: offset + span.start, end: offset + span.end };
  }
}

const bringers = new WeakMap<YamlDocument, boolean>();

/** A document may bring resources that stand nowhere. Its text is looked at once, however many others of its file change. */
function mayBringMore(document: YamlDocument): boolean {
  const known = bringers.get(document);
  if (known !== undefined) return known;
  const { root, text } = document;
  const found = (root === undefined && mentionsResources(text) && isTemplate(text)) || bringsResources(text);
  bringers.set(document, found);
  return found;
}
