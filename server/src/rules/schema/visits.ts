import type { TypedResource } from '../../model/decode.ts';
import type { VirtualService } from '../../model/virtual-service.ts';
import { type Facts, type FieldFact, kindOf, type Shape, type ValueMeaning } from '../../schema/facts.ts';
import { type Visit, walk } from '../../schema/walk.ts';
import { type MapNode, resolve } from '../../yaml/node.ts';
import type { Part } from '../per-route.ts';

const known = new WeakMap<TypedResource, readonly Visit[]>();

/** Every value of a resource beside its schema, walked once for all rules that look at single fields. */
export function visitsOf(resource: TypedResource, facts: Facts): readonly Visit[] {
  const before = known.get(resource);
  if (before !== undefined) return before;
  const kind = kindOf(facts, resource.apiVersion.value, resource.kind);
  const visits = kind === undefined ? [] : walk(facts, resource.node, kind.type, isOfInterest);
  known.set(resource, visits);
  return visits;
}

/** No rule asks for the visits of a resource any more: they are many, and made again at the next question. */
export function forgetVisits(resource: TypedResource): void {
  known.delete(resource);
}

/** The visits of a VirtualService for its parts, so that each part is not walked as the whole. */
export class VisitsOfParts {
  readonly #visits: readonly Visit[];
  /** Those of the HTTP rules, which stand in one row, rule after rule. */
  readonly #first: number;
  readonly #end: number;

  constructor(vs: VirtualService, facts: Facts) {
    const visits = visitsOf(vs, facts);
    let first = 0;
    while (first < visits.length && routeOf(visits[first]) === undefined) first++;
    let end = visits.length;
    while (end > first && routeOf(visits[end - 1]) === undefined) end--;
    this.#visits = visits;
    this.#first = first;
    this.#end = end;
  }

  /** Tells `visitsOf` what belongs to a part. */
  give({ resource, route }: Part): void {
    const own =
      route === undefined
        ? [...this.#visits.slice(0, this.#first), ...this.#visits.slice(this.#end)]
        : this.#visits.slice(this.#startOf(route.index), this.#startOf(route.index + 1));
    known.set(resource, own);
  }

  /** Where the visits of an HTTP rule begin, or would. */
  #startOf(index: number): number {
    let [low, high] = [this.#first, this.#end];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((routeOf(this.#visits[middle]) ?? 0) < index) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

/** The index of the HTTP rule that a visit is in. */
function routeOf(visit: Visit | undefined): number | undefined {
  const [spec, list, index] = visit?.path ?? [];
  return spec === 'spec' && list === 'http' && typeof index === 'number' ? index : undefined;
}

/** Only fields that some rule asks for are kept: of a thousand routes these are few. */
function isOfInterest(field: FieldFact, shape: Shape): boolean {
  return (
    (field.value !== undefined && VALUES.has(field.value)) ||
    field.deprecated !== undefined ||
    (shape.type === 'object' && OBJECTS.has(shape.ref)) ||
    (shape.type === 'array' && shape.uniqueBy !== undefined) ||
    (shape.type === 'map' && field.key !== undefined && KEYS.has(field.key)) ||
    (shape.type === 'string' && shape.enum !== undefined)
  );
}

/** Meanings of values that some rule judges. */
const VALUES: ReadonlySet<ValueMeaning> = new Set<ValueMeaning>([
  'duration',
  'regex',
  'percent',
  'port',
  'exportTo',
  'headerName',
]);

/** Meanings of keys that some rule judges. */
const KEYS: ReadonlySet<ValueMeaning> = new Set<ValueMeaning>(['label', 'headerName']);

/** Types whose objects some rule looks at as a whole. */
const OBJECTS: ReadonlySet<string> = new Set([
  'HTTPRetry',
  'HTTPSettings',
  'TCPSettings',
  'TrafficPolicy',
  'PortTrafficPolicy',
  'ConnectionPoolSettings',
  'LoadBalancerSettings',
  'ClientTLSSettings',
  'ServerTLSSettings',
]);

/** An object of a resource as a whole. */
export interface ObjectVisit extends Visit {
  readonly map: MapNode;
}

/** The objects of some types in a resource, in the order of the walk. */
export function objectsOf(resource: TypedResource, facts: Facts, ...types: readonly string[]): readonly ObjectVisit[] {
  const visits = visitsOf(resource, facts);
  let objects = knownObjects.get(visits);
  if (objects === undefined) {
    objects = objectsIn(visits);
    knownObjects.set(visits, objects);
  }
  return objects.filter(({ shape }) => shape.type === 'object' && types.includes(shape.ref));
}

const knownObjects = new WeakMap<readonly Visit[], readonly ObjectVisit[]>();

function objectsIn(visits: readonly Visit[]): readonly ObjectVisit[] {
  const objects: ObjectVisit[] = [];
  for (const visit of visits) {
    const map = visit.shape.type === 'object' ? resolve(visit.node) : undefined;
    if (map?.kind === 'map') objects.push({ ...visit, map });
  }
  return objects;
}
