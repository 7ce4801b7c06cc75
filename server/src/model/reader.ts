import { isMoving } from '../text/frame.ts';
import { type Anchor, type Located, locate, type Span, span } from '../text/range.ts';
import { entriesOf, itemsOf, type MapEntry, type MapNode, resolve, type YamlNode } from '../yaml/node.ts';

/** What was made of the items of long lists. */
const made = new WeakMap<MapNode, { readonly key: string; readonly value: { readonly index: number } }>();

/** The entries of a map of scalars or objects, keys with their places. */
export interface Entry<T> {
  readonly key: Located<string>;
  readonly value: T;
}

/**
 * Reads typed values out of a tree. A value that is absent or of another type is `undefined`: what is wrong with it is
 * said by the schema, not here. Field names are taken in camelCase and, as Istio's own decoder does, in snake_case.
 */
export class Reader {
  readonly anchor: Anchor;

  constructor(anchor: Anchor) {
    this.anchor = anchor;
  }

  /** The map under a key. */
  map(node: YamlNode | undefined, key: string): MapNode | undefined {
    return asMap(this.value(node, key));
  }

  value(node: YamlNode | undefined, key: string): YamlNode | undefined {
    return resolve(fieldOf(node, key)?.value);
  }

  /** The place of an entry's key. */
  keyAt(node: YamlNode | undefined, key: string): Span | undefined {
    const found = fieldOf(node, key);
    return found === undefined ? undefined : span(this.anchor, found.key);
  }

  string(node: YamlNode | undefined, key: string): Located<string> | undefined {
    return this.asString(this.value(node, key));
  }

  asString(node: YamlNode | undefined): Located<string> | undefined {
    const scalar = resolve(node);
    if (scalar?.kind !== 'scalar' || typeof scalar.value !== 'string') return undefined;
    return locate(scalar.value, this.anchor, scalar);
  }

  /** A number, also one that is written as a string, which Istio's decoder takes as well. */
  number(node: YamlNode | undefined, key: string): Located<number> | undefined {
    return this.asNumber(this.value(node, key));
  }

  asNumber(node: YamlNode | undefined): Located<number> | undefined {
    const scalar = resolve(node);
    if (scalar?.kind !== 'scalar') return undefined;
    const { value } = scalar;
    if (typeof value === 'number') return locate(value, this.anchor, scalar);
    if (typeof value === 'string' && /^-?\d+(\.\d+)?$/.test(value)) return locate(Number(value), this.anchor, scalar);
    return undefined;
  }

  boolean(node: YamlNode | undefined, key: string): Located<boolean> | undefined {
    const scalar = this.value(node, key);
    if (scalar?.kind !== 'scalar' || typeof scalar.value !== 'boolean') return undefined;
    return locate(scalar.value, this.anchor, scalar);
  }

  strings(node: YamlNode | undefined, key: string): readonly Located<string>[] {
    return itemsOf(this.value(node, key))
      .map(item => this.asString(item))
      .filter(item => item !== undefined);
  }

  /** The items of a list that are maps, decoded; others are skipped. */
  list<T>(
    node: YamlNode | undefined,
    key: string,
    decode: (item: MapNode, at: Span, index: number) => T,
  ): readonly T[] {
    const result: T[] = [];
    itemsOf(this.value(node, key)).forEach((item, index) => {
      const map = asMap(item);
      if (map !== undefined) result.push(decode(map, span(this.anchor, map), index));
    });
    return result;
  }

  /**
   * Like `list`, for long lists: while an item of a long document stays the same, what was made of it is the same
   * object, also after edits elsewhere. Where its index has changed it is a copy, whose parts are the same objects.
   */
  kept<T extends { readonly index: number }>(
    node: YamlNode | undefined,
    key: string,
    decode: (item: MapNode, at: Span, index: number) => T,
  ): readonly T[] {
    return this.list(node, key, (item, at, index) => {
      if (!isMoving(item)) return decode(item, at, index);
      const before = made.get(item);
      if (before?.key === key && before.value.index === index) return before.value as T;
      const value = before?.key === key ? { ...(before.value as T), index } : decode(item, at, index);
      made.set(item, { key, value });
      return value;
    });
  }

  object<T>(node: YamlNode | undefined, key: string, decode: (map: MapNode, at: Span) => T): T | undefined {
    const map = this.map(node, key);
    return map === undefined ? undefined : decode(map, span(this.anchor, map));
  }

  /** A map of strings, such as labels. Other values are skipped. */
  stringMap(node: YamlNode | undefined, key: string): readonly Entry<Located<string>>[] {
    return this.entries(node, key, value => this.asString(value));
  }

  entries<T>(node: YamlNode | undefined, key: string, decode: (value: YamlNode) => T | undefined): readonly Entry<T>[] {
    const map = this.map(node, key);
    if (map === undefined) return [];
    const result: Entry<T>[] = [];
    for (const { key: name, value } of map.entries) {
      const decoded = decode(value);
      if (decoded !== undefined) result.push({ key: locate(name.source, this.anchor, name), value: decoded });
    }
    return result;
  }
}

/**
 * The entry of a field, under its name or else under its name in snake_case. Of equal keys the last one counts. A
 * document asks this for every field that a kind has, and most are not there: it must not allocate.
 */
function fieldOf(node: YamlNode | undefined, name: string): MapEntry | undefined {
  const map = resolve(node);
  if (map?.kind !== 'map') return undefined;
  const entries = entriesOf(map);
  const found = lastOf(entries, name);
  if (found !== undefined) return found;
  const snake = snakeCase(name);
  return snake === name ? undefined : lastOf(entries, snake);
}

function lastOf(entries: readonly MapEntry[], name: string): MapEntry | undefined {
  for (let index = entries.length - 1; index >= 0; index--) {
    const entry = entries[index];
    if (entry?.key.source === name) return entry;
  }
  return undefined;
}

export function asMap(node: YamlNode | undefined): MapNode | undefined {
  const resolved = resolve(node);
  return resolved?.kind === 'map' ? resolved : undefined;
}

/** Names of fields that were asked for, in snake_case: there are some hundred. */
const snakeCases = new Map<string, string>();

export function snakeCase(name: string): string {
  const known = snakeCases.get(name);
  if (known !== undefined) return known;
  const snake = name.replace(/[A-Z]/g, letter => `_${letter.toLowerCase()}`);
  snakeCases.set(name, snake);
  return snake;
}

/** Plain values of a map of located strings. */
export function plainMap(entries: readonly Entry<Located<string>>[]): Readonly<Record<string, string>> {
  return Object.fromEntries(entries.map(({ key, value }) => [key.value, value.value]));
}
