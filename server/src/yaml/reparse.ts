import type { YAMLError } from 'yaml';
import { changeBetween, type TextChange } from '../text/change.ts';
import { Frame } from '../text/frame.ts';
import { ownText } from '../text/own.ts';
import { asBlocks, type BlockTree, depthOf, partCount, settle, withParts } from './blocks.ts';
import { type Converted, isRegular } from './convert.ts';
import type { YamlDocument, YamlProblem } from './document.ts';
import { type Block, markOf, movedBy, readMarked } from './marked.ts';
import type { MapEntry, YamlNode } from './node.ts';
import { CONFLICT, CONTROL, END_MARKER } from './problems.ts';

/** What is kept of a document so that it can be read anew in part. */
interface Kept {
  readonly frame: Frame;
  readonly min: number;
  /** Where the library has found a mistake, in order. */
  readonly errors: readonly number[];
  /** What the library's mistakes come to, and what the tree has found. */
  readonly ofText: readonly YamlProblem[];
  readonly ofTree: readonly YamlProblem[];
}

const kept = new WeakMap<YamlDocument, Kept>();

/** More mistakes than this, or deeper nesting, and a document is always read as a whole. */
const MAX_ERRORS = 100;
const MAX_KEPT_DEPTH = 100;
/** A lone carriage return ends a line for some readers only. */
const LONE_RETURN = /\r(?!\n)/;
/** A byte order mark that is not the first sign. */
const INNER_MARK = /(?<=[\s\S])\uFEFF/;
/** A text with one of these is always read as a whole. */
const UNSAFE = [LONE_RETURN, END_MARKER, CONTROL, INNER_MARK];
/** What has to be read with the whole document: markers, tabs and signs that mean something else at its start. */
const OUT_OF_PLACE = /^(?:---|\.\.\.)|^[ ]*\t|\uFEFF/m;

/** The parts of what a parse has found. */
export interface Parsed {
  readonly errors: readonly YAMLError[];
  readonly ofText: readonly YamlProblem[];
  readonly converted: Converted;
}

/** Prepares a document that was just read to be read anew in part after an edit; only a long one is worth it. */
export function keep(document: YamlDocument, { errors, ofText, converted }: Parsed, min: number): void {
  const { root, text } = document;
  if (root === undefined || text.length < min || converted.hasReferences || errors.length > MAX_ERRORS) return;
  if (UNSAFE.some(sign => sign.test(text)) || depthOf(root) > MAX_KEPT_DEPTH) return;
  if (document.problems.some(({ code }) => code === 'too-deep')) return;
  const frame = new Frame(undefined, 0);
  settle(root, frame, 0, { text, min });
  frame.anchor = document;
  kept.set(document, { frame, min, errors: errors.map(({ pos }) => pos[0]), ofText, ofTree: converted.problems });
}

/**
 * Reads a document anew after an edit, but only the smallest block around it: an item of a sequence or an entry of a
 * map, with what is inside. Everything else keeps its nodes, which move as they are. The tree of `old` is used up.
 *
 * @returns `undefined` where nothing less than the document can be read: nothing has been changed then
 */
export function reparse(old: YamlDocument, text: string): YamlDocument | undefined {
  const state = kept.get(old);
  if (state === undefined) return undefined;
  const change = changeBetween(old.text, text);
  const levels = levelsAround(old, change);
  for (let depth = levels.length - 1; depth >= 0; depth--) {
    const level = levels[depth];
    if (level === undefined || 2 * (level.end - level.start) > Math.max(text.length, 2 * state.min)) return undefined;
    const block = readBlock(level, old.text, text, state);
    if (block === undefined) continue;
    kept.delete(old);
    return splice(old, text, state, levels.slice(0, depth), level, block);
  }
  return undefined;
}

/** Neighbouring parts of a collection that hold an edit; offsets are of the old text. */
interface Level {
  readonly tree: BlockTree;
  readonly first: number;
  readonly last: number;
  readonly start: number;
  readonly end: number;
}

