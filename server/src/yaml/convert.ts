import {
  isAlias,
  isMap,
  isPair,
  isScalar,
  isSeq,
  type Node as LibraryNode,
  type Scalar as LibraryScalar,
  type ParsedNode,
} from 'yaml';
import type { TextRange } from '../text/range.ts';
import type { YamlProblem } from './document.ts';
import {
  type AliasNode,
  type MapEntry,
  type MapNode,
  MERGE,
  resolve,
  type ScalarNode,
  type SeqNode,
  type YamlNode,
} from './node.ts';
import { resolvePlain } from './scalar.ts';
import { MAX_DEPTH } from './tokens.ts';
import { AliasTree, MapTree, ScalarTree, SeqTree } from './tree.ts';

/** What all aliases of a document may add up to when they are followed, in nodes. */
const MAX_EXPANSION = 100_000;
/** How deep a document may be when its aliases are followed. */
const MAX_EXPANDED_DEPTH = 2 * MAX_DEPTH;

const STYLES: Readonly<Record<string, ScalarNode['style']>> = {
  PLAIN: 'plain',
  QUOTE_SINGLE: 'single',
  QUOTE_DOUBLE: 'double',
  BLOCK_LITERAL: 'literal',
  BLOCK_FOLDED: 'folded',
};

/** Turns the library's tree into ours, and finds what the library does not report. */
export function convert(contents: ParsedNode | null, text: string): Converted {
  if (contents === null) return { root: undefined, problems: [], hasReferences: false };
  const converter = new Converter(text);
  const root = converter.node(contents, 0);
  const { size, depth } = converter.expansion(root);
  const { problems, hasReferences } = converter;
  if (size <= MAX_EXPANSION && depth <= MAX_EXPANDED_DEPTH) return { root, problems, hasReferences };
  const alias = converter.firstAlias ?? root;
  const code = size > MAX_EXPANSION ? 'alias-bomb' : 'too-deep';
  return { root: undefined, problems: [{ code, start: alias.start, end: alias.end }], hasReferences };
}

/** Our tree of a document. */
export interface Converted {
  readonly root: YamlNode | undefined;
  readonly problems: YamlProblem[];
  /** There are anchors or aliases: what one part says may stand in another. */
  readonly hasReferences: boolean;
}

class Converter {
  readonly problems: YamlProblem[] = [];
  firstAlias: AliasNode | undefined;
  readonly #text: string;
  readonly #anchors = new Map<string, MapNode | SeqNode | ScalarNode>();
  #tooDeep = false;

  constructor(text: string) {
    this.#text = text;
  }

  get hasReferences(): boolean {
    return this.firstAlias !== undefined || this.#anchors.size > 0;
  }

  node(source: LibraryNode | null | undefined, depth: number, emptyAt = 0): YamlNode {
    if (source === null || source === undefined) return empty(emptyAt);
    const [start, end] = this.#range(source, emptyAt);
    if (depth > MAX_DEPTH) {
      if (!this.#tooDeep) this.problems.push({ code: 'too-deep', start, end: Math.min(end, start + 1) });
      this.#tooDeep = true;
      return empty(start);
    }
    if (isAlias(source)) return this.#alias(source.source, start, end);
    let node: MapNode | SeqNode | ScalarNode;
    const address = isMap(source) && source.flow === true ? this.#wordWithColon(source.items, start) : undefined;
    if (address !== undefined) node = address;
    else if (isMap(source)) node = this.#map(source, start, end, depth);
    else if (isSeq(source)) {
      const items = source.items.map(item => this.#item(item, depth + 1, end));
      const flow = source.flow === true;
      node = new SeqTree(covering(start, flow ? end : start, items), flow, items);
    } else if (isScalar(source)) node = this.#scalar(source, start, end);
    else return empty(start);
    // An anchor becomes known when its node ends: an alias inside its own node leads nowhere.
    if (source.anchor !== undefined) this.#anchors.set(source.anchor, node);
    return node;
  }

  /**
   * In brackets a bare word may end with a colon for Kubernetes' reader: `[fe80::]` is an address, and no map with the
   * key `fe80:`, as it is for the library.
   */
  #wordWithColon(items: readonly { key: unknown; value: unknown }[], start: number): ScalarNode | undefined {
    const [pair] = items;
    const key = pair?.key;
    if (this.#text[start] === '{' || items.length !== 1 || !isScalar(key) || key.type !== 'PLAIN') return undefined;
    const end = key.range?.[1] ?? start;
    if (!/^:[,\]}]/.test(this.#text.slice(end, end + 2))) return undefined;
    const text = this.#text.slice(start, end + 1);
    return new ScalarTree({ start, end: end + 1 }, text, text, 'plain');
  }

  /** A pair inside a flow sequence (`[a: 1]`) is a map of one entry. */
  #item(item: unknown, depth: number, emptyAt: number): YamlNode {
    if (!isPair(item)) return this.node(item as LibraryNode | null, depth, emptyAt);
    const entry = this.#entry(item.key, item.value, depth, emptyAt);
    return this.#mapOf([entry], true, covering(entry.key.start, entry.value.end, [entry.key]));
  }

  #map(
    source: { items: readonly { key: unknown; value: unknown }[]; flow?: boolean },
    start: number,
    end: number,
    depth: number,
  ): MapNode {
    const entries = source.items.map(pair => this.#entry(pair.key, pair.value, depth + 1, end));
    const flow = source.flow === true;
    return this.#mapOf(entries, flow, coveringEntries(start, flow ? end : start, entries));
  }

  #mapOf(entries: readonly MapEntry[], flow: boolean, range: TextRange): MapNode {
    if (isRegular(entries)) return new MapTree(range, flow, entries, false);
    const seen = new Map<string, ScalarNode>();
    for (const { key } of entries) {
      const first = seen.get(key.source);
      if (first === undefined) seen.set(key.source, key);
      else if (key.source !== MERGE) {
        const other = { start: first.start, end: first.end };
        this.problems.push({ code: 'duplicate-key', detail: key.source, start: key.start, end: key.end, other });
      }
    }
    return new MapTree(range, flow, entries, true);
  }

