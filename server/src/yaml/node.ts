/**
 * The syntax tree: what stands in a document, and where. Offsets are relative to the start of the document.
 *
 * This layer knows YAML; it does not know Kubernetes, never throws on any input, and hides the YAML library.
 */

import type { TextRange } from '../text/range.ts';

export type YamlNode = MapNode | SeqNode | ScalarNode | AliasNode;

export interface MapNode extends TextRange {
  readonly kind: 'map';
  readonly flow: boolean;
  readonly entries: readonly MapEntry[];
  /** Some keys are equal, or merge other maps: its entries are not simply what stands there. */
  readonly irregular?: true;
}

export interface MapEntry {
  /** A key that is no scalar is kept as the scalar of its text. */
  readonly key: ScalarNode;
  readonly value: YamlNode;
}

export interface SeqNode extends TextRange {
  readonly kind: 'seq';
  readonly flow: boolean;
  readonly items: readonly YamlNode[];
}

export type ScalarValue = string | number | boolean | null;

export interface ScalarNode extends TextRange {
  readonly kind: 'scalar';
  /** Typed as Kubernetes types it: YAML 1.1 booleans, octal numbers. */
  readonly value: ScalarValue;
  /** The text after unquoting and folding, before typing; of a key, the key that Kubernetes reads. */
  readonly source: string;
  readonly style: 'plain' | 'single' | 'double' | 'literal' | 'folded';
}

export interface AliasNode extends TextRange {
  readonly kind: 'alias';
  readonly name: string;
  /** `undefined` when there is no such anchor, or when it would contain itself. */
  readonly target: MapNode | SeqNode | ScalarNode | undefined;
}

/** A node with aliases followed; `undefined` for an alias that leads nowhere. */
export function resolve(node: YamlNode | undefined): MapNode | SeqNode | ScalarNode | undefined {
  return node?.kind === 'alias' ? node.target : node;
}

/** True for `key:` with nothing behind it, and for `~` and `null`. */
export function isNull(node: YamlNode | undefined): boolean {
  const resolved = resolve(node);
  return resolved === undefined || (resolved.kind === 'scalar' && resolved.value === null);
}

/** The key that brings in the entries of other maps. */
export const MERGE = '<<';

/** The entries of a map, those brought in by merge keys (`<<`) included; own keys win, and the last of equal keys. */
export function entriesOf(map: MapNode): readonly MapEntry[] {
  if (map.irregular !== true || !map.entries.some(entry => entry.key.source === MERGE)) return map.entries;
  const own = map.entries.filter(entry => entry.key.source !== MERGE);
  const names = new Set(own.map(entry => entry.key.source));
  const merged: MapEntry[] = [];
  for (const entry of map.entries) {
    if (entry.key.source !== MERGE) continue;
    for (const source of mergeSources(entry.value)) {
      for (const inherited of entriesOf(source)) {
        if (names.has(inherited.key.source)) continue;
        names.add(inherited.key.source);
        merged.push(inherited);
      }
    }
  }
  return [...own, ...merged];
}

/** The entries of a map that count: of equal keys only the last. */
export function effectiveEntriesOf(map: MapNode): readonly MapEntry[] {
  if (map.irregular !== true) return map.entries;
  const entries = entriesOf(map);
  const last = new Map(entries.map(entry => [entry.key.source, entry]));
  return last.size === entries.length ? entries : entries.filter(entry => last.get(entry.key.source) === entry);
}

function mergeSources(value: YamlNode): MapNode[] {
  const node = resolve(value);
  if (node?.kind === 'map') return [node];
  if (node?.kind !== 'seq') return [];
  return node.items.map(resolve).filter(item => item?.kind === 'map');
}

/** The entry with a key, aliases of the map and merge keys followed. Of duplicate keys the last one counts. */
export function entry(node: YamlNode | undefined, key: string): MapEntry | undefined {
  const map = resolve(node);
  if (map?.kind !== 'map') return undefined;
  return entriesOf(map).findLast(candidate => candidate.key.source === key);
}

/** The value under a key, with aliases followed. */
export function child(node: YamlNode | undefined, key: string): MapNode | SeqNode | ScalarNode | undefined {
  return resolve(entry(node, key)?.value);
}

/** The items of a sequence; a node that is none has no items. */
export function itemsOf(node: YamlNode | undefined): readonly YamlNode[] {
  const seq = resolve(node);
  return seq?.kind === 'seq' ? seq.items : [];
}

/** The text of a scalar that Kubernetes would read as a string. */
export function stringOf(node: YamlNode | undefined): string | undefined {
  const scalar = resolve(node);
  return scalar?.kind === 'scalar' && typeof scalar.value === 'string' ? scalar.value : undefined;
}

export type Step = string | number;

/** The node under a path of keys and indices. */
export function nodeAt(root: YamlNode | undefined, path: readonly Step[]): YamlNode | undefined {
  let node = root;
  for (const step of path) {
    node = typeof step === 'number' ? itemsOf(node)[step] : entry(node, step)?.value;
    if (node === undefined) return undefined;
  }
  return node;
}

/** Where an offset is: the way from the root, and the innermost node or key that holds it. */
export interface Location {
  readonly path: readonly Step[];
  /** The entry whose key holds the offset; then `node` is that key. */
  readonly onKey: MapEntry | undefined;
  readonly node: YamlNode;
  /** The maps and sequences on the way, outermost first. */
  readonly parents: readonly (MapNode | SeqNode)[];
}

/**
 * @param offset relative to the document
 * @returns the innermost node whose range holds the offset; ranges of block collections begin at their first key
 */
export function locationAt(root: YamlNode | undefined, offset: number): Location | undefined {
  if (root === undefined || offset < root.start || offset > root.end) return undefined;
  const path: Step[] = [];
  const parents: (MapNode | SeqNode)[] = [];
  let node: YamlNode = root;
  for (;;) {
    if (node.kind === 'map') {
      parents.push(node);
      const entries: readonly MapEntry[] = node.entries;
      const found = entries.find(e => within(e.key, offset)) ?? entries.findLast(e => within(e.value, offset));
      if (found === undefined) return { path, onKey: undefined, node, parents };
      path.push(found.key.source);
      if (within(found.key, offset)) return { path, onKey: found, node: found.key, parents };
      node = found.value;
    } else if (node.kind === 'seq') {
      parents.push(node);
      const items: readonly YamlNode[] = node.items;
      const index = items.findLastIndex(item => within(item, offset));
      const item = items[index];
      if (item === undefined) return { path, onKey: undefined, node, parents };
      path.push(index);
      node = item;
    } else {
      return { path, onKey: undefined, node, parents };
    }
  }
}

function within(range: TextRange, offset: number): boolean {
  return range.start <= offset && offset <= range.end;
}
