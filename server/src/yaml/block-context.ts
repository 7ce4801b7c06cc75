import {
  followingLine,
  indentOf,
  isBlank,
  lineEnd,
  originOf,
  previousLine,
  readLine,
  unquote,
  withoutComment,
} from './line.ts';
import type { Step } from './node.ts';

/** A map on the way from the root to a place. */
export interface Level {
  /** Length of the path to the map. */
  readonly depth: number;
  /** Its keys, each with its value where that stands on the same line. */
  readonly keys: ReadonlyMap<string, string>;
}

/** A line, as far as it decides where its end stands in the block structure. */
export interface PlaceLine {
  readonly start: number;
  /** Columns of the dashes before the place. */
  readonly dashes: readonly number[];
  /** Column of the word at the place, or of the place where nothing stands before it. */
  readonly column: number;
  /** Nothing but spaces and dashes stands on the line: its indentation decides, and may be corrected. */
  readonly blank: boolean;
}

/** Where a column of a line stands in the block structure. */
export interface BlockPlace {
  /** Keys and (uncounted, always 0) indices from the root to what stands at the place. */
  readonly path: readonly Step[];
  /** The maps on the way, outermost first. */
  readonly levels: readonly Level[];
  /** The map whose key the place would be; without keys where it is only about to begin. */
  readonly own: ReadonlyMap<string, string>;
  /** Where the place is an item: the other items of its sequence that are scalars on one line. */
  readonly items: readonly string[];
  /** Where the text has to begin so that the structure stays whole; differs from the place on blank lines only. */
  readonly column: number;
  /** The place is an item of a sequence whose `-` is missing. */
  readonly needsDash: boolean;
  /** Set where a `-` at this very column would make an item of another collection, which has these other items. */
  readonly besides: { readonly path: readonly Step[]; readonly items: readonly string[] } | undefined;
  /** Deeper lines follow, which belong to the word at the place. */
  readonly childrenFollow: boolean;
}

/** A collection that is still open at the end of a line. */
type Open = OpenMap | OpenSequence | OpenText;

interface OpenMap {
  readonly kind: 'map';
  readonly column: number;
  readonly keys: Map<string, string>;
  /** The last key before the place. */
  readonly current: string;
  /** What stands behind it: nothing (a block may follow), a value, or the header of a block scalar. */
  readonly state: 'open' | 'value';
}

interface OpenSequence {
  readonly kind: 'sequence';
  readonly column: number;
  /** Items that are scalars on one line. */
  readonly items: string[];
}

/** Text that is neither key nor item: a scalar, or a key that is being typed. */
interface OpenText {
  readonly kind: 'text';
  readonly column: number;
  /** One plain word, which may well become a key. */
  readonly isWord: boolean;
}

interface NextLine {
  readonly column: number;
  readonly dash: boolean;
}

/** How a place relates to the open collections. */
interface Target {
  /** The first so many of them contain the place. */
  readonly parents: number;
  /** The map whose key the place is, when it has begun. */
  readonly own?: OpenMap;
  /** Steps behind those of the parents: indices of sequences that begin here. */
  readonly items?: number;
  readonly column: number;
  readonly needsDash?: boolean;
  readonly besides?: { readonly parents: number; readonly items: number };
}

/**
 * Reads the structure around a place from indentation alone, so that it works while the document is broken.
 *
 * @returns `undefined` where nothing may be written: in a block scalar, or deeper than a value on one line
 */
export function blockPlace(text: string, line: PlaceLine): BlockPlace | undefined {
  const open = openBefore(text, line.start);
  const next = nextLine(text, line.start);
  const target = findTarget(open, next, line);
  if (target === undefined) return undefined;
  const parents = open.slice(0, target.parents);
  if (!parents.every(mayContain)) return undefined;
  const path = pathOf(parents, target.items ?? 0);
  const levels = parents.flatMap((level, depth): OpenLevel[] => (level.kind === 'map' ? [{ depth, ...level }] : []));
  const own: OpenLevel = { depth: path.length, column: ownColumn(target), keys: new Map(target.own?.keys) };
  collectBelow(text, line.start, [own, ...levels.toReversed()]);
  const { besides } = target;
  return {
    path,
    levels: levels.map(({ depth, keys }) => ({ depth, keys })),
    own: own.keys,
    items: itemsAround(text, line, parents, target),
    column: target.column,
    needsDash: target.needsDash ?? false,
    besides: besides === undefined ? undefined : besideOf(text, line, open, besides),
    childrenFollow: next !== undefined && belongsToWord(next, own.column, line),
  };
}

