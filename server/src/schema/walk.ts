import { isCut } from '../yaml/blocks.ts';
import { effectiveEntriesOf, type MapEntry, type MapNode, resolve, type Step, type YamlNode } from '../yaml/node.ts';
import { type Facts, type FieldFact, fieldOf, type Shape } from './facts.ts';

/** A value of the document beside what the schema says of it. */
export interface Visit {
  readonly node: YamlNode;
  /** The shape of this very value: of the entry of a list or map, not of the list. */
  readonly shape: Shape;
  /** The field that the value belongs to, with its meanings. */
  readonly field: FieldFact;
  readonly fieldName: string;
  /** Type that has the field. */
  readonly type: string;
  /** The entry whose value this is; `undefined` for an item of a list. */
  readonly entry: MapEntry | undefined;
  /** The object that has the field. */
  readonly object: MapNode;
  /** The value is that of a key of a map field (a header, a label). */
  readonly inMap: boolean;
  /** Keys and indices from the root of the object. */
  readonly path: readonly Step[];
}

/** Which values a walk is for. */
export type Wanted = (field: FieldFact, shape: Shape) => boolean;

/**
 * Walks a tree and the schema of its type together, parents first. Values whose shape does not fit, and everything
 * below free content, are not entered.
 *
 * @param wanted tells by the schema alone what is to be visited, so that nothing is made for all the rest
 * @returns the visits in the order of the schema walk; own entries of a map before those that merge keys bring in
 */
export function walk(facts: Facts, node: YamlNode | undefined, type: string, wanted: Wanted = ALL): readonly Visit[] {
  const visits: Visit[] = [];
  walkObject({ facts, wanted, busy: busyFields(facts, wanted), visits }, node, type, undefined);
  return visits;
}

const ALL: Wanted = () => true;

interface Walk {
  readonly facts: Facts;
  readonly wanted: Wanted;
  readonly busy: BusyFields;
  readonly visits: Visit[];
}

/** The way to a value, the last step first. */
interface Trail {
  readonly step: Step;
  readonly before: Trail | undefined;
}

function walkObject(walk: Walk, node: YamlNode | undefined, type: string, trail: Trail | undefined): void {
  const map = resolve(node);
  if (map?.kind !== 'map') return;
  const fields = walk.busy(type);
  if (fields.size === 0) return;
  for (const entry of effectiveEntriesOf(map)) {
    const fieldName = entry.key.source;
    const field = fields.get(fieldName);
    if (field === undefined) continue;
    const owner = { field, fieldName, type, object: map };
    walkValue(walk, entry.value, field, owner, entry, false, { step: fieldName, before: trail });
  }
}

/** The fields of a type at or below which something is wanted. */
type BusyFields = (type: string) => ReadonlyMap<string, FieldFact>;

const busyByWanted = new WeakMap<Wanted, { readonly facts: Facts; readonly fields: BusyFields }>();

function busyFields(facts: Facts, wanted: Wanted): BusyFields {
  const known = busyByWanted.get(wanted);
  if (known?.facts === facts) return known.fields;
  const byType = new Map<string, ReadonlyMap<string, FieldFact>>();
  const isBusy = (field: FieldFact, shape: Shape, inside: readonly string[]): boolean => {
    if (wanted(field, shape)) return true;
    if (shape.type === 'array') return isBusy(field, shape.items, inside);
    if (shape.type === 'map') return isBusy(field, shape.values, inside);
    if (shape.type !== 'object' || inside.includes(shape.ref)) return false;
    const { fields = {} } = facts.types[shape.ref] ?? {};
    return Object.values(fields).some(inner => isBusy(inner, inner, [...inside, shape.ref]));
  };
  const fields: BusyFields = type => {
    const before = byType.get(type);
    if (before !== undefined) return before;
    const all = Object.entries(facts.types[type]?.fields ?? {});
    const busy = new Map(all.filter(([, field]) => isBusy(field, field, [])));
    byType.set(type, busy);
    return busy;
  };
  busyByWanted.set(wanted, { facts, fields });
  return fields;
}

type Owner = Pick<Visit, 'field' | 'fieldName' | 'type' | 'object'>;

