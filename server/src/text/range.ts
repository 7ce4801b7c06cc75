import { type Frame, isMoving, Placed } from './frame.ts';

/**
 * Places in texts. All offsets are UTF-16 string indices, 0-based, `end` exclusive.
 *
 * This layer knows texts and places in them; it does not know YAML, files on disk or protocol positions.
 */

/** Names a file. Opaque to the core: in practice a URI or a path. */
export type FileId = string;

export interface TextRange {
  readonly start: number;
  readonly end: number;
}

/** A range in the current text of a file. Valid for one version of that file only. */
export interface FileRange extends TextRange {
  readonly file: FileId;
}

/**
 * A piece of a file that is parsed on its own. It keeps its identity while its own text stays the same, also when
 * text before it changes; where it starts in the file is known to the snapshot alone.
 */
export interface Anchor {
  readonly file: FileId;
}

/** A range relative to the start of an anchor: it survives edits elsewhere in the file. */
export interface Span extends TextRange {
  readonly anchor: Anchor;
}

/** A value that knows where it was written. */
export interface Located<T> extends Span {
  readonly value: T;
}

/**
 * The span of a range. One of a node in a long document follows that node when text before it changes: keep the span,
 * never its numbers, and make a changed one with `span` or `locate` rather than with `...`.
 */
export function span(anchor: Anchor, range: TextRange): Span {
  return isMoving(range) ? new MovingSpan(range) : { anchor, start: range.start, end: range.end };
}

/** A value with the span of a range; see `span`. */
export function locate<T>(value: T, anchor: Anchor, range: TextRange): Located<T> {
  return isMoving(range) ? new MovingValue(value, range) : { value, anchor, start: range.start, end: range.end };
}

/** Another value at the same place: `{ ...located, value }` would not move with the text. */
export function withValue<T>(value: T, at: Span): Located<T> {
  return locate(value, at.anchor, at);
}

/** A span whose anchor is always the newest document. */
class MovingSpan extends Placed implements Span {
  constructor({ frame, from, to }: { readonly frame: Frame; readonly from: number; readonly to: number }) {
    super(frame, from, to);
  }

  get anchor(): Anchor {
    return this.frame.document ?? NOWHERE;
  }
}

class MovingValue<T> extends MovingSpan implements Located<T> {
  declare readonly value: T;

  constructor(value: T, range: Placed) {
    super(range);
    this.value = value;
  }
}

/** What a span is relative to while its document is being made. */
const NOWHERE: Anchor = { file: '' };

export function contains(range: TextRange, offset: number): boolean {
  return range.start <= offset && offset <= range.end;
}

/** The smallest span that holds both; both must be in the same anchor. */
export function cover(a: Span, b: Span): Span {
  return { anchor: a.anchor, start: Math.min(a.start, b.start), end: Math.max(a.end, b.end) };
}

export function sameSpan(a: Span, b: Span): boolean {
  return a.anchor === b.anchor && a.start === b.start && a.end === b.end;
}
