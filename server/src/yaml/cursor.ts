import type { TextRange } from '../text/range.ts';
import { blockPlace, type Level } from './block-context.ts';
import { flowPlace } from './flow-context.ts';
import { commentStart, isBlank, lineEnd, lineStartOf, originOf, readLine } from './line.ts';
import type { Step } from './node.ts';

/** What can be written at a place, read from the text alone: it works in documents that do not parse. */
export interface Cursor {
  /** Keys and (uncounted, always 0) indices from the root of the document to the place. */
  readonly path: readonly Step[];
  /**
   * `key`: a key of the map at `path`, or the whole of what stands at `path` where that is no map: an item of a
   * sequence, a value on a line of its own.
   * `value`: the value of the key that ends `path`, on the line of that key.
   */
  readonly place: 'key' | 'value';
  /**
   * The maps on the way, outermost first, each with the length of its path and its keys (with values that stand on one
   * line). At a `key` place the last one is the map at hand, without the key that is being written.
   */
  readonly levels: readonly Level[];
  /** Where the place is an item of a sequence: the other items that are scalars. */
  readonly items: readonly string[];
  /** The word at the place: what a completion replaces. On blank lines it may hold spaces that stand too far right. */
  readonly word: TextRange;
  /** The part of the word before the cursor, without an opening quote. */
  readonly prefix: string;
  /** The quote the word begins with. */
  readonly quote: '"' | "'" | undefined;
  readonly flow: boolean;
  /** What has to stand before the inserted text: spaces up to the right column, or the one behind a colon or dash. */
  readonly gap: string;
  /** Spaces that the line begins with: what editors put before each further line of an inserted text. */
  readonly lineIndent: number;
  /** The column at which the text of the place begins, its missing dash included; of a `value`, that of its key. */
  readonly column: number;
  /** A `-` has to be inserted: the place is an item of a sequence, and none stands before it. */
  readonly needsDash: boolean;
  /** In block style: a `-` here would make an item of a list beside the map, with these other items. */
  readonly besides: { readonly path: readonly Step[]; readonly items: readonly string[] } | undefined;
  /** In flow style: the next entry stands right behind the place, a comma has to part them. */
  readonly needsComma: boolean;
  /** Behind the word there is already a colon. */
  readonly colonFollows: boolean;
  /** Behind the word, or on deeper lines, stands what belongs to it. */
  readonly contentFollows: boolean;
}

/**
 * @param text of one document
 * @param offset in it
 * @returns `undefined` where nothing is to be completed: comments, block scalars, text behind a value
 */
export function cursorAt(text: string, offset: number): Cursor | undefined {
  const lineStart = lineStartOf(text, offset);
  if (offset < originOf(text, lineStart)) return undefined;
  if (commentStart(text.slice(lineStart, offset)) >= 0) return undefined;
  if (/^\uFEFF?(---|\.\.\.|%)/.test(text.slice(lineStart, lineStart + 4))) return undefined;
  return inFlow(text, offset) ?? inBlock(text, offset, lineStart);
}

function inBlock(text: string, offset: number, lineStart: number): Cursor | undefined {
  const line = readLine(text, lineStart, offset);
  return line.key !== undefined && line.valueStart !== undefined
    ? blockValue(text, offset, { ...line, key: line.key, valueStart: line.valueStart })
    : blockKey(text, offset, line);
}

type Line = ReturnType<typeof readLine>;