function visitOf(
  { field, fieldName, type, object }: Owner,
  node: YamlNode,
  shape: Shape,
  entry: MapEntry | undefined,
  inMap: boolean,
  trail: Trail,
): Visit {
  return { node, shape, field, fieldName, type, entry, object, inMap, path: pathOf(trail) };
}

function walkValue(
  walk: Walk,
  node: YamlNode,
  shape: Shape,
  owner: Owner,
  entry: MapEntry | undefined,
  inMap: boolean,
  trail: Trail,
): void {
  if (walk.wanted(owner.field, shape)) walk.visits.push(visitOf(owner, node, shape, entry, inMap, trail));
  const value = resolve(node);
  if (value === undefined) return;
  if (shape.type === 'object') walkObject(walk, value, shape.ref, trail);
  else if (shape.type === 'array' && value.kind === 'seq') {
    const isLong = isCut(value) && !inMap;
    value.items.forEach((item, step) => {
      const way = { step, before: trail };
      const map = isLong && shape.items.type === 'object' ? resolve(item) : undefined;
      if (map?.kind !== 'map') walkValue(walk, item, shape.items, owner, undefined, inMap, way);
      else if (shape.items.type === 'object') {
        if (walk.wanted(owner.field, shape.items))
          walk.visits.push(visitOf(owner, item, shape.items, undefined, inMap, way));
        walkKept(walk, map, shape.items.ref, way);
      }
    });
  } else if (shape.type === 'map' && value.kind === 'map') {
    for (const inner of effectiveEntriesOf(value)) {
      walkValue(walk, inner.value, shape.values, owner, inner, true, { step: inner.key.source, before: trail });
    }
  }
}

interface Walked extends Omit<Walk, 'visits' | 'busy'> {
  readonly type: string;
  readonly path: readonly Step[];
  readonly visits: readonly Visit[];
}

const walked = new WeakMap<MapNode, Walked>();

/** Walks an item of a long list, or takes what it has found before: the item is the same object while it stays the same. */
function walkKept({ facts, wanted, busy, visits }: Walk, item: MapNode, type: string, trail: Trail): void {
  const path = pathOf(trail);
  let before = walked.get(item);
  if (before?.facts !== facts || before.wanted !== wanted || before.type !== type) {
    const found: Visit[] = [];
    walkObject({ facts, wanted, busy, visits: found }, item, type, trail);
    before = { facts, wanted, type, path, visits: found };
    walked.set(item, before);
  } else if (!path.every((step, index) => before?.path[index] === step)) {
    const moved = before.visits.map(visit => ({ ...visit, path: [...path, ...visit.path.slice(path.length)] }));
    before = { facts, wanted, type, path, visits: moved };
    walked.set(item, before);
  }
  for (const visit of before.visits) visits.push(visit);
}

function pathOf(trail: Trail): readonly Step[] {
  const path: Step[] = [];
  for (let at: Trail | undefined = trail; at !== undefined; at = at.before) path.push(at.step);
  return path.reverse();
}

/** What may be written at a path, found without a tree. */
export interface Place {
  readonly shape: Shape;
  /** The field at the end of the path, or the field whose entry or item this is. */
  readonly field: FieldFact | undefined;
  readonly fieldName: string | undefined;
  /** Type that has the field. */
  readonly type: string | undefined;
  /** The path ends with a key of a map field. */
  readonly inMap: boolean;
}

/**
 * @param type the type of the object at the start of the path
 * @param path keys and indices
 * @returns `undefined` where the schema has nothing, for instance below free content
 */
export function placeAt(facts: Facts, type: string, path: readonly Step[]): Place | undefined {
  let place: Place = {
    shape: { type: 'object', ref: type },
    field: undefined,
    fieldName: undefined,
    type: undefined,
    inMap: false,
  };
  for (const step of path) {
    const { shape }: Place = place;
    if (shape.type === 'object') {
      const field = fieldOf(facts, shape.ref, String(step));
      if (field === undefined) return undefined;
      place = { shape: field, field, fieldName: String(step), type: shape.ref, inMap: false };
    } else if (shape.type === 'array') place = { ...place, shape: shape.items };
    else if (shape.type === 'map') place = { ...place, shape: shape.values, inMap: true };
    else return undefined;
  }
  return place;
}
