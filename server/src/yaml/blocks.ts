import { Frame } from '../text/frame.ts';
import type { MapEntry, YamlNode } from './node.ts';
import { AliasTree, MapTree, ScalarTree, SeqTree, type TreeNode } from './tree.ts';

/** A collection in block style whose text is shorter than this is read as a whole, in UTF-16 units. */
export const MIN_BLOCKS = 3000;

/** A collection of whose parts each one, but perhaps the first, is a block: it begins on a line of its own. */
export type BlockTree = (MapTree | SeqTree) & { blocks: readonly (Frame | undefined)[] };

/** The text in which places are counted, and from how much text on a collection is cut into blocks. */
export interface Cutting {
  readonly text: string;
  readonly min: number;
}

/**
 * Puts a tree, whose places are counted from the start of `text`, into a frame, and cuts its long collections into
 * blocks, each with a frame of its own.
 *
 * @param origin where the frame begins in `text`
 */
export function settle(node: YamlNode, frame: Frame, origin: number, cutting: Cutting): void {
  const tree = asTree(node);
  if (tree === undefined) return;
  const { from: start, to: end } = tree;
  tree.frame = frame;
  tree.from = start - origin;
  tree.to = end - origin;
  if (tree.kind === 'scalar' || tree.kind === 'alias') return;
  const lines = end - start < cutting.min ? undefined : linesOf(tree, start, cutting.text);
  const inner = lines?.map(line => (line === undefined ? undefined : new Frame(frame, line - origin)));
  tree.blocks = inner;
  const settlePart = (part: YamlNode, index: number): void => {
    settle(part, inner?.[index] ?? frame, inner?.[index] === undefined ? origin : (lines?.[index] ?? 0), cutting);
  };
  if (tree.kind === 'seq') tree.items.forEach(settlePart);
  else
    tree.entries.forEach(({ key, value }, index) => {
      settlePart(key, index);
      settlePart(value, index);
    });
}

/**
 * Where the line of each part begins; `undefined` for a first part that shares its line with something else.
 *
 * @param start of the collection in `text`
 * @returns `undefined` where the parts are no blocks
 */
function linesOf(tree: MapTree | SeqTree, start: number, text: string): readonly (number | undefined)[] | undefined {
  const count = partCount(tree);
  if (tree.flow || count < 2 || (tree.kind === 'map' && tree.irregular === true)) return undefined;
  const column = start - (text.lastIndexOf('\n', start - 1) + 1);
  const lines: (number | undefined)[] = [];
  for (let index = 0; index < count; index++) {
    const line = lineOfPart(tree, index, column, text);
    if (line === undefined && index > 0) return undefined;
    lines.push(line);
  }
  return lines;
}

/** Where the line of a part begins that holds nothing before it but spaces, and the dash of an item; its places still count from the start of `text`. */
export function lineOfPart(tree: MapTree | SeqTree, index: number, column: number, text: string): number | undefined {
  const start = tree.kind === 'seq' ? tree.items[index]?.start : tree.entries[index]?.key.start;
  if (start === undefined) return undefined;
  const line = text.lastIndexOf('\n', start - 1) + 1;
  const content = line + column;
  if (content > start || !isSpaces(text, line, content)) return undefined;
  if (tree.kind === 'map') return content === start && !isOdd(text, start) ? line : undefined;
  return text[content] === '-' && isSpaces(text, content + 1, start) ? line : undefined;
}

export function partCount(tree: MapTree | SeqTree): number {
  return tree.kind === 'seq' ? tree.items.length : tree.entries.length;
}

/** Whether a key begins with a dash or is a block scalar: where such an entry begins and ends depends on its neighbours. */
function isOdd(text: string, at: number): boolean {
  const unit = text.charCodeAt(at);
  return unit === 124 || unit === 62 || (unit === 45 && !/\S/.test(text.charAt(at + 1)));
}

function isSpaces(text: string, start: number, end: number): boolean {
  for (let at = start; at < end; at++) if (text.charCodeAt(at) !== 32) return false;
  return true;
}

/** The same node with what this layer knows of it. */
export function asTree(node: YamlNode | undefined): TreeNode | undefined {
  return node instanceof MapTree || node instanceof SeqTree || node instanceof ScalarTree || node instanceof AliasTree
    ? node
    : undefined;
}

/** The collection that a node is, where that is cut into blocks. */
export function asBlocks(node: YamlNode | undefined): BlockTree | undefined {
  return (node instanceof MapTree || node instanceof SeqTree) && node.blocks !== undefined
    ? (node as BlockTree)
    : undefined;
}

/** Whether the parts of a node are blocks of their own, which stay the same objects while others change. */
export function isCut(node: YamlNode | undefined): boolean {
  return asBlocks(node) !== undefined;
}

/** Levels of nesting, none for a scalar. */
export function depthOf(node: YamlNode): number {
  let depth = 0;
  if (node.kind === 'seq') for (const item of node.items) depth = Math.max(depth, depthOf(item) + 1);
  if (node.kind === 'map')
    for (const { key, value } of node.entries) depth = Math.max(depth, depthOf(key) + 1, depthOf(value) + 1);
  return depth;
}

/** Parts of a collection, and the frames of their blocks. */
export interface Parts {
  readonly parts: readonly (YamlNode | MapEntry)[];
  readonly blocks: readonly (Frame | undefined)[];
}

/** A collection with other parts, at the same place and in the same frame; it ends where its last part ends. */
export function withParts(tree: BlockTree, { parts, blocks }: Parts): BlockTree {
  const { frame, from } = tree;
  const range = { start: from, end: from };
  const made =
    tree.kind === 'seq'
      ? new SeqTree(range, false, parts as readonly YamlNode[])
      : new MapTree(range, false, parts as readonly MapEntry[], false);
  made.frame = frame;
  made.blocks = blocks;
  const last = parts.at(-1);
  const end = last === undefined ? from : 'key' in last ? Math.max(last.key.end, last.value.end) : last.end;
  made.to = Math.max(from, end - frame.start);
  return made as BlockTree;
}
