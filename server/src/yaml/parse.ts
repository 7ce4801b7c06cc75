import { Composer } from 'yaml';
import { ownText } from '../text/own.ts';
import type { FileId, TextRange } from '../text/range.ts';
import { MIN_BLOCKS } from './blocks.ts';
import { convert } from './convert.ts';
import type { PlacedDocument, YamlDocument, YamlFile, YamlProblem } from './document.ts';
import { COMPOSING } from './marked.ts';
import { problemsOf } from './problems.ts';
import { readQuickly } from './quick.ts';
import { inOrder, keep, reparse } from './reparse.ts';
import { splitDocuments } from './split.ts';
import { tokensOf } from './tokens.ts';

/**
 * Splits and parses a text. Never throws. A document whose text is that of a document of `previous` is not parsed
 * again and keeps its identity. Of a long document that has changed only the block around the change is read again, and
 * the nodes of the others keep their identity; that uses the tree of `previous` up.
 *
 * @param wanted tells from the text of a document whether it is worth parsing; others get no tree and no problems
 * @param minBlocks collections with more text than this are cut into blocks, in UTF-16 units
 * @param ranges of the documents, as `splitDocuments` gives them, where the text has been split already
 */
export function parseFile(
  file: FileId,
  text: string,
  wanted: (documentText: string) => boolean,
  previous?: YamlFile,
  minBlocks = MIN_BLOCKS,
  ranges: readonly TextRange[] = splitDocuments(text),
): YamlFile {
  const pieces = ranges.map(({ start, end }) => ({ offset: start, text: text.slice(start, end) }));
  const old = previous?.documents ?? [];
  let same = 0;
  while (same < pieces.length && same < old.length && pieces[same]?.text === old[same]?.document.text) same++;
  let sameAtEnd = 0;
  while (
    sameAtEnd < Math.min(pieces.length, old.length) - same &&
    pieces.at(-1 - sameAtEnd)?.text === old.at(-1 - sameAtEnd)?.document.text
  ) {
    sameAtEnd++;
  }
  const edited = pieces.length === old.length ? old : [];
  const documents = pieces.map((piece, index): PlacedDocument => {
    const kept =
      index < same ? old[index] : index >= pieces.length - sameAtEnd ? old.at(index - pieces.length) : undefined;
    if (kept !== undefined) return { offset: piece.offset, document: kept.document };
    const own = previous === undefined ? piece.text : ownText(piece.text);
    const document = edit(edited[index]?.document, own, wanted) ?? parseDocument(file, own, wanted, minBlocks);
    return { offset: piece.offset, document };
  });
  return { file, text, documents };
}

function edit(
  old: YamlDocument | undefined,
  text: string,
  wanted: (documentText: string) => boolean,
): YamlDocument | undefined {
  if (old === undefined || !wanted(text)) return undefined;
  try {
    return reparse(old, text);
  } catch {
    // The stack may have been nearly full before; nothing has been changed yet.
    return undefined;
  }
}

/**
 * Parses the text of one document. Never throws.
 *
 * @param minBlocks as for `parseFile`; without it the places of the tree never move
 */
export function parseDocument(
  file: FileId,
  text: string,
  wanted: (text: string) => boolean = () => true,
  minBlocks = Number.POSITIVE_INFINITY,
): YamlDocument {
  if (!wanted(text)) return { file, text, root: undefined, problems: [] };
  const root = readQuickly(text);
  if (root === undefined) return composeDocument(file, text, minBlocks);
  const document = { file, text, root, problems: [] };
  keep(document, { errors: [], ofText: [], converted: { root, problems: [], hasReferences: false } }, minBlocks);
  return document;
}

/**
 * Parses the text of one document with the library, which reads everything. Never throws.
 *
 * @param minBlocks as for `parseFile`
 */
export function composeDocument(file: FileId, text: string, minBlocks = Number.POSITIVE_INFINITY): YamlDocument {
  try {
    const { tokens, problems: deep } = tokensOf(text);
    // The composer makes one document of the tokens, or several where `...` stands before another; that is a problem.
    const [parsed] = new Composer(COMPOSING).compose(tokens, true, text.length);
    if (parsed === undefined) return { file, text, root: undefined, problems: [] };
    const converted = convert(parsed.contents, text);
    const { root, problems } = converted;
    const ofText = problemsOf(parsed.errors, tokens, text);
    const document = { file, text, root, problems: inOrder(oneTooDeep([...deep, ...ofText, ...problems])) };
    keep(document, { errors: parsed.errors, ofText, converted }, minBlocks);
    return document;
  } catch (fault) {
    // The stack may have been nearly full before.
    const code = fault instanceof RangeError ? 'too-deep' : 'syntax';
    return { file, text, root: undefined, problems: [{ code, start: 0, end: firstLineEnd(text) }] };
  }
}

/** The library and the tree may both find that a document is too deep. */
function oneTooDeep(problems: readonly YamlProblem[]): readonly YamlProblem[] {
  const first = problems.findIndex(({ code }) => code === 'too-deep');
  return first < 0 ? problems : problems.filter(({ code }, index) => index === first || code !== 'too-deep');
}

function firstLineEnd(text: string): number {
  const end = text.search(/[\r\n]/);
  return end < 0 ? text.length : end;
}
