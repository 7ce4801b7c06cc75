import type { TextRange } from '../text/range.ts';

/** What one line of block style YAML says by itself, read without knowing its surroundings. Offsets are of the text. */
export interface BlockLine extends TextRange {
  /** Offset of column 0: the start of the line, behind a byte order mark. */
  readonly origin: number;
  /** Columns of the `-` that open sequence items, left to right. */
  readonly dashes: readonly number[];
  /** Column where the content behind dashes begins. */
  readonly column: number;
  readonly content: string;
  /** Set when the content is `key:` or `key: value`. */
  readonly key?: string;
  /** What stands behind the colon, without comment and spaces; empty when nothing does. */
  readonly value?: string;
  /** Offset of the text behind the colon and its spaces. */
  readonly valueStart?: number;
}

const BYTE_ORDER_MARK = 0xfeff;

/**
 * The line of `text` that begins at `start`.
 *
 * @param stop reads as if the text ended here
 */
export function readLine(text: string, start: number, stop = text.length): BlockLine {
  const end = Math.max(start, Math.min(stop, lineEnd(text, start)));
  const origin = originOf(text, start);
  let at = origin;
  const dashes: number[] = [];
  for (;;) {
    while (at < end && isBlank(text.charCodeAt(at))) at++;
    const next = text.charCodeAt(at + 1);
    if (at >= end || text.charCodeAt(at) !== 45 || !(at + 1 >= end || isBlank(next))) break;
    dashes.push(at - origin);
    at++;
  }
  const content = text.slice(at, end);
  const line = { start, end, origin, dashes, column: at - origin, content };
  const colon = keyColon(content);
  if (colon < 0) return line;
  const behind = content.slice(colon + 1);
  const spaces = behind.length - behind.trimStart().length;
  return {
    ...line,
    key: unquote(content.slice(0, colon).trimEnd()),
    value: withoutComment(behind.trimStart()),
    valueStart: at + colon + 1 + spaces,
  };
}

/** Where the colon stands that ends the key with which a line begins, or -1 when it begins with none. */
function keyColon(content: string): number {
  const first = content[0] ?? '';
  if (first === '"' || first === "'") {
    let at = closingQuote(content, 0, content.length) ?? content.length;
    do at++;
    while (isBlank(content.charCodeAt(at)));
    return content[at] === ':' && endsWord(content, at + 1) ? at : -1;
  }
  // `-` and `?` are indicators only with a blank behind.
  const indicates = /[?-]/.test(first) ? /^[\s#:]?$/.test(content[1] ?? '') : /^[\s#&*!|>%@`{}[\],]?$/.test(first);
  if (indicates) return -1;
  const comment = content.indexOf('#');
  for (let at = content.indexOf(':', 1); at >= 0 && (comment < 0 || at < comment); at = content.indexOf(':', at + 1)) {
    if (endsWord(content, at + 1)) return at;
  }
  return -1;
}

function endsWord(text: string, at: number): boolean {
  return at >= text.length || isBlank(text.charCodeAt(at));
}

/** Where the quote that opens at `start` is closed before `stop`. */
export function closingQuote(text: string, start: number, stop: number): number | undefined {
  const quote = text.charCodeAt(start);
  for (let i = start + 1; i < stop; i++) {
    const unit = text.charCodeAt(i);
    if (unit === 92 && quote === 34) i++;
    else if (unit === quote && quote === 39 && text.charCodeAt(i + 1) === 39) i++;
    else if (unit === quote) return i;
  }
  return undefined;
}

/** Offset of column 0 of the line that begins at `start`. */
export function originOf(text: string, start: number): number {
  return start === 0 && text.charCodeAt(0) === BYTE_ORDER_MARK ? 1 : start;
}

/** Start of the line that holds an offset. */
export function lineStartOf(text: string, offset: number): number {
  return offset <= 0 ? 0 : text.lastIndexOf('\n', offset - 1) + 1;
}

/** End of the line that begins at, or holds, an offset; without its line break. */
export function lineEnd(text: string, offset: number): number {
  const end = text.indexOf('\n', offset);
  if (end < 0) return text.length;
  return end > offset && text.charCodeAt(end - 1) === 13 ? end - 1 : end;
}

/** Start of the line before the one that begins at `start`, or -1. */
export function previousLine(text: string, start: number): number {
  if (start === 0) return -1;
  return start === 1 ? 0 : text.lastIndexOf('\n', start - 2) + 1;
}

/** Start of the line behind the one that begins at `start`, or -1. */
export function followingLine(text: string, start: number): number {
  const end = text.indexOf('\n', start);
  return end < 0 || end + 1 >= text.length ? -1 : end + 1;
}

/**
 * The column of the first sign of a line, or -1 for a line that says nothing: empty, a comment, a marker, a directive
 * or an instruction of a template (`{{ if … }}`). Much cheaper than reading the line.
 */
export function indentOf(text: string, start: number): number {
  const origin = originOf(text, start);
  let at = origin;
  while (isBlank(text.charCodeAt(at))) at++;
  const unit = text.charCodeAt(at);
  if (Number.isNaN(unit) || unit === 10 || unit === 13 || unit === 35) return -1;
  if (unit === 123 && text.charCodeAt(at + 1) === 123) return -1;
  if (at === origin && (unit === 37 || /^(---|\.\.\.)([ \t\r\n]|$)/.test(text.slice(at, at + 4)))) return -1;
  return at - origin;
}

export function unquote(text: string): string {
  if (text.length >= 2 && text.startsWith('"') && text.endsWith('"')) return text.slice(1, -1).replaceAll('\\"', '"');
  if (text.length >= 2 && text.startsWith("'") && text.endsWith("'")) return text.slice(1, -1).replaceAll("''", "'");
  return text;
}

/** The text before a comment (`#` behind a space, outside quotes), trimmed. */
export function withoutComment(text: string): string {
  const comment = commentStart(text);
  return (comment < 0 ? text : text.slice(0, comment)).trimEnd();
}

/** Where a comment starts in a line or a part of one, or -1. */
export function commentStart(text: string): number {
  let quote = 0;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (quote !== 0) {
      if (unit === 92 && quote === 34) i++;
      else if (unit === quote) quote = 0;
    } else if ((unit === 34 || unit === 39) && (i === 0 || /[\s,[{:]/.test(text[i - 1] ?? ''))) quote = unit;
    else if (unit === 35 && (i === 0 || isBlank(text.charCodeAt(i - 1)))) return i;
  }
  return -1;
}

export function isBlank(unit: number): boolean {
  return unit === 32 || unit === 9;
}
