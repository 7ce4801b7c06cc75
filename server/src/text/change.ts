/** What differs between two texts: `[start, oldEnd)` of the old one has become `[start, newEnd)` of the new one. */
export interface TextChange {
  readonly start: number;
  readonly oldEnd: number;
  readonly newEnd: number;
}

/** Texts are compared in pieces of so many UTF-16 units, then unit by unit. */
const PIECE = 4096;

/** The one range outside which two texts are the same; of several that would do, the one furthest back. */
export function changeBetween(old: string, text: string): TextChange {
  const most = Math.min(old.length, text.length);
  let start = 0;
  while (start + PIECE <= most && old.slice(start, start + PIECE) === text.slice(start, start + PIECE)) start += PIECE;
  while (start < most && old.charCodeAt(start) === text.charCodeAt(start)) start++;
  const rest = most - start;
  let same = 0;
  const piece = (whole: string): string => whole.slice(whole.length - same - PIECE, whole.length - same);
  while (same + PIECE <= rest && piece(old) === piece(text)) same += PIECE;
  while (same < rest && old.charCodeAt(old.length - 1 - same) === text.charCodeAt(text.length - 1 - same)) same++;
  return { start, oldEnd: old.length - same, newEnd: text.length - same };
}