function besideOf(
  text: string,
  line: PlaceLine,
  open: readonly Open[],
  { parents, items }: NonNullable<Target['besides']>,
): NonNullable<BlockPlace['besides']> {
  const around = open.slice(0, parents);
  return {
    path: pathOf(around, items),
    items: itemsAround(text, line, around, { parents, items, column: line.column }),
  };
}

/** The scalars of the sequence to which the place belongs. */
function itemsAround(text: string, line: PlaceLine, parents: readonly Open[], target: Target): readonly string[] {
  const last = parents.at(-1);
  if ((target.items ?? 0) > 0) return itemsBelow(text, line.start, line.dashes.at(-1) ?? target.column);
  return last?.kind === 'sequence' ? [...last.items, ...itemsBelow(text, line.start, last.column)] : [];
}

interface OpenLevel {
  readonly depth: number;
  readonly column: number;
  readonly keys: Map<string, string>;
}

function mayContain(level: Open): boolean {
  return level.kind === 'sequence' || (level.kind === 'map' && level.state === 'open');
}

function pathOf(parents: readonly Open[], items: number): readonly Step[] {
  return [...parents.map(level => (level.kind === 'map' ? level.current : 0)), ...new Array<Step>(items).fill(0)];
}

/** The column of the keys of the map at the place; an item that is still to come has none. */
function ownColumn(target: Target): number {
  return target.needsDash === true ? Number.POSITIVE_INFINITY : target.column;
}

function belongsToWord(next: NextLine, column: number, line: PlaceLine): boolean {
  if (line.blank) return false;
  return next.column > column || (next.dash && next.column === column && line.dashes.length === 0);
}

// ---------------------------------------------------------------- which place is meant

function findTarget(open: readonly Open[], next: NextLine | undefined, line: PlaceLine): Target | undefined {
  const [first] = line.dashes;
  if (first === undefined) return line.blank ? blankTarget(open, next, line.column) : wordTarget(open, line.column);
  const target = dashTarget(open, first);
  const last = line.dashes.at(-1) ?? first;
  const hasContent = line.blank && next !== undefined && next.column > last;
  // `-` alone on its line, with the item below: further keys stand where its first one does.
  if (target === undefined || (hasContent && next.dash)) return undefined;
  return {
    ...target,
    items: (target.items ?? 0) + line.dashes.length - 1,
    column: hasContent ? next.column : line.column,
  };
}

/** The line begins with a dash. */
function dashTarget(open: readonly Open[], column: number): Target | undefined {
  const count = enclosing(open, column);
  const [top, deeper] = [open[count - 1], open[count]];
  if (top === undefined) return open.length === 0 ? { parents: 0, items: 1, column } : undefined;
  if (top.column === column && top.kind === 'sequence') return { parents: count, column };
  if (top.column < column && deeper !== undefined && top.kind === 'map') {
    return deeper.kind === 'sequence' ? { parents: count + 1, column } : undefined;
  }
  return { parents: count, items: 1, column };
}

/** A word stands at the place: its column counts, also where it is not quite right. */
function wordTarget(open: readonly Open[], column: number): Target | undefined {
  const count = enclosing(open, column);
  const [top, deeper] = [open[count - 1], open[count]];
  if (top === undefined) return { parents: 0, column };
  if (top.column === column) return levelTarget(open, count, column);
  if (deeper?.kind === 'map') return { parents: count, own: deeper, column };
  if (deeper?.kind === 'sequence') return { parents: count + 1, column, needsDash: true };
  return holdsText(top, deeper, column) ? undefined : { parents: count, column };
}