  #entry(key: unknown, value: unknown, depth: number, emptyAt: number): MapEntry {
    const keyNode = this.node(key as LibraryNode | null, depth, emptyAt);
    const scalar = this.#key(keyNode);
    return { key: scalar, value: this.node(value as LibraryNode | null, depth, scalar.end) };
  }

  #key(node: YamlNode): ScalarNode {
    const meant = resolve(node);
    if (meant?.kind !== 'scalar') {
      const text = this.#text.slice(node.start, node.end);
      return new ScalarTree(node, text, text, 'plain');
    }
    const source = keyText(meant);
    // Nearly every key is the scalar that stands there, and is kept as it is.
    if (meant === node && source === meant.source) return meant;
    return new ScalarTree(node, meant.value, source, meant.style);
  }

  #scalar(source: LibraryScalar, start: number, end: number): ScalarNode {
    const style = STYLES[source.type ?? 'PLAIN'] ?? 'plain';
    const text = typeof source.value === 'string' ? source.value : String(source.value ?? '');
    const typed = style === 'plain' && source.tag !== 'tag:yaml.org,2002:str' && source.tag !== '!';
    return new ScalarTree({ start, end }, typed ? resolvePlain(text) : text, text, style);
  }

  #alias(name: string, start: number, end: number): AliasNode {
    const target = this.#anchors.get(name);
    const alias: AliasNode = new AliasTree({ start, end }, name, target);
    this.firstAlias ??= alias;
    if (target === undefined) this.problems.push({ code: 'unknown-alias', detail: name, start, end });
    return alias;
  }

  /** Offsets of a node, without the spaces and line breaks behind it: a block text does not reach into the next line. */
  #range(source: LibraryNode, fallback: number): [number, number] {
    const range = source.range;
    if (range === null || range === undefined) return [fallback, fallback];
    let end = range[1];
    const isQuoted = isScalar(source) && (source.type === 'QUOTE_DOUBLE' || source.type === 'QUOTE_SINGLE');
    if (!isQuoted) while (end > range[0] && isSpace(this.#text.charCodeAt(end - 1))) end--;
    return [range[0], end];
  }

  /** The number of nodes when every alias is followed, which stops counting behind the limit, and their depth. */
  expansion(root: YamlNode): Expansion {
    if (this.firstAlias === undefined) return { size: 0, depth: 0 };
    const known = new Map<YamlNode, Expansion>();
    const expand = (node: YamlNode): Expansion => {
      if (node.kind === 'scalar') return LEAF;
      const before = known.get(node);
      if (before !== undefined) return before;
      let size = 1;
      let depth = 0;
      for (const part of partsOf(node)) {
        const inner = expand(part);
        size = Math.min(size + inner.size, MAX_EXPANSION + 1);
        depth = Math.max(depth, inner.depth);
      }
      const expansion = { size, depth: depth + 1 };
      known.set(node, expansion);
      return expansion;
    };
    return expand(root);
  }
}

interface Expansion {
  readonly size: number;
  readonly depth: number;
}

const LEAF: Expansion = { size: 1, depth: 1 };

function partsOfEntry({ key, value }: MapEntry): readonly YamlNode[] {
  return [key, value];
}

/** Maps of so many entries are searched for equal keys without a table. */
const FEW = 8;

/** Whether a map has neither equal keys nor merge keys. */
export function isRegular(entries: readonly MapEntry[]): boolean {
  if (entries.length > FEW) {
    const names = new Set(entries.map(({ key }) => key.source));
    return names.size === entries.length && !names.has(MERGE);
  }
  return entries.every(({ key }, index) => {
    if (key.source === MERGE) return false;
    for (let other = 0; other < index; other++) if (entries[other]?.key.source === key.source) return false;
    return true;
  });
}

/**
 * The range of a collection holds those of its parts, also of an empty one that stands behind the last space. One in
 * block style ends with its last part: comments behind that belong to nobody.
 */
function covering(start: number, end: number, parts: readonly YamlNode[]): TextRange {
  const range = { start, end };
  for (const part of parts) widen(range, part);
  return range;
}

function coveringEntries(start: number, end: number, entries: readonly MapEntry[]): TextRange {
  const range = { start, end };
  for (const { key, value } of entries) {
    widen(range, key);
    widen(range, value);
  }
  return range;
}

function widen(range: { start: number; end: number }, part: TextRange): void {
  if (part.start < range.start) range.start = part.start;
  if (part.end > range.end) range.end = part.end;
}

function partsOf(node: MapNode | SeqNode | AliasNode): readonly YamlNode[] {
  if (node.kind === 'seq') return node.items;
  if (node.kind === 'map') return node.entries.flatMap(partsOfEntry);
  return node.target === undefined ? [] : [node.target];
}

/** A key as JSON has it: a bare `on` is the boolean true, and its key is `true`. */
function keyText(key: ScalarNode): string {
  return key.style === 'plain' && typeof key.value !== 'string' && key.source !== '' ? String(key.value) : key.source;
}

function empty(at: number): ScalarNode {
  return new ScalarTree({ start: at, end: at }, null, '', 'plain');
}

function isSpace(unit: number): boolean {
  return unit === 32 || unit === 9 || unit === 10 || unit === 13;
}