/** The blocks around an edit, outermost first. */
function levelsAround(document: YamlDocument, { start, oldEnd }: TextChange): readonly Level[] {
  const levels: Level[] = [];
  let tree = asBlocks(document.root);
  let end = document.text.length;
  while (tree !== undefined) {
    const base = tree.frame.start;
    let first = blockAt(tree, start - base);
    // What is put before a line belongs to what stands above it.
    if (start === oldEnd && first > 0 && tree.blocks[first]?.offset === start - base) first--;
    const opening = tree.blocks[first];
    if (opening === undefined || base + opening.offset > start) break;
    const last = Math.max(first, blockAt(tree, oldEnd - 1 - base));
    const next = tree.blocks[last + 1];
    if (next !== undefined) end = base + next.offset;
    levels.push({ tree, first, last, start: base + opening.offset, end });
    if (first !== last) break;
    tree = asBlocks(tree.kind === 'seq' ? tree.items[first] : tree.entries[first]?.value);
  }
  return levels;
}

/** The index of the last block that begins at or before an offset of the frame; 0 where there is none. */
function blockAt({ blocks }: BlockTree, offset: number): number {
  let low = 0;
  let high = blocks.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((blocks[middle]?.offset ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  return (blocks[low]?.offset ?? 0) <= offset ? low : 0;
}

/** A line that is the first of its map, and can be read without knowing what it stands in. */
const FIRST_KEY = /^ *[A-Za-z][\w./-]*:(?=[ \r\n]|$)/;

function readBlock(level: Level, oldText: string, newText: string, state: Kept): Block | undefined {
  const { tree, first, start, end } = level;
  const text = ownText(newText.slice(start, end + newText.length - oldText.length));
  const errorsElsewhere = state.errors.some(at => at < start || at >= end);
  const errorsBefore = hasErrorIn(state, start, end);
  if (errorsBefore && (errorsElsewhere || state.ofText.some(problem => hidesOthers(problem, start, end))))
    return undefined;
  // What a broken line is taken for depends on the empty lines before it.
  if (errorsElsewhere && hasErrorIn(state, end, endOfNextLine(oldText, end))) return undefined;
  if (text === '') {
    const isGone = first > 0 && level.last - first + 1 < partCount(tree);
    return isGone ? { tree: undefined, skipped: 0, lines: [], errors: [], ofText: [], ofTree: [], text } : undefined;
  }
  if (OUT_OF_PLACE.test(text) || LONE_RETURN.test(text) || CONTROL.test(text)) return undefined;
  const column = indentation(oldText, start);
  if (indentation(text, 0) !== column) return undefined;
  if (leavesColumn(text, column, tree.kind)) return undefined;
  const isAtEnd = end === oldText.length;
  if (!isAtEnd && !text.endsWith('\n')) return undefined;
  if (first === 0 && tree.kind === 'map' && !FIRST_KEY.test(text)) return undefined;
  const mark = markOf(tree.kind, column);
  const block = readMarked({
    text,
    before: first === 0 ? '' : mark,
    after: isAtEnd ? '' : mark,
    column,
    kind: tree.kind,
  });
  const hasErrors = block !== undefined && block.errors.length > 0;
  return hasErrors && (errorsElsewhere || CONFLICT.test(newText)) ? undefined : block;
}

function hasErrorIn({ errors }: Kept, start: number, end: number): boolean {
  return errors.some(at => at >= start && at < end);
}

/**
 * Whether a problem is more than the block that its mistake was found in: the block was wrong because of a bracket
 * before it, or a bracket in it has taken in what comes behind, which may hold mistakes of its own.
 */
function hidesOthers({ code, start, other }: YamlProblem, blockStart: number, blockEnd: number): boolean {
  return code === 'unclosed' || other !== undefined || start < blockStart || start >= blockEnd;
}

/** The end of the first line behind an offset that holds more than a comment. */
function endOfNextLine(text: string, offset: number): number {
  const lines = /(?: *(?:#.*)?\r?\n)*[^\n]*/y;
  lines.lastIndex = offset;
  return lines.test(text) ? lines.lastIndex : text.length;
}

/** Whether a line of a block stands too far left to belong to it. */
function leavesColumn(text: string, column: number, kind: 'map' | 'seq'): boolean {
  for (let line = 0; line >= 0 && line < text.length; ) {
    const at = line + indentation(text, line);
    const unit = text.charCodeAt(at);
    const isNothing = at >= text.length || unit === 10 || unit === 13 || unit === 35;
    if (!isNothing && (at - line < column || (kind === 'seq' && at - line === column && unit !== 45))) return true;
    const end = text.indexOf('\n', at);
    if (end < 0) return false;
    line = end + 1;
  }
  return false;
}

function indentation(text: string, line: number): number {
  let at = line;
  while (text.charCodeAt(at) === 32) at++;
  return at - line;
}

/** Puts a block that was read into the tree, and moves what follows. */
function splice(
  old: YamlDocument,
  text: string,
  state: Kept,
  above: readonly Level[],
  level: Level,
  block: Block,
): YamlDocument | undefined {
  const { tree, first, last, start, end } = level;
  const shift = text.length - old.text.length;
  const base = tree.frame.start;
  const oldParts: readonly (YamlNode | MapEntry)[] = tree.kind === 'seq' ? tree.items : tree.entries;
  const readParts: readonly (YamlNode | MapEntry)[] =
    block.tree === undefined ? [] : block.tree.kind === 'seq' ? block.tree.items : block.tree.entries;
  const newParts = readParts.slice(block.skipped, block.skipped + block.lines.length);
  const parts = [...oldParts.slice(0, first), ...newParts, ...oldParts.slice(last + 1)];
  if (tree.kind === 'map' && !isRegular(parts as readonly MapEntry[])) return undefined;
  const frames = block.lines.map((line, index) => {
    const frame = new Frame(tree.frame, start - base + line - (block.lines[0] ?? 0));
    const part = newParts[index];
    for (const node of part === undefined ? [] : 'key' in part ? [part.key, part.value] : [part])
      settle(node, frame, line, { text: block.text, min: state.min });
    return frame;
  });
  move(tree, last + 1, shift);
  const blocks = [...tree.blocks.slice(0, first), ...frames, ...tree.blocks.slice(last + 1)];
  let made = withParts(tree, { parts, blocks });
  for (const outer of above.toReversed()) {
    move(outer.tree, outer.last + 1, shift);
    made = withParts(outer.tree, { parts: withPart(outer, made), blocks: outer.tree.blocks });
  }
  const moved = (problems: readonly YamlProblem[], own: readonly YamlProblem[]): readonly YamlProblem[] => [
    ...problems
      .filter(problem => problem.start < start || problem.start >= end)
      .map(p => (p.start < end ? p : movedBy(p, shift))),
    ...own.map(problem => movedBy(problem, start)),
  ];
  const ofText = moved(state.ofText, block.ofText);
  const ofTree = moved(state.ofTree, block.ofTree);
  const errors = state.errors.filter(at => at < start || at >= end).map(at => (at < end ? at : at + shift));
  const document: YamlDocument = { file: old.file, text, root: made, problems: inOrder([...ofText, ...ofTree]) };
  state.frame.anchor = document;
  kept.set(document, { ...state, errors: [...errors, ...block.errors.map(at => at + start)], ofText, ofTree });
  return document;
}

function move({ blocks }: BlockTree, from: number, shift: number): void {
  for (let index = from; index < blocks.length; index++) {
    const frame = blocks[index];
    if (frame !== undefined) frame.offset += shift;
  }
}

/** The parts of a collection with another one in the place of that which holds the edit. */
function withPart({ tree, first }: Level, made: YamlNode): readonly (YamlNode | MapEntry)[] {
  if (tree.kind === 'seq') return tree.items.with(first, made);
  const entry = tree.entries[first];
  return entry === undefined ? tree.entries : tree.entries.with(first, { key: entry.key, value: made });
}

/** Problems by their place: however a document has come to be what it is, they come in the same order. */
export function inOrder(problems: readonly YamlProblem[]): readonly YamlProblem[] {
  return problems.toSorted(
    (a, b) => a.start - b.start || a.end - b.end || (a.code < b.code ? -1 : a.code > b.code ? 1 : 0),
  );
}
