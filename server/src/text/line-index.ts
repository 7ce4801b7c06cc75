import { changeBetween } from './change.ts';
import type { TextRange } from './range.ts';

/** 0-based line, 0-based character in UTF-16 units. */
export interface Position {
  readonly line: number;
  readonly character: number;
}

/** Converts between offsets and lines of one text. A line ends with `\n`, `\r\n` or `\r`. */
export class LineIndex {
  readonly #starts: readonly number[];
  readonly #length: number;

  /** @param before that of another text, most of which is the same: only what differs is read */
  constructor(text: string, before?: { readonly text: string; readonly lines: LineIndex }) {
    this.#starts =
      (before === undefined ? undefined : changedStarts(text, before.text, before.lines.#starts)) ?? lineStarts(text);
    this.#length = text.length;
  }

  get lineCount(): number {
    return this.#starts.length;
  }

  /** Offsets outside the text are moved to its nearest end. */
  position(offset: number): Position {
    const at = Math.max(0, Math.min(offset, this.#length));
    let low = 0;
    let high = this.#starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.#starts[middle] ?? 0) <= at) low = middle;
      else high = middle - 1;
    }
    return { line: low, character: at - (this.#starts[low] ?? 0) };
  }

  /** Positions outside the text are moved to its nearest end; characters behind the end of a line to that end. */
  offset(position: Position): number {
    if (position.line < 0) return 0;
    const start = this.#starts[position.line];
    if (start === undefined) return this.#length;
    return Math.min(start + Math.max(0, position.character), this.lineEnd(position.line));
  }

  lineStart(line: number): number {
    return this.#starts[line] ?? this.#length;
  }

  /** End of a line, its line break included. */
  lineEnd(line: number): number {
    return this.#starts[line + 1] ?? this.#length;
  }
}

/** `undefined` where a lone `\r` may end a line. */
function changedStarts(text: string, oldText: string, old: readonly number[]): number[] | undefined {
  const { start, oldEnd, newEnd } = changeBetween(oldText, text);
  if (text.includes('\r') || oldText.includes('\r')) return undefined;
  const first = firstBehind(old, start);
  const last = firstBehind(old, oldEnd);
  const come: number[] = [];
  for (let at = text.indexOf('\n', start); at >= 0 && at < newEnd; at = text.indexOf('\n', at + 1)) come.push(at + 1);
  const starts = old.slice(0, first).concat(come, old.slice(last));
  const shift = newEnd - oldEnd;
  for (let index = first + come.length; index < starts.length; index++) starts[index] = (starts[index] ?? 0) + shift;
  return starts;
}

/** The index of the first line that begins behind an offset. */
function firstBehind(starts: readonly number[], offset: number): number {
  let low = 0;
  let high = starts.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((starts[middle] ?? 0) <= offset) low = middle + 1;
    else high = middle;
  }
  return low;
}

function lineStarts(text: string): number[] {
  const starts = [0];
  let at = text.indexOf('\n');
  if (!text.includes('\r')) {
    while (at >= 0) {
      starts.push(at + 1);
      at = text.indexOf('\n', at + 1);
    }
    return starts;
  }
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit === 10) starts.push(i + 1);
    else if (unit === 13 && text.charCodeAt(i + 1) !== 10) starts.push(i + 1);
  }
  return starts;
}

/** The range of the line that holds an offset, without its line break. */
export function lineAt(text: string, offset: number): TextRange {
  let start = offset;
  while (start > 0 && !isBreak(text.charCodeAt(start - 1))) start--;
  let end = offset;
  while (end < text.length && !isBreak(text.charCodeAt(end))) end++;
  return { start, end };
}

/**
 * The offset at which the first line with more than `max` UTF-16 units begins, its line break not counted; `undefined`
 * where every line is shorter. Of usual texts only a few units in each `max` are looked at: a line break that is found
 * from behind leaves no room for a long line before it.
 */
export function longLineStart(text: string, max: number): number | undefined {
  let start = 0;
  while (text.length - start > max) {
    let last = start + max;
    while (last >= start && !isBreak(text.charCodeAt(last))) last--;
    if (last < start) return start;
    start = last + 1;
  }
  return undefined;
}

function isBreak(unit: number): boolean {
  return unit === 10 || unit === 13;
}
