import { closingQuote, indentOf, isBlank, lineEnd, lineStartOf, previousLine, readLine, unquote } from './line.ts';
import type { Step } from './node.ts';

/** Where a place stands inside a flow collection (`{a: 1, b: [..]}`). */
export interface FlowPlace {
  /** Offset of the outermost bracket around the place. */
  readonly start: number;
  /** Keys and (uncounted, always 0) indices from the outermost collection to what stands at the place, without `key`. */
  readonly path: readonly Step[];
  /** The maps on the way, outermost first, the one at the place included. */
  readonly levels: readonly { readonly depth: number; readonly keys: ReadonlyMap<string, string> }[];
  readonly inMap: boolean;
  /** Where the place is an item: the other items of its sequence that are scalars. */
  readonly items: readonly string[];
  /** The key whose value is being written, when the place is behind its colon. */
  readonly key: string | undefined;
  /** Offset where the word at the place begins. */
  readonly wordStart: number;
  /** Right behind the place, without a comma between, stands the next entry. */
  readonly entryFollows: boolean;
}

/** A collection that is open at some point of the text. */
interface Frame {
  readonly map: boolean;
  readonly keys: Map<string, string>;
  readonly items: string[];
  key: string | undefined;
  wordStart: number;
  /** The entry at hand is the one that is being written: it does not count as being there. */
  skip: boolean;
}

/** How much text behind the place is read for further keys. */
const MAX_BEHIND = 20_000;
/** Deeper nesting than any manifest has. */
const MAX_DEPTH = 200;
/** How far behind the place the next entry is looked for. */
const MAX_SPACES = 500;

/** The flow collection around an offset, or `undefined` when there is none. */
export function flowPlace(text: string, offset: number): FlowPlace | undefined {
  for (const start of openings(text, offset)) {
    const frames = readFlow(text, start, offset, []);
    const top = frames.at(-1);
    if (top === undefined) continue;
    if (frames.length > MAX_DEPTH) return undefined;
    const { key } = top;
    const wordStart = skipSpaces(text, top.wordStart, offset);
    const end = endBehind(text, start, offset);
    const behind = text.slice(offset, Math.min(end, offset + MAX_SPACES));
    const entryFollows = key === undefined && wordStart === offset && !/^\s*(?:[,}\]#]|$)/.test(behind);
    readBehind(text, offset, end, frames, entryFollows);
    const path = frames.slice(0, -1).map((frame): Step => (frame.map ? (frame.key ?? '') : 0));
    return {
      start,
      path: top.map ? path : [...path, 0],
      levels: frames.flatMap(({ map, keys }, depth) => (map ? [{ depth, keys }] : [])),
      inMap: top.map,
      items: top.items,
      key,
      wordStart,
      entryFollows,
    };
  }
  return undefined;
}

/**
 * Brackets that may be open at an offset, outermost first: what lies between a bracket and the place is indented deeper
 * than the line of the bracket.
 */
function openings(text: string, offset: number): readonly number[] {
  const found: number[] = [];
  let limit = Number.POSITIVE_INFINITY;
  let top = -1;
  for (let at = lineStartOf(text, offset); at >= 0; at = previousLine(text, at)) {
    const indent = indentOf(text, at);
    if (indent < 0) continue;
    top = at;
    if (indent >= limit) continue;
    const line = readLine(text, at, offset);
    const bracket = bracketOf(text, line);
    if (bracket !== undefined && keyColumn(line) < limit) found.push(bracket);
    if (/^[}\]]/.test(line.content) || line.content === '') continue;
    limit = /^[{[]/.test(line.content) ? indent + 1 : indent;
  }
  if (top >= 0) {
    // A document that is JSON, whatever its indentation.
    const line = readLine(text, top, offset);
    const bracket = line.key === undefined && line.dashes.length === 0 ? bracketOf(text, line) : undefined;
    if (bracket !== undefined && !found.includes(bracket)) found.push(bracket);
  }
  return found.reverse();
}

type Line = ReturnType<typeof readLine>;

/** The bracket with which the value on a line begins. */
function bracketOf(text: string, line: Line): number | undefined {
  let at = line.valueStart ?? line.origin + line.column;
  while (at < line.end && /[&!]/.test(text[at] ?? '')) {
    while (at < line.end && !isBlank(text.charCodeAt(at))) at++;
    while (at < line.end && isBlank(text.charCodeAt(at))) at++;
  }
  // Two braces are a template's.
  if (text[at] === '{' && text[at + 1] === '{') return undefined;
  return at < line.end && (text[at] === '{' || text[at] === '[') ? at : undefined;
}

function keyColumn(line: Line): number {
  return line.key === undefined ? (line.dashes.at(-1) ?? line.column) : line.column;
}

/**
 * Reads flow style text from `start` to `stop`.
 *
 * @param frames the collections that are open at `start`, outermost first; changed in place
 * @returns the collections that are open at `stop`; none when the outermost one was closed before
 */
