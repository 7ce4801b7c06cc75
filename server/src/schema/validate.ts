import { entriesOf, type MapEntry, type MapNode, resolve, type Step, type YamlNode } from '../yaml/node.ts';
import type { Facts, FieldFact, Shape } from './facts.ts';
import { type LongList, longListsOf } from './long-lists.ts';
import type { Schemas, Validator, ValidatorError } from './schemas.ts';
import { placeAt } from './walk.ts';

/** One thing that does not fit the schema, at the node that one would edit. */
export interface SchemaProblem {
  readonly code: SchemaProblemCode;
  /** The value, or the key where the key is wrong or has no value. */
  readonly node: YamlNode;
  /** The entry whose value or key it is; `undefined` for an item of a list, and for the whole object. */
  readonly entry: MapEntry | undefined;
  /** The field concerned: the unknown, the missing, the last of the conflicting. */
  readonly name: string;
  /** The object that has the field, or lacks it; of values in it the object around them. */
  readonly object: MapNode | undefined;
  /** The type of that object; `undefined` for a map with free keys. */
  readonly type: string | undefined;
  /** What is allowed instead: the other fields of the type, the values of the enum. */
  readonly allowed: readonly string[];
  /** For conflicts: the entries that exclude each other and are all set, in document order. */
  readonly conflicting: readonly MapEntry[];
  /** The names of all fields that exclude each other. */
  readonly exclusive: readonly string[];
  /** The shape that the value should have. */
  readonly shape: Shape | undefined;
  /** The field at the end of the path, or the one whose item or entry the value is. */
  readonly field: FieldFact | undefined;
  /** Number or length that is the bound. */
  readonly limit: number | undefined;
  /** From the root of the resource to the value; to the object for unknown, missing and conflicting fields. */
  readonly path: readonly Step[];
}

export type SchemaProblemCode =
  | 'unknown-field'
  | 'missing-field'
  | 'wrong-type'
  | 'no-value'
  | 'unknown-value'
  | 'conflicting-fields'
  | 'out-of-range'
  | 'too-long'
  | 'too-short'
  | 'too-many'
  | 'too-few'
  | 'wrong-pattern';

/**
 * Validates an object against a type. The items of long lists are validated one by one, and what was found is kept with
 * an item as long as it stays the same.
 *
 * @returns problems in document order; of one value only the first is reported, and of an alias that leads nowhere none
 */
export function validate(schemas: Schemas, node: MapNode, type: string): readonly SchemaProblem[] {
  const validator = schemas.validator(type);
  if (validator === undefined) return [];
  const lists = longListsOf(schemas, node, type);
  const firsts = new Map<YamlNode, readonly unknown[]>(
    lists.map(({ list }) => [list, list.items.slice(0, 1).map(item => plainValue(item))]),
  );
  const ofItems = lists.map(({ path }) => `/${path.join('/')}/0`);
  const isOfItem = ({ instancePath }: ValidatorError): boolean =>
    ofItems.some(item => instancePath === item || instancePath.startsWith(`${item}/`));
  const problems = [...errorsOf(validator, plainValue(node, firsts), isOfItem)];
  const found = translate(schemas.facts, new Tree(node), { type, prefix: [] }, problems);
  for (const list of lists) for (const problem of problemsOfItems(schemas, type, list)) found.push(problem);
  return found.sort((a, b) => a.node.start - b.node.start);
}

function errorsOf(
  validator: Validator,
  value: unknown,
  isLeftOut: (error: ValidatorError) => boolean = () => false,
): readonly ValidatorError[] {
  return validator(value) ? [] : (validator.errors ?? []).filter(error => !isLeftOut(error));
}

/** What the validator has found, as problems at nodes. */
function translate(
  facts: Facts,
  tree: Tree,
  root: { readonly type: string; readonly prefix: readonly Step[] },
  errors: readonly ValidatorError[],
): SchemaProblem[] {
  const problems: SchemaProblem[] = [];
  const seen = new Set<string>();
  for (const error of errors) {
    for (const problem of problemsOf(facts, tree, root, error)) {
      // Of one value the type is judged first; range and pattern of a value of another type are its echo.
      // An alias has the value of what it stands for: the repair is there, where it may be reported already.
      const { start, end } = resolve(problem.node) ?? problem.node;
      const key = `${start} ${end} ${problem.code === 'missing-field' ? problem.name : ''}`;
      if (seen.has(key)) continue;
      seen.add(key);
      problems.push(problem);
    }
  }
  return problems;
}

