import {
  type DefinitionLink,
  type DocumentSymbol,
  type FoldingRange,
  FoldingRangeKind,
  type Hover,
  type Location,
  MarkupKind,
  type Range,
  type SymbolInformation,
  SymbolKind,
  type WorkspaceEdit,
} from 'vscode-languageserver';
import type * as analysis from '../analysis.ts';
import type { Place } from '../contract.ts';
import type { Client } from './client.ts';

/** What the conversion to the protocol depends on, at the moment of one answer. */
export interface View {
  readonly snapshot: analysis.Snapshot;
  readonly client: Client;
  /** The URI of a file as the client writes it. */
  uriOf(file: analysis.FileId): string;
  /** The version of an open document. */
  versionOf(file: analysis.FileId): number | undefined;
  /** The path of a file for people. */
  pathOf(file: analysis.FileId): string;
  /** The page that explains a rule. */
  rulePage(rule: string): string | undefined;
}

/** Offsets of a file as lines and characters, 0-based. */
export function toRange({ lines }: analysis.SourceFile, range: analysis.TextRange): Range {
  return { start: lines.position(range.start), end: lines.position(range.end) };
}

/** `undefined` when the file is not in the snapshot. */
export function toLocation(view: View, range: analysis.FileRange): Location | undefined {
  const file = view.snapshot.file(range.file);
  return file === undefined ? undefined : { uri: view.uriOf(range.file), range: toRange(file, range) };
}

/** A place as the preview has it, 1-based; `undefined` when the span is not in the snapshot. */
export function toPlace(view: View, span: analysis.Span): Place | undefined {
  const range = view.snapshot.locate(span);
  const location = range === undefined ? undefined : toLocation(view, range);
  if (range === undefined || location === undefined) return undefined;
  const { start, end } = location.range;
  return {
    uri: location.uri,
    path: view.pathOf(range.file),
    line: start.line + 1,
    column: start.character + 1,
    endLine: end.line + 1,
    endColumn: end.character + 1,
  };
}

/** Markdown where the client can show it. */
export function toHover(view: View, { range, markdown }: analysis.Hover): Hover {
  const location = toLocation(view, range);
  const kind = view.client.hoverMarkdown ? MarkupKind.Markdown : MarkupKind.PlainText;
  return { contents: { kind, value: markdown }, ...(location !== undefined && { range: location.range }) };
}

/** Links where the client knows them, else places. */
export function toDefinition(
  view: View,
  { origin, targets }: analysis.DefinitionResult,
): DefinitionLink[] | Location[] {
  if (!view.client.definitionLinks) return compact(targets.map(target => toLocation(view, target.nameRange)));
  const originSelectionRange = toLocation(view, origin)?.range;
  return compact(
    targets.map(target => {
      const whole = toLocation(view, target.range);
      const name = toLocation(view, target.nameRange);
      if (whole === undefined || name === undefined) return undefined;
      return {
        ...(originSelectionRange !== undefined && { originSelectionRange }),
        targetUri: whole.uri,
        targetRange: whole.range,
        targetSelectionRange: name.range,
      };
    }),
  );
}

/** Places in files that are in the snapshot; others are left out. */
export function toLocations(view: View, ranges: readonly analysis.FileRange[]): Location[] {
  return compact(ranges.map(range => toLocation(view, range)));
}

const SYMBOL_KINDS: Readonly<Record<analysis.SymbolNode['kind'], SymbolKind>> = {
  resource: SymbolKind.Class,
  host: SymbolKind.Module,
  route: SymbolKind.Function,
  match: SymbolKind.Event,
  destination: SymbolKind.Field,
  subset: SymbolKind.Struct,
  server: SymbolKind.Interface,
  port: SymbolKind.Constant,
  policy: SymbolKind.Property,
  rule: SymbolKind.Method,
};

/** A tree where the client can show one, else the same symbols as a list with the name of their parent. */
export function toSymbols(
  view: View,
  file: analysis.SourceFile,
  symbols: readonly analysis.SymbolNode[],
): DocumentSymbol[] | SymbolInformation[] {
  return view.client.hierarchicalSymbols
    ? symbols.map(symbol => toTree(file, symbol))
    : symbols.flatMap(symbol => toList(view, file, symbol, undefined));
}

function toTree(
  file: analysis.SourceFile,
  { name, detail, kind, range, nameRange, children }: analysis.SymbolNode,
): DocumentSymbol {
  return {
    // The protocol forbids empty names.
    name: name.trim() === '' ? kind : name,
    detail,
    kind: SYMBOL_KINDS[kind],
    range: toRange(file, range),
    selectionRange: toRange(file, nameRange),
    children: children.map(child => toTree(file, child)),
  };
}

function toList(
  view: View,
  file: analysis.SourceFile,
  { name, kind, range, children }: analysis.SymbolNode,
  containerName: string | undefined,
): SymbolInformation[] {
  const location = { uri: view.uriOf(file.file), range: toRange(file, range) };
  return [
    {
      name: name.trim() === '' ? kind : name,
      kind: SYMBOL_KINDS[kind],
      location,
      ...(containerName !== undefined && { containerName }),
    },
    ...children.flatMap(child => toList(view, file, child, name)),
  ];
}

/** At most as many as the client takes: the longest ones. */
export function toFoldingRanges(view: View, ranges: readonly analysis.FoldingRange[]): FoldingRange[] {
  const length = ({ startLine, endLine }: analysis.FoldingRange): number => endLine - startLine;
  const { foldingLimit } = view.client;
  const shown =
    ranges.length <= foldingLimit ? ranges : ranges.toSorted((a, b) => length(b) - length(a)).slice(0, foldingLimit);
  return shown.map(({ startLine, endLine, kind }) => ({
    startLine,
    endLine,
    ...(kind === 'comment' && { kind: FoldingRangeKind.Comment }),
  }));
}

/**
 * Edits of one or several files. Where the client takes versions, it refuses edits of a text that has changed.
 *
 * @returns `undefined` when a place is not in the snapshot any more
 */
export function toWorkspaceEdit(
  view: View,
  edits: readonly (analysis.Span & { readonly newText: string })[],
): WorkspaceEdit | undefined {
  const byUri = new Map<string, { version: number | null; edits: { range: Range; newText: string }[] }>();
  for (const edit of edits) {
    const range = view.snapshot.locate(edit);
    const location = range === undefined ? undefined : toLocation(view, range);
    if (range === undefined || location === undefined) return undefined;
    const ofFile = byUri.get(location.uri) ?? { version: view.versionOf(range.file) ?? null, edits: [] };
    ofFile.edits.push({ range: location.range, newText: edit.newText });
    byUri.set(location.uri, ofFile);
  }
  if (!view.client.documentChanges)
    return { changes: Object.fromEntries([...byUri].map(([uri, ofFile]) => [uri, ofFile.edits])) };
  return {
    documentChanges: [...byUri].map(([uri, ofFile]) => ({
      textDocument: { uri, version: ofFile.version },
      edits: ofFile.edits,
    })),
  };
}

/** A list without what is undefined. */
export function compact<T>(values: readonly (T | undefined)[]): T[] {
  return values.filter(value => value !== undefined);
}
