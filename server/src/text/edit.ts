import type { Span, TextRange } from './range.ts';

/** Replaces a range of a text; an empty range inserts. */
export interface TextEdit extends TextRange {
  readonly newText: string;
}

/** A text edit that survives edits elsewhere in its file. */
export interface SpanEdit extends Span {
  readonly newText: string;
}

/**
 * @param edits in any order, not overlapping, all meant for the same `text`
 * @throws RangeError when two edits overlap or one leaves the text
 */
export function applyEdits(text: string, edits: readonly TextEdit[]): string {
  const inOrder = edits.map((edit, index) => ({ edit, index }));
  inOrder.sort((a, b) => a.edit.start - b.edit.start || a.edit.end - b.edit.end || a.index - b.index);
  let result = '';
  let at = 0;
  for (const { edit } of inOrder) {
    if (edit.start < at || edit.end < edit.start || edit.end > text.length) {
      throw new RangeError(`edit ${edit.start}..${edit.end} overlaps another one or leaves the text`);
    }
    result += text.slice(at, edit.start) + edit.newText;
    at = edit.end;
  }
  return result + text.slice(at);
}
