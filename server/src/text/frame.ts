import type { Anchor, TextRange } from './range.ts';

/**
 * A piece of a document that moves as a whole when something before it changes. Places inside it are kept relative to
 * its start, so that moving it is one assignment, however much it holds. Frames lie in frames; the outermost one is
 * that of the document, and knows which document is the newest.
 */
export class Frame {
  declare readonly parent: Frame | undefined;
  /** From the start of the parent. */
  declare offset: number;
  /** Of the outermost frame: the newest document. */
  declare anchor: Anchor | undefined;

  constructor(parent: Frame | undefined, offset: number) {
    this.parent = parent;
    this.offset = offset;
    this.anchor = undefined;
  }

  /** From the start of the newest document. */
  get start(): number {
    let start = this.offset;
    for (let frame = this.parent; frame !== undefined; frame = frame.parent) start += frame.offset;
    return start;
  }

  /** The newest document. */
  get document(): Anchor | undefined {
    let frame: Frame = this;
    while (frame.parent !== undefined) frame = frame.parent;
    return frame.anchor;
  }
}

/** The frame of everything that never moves: a document that is always parsed as a whole. */
export const FIXED = new Frame(undefined, 0);

/** A range that is kept relative to its frame, and tells where it is in the newest document. */
export class Placed implements TextRange {
  // Declared only: there are hundreds of thousands, and fields would be set twice.
  declare frame: Frame;
  declare from: number;
  declare to: number;

  constructor(frame: Frame, from: number, to: number) {
    this.frame = frame;
    this.from = from;
    this.to = to;
  }

  get start(): number {
    return this.frame === FIXED ? this.from : this.frame.start + this.from;
  }

  get end(): number {
    return this.frame === FIXED ? this.to : this.frame.start + this.to;
  }
}

/** Whether a range moves with the text before it. */
export function isMoving(range: TextRange): range is Placed {
  return range instanceof Placed && range.frame !== FIXED;
}