function readFlow(text: string, start: number, stop: number, frames: Frame[]): Frame[] {
  /** A word may begin here, so that a quote or a `#` has its meaning. */
  let fresh = true;
  for (let i = start; i < stop; i++) {
    const unit = text.charCodeAt(i);
    const top = frames.at(-1);
    if (unit === 123 || unit === 91) {
      frames.push({ map: unit === 123, keys: new Map(), items: [], key: undefined, wordStart: i + 1, skip: false });
      fresh = true;
    } else if (unit === 125 || unit === 93) {
      if (top !== undefined) finish(top, text, i);
      frames.pop();
      if (frames.length === 0) return frames;
      fresh = false;
    } else if (unit === 44) {
      if (top !== undefined) {
        finish(top, text, i);
        top.wordStart = i + 1;
      }
      fresh = true;
    } else if (fresh && (unit === 34 || unit === 39)) {
      const end = closingQuote(text, i, stop);
      if (end === undefined) return frames;
      i = end;
      fresh = false;
      if (top !== undefined && endsKey(text, i + 1, stop, true)) i = takeKey(top, text, text.indexOf(':', i));
    } else if (unit === 35 && (i === start || /\s/.test(text[i - 1] ?? ''))) {
      i = Math.min(lineEnd(text, i), stop) - 1;
      if (top !== undefined && text.slice(top.wordStart, i).trim().startsWith('#')) top.wordStart = i + 1;
    } else if (unit === 58 && top !== undefined && endsKey(text, i, stop, false)) {
      takeKey(top, text, i);
      fresh = true;
    } else if (unit !== 32 && unit !== 9 && unit !== 10 && unit !== 13) fresh = false;
  }
  return frames;
}

/** Whether a colon that ends a key stands at `at`; behind a quoted key (`"a":1`) nothing has to follow it. */
function endsKey(text: string, at: number, stop: number, quoted: boolean): boolean {
  let colon = at;
  if (quoted) while (colon < stop && isBlank(text.charCodeAt(colon))) colon++;
  return text[colon] === ':' && colon < stop && (quoted || /[\s,}\]]/.test(text[colon + 1] ?? ' '));
}

function takeKey(frame: Frame, text: string, colon: number): number {
  if (frame.map && frame.key === undefined) {
    frame.key = unquote(text.slice(frame.wordStart, colon).trim());
    frame.wordStart = colon + 1;
  }
  return colon;
}

function finish(frame: Frame, text: string, end: number): void {
  const word = text.slice(frame.wordStart, end).trim();
  if (!frame.map && !frame.skip && word !== '' && !/^[{[]/.test(word)) frame.items.push(unquote(word));
  if (frame.map && !frame.skip) {
    if (frame.key !== undefined) frame.keys.set(frame.key, /^[{[]/.test(word) ? '' : unquote(word));
    else if (word !== '') frame.keys.set(unquote(word), '');
  }
  frame.key = undefined;
  frame.skip = false;
}

/** Adds the keys that stand behind the place. The frames themselves stay as they are at the place. */
function readBehind(text: string, offset: number, end: number, frames: readonly Frame[], entryFollows: boolean): void {
  const copies = frames.map((frame, index) => ({ ...frame, skip: index === frames.length - 1 && !entryFollows }));
  readFlow(text, afterQuote(text, frames, offset, end), end, copies);
  for (const frame of frames.slice(0, -1)) if (frame.key !== undefined) frame.keys.set(frame.key, '');
}

/** Where a collection ends that nobody has closed: before a line that is not deeper than the one of the bracket. */
function endBehind(text: string, start: number, offset: number): number {
  const line = readLine(text, lineStartOf(text, start));
  let end = lineEnd(text, offset);
  while (end < text.length && end - offset < MAX_BEHIND) {
    const lineStart = text.indexOf('\n', end) + 1;
    if (lineStart <= 0 || lineStart >= text.length) break;
    const indent = indentOf(text, lineStart);
    const closes = /^[ \t]*[}\]]/.test(text.slice(lineStart, lineStart + MAX_SPACES));
    if (indent >= 0 && indent <= keyColumn(line) && !closes && start !== line.origin) break;
    end = Math.max(end + 1, lineEnd(text, lineStart));
  }
  return end;
}

/** Behind the word at the place, when that is in quotes. */
function afterQuote(text: string, frames: readonly Frame[], offset: number, stop: number): number {
  const from = skipSpaces(text, frames.at(-1)?.wordStart ?? offset, offset);
  if (from >= offset || (text[from] !== '"' && text[from] !== "'")) return offset;
  const end = closingQuote(text, from, stop);
  return end === undefined || end < offset ? offset : end + 1;
}

function skipSpaces(text: string, from: number, stop: number): number {
  let at = from;
  while (at < stop && /\s/.test(text[at] ?? '')) at++;
  return at;
}
