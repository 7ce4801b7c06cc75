import type { FileId } from '../text/range.ts';
import type { Snapshot } from '../workspace/snapshot.ts';
import type { FoldingRange } from './types.ts';

/** A line that may have further lines below it; `column` is that of its first character. */
interface OpenBlock {
  readonly line: number;
  readonly column: number;
  readonly dash: boolean;
}

const MARKER = /^(---|\.\.\.)(?=\s|$)/;
const DASHES = /^(?:-[ \t]+)*/;
const BLOCK_SCALAR = /(?:^|[\s:-])[|>][-+\d]*[ \t]*(?:#.*)?$/;
const KEY_ONLY = /:[ \t]*(?:[&!]\S*(?:[ \t]+|$))*(?:#.*)?$/;

/**
 * The parts of a file that can be folded: documents, blocks and comments. Read from lines and indentation alone, so
 * that broken documents, and those that are not Istio's, fold as well. Of ranges that begin on one line only the
 * longest is given: editors show no other.
 */
export function foldingRanges(snapshot: Snapshot, id: FileId): readonly FoldingRange[] {
  const file = snapshot.file(id);
  if (file === undefined || file.omitted !== undefined) return [];
  const lines = file.text.split(/\r\n|\n|\r/);
  const ranges = [...contentRanges(lines), ...documentRanges(lines)];
  ranges.sort((a, b) => a.startLine - b.startLine || b.endLine - a.endLine);
  return ranges.filter((range, index) => ranges[index - 1]?.startLine !== range.startLine);
}

/** Blocks by indentation, and comments of several lines. */
function contentRanges(lines: readonly string[]): FoldingRange[] {
  const ranges: FoldingRange[] = [];
  const open: OpenBlock[] = [];
  let last = 0;
  let scalar: number | undefined;
  let comment: number | undefined;
  const add = (startLine: number, endLine: number, kind: FoldingRange['kind']): void => {
    if (endLine > startLine) ranges.push({ startLine, endLine, kind });
  };
  const close = (ends: (block: OpenBlock) => boolean): void => {
    for (let block = open.at(-1); block !== undefined && ends(block); block = open.at(-1)) {
      open.pop();
      add(block.line, last, 'block');
    }
  };
  for (const [line, text] of lines.entries()) {
    const content = text.trimStart();
    const column = text.length - content.length;
    const inScalar: boolean = scalar !== undefined && (content === '' || column > scalar);
    const isComment = !inScalar && content.startsWith('#');
    if (isComment) comment ??= line;
    else if (comment !== undefined) {
      add(comment, line - 1, 'comment');
      comment = undefined;
    }
    if (content === '' || isComment) continue;
    if (!inScalar) {
      const dash = /^-(?=\s|$)/.test(content);
      if (MARKER.test(text)) close(() => true);
      else if (!dash) close(block => block.column >= column);
      else {
        close(block => block.column > column || (block.column === column && block.dash));
        // The items of a sequence may stand level with its key, which they do not end.
        close(block => block.column === column && !KEY_ONLY.test(lines[block.line] ?? ''));
      }
      open.push({ line, column, dash });
      scalar = scalarColumn(content, column);
    }
    last = line;
  }
  if (comment !== undefined) add(comment, lines.length - 1, 'comment');
  close(() => true);
  return ranges;
}

/** The column behind which the lines of a block scalar lie that begins on a line. */
function scalarColumn(content: string, column: number): number | undefined {
  if (!BLOCK_SCALAR.test(content)) return undefined;
  const dashes = DASHES.exec(content)?.[0] ?? '';
  const isItem = /^[|>]/.test(content.slice(dashes.length));
  return column + (isItem ? Math.max(0, dashes.lastIndexOf('-')) : dashes.length);
}

/** Documents from their marker, or their first line with content, to their last line; only where there are several. */
function documentRanges(lines: readonly string[]): FoldingRange[] {
  const ranges: FoldingRange[] = [];
  let documents = 0;
  let start: number | undefined;
  let last = 0;
  const close = (): void => {
    if (start !== undefined && last > start) ranges.push({ startLine: start, endLine: last, kind: 'document' });
    if (start !== undefined) documents++;
    start = undefined;
  };
  for (const [line, text] of lines.entries()) {
    const content = text.trimStart();
    if (content === '') continue;
    if (/^---(?=\s|$)/.test(text)) {
      close();
      start = line;
    } else if (!content.startsWith('#')) start ??= line;
    last = line;
  }
  close();
  return documents > 1 ? ranges : [];
}