/** An item that is a scalar already. */
function holdsText(top: Open, deeper: Open | undefined, column: number): boolean {
  return top.kind === 'sequence' && deeper?.kind === 'text' && !(deeper.isWord && deeper.column === column);
}

/** The line is blank: what follows and what stands before it decide together. */
function blankTarget(open: readonly Open[], next: NextLine | undefined, column: number): Target | undefined {
  if (next !== undefined && next.column > column) return beforeTarget(open, next);
  const count = enclosing(open, column);
  const [top, deeper] = [open[count - 1], open[count]];
  if (top === undefined) return { parents: 0, column: next?.column ?? 0 };
  if (top.column === column) {
    if (next?.dash === true && next.column === column) return beforeTarget(open, next);
    return { ...levelTarget(open, count, column), ...besideTarget(open, count) };
  }
  // Between two levels: the deeper one, which is there already.
  if (deeper?.kind === 'map') return { parents: count, own: deeper, column: deeper.column };
  if (deeper?.kind === 'sequence') return { parents: count + 1, column: deeper.column, needsDash: true };
  if (top.kind === 'map' && next !== undefined && isChild(next, top)) return beforeTarget(open, next);
  return holdsText(top, deeper, column) ? undefined : { parents: count, column };
}

/** Whether a line belongs to the last key of a map: deeper, or a dash level with it. */
function isChild(next: NextLine, { column, state }: OpenMap): boolean {
  return next.column > column || (next.dash && next.column === column && state === 'open');
}

/** Right before a line, on its level: anything further left would take that line away from its parent. */
function beforeTarget(open: readonly Open[], next: NextLine): Target | undefined {
  const { column } = next;
  const count = enclosing(open, column);
  const top = open[count - 1];
  if (top === undefined) return next.dash ? { parents: 0, items: 1, column, needsDash: true } : { parents: 0, column };
  if (next.dash) {
    if (top.kind === 'sequence' && top.column === column) return { parents: count, column, needsDash: true };
    return { parents: count, items: 1, column, needsDash: true };
  }
  if (top.column === column)
    return top.kind === 'map' || hasKeyBeside(open, count) ? levelTarget(open, count, column) : undefined;
  return { parents: count, column };
}

/** The place is exactly level with the innermost of the first `count` collections. */
function levelTarget(open: readonly Open[], count: number, column: number): Target {
  const top = open[count - 1];
  if (top?.kind === 'map') return { parents: count - 1, own: top, column };
  const beside = open[count - 2];
  if (beside?.kind === 'map' && beside.column === column) return { parents: count - 2, own: beside, column };
  return { parents: count, column, needsDash: true };
}

/** A key and the dashes of its list share a column: a dash there would continue the list. */
function besideTarget(open: readonly Open[], count: number): Pick<Target, 'besides'> {
  const top = open[count - 1];
  if (top?.kind === 'sequence') return hasKeyBeside(open, count) ? { besides: { parents: count, items: 0 } } : {};
  if (top?.kind === 'map' && top.state === 'open' && open.length === count)
    return { besides: { parents: count, items: 1 } };
  return {};
}

function hasKeyBeside(open: readonly Open[], count: number): boolean {
  const [sequence, map] = [open[count - 1], open[count - 2]];
  return sequence?.kind === 'sequence' && map?.kind === 'map' && map.column === sequence.column;
}

/** The number of open collections that are not right of a column; text level with it is over. */
function enclosing(open: readonly Open[], column: number): number {
  let count = open.length;
  for (;;) {
    const level = open[count - 1];
    if (level === undefined || level.column < column || (level.column === column && level.kind !== 'text'))
      return count;
    count--;
  }
}

// ---------------------------------------------------------------- reading lines