interface Validated {
  readonly schemas: Schemas;
  readonly type: string;
  readonly path: readonly Step[];
  readonly problems: readonly SchemaProblem[];
}

const validated = new WeakMap<MapNode, Validated>();

function* problemsOfItems(schemas: Schemas, type: string, { list, path, itemType }: LongList): Iterable<SchemaProblem> {
  const validator = schemas.validator(itemType);
  if (validator === undefined) return;
  for (const [index, item] of list.items.entries()) {
    const map = resolve(item);
    if (map?.kind !== 'map') continue;
    const before = validated.get(map);
    if (before?.schemas === schemas && before.type === type) {
      if (before.problems.length === 0) continue;
      if (samePath(before.path, path, index)) {
        yield* before.problems;
        continue;
      }
    }
    const prefix = [...path, index];
    const found = translate(schemas.facts, new Tree(map), { type, prefix }, errorsOf(validator, plainValue(map)));
    validated.set(map, { schemas, type, path: prefix, problems: found });
    yield* found;
  }
}

function samePath(before: readonly Step[], list: readonly Step[], index: number): boolean {
  return before.at(-1) === index && before.length === list.length + 1 && list.every((step, at) => before[at] === step);
}

function problemsOf(
  facts: Facts,
  tree: Tree,
  { type, prefix }: { readonly type: string; readonly prefix: readonly Step[] },
  error: ValidatorError,
): readonly SchemaProblem[] {
  const found = tree.follow(error.instancePath);
  if (found === undefined || (found.node.kind === 'alias' && found.node.target === undefined)) return [];
  const { node, entry } = found;
  const path = [...prefix, ...found.path];
  const place = placeAt(facts, type, path);
  const shape = place?.shape;
  const base = {
    node,
    entry,
    name: String(path.at(-1) ?? ''),
    object: found.object,
    type: place?.inMap === true ? undefined : place?.type,
    allowed: [],
    conflicting: [],
    exclusive: [],
    shape,
    field: place?.field,
    limit: typeof error.params['limit'] === 'number' ? error.params['limit'] : undefined,
    path,
  };
  const value = resolve(node);
  const inside = {
    ...base,
    object: value?.kind === 'map' ? value : undefined,
    type: shape?.type === 'object' ? shape.ref : undefined,
  };
  switch (error.keyword) {
    case 'additionalProperties': {
      const name = String(error.params['additionalProperty']);
      const culprit = tree.entry(value, name);
      if (culprit === undefined) return [];
      return [
        { ...inside, code: 'unknown-field', node: culprit.key, entry: culprit, name, allowed: fieldsOf(facts, shape) },
      ];
    }
    case 'required':
      return [
        { ...inside, code: 'missing-field', node: headOf(entry, node), name: String(error.params['missingProperty']) },
      ];
    case 'type': {
      const empty = value === undefined || (value.kind === 'scalar' && value.value === null);
      return [{ ...base, code: empty ? 'no-value' : 'wrong-type', node: empty ? headOf(entry, node) : node }];
    }
    case 'enum':
      return [{ ...base, code: 'unknown-value', allowed: shape?.type === 'string' ? (shape.enum ?? []) : [] }];
    case 'not':
      return conflicts(facts, tree, inside);
    case 'minimum':
    case 'maximum':
      return [{ ...base, code: 'out-of-range' }];
    case 'minLength':
      return [{ ...base, code: 'too-short' }];
    case 'maxLength':
      return [{ ...base, code: 'too-long' }];
    case 'minItems':
    case 'minProperties':
      return [{ ...base, code: 'too-few', node: headOf(entry, node) }];
    case 'maxItems':
    case 'maxProperties':
      return [{ ...base, code: 'too-many', node: headOf(entry, node) }];
    case 'pattern':
      return [{ ...base, code: 'wrong-pattern' }];
    default:
      return [];
  }
}