function blockValue(
  text: string,
  offset: number,
  line: Line & { readonly key: string; readonly valueStart: number },
): Cursor | undefined {
  const { key, valueStart, dashes, column } = line;
  const written = text.slice(valueStart, offset);
  // Anchors, tags, block scalars and collections; what stands in a quote that was closed is complete.
  if (/^[&!|>{[]/.test(written) || /^("(?:[^"\\]|\\.)*"|'(?:[^']|'')*')/.test(written)) return undefined;
  const place = blockPlace(text, { start: lineStart(line), dashes, column, blank: false });
  if (place === undefined) return undefined;
  const word = wordOf(text, valueStart, offset, offset + valueTail(text, valueStart, offset));
  return {
    ...word,
    path: [...place.path, key],
    place: 'value',
    items: [],
    levels: [...place.levels, { depth: place.path.length, keys: place.own }],
    flow: false,
    gap: isBlank(text.charCodeAt(valueStart - 1)) ? '' : ' ',
    lineIndent: dashes[0] ?? column,
    column,
    needsDash: false,
    besides: undefined,
    needsComma: false,
    colonFollows: false,
    contentFollows: place.childrenFollow,
  };
}

function blockKey(text: string, offset: number, line: Line): Cursor | undefined {
  const { dashes, origin } = line;
  // Anchors, tags and collections stay as they are.
  if (/^[&!|>{[]/.test(line.content)) return undefined;
  const rest = text.slice(offset, lineEnd(text, offset));
  const colon = /^[\w.@/-]*["']?[ \t]*:(?=[ \t]|$)/.test(rest);
  const tail = /^[\w.@/*%+-]*["']?/.exec(rest)?.[0].length ?? 0;
  const behind = rest.slice(tail).trim();
  if (!colon && behind !== '' && !behind.startsWith('#')) return undefined;
  const blank = line.content === '' && rest.trim() === '';
  const place = blockPlace(text, { start: lineStart(line), dashes, column: line.column, blank });
  if (place === undefined) return undefined;
  const shift = blank ? place.column - line.column : 0;
  const lineIndent = dashes[0] ?? Math.min(line.column, line.column + shift);
  const behindDash = dashes.length > 0 && text[offset - 1] === '-' && line.content === '';
  const start = origin + line.column + Math.min(shift, 0);
  // Of a blank line the spaces behind the cursor go, too.
  const word = wordOf(text, start, offset, blank ? offset + rest.length : offset + tail);
  return {
    ...word,
    ...(blank ? { prefix: '' } : {}),
    path: place.path,
    place: 'key',
    items: place.items,
    levels: [...place.levels, { depth: place.path.length, keys: place.own }],
    flow: false,
    gap: ' '.repeat(Math.max(shift, behindDash ? 1 : 0)),
    lineIndent,
    column: blank && !behindDash ? place.column : Math.max(place.column, line.column + (behindDash ? 1 : 0)),
    needsDash: place.needsDash,
    besides: place.besides,
    needsComma: false,
    colonFollows: colon,
    contentFollows: colon ? !/:[ \t]*(#.*)?$/.test(rest) || place.childrenFollow : place.childrenFollow,
  };
}

/** `readLine` gives the start of the text behind a byte order mark, too. */
function lineStart(line: Line): number {
  return line.start;
}

function inFlow(text: string, offset: number): Cursor | undefined {
  const flow = flowPlace(text, offset);
  if (flow === undefined) return undefined;
  // A word that began on an earlier line: only a comma could follow.
  if (text.slice(flow.wordStart, offset).includes('\n')) return undefined;
  const line = readLine(text, lineStartOf(text, flow.start), flow.start + 1);
  const { dashes, column, key } = line;
  const outer = blockPlace(text, { start: line.start, dashes, column, blank: false });
  if (outer === undefined) return undefined;
  const base: Step[] = [...outer.path, ...(key === undefined ? [] : [key])];
  const own = { depth: outer.path.length, keys: new Map(outer.own) };
  if (key !== undefined) own.keys.set(key, '');
  const outerLevels = key === undefined ? outer.levels : [...outer.levels, own];
  const rest = text.slice(offset, lineEnd(text, offset));
  const isValue = flow.key !== undefined;
  const quote = text[flow.wordStart];
  const inQuotes = flow.wordStart < offset && (quote === '"' || quote === "'");
  const tail = inQuotes
    ? quotedTail(rest, quote)
    : ((isValue ? /^[^,{}[\]\s]*/ : /^[^,:{}[\]\s]*/).exec(rest)?.[0].length ?? 0);
  const behind = rest.slice(tail);
  return {
    ...wordOf(text, flow.wordStart, offset, offset + tail),
    path: [...base, ...flow.path, ...(flow.key === undefined ? [] : [flow.key])],
    place: isValue ? 'value' : 'key',
    items: flow.items,
    levels: [...outerLevels, ...flow.levels.map(level => ({ ...level, depth: base.length + level.depth }))],
    flow: true,
    gap:
      flow.wordStart === offset
        ? flowGap(text, offset, key === undefined ? (dashes.at(-1) ?? column - 1) : column)
        : '',
    lineIndent: 0,
    column: 0,
    needsDash: false,
    besides: undefined,
    needsComma: flow.entryFollows,
    colonFollows: !isValue && /^["']?\s*:/.test(behind),
    contentFollows: !isValue && /^["']?\s*:\s*[^\s,}\]]/.test(behind),
  };
}

/** One space behind a colon or comma; on a line of its own, enough to be deeper than what the collection belongs to. */
function flowGap(text: string, offset: number, outer: number): string {
  if (/[:,]/.test(text[offset - 1] ?? '')) return ' ';
  const lineStart = lineStartOf(text, offset);
  const column = offset - originOf(text, lineStart);
  const isFirst = text.slice(lineStart, offset).trim() === '';
  return isFirst && lineStart > 0 && column <= outer ? ' '.repeat(outer + 2 - column) : '';
}

function wordOf(text: string, start: number, offset: number, end: number): Pick<Cursor, 'word' | 'prefix' | 'quote'> {
  const from = Math.min(start, offset);
  const first = text[from];
  const quote = from < offset && (first === '"' || first === "'") ? first : undefined;
  return {
    word: { start: from, end: Math.max(end, offset) },
    prefix: text.slice(quote === undefined ? from : from + 1, offset),
    quote,
  };
}

/** Length of what belongs to a value behind the cursor: up to its closing quote, its comment, or the end of its line. */
function valueTail(text: string, start: number, offset: number): number {
  const rest = text.slice(offset, lineEnd(text, offset));
  const first = text[start];
  if (start < offset && (first === '"' || first === "'")) return quotedTail(rest, first);
  const comment = commentStart(` ${rest}`) - 1;
  return (comment < 0 ? rest : rest.slice(0, comment)).trimEnd().length;
}

/** A quote that is not closed on its line holds only the word at the cursor: behind it stands what it swallowed. */
function quotedTail(rest: string, quote: string): number {
  const close = rest.indexOf(quote);
  return close >= 0 ? close + 1 : (/^[^\s,:{}[\]#]*/.exec(rest)?.[0].length ?? 0);
}