/** The collections that are open before a line, outermost first. Lines deeper than what is already known are not read. */
function openBefore(text: string, lineStart: number): readonly Open[] {
  const open: Open[] = [];
  let limit = Number.POSITIVE_INFINITY;
  const add = (level: Open): void => {
    open.push(level);
    limit = level.column;
  };
  for (let at = previousLine(text, lineStart); at >= 0; at = previousLine(text, at)) {
    const indent = indentOf(text, at);
    if (indent < 0 || indent > limit) continue;
    const outermost = open.at(-1);
    if (indent === limit && outermost?.kind === 'sequence' && hasDash(text, at, indent)) {
      // One of its other items, of which there may be thousands.
      const item = scalarItem(text, at, indent);
      if (item !== undefined) outermost.items.push(item);
      continue;
    }
    const line = readLine(text, at);
    if (line.key !== undefined) {
      const value = line.value ?? '';
      const level = line.column === limit ? outermost : undefined;
      if (level?.kind === 'map') {
        // A dash in the column of the keys belongs to the list of an earlier key.
        if (!level.keys.has(line.key)) level.keys.set(line.key, value);
      } else if (line.column <= limit) {
        // A bracket or a half-typed word below the key, in its column, opens nothing.
        if (level?.kind === 'text') open.pop();
        const keys = new Map([[line.key, value]]);
        add({ kind: 'map', column: line.column, keys, current: line.key, state: opensBlock(value) ? 'open' : 'value' });
      }
    } else if (line.content !== '' && limit === Number.POSITIVE_INFINITY) {
      add({ kind: 'text', column: line.column, isWord: /^[\w.@/-]+$/.test(withoutComment(line.content)) });
    }
    const item = line.key === undefined ? scalarOf(line.content) : undefined;
    for (const [index, column] of [...line.dashes.entries()].reverse()) {
      if (column >= limit) continue;
      add({ kind: 'sequence', column, items: item !== undefined && index === line.dashes.length - 1 ? [item] : [] });
    }
  }
  return open.reverse();
}

function hasDash(text: string, lineStart: number, column: number): boolean {
  const at = originOf(text, lineStart) + column;
  const next = text.charCodeAt(at + 1);
  return text.charCodeAt(at) === 45 && (Number.isNaN(next) || next === 10 || next === 13 || isBlank(next));
}

/** The item of the dash at a column, if it is a scalar on that line; does not read the line as a whole. */
function scalarItem(text: string, lineStart: number, column: number): string | undefined {
  const content = text.slice(originOf(text, lineStart) + column + 1, lineEnd(text, lineStart)).trim();
  return content.endsWith(':') || content.includes(': ') || content.startsWith('- ') ? undefined : scalarOf(content);
}

function scalarOf(content: string): string | undefined {
  const text = withoutComment(content);
  return text === '' || /^[&!*|>{[]/.test(text) ? undefined : unquote(text);
}

/** The scalars among the items behind a place, up to the end of their sequence. */
function itemsBelow(text: string, lineStart: number, column: number): readonly string[] {
  const items: string[] = [];
  for (let at = followingLine(text, lineStart); at >= 0; at = followingLine(text, at)) {
    const indent = indentOf(text, at);
    if (indent < 0 || indent > column) continue;
    if (indent < column || !hasDash(text, at, column)) break;
    const item = scalarItem(text, at, column);
    if (item !== undefined) items.push(item);
  }
  return items;
}

/** Behind `key:` stands nothing, an anchor or a tag. */
function opensBlock(value: string): boolean {
  return value === '' || /^(?:[&!]\S*(?:\s+|$))+$/.test(value);
}

function nextLine(text: string, lineStart: number): NextLine | undefined {
  for (let at = followingLine(text, lineStart); at >= 0; at = followingLine(text, at)) {
    const column = indentOf(text, at);
    if (column >= 0) return { column, dash: hasDash(text, at, column) };
  }
  return undefined;
}

/**
 * Adds the keys that stand behind the place.
 *
 * @param levels innermost first
 */
function collectBelow(text: string, lineStart: number, levels: readonly OpenLevel[]): void {
  let first = 0;
  for (let at = followingLine(text, lineStart); at >= 0; at = followingLine(text, at)) {
    const indent = indentOf(text, at);
    if (indent < 0) continue;
    while ((levels[first]?.column ?? -1) > indent) first++;
    const level = levels[first];
    if (level === undefined) return;
    if (level.column !== indent || hasDash(text, at, indent)) continue;
    const { key, value } = readLine(text, at);
    if (key !== undefined && !level.keys.has(key)) level.keys.set(key, value ?? '');
  }
}
