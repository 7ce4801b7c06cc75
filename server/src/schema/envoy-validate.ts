import { effectiveEntriesOf, isNull, type MapEntry, type MapNode, resolve, type YamlNode } from '../yaml/node.ts';
import { ANY, type EnvoyFacts, envoyField, messageOfUrl } from './envoy-facts.ts';
import type { FieldFact, Shape } from './facts.ts';

/** One thing in a value of an EnvoyFilter that does not fit the message of Envoy that it is. */
export interface EnvoyProblem {
  readonly code: EnvoyProblemCode;
  /** The value, or the key where the key is wrong or its value lacks something. */
  readonly node: YamlNode;
  readonly entry: MapEntry | undefined;
  /** The message around it. */
  readonly type: string;
  /** The object that is that message. */
  readonly object: MapNode | undefined;
  /** The field as it is written; of a missing one, as it is defined. */
  readonly name: string;
  readonly shape: Shape | undefined;
  /** The fields that the message has besides, or the words of an enum. */
  readonly allowed: readonly string[];
  /** The bound that is not kept. */
  readonly limit: number | undefined;
}

export type EnvoyProblemCode =
  | 'unknown-field'
  | 'wrong-type'
  /** A text that is no duration as Go reads them. */
  | 'wrong-duration'
  | 'unknown-value'
  /** Nothing says what a value is: `@type` is missing. */
  | 'missing-type'
  /** No message has the name behind `@type`. */
  | 'unknown-type'
  /** A message of Envoy's second API, which is gone. */
  | 'old-type'
  /** An extension is named, and not configured. */
  | 'missing-config'
  /** Envoy asks for the field. */
  | 'missing-field'
  | 'out-of-range'
  | 'too-short'
  | 'too-few';

/**
 * Compares a value with a message, as Istio's decoder of protobuf JSON does (`xds.BuildXDSObjectFromStruct`), and with
 * the bounds that Envoy itself checks. What stands below a type that is not known is not judged.
 *
 * @param isWhole the value is the message and not a part that is merged into one: it needs its required fields
 * @returns problems in the order of the text
 */
export function validateEnvoy(
  facts: EnvoyFacts,
  node: YamlNode,
  type: string,
  isWhole: boolean,
): readonly EnvoyProblem[] {
  const walk = new Walk(facts, isWhole);
  const value = resolve(node);
  if (value?.kind === 'map') {
    walk.object(value, type, undefined);
    walk.extension(value, type, undefined);
  }
  return walk.problems.sort((a, b) => a.node.start - b.node.start);
}

class Walk {
  readonly problems: EnvoyProblem[] = [];
  readonly #facts: EnvoyFacts;
  readonly #isWhole: boolean;
  readonly #packages: ReadonlySet<string>;

  constructor(facts: EnvoyFacts, isWhole: boolean) {
    this.#facts = facts;
    this.#isWhole = isWhole;
    this.#packages = new Set(Object.values(facts.extensions).flat().map(packageOf));
  }

