import type { TypedResource } from '../model/decode.ts';
import { type Entry, Reader } from '../model/reader.ts';
import { type Located, locate, type Span, span } from '../text/range.ts';
import type { YamlDocument } from '../yaml/document.ts';
import { effectiveEntriesOf, isNull, itemsOf, type MapNode, resolve, type YamlNode } from '../yaml/node.ts';
import { refusal, warned } from './codes.ts';

const GROUPS: Readonly<Record<string, string>> = {
  AuthorizationPolicy: 'security.istio.io',
  RequestAuthentication: 'security.istio.io',
  PeerAuthentication: 'security.istio.io',
  Telemetry: 'telemetry.istio.io',
  WasmPlugin: 'extensions.istio.io',
  TrafficExtension: 'extensions.istio.io',
};

/**
 * An object of a resource as rules read it that judge what no schema says. What is absent, null or of another type is
 * `undefined` or empty: that is for the rules of the schema to say.
 */
export class Fields {
  readonly document: YamlDocument;
  readonly map: MapNode;
  readonly #read: Reader;

  constructor(document: YamlDocument, map: MapNode) {
    this.document = document;
    this.map = map;
    this.#read = new Reader(document);
  }

  /** The spec of a resource of one of these kinds of Istio's; `undefined` for any other resource. */
  static spec(resource: TypedResource, ...kinds: readonly string[]): Fields | undefined {
    if (!kinds.includes(resource.kind)) return undefined;
    if (resource.group !== (GROUPS[resource.kind] ?? 'networking.istio.io')) return undefined;
    return resource.spec === undefined ? undefined : new Fields(resource.document, resource.spec);
  }

  /** Where the object begins: its first key, never the whole block. */
  get head(): Span {
    const first = this.map.entries[0]?.key;
    return span(this.document, this.map.flow || first === undefined ? (first ?? this.map) : first);
  }

  /** The key is there, and has a value. */
  has(key: string): boolean {
    return !isNull(this.#read.value(this.map, key));
  }

  /** The key of a field; the head of the object where it is not there. */
  key(key: string): Span {
    return this.#read.keyAt(this.map, key) ?? this.head;
  }

  /** The key of the first of some fields that is there, whatever its value. */
  keyOf(...keys: readonly string[]): Span | undefined {
    for (const key of keys) {
      const at = this.#read.keyAt(this.map, key);
      if (at !== undefined) return at;
    }
    return undefined;
  }

  node(key: string): YamlNode | undefined {
    return this.#read.value(this.map, key);
  }

  string(key: string): Located<string> | undefined {
    return this.#read.string(this.map, key);
  }

  number(key: string): Located<number> | undefined {
    return this.#read.number(this.map, key);
  }

  boolean(key: string): Located<boolean> | undefined {
    return this.#read.boolean(this.map, key);
  }

  strings(key: string): readonly Located<string>[] {
    return this.#read.strings(this.map, key);
  }

  object(key: string): Fields | undefined {
    const map = this.#read.map(this.map, key);
    return map === undefined ? undefined : new Fields(this.document, map);
  }

  /** The entries of a list that are objects. */
  objects(key: string): readonly Fields[] {
    return this.#read.list(this.map, key, map => new Fields(this.document, map));
  }

  /** How many entries a list has, whatever they are; 0 where there is no list. */
  count(key: string): number {
    return itemsOf(this.#read.value(this.map, key)).length;
  }

  /** The field is not there, or is an empty list; what it is otherwise may still be wrong. */
  lacks(key: string): boolean {
    return this.keyOf(key) === undefined || this.isEmptyList(key);
  }

  isEmptyList(key: string): boolean {
    const node = this.#read.value(this.map, key);
    return node?.kind === 'seq' && node.items.length === 0;
  }

  /** The entries of a map of strings. */
  strMap(key: string): readonly Entry<Located<string>>[] {
    return this.#read.stringMap(this.map, key);
  }

  /** The entries of a map with free keys, with their nodes. */
  entries(key: string): readonly Entry<YamlNode>[] {
    const map = this.#read.map(this.map, key);
    if (map === undefined) return [];
    return effectiveEntriesOf(map).map(entry => ({
      key: locate(entry.key.source, this.document, entry.key),
      value: resolve(entry.value) ?? entry.value,
    }));
  }

  numberOf(node: YamlNode): Located<number> | undefined {
    return this.#read.asNumber(node);
  }

  fieldsOf(node: YamlNode): Fields | undefined {
    const map = resolve(node);
    return map?.kind === 'map' ? new Fields(this.document, map) : undefined;
  }
}

/** Codes of a finding for which Istio's webhook refuses the object. */
export function refused(...ids: readonly string[]): { readonly codes: readonly string[] } {
  return { codes: refusal(...ids) };
}

/** A finding that Istio itself only warns of: the object goes through. */
export function acceptedWithWarning(...ids: readonly string[]): {
  readonly codes: readonly string[];
  readonly severity: 'warning';
  readonly refuses: false;
} {
  return { codes: warned(...ids), severity: 'warning', refuses: false };
}

/** A finding that the API server refuses and Istio's own validation lets pass. */
export function refusedByServer(...ids: readonly string[]): {
  readonly codes: readonly string[];
  readonly refuses: false;
} {
  return { codes: ids, refuses: false };
}