/** For each group of fields that exclude each other the last that is set: the one that was added to what was there. */
function conflicts(facts: Facts, tree: Tree, inside: Omit<SchemaProblem, 'code'>): readonly SchemaProblem[] {
  const { object, type } = inside;
  if (object === undefined || type === undefined) return [];
  return (facts.types[type]?.oneOf ?? []).flatMap((exclusive): SchemaProblem[] => {
    const conflicting = exclusive.map(name => tree.entry(object, name)).filter(entry => entry !== undefined);
    conflicting.sort((a, b) => a.key.start - b.key.start);
    const last = conflicting.at(-1);
    if (conflicting.length < 2 || last === undefined) return [];
    return [
      {
        ...inside,
        code: 'conflicting-fields',
        node: last.key,
        entry: last,
        name: last.key.source,
        conflicting,
        exclusive,
      },
    ];
  });
}

function fieldsOf(facts: Facts, shape: Shape | undefined): readonly string[] {
  return shape?.type === 'object' ? Object.keys(facts.types[shape.ref]?.fields ?? {}) : [];
}

/** The key of a value, or the first key inside it: never a whole block. */
function headOf(entry: MapEntry | undefined, node: YamlNode): YamlNode {
  if (entry !== undefined) return entry.key;
  if (node.kind === 'map') return node.entries[0]?.key ?? node;
  return node;
}

/** The tree of an object with the entries of its maps by name. */
class Tree {
  readonly #root: MapNode;
  readonly #entries = new WeakMap<MapNode, ReadonlyMap<string, MapEntry>>();

  constructor(root: MapNode) {
    this.#root = root;
  }

  /** The entry that counts: the last of equal keys. */
  entry(node: YamlNode | undefined, name: string): MapEntry | undefined {
    const map = resolve(node);
    if (map?.kind !== 'map') return undefined;
    let entries = this.#entries.get(map);
    if (entries === undefined) {
      entries = new Map(entriesOf(map).map(entry => [entry.key.source, entry]));
      this.#entries.set(map, entries);
    }
    return entries.get(name);
  }

  /** The node under a JSON pointer. */
  follow(
    pointer: string,
  ): { node: YamlNode; entry: MapEntry | undefined; object: MapNode | undefined; path: Step[] } | undefined {
    let node: YamlNode = this.#root;
    let entry: MapEntry | undefined;
    let object: MapNode | undefined;
    const path: Step[] = [];
    for (const part of pointer.split('/').slice(1)) {
      const name = part.replaceAll('~1', '/').replaceAll('~0', '~');
      const parent = resolve(node);
      if (parent?.kind === 'map') {
        object = parent;
        entry = this.entry(parent, name);
        if (entry === undefined) return undefined;
        path.push(name);
        node = entry.value;
      } else if (parent?.kind === 'seq') {
        const item: YamlNode | undefined = parent.items[Number(name)];
        if (item === undefined) return undefined;
        path.push(Number(name));
        entry = undefined;
        node = item;
      } else return undefined;
    }
    return { node, entry, object, path };
  }
}

/**
 * The plain value of a tree: aliases and merge keys expanded, the last of duplicate keys.
 *
 * @param instead values of nodes that are not read
 */
export function plainValue(node: YamlNode | undefined, instead?: ReadonlyMap<YamlNode, unknown>): unknown {
  const resolved = resolve(node);
  if (resolved === undefined) return null;
  if (resolved.kind === 'scalar') return resolved.value;
  if (instead?.has(resolved) === true) return instead.get(resolved);
  if (resolved.kind === 'seq') return resolved.items.map(item => plainValue(item, instead));
  const result: Record<string, unknown> = {};
  for (const { key, value } of entriesOf(resolved)) {
    const plain = plainValue(value, instead);
    if (key.source !== '__proto__') result[key.source] = plain;
    else {
      // It must stay a key.
      const property = { value: plain, enumerable: true, configurable: true, writable: true };
      Object.defineProperty(result, key.source, property);
    }
  }
  return result;
}