  #add(problem: Pick<EnvoyProblem, 'code' | 'node' | 'type' | 'name'> & Partial<EnvoyProblem>): void {
    this.problems.push({
      object: undefined,
      entry: undefined,
      shape: undefined,
      allowed: [],
      limit: undefined,
      ...problem,
    });
  }

  object(map: MapNode, type: string, owner: MapEntry | undefined): void {
    const fact = this.#facts.types[type];
    if (fact === undefined) return;
    const present = new Set<string>();
    for (const entry of effectiveEntriesOf(map)) {
      const name = entry.key.source;
      if (name === '@type') continue;
      const found = envoyField(this.#facts, type, name);
      if (found === undefined) {
        const allowed = Object.keys(fact.fields);
        this.#add({ code: 'unknown-field', node: entry.key, object: map, entry, type, name, allowed });
        continue;
      }
      if (isNull(entry.value)) continue;
      present.add(found.name);
      this.value(entry.value, found.field, found.field, { type, name, entry });
    }
    if (!this.#isWhole) return;
    for (const name of fact.required ?? []) {
      const isRetired = fact.fields[name]?.deprecated !== undefined;
      if (present.has(name) || isRetired) continue;
      this.#add({ code: 'missing-field', node: headOf(map, owner), object: map, entry: owner, type, name });
    }
  }

  /** A named extension without configuration: Envoy no longer finds it by its name (Istio `recurseMissingTypedConfig`). */
  extension(map: MapNode, type: string, owner: MapEntry | undefined): void {
    const fields = this.#facts.types[type]?.fields;
    if (fields === undefined) return;
    const entries = effectiveEntriesOf(map).filter(({ value }) => !isNull(value));
    const written = new Map(entries.map(entry => [envoyField(this.#facts, type, entry.key.source)?.name, entry]));
    if ('typed_config' in fields && !written.has('typed_config') && !written.has('config_discovery')) {
      const name = written.get('name');
      this.#add({
        code: 'missing-config',
        object: map,
        node: name?.value ?? headOf(map, owner),
        entry: name ?? owner,
        type,
        name: 'typed_config',
      });
    }
    for (const [name, entry] of written) {
      const field = name === undefined ? undefined : fields[name];
      const value = resolve(entry.value);
      if (field?.type === 'object' && field.ref !== ANY && value?.kind === 'map')
        this.extension(value, field.ref, entry);
    }
  }

  value(node: YamlNode, shape: Shape, field: FieldFact, owner: Owner): void {
    const value = resolve(node);
    if (value === undefined) return;
    const wrong = (): void => this.#add({ code: 'wrong-type', node, shape, ...owner });
    switch (shape.type) {
      case 'any':
        return;
      case 'object':
        if (value.kind !== 'map') wrong();
        else if (shape.ref === ANY) this.#any(value, owner);
        else this.object(value, shape.ref, owner.entry);
        return;
      case 'array':
        if (value.kind !== 'seq') wrong();
        else {
          for (const item of value.items) {
            if (!isNull(item)) this.value(item, shape.items, field, { ...owner, entry: undefined });
          }
          if (value.items.length < (shape.minItems ?? 0)) {
            this.#add({ code: 'too-few', node: owner.entry?.key ?? node, shape, ...owner, limit: shape.minItems });
          }
        }
        return;
      case 'map':
        if (value.kind !== 'map') wrong();
        else {
          for (const entry of effectiveEntriesOf(value)) {
            if (!isNull(entry.value)) this.value(entry.value, shape.values, field, { ...owner, entry });
          }
        }
        return;
      default:
        if (value.kind !== 'scalar' || !isOfType(value.value, shape)) wrong();
        else if (value.value !== null) this.#bounds(node, value.value, shape, owner);
    }
  }

  #any(map: MapNode, owner: Owner): void {
    const entry = effectiveEntriesOf(map).findLast(({ key }) => key.source === '@type');
    const url = resolve(entry?.value);
    if (entry === undefined) {
      this.#add({ code: 'missing-type', node: owner.entry?.key ?? headOf(map, undefined), ...owner });
      return;
    }
    if (url?.kind !== 'scalar' || typeof url.value !== 'string') return;
    const type = messageOfUrl(url.value) ?? url.value;
    if (this.#facts.types[type] !== undefined) this.object(map, type, entry);
    else if (/^envoy\..*\.v2(alpha\d*)?\./.test(type))
      this.#add({ code: 'old-type', node: url, entry, type, name: type });
    else if (this.#packages.has(packageOf(type))) {
      const allowed = Object.values(this.#facts.extensions).flat();
      this.#add({ code: 'unknown-type', node: url, entry, type, name: type, allowed });
    }
  }

  #bounds(node: YamlNode, value: string | number | boolean, shape: Shape, owner: Owner): void {
    if (shape.type === 'string' && shape.enum !== undefined) {
      if (typeof value === 'string' && !shape.enum.includes(value)) {
        this.#add({ code: 'unknown-value', node, shape, ...owner, allowed: shape.enum });
      }
    } else if (shape.type === 'string' && shape.format === 'duration') {
      if (typeof value === 'string' && !DURATION.test(value))
        this.#add({ code: 'wrong-duration', node, shape, ...owner });
    } else if (shape.type === 'string') {
      const limit = shape.minLength ?? 0;
      if (typeof value === 'string' && value.length < limit)
        this.#add({ code: 'too-short', node, shape, ...owner, limit });
    } else if (shape.type === 'integer' || shape.type === 'number') {
      const { minimum = Number.NEGATIVE_INFINITY, maximum = Number.POSITIVE_INFINITY } = shape;
      const number = Number(value);
      if (number < minimum) this.#add({ code: 'out-of-range', node, shape, ...owner, limit: minimum });
      else if (number > maximum) this.#add({ code: 'out-of-range', node, shape, ...owner, limit: maximum });
    }
  }
}

/** What Go's `time.ParseDuration` takes, which Istio's decoder reads durations with. */
const DURATION = /^[-+]?(0|((\d+(\.\d*)?|\.\d+)(h|ms|m|s|us|µs|μs|ns))+)$/;

type Owner = Pick<EnvoyProblem, 'type' | 'name' | 'entry'>;

/** Whether Istio's decoder takes a scalar: numbers may stand in quotes, and words of an enum may be numbers. */
function isOfType(value: string | number | boolean | null, shape: Shape): boolean {
  if (value === null) return true;
  switch (shape.type) {
    case 'string':
      return typeof value === 'string' || (shape.enum !== undefined && Number.isInteger(value));
    case 'boolean':
      return typeof value === 'boolean';
    case 'integer':
      return Number.isInteger(value) || (typeof value === 'string' && /^-?\d+$/.test(value));
    case 'number':
      return (
        typeof value === 'number' ||
        (typeof value === 'string' && /^(-?\d+(\.\d+)?(e[-+]?\d+)?|NaN|-?Infinity)$/i.test(value))
      );
    default:
      return true;
  }
}

function packageOf(message: string): string {
  return message
    .split('.')
    .filter(part => !/^[A-Z]/.test(part))
    .join('.');
}

/** The key of an object, or its first key: never the whole block. */
function headOf(map: MapNode, owner: MapEntry | undefined): YamlNode {
  return owner?.key ?? map.entries[0]?.key ?? map;
}
