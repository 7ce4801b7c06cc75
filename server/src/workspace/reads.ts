import type { ResourceType, TypedResource } from '../model/decode.ts';
import { byAge } from '../model/resource.ts';
import type { Index } from './index.ts';
import { Layered } from './layered.ts';
import type { EffectiveSettings } from './mesh-settings.ts';

/** Something that an index can be asked for, by a key or as a whole. */
export interface Source {
  answer(index: Index, key: string): unknown;
  /** The only type of resources whose lists play a part beside the settings. */
  readonly type?: ResourceType;
  /** Lists are the same only when they are one object. */
  readonly isExact?: boolean;
}

/**
 * What was read of an index, and what it answered. A conclusion that was drawn from these answers, and from nothing else,
 * holds in every index that gives the same ones.
 */
export class Reads {
  readonly #answers = new Map<Source, Map<string, unknown>>();
  /** The versions of the types in the last index in which they held, and in the last one in which they did not. */
  #heldIn: Versions | undefined;
  #failedIn: Versions | undefined;
  /** The types of all sources, where each has one. */
  #types: Set<ResourceType> | undefined = new Set();

  add(source: Source, key: string, answer: unknown): void {
    if (source.type === undefined) this.#types = undefined;
    else this.#types?.add(source.type);
    const known = this.#answers.get(source);
    if (known === undefined) this.#answers.set(source, new Map([[key, answer]]));
    else known.set(key, answer);
    this.#heldIn = undefined;
    this.#failedIn = undefined;
  }

  /** Takes in what others have read. */
  include(others: Reads): void {
    for (const [source, answers] of others.#answers) for (const [key, answer] of answers) this.add(source, key, answer);
  }

  /** All was read of this index. */
  hold({ versions }: Index): void {
    this.#heldIn = versions;
  }

  /** Whether an index gives the same answers. */
  holdIn(index: Index): boolean {
    const { versions } = index;
    if (this.#heldIn === versions) return true;
    if (this.#failedIn === versions) return false;
    const holds = this.#compare(index, this.#heldIn);
    if (holds) this.#heldIn = versions;
    else this.#failedIn = versions;
    return holds;
  }

  /** @param held where they held: what a type of the same version answers need not be compared */
  #compare(index: Index, held: Versions | undefined): boolean {
    const changed = held === undefined ? undefined : changedTypes(held, index.versions);
    if (changed !== undefined && this.#types !== undefined && areApart(changed, this.#types)) return true;
    for (const [source, answers] of this.#answers) {
      const { type } = source;
      if (type !== undefined && changed !== undefined && !changed.has(type)) continue;
      for (const [key, answer] of answers) if (!isSame(source, source.answer(index, key), answer)) return false;
    }
    return true;
  }
}

/** Stands for the state of an index: for each type the same object as before while nothing of it has changed. */
export interface Versions {
  readonly settings: EffectiveSettings;
  readonly types: ReadonlyMap<ResourceType, object>;
}

let lastCompared:
  | { readonly before: Versions; readonly after: Versions; readonly types: ReadonlySet<ResourceType> }
  | undefined;

/** The types that differ; `undefined` for all, as the settings do. Many ask for the same two versions in a row. */
function changedTypes(before: Versions, after: Versions): ReadonlySet<ResourceType> | undefined {
  if (before.settings !== after.settings) return undefined;
  if (lastCompared?.before === before && lastCompared.after === after) return lastCompared.types;
  const types = new Set([...before.types.keys(), ...after.types.keys()]);
  for (const type of types) if (before.types.get(type) === after.types.get(type)) types.delete(type);
  lastCompared = { before, after, types };
  return types;
}

function areApart(few: ReadonlySet<ResourceType>, others: ReadonlySet<ResourceType>): boolean {
  for (const type of few) if (others.has(type)) return false;
  return true;
}

/** Whether two answers are the same: one object, or lists of the same objects. */
function isSame({ isExact }: Source, a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (isExact === true || !Array.isArray(a) || !Array.isArray(b) || a.length !== b.length) return false;
  for (let at = 0; at < a.length; at++) if (a[at] !== b[at]) return false;
  return true;
}

/**
 * Something that is computed from a whole index and kept with it; the next index takes it over while what it was made
 * from is the same.
 */
export class Fact<T> implements Source {
  readonly make: (index: Index) => T;

  constructor(make: (index: Index) => T) {
    this.make = make;
  }

  /** The fact; there is no key. */
  answer(index: Index): unknown {
    return index.fact(this);
  }
}

type OfType<K extends ResourceType> = Extract<TypedResource, { type: K }>;

/** What a resource brings: values, each into the group of a key. */
export type Brings<R, V> = (resource: R, settings: EffectiveSettings) => Iterable<readonly [string, V]>;

/**
 * What the resources of a type bring, in groups by a key and in Pilot's order. Who reads one group does not depend on the
 * others, and what has not changed is not grouped again.
 */
export class Groups<V> implements Source {
  readonly type: ResourceType;
  readonly #brings: Brings<TypedResource, V>;

  private constructor(type: ResourceType, brings: Brings<TypedResource, V>) {
    this.type = type;
    this.#brings = brings;
  }

  /** @param brings tells by the resource and the settings alone */
  static of<K extends ResourceType, V>(type: K, brings: Brings<OfType<K>, V>): Groups<V> {
    return new Groups<V>(type, (resource, settings) => brings(resource as OfType<K>, settings));
  }

  answer(index: Index, key: string): unknown {
    return index.group(this, key);
  }

  /** @param all the resources of the type in Pilot's order */
  make(all: readonly TypedResource[], settings: EffectiveSettings): Grouped<V> {
    const groups = new Map<string, Group<V>>();
    for (const resource of all) {
      for (const [key, value] of this.#brings(resource, settings)) {
        const group = groups.get(key);
        if (group === undefined) groups.set(key, { owners: [resource], values: [value] });
        else {
          group.owners.push(resource);
          group.values.push(value);
        }
      }
    }
    return { all, settings, groups: new Layered(groups) };
  }

  /** The groups of another list, made from those before where few resources differ. */
  update(before: Grouped<V>, all: readonly TypedResource[], settings: EffectiveSettings): Grouped<V> {
    if (before.settings !== settings) return this.make(all, settings);
    const { gone, come, isMoved } = difference(this.type, before.all, all);
    if (isMoved || gone.size + come.length > MANY) return this.make(all, settings);
    const groups = before.groups.copy();
    const changed = new Map<string, { owner: TypedResource; value: V }[]>();
    const membersOf = (key: string): { owner: TypedResource; value: V }[] => {
      const known = changed.get(key);
      if (known !== undefined) return known;
      const { owners, values } = groups.get(key) ?? { owners: [], values: [] };
      const left = values.flatMap((value, at) => {
        const owner = owners[at];
        return owner === undefined || gone.has(owner) ? [] : [{ owner, value }];
      });
      changed.set(key, left);
      return left;
    };
    for (const resource of gone) for (const [key] of this.#brings(resource, settings)) membersOf(key);
    for (const owner of come)
      for (const [key, value] of this.#brings(owner, settings)) membersOf(key).push({ owner, value });
    for (const [key, members] of changed) {
      members.sort((a, b) => (a.owner === b.owner ? 0 : byAge(a.owner, b.owner)));
      // Of equal age and name the order of files decides, which is not known here.
      if (members.some(({ owner }, at) => at > 0 && isTied(members[at - 1]?.owner, owner)))
        return this.make(all, settings);
      if (members.length === 0) groups.delete(key);
      else groups.set(key, { owners: members.map(({ owner }) => owner), values: members.map(({ value }) => value) });
    }
    return { all, settings, groups };
  }
}

/** More changed resources than this, and everything is grouped anew. */
const MANY = 64;

function isTied(a: TypedResource | undefined, b: TypedResource): boolean {
  return a !== undefined && a !== b && byAge(a, b) === 0;
}

interface Group<V> {
  /** What brought the values. */
  readonly owners: TypedResource[];
  readonly values: V[];
}

/** Groups, and what they were made from. */
export interface Grouped<V> {
  readonly all: readonly TypedResource[];
  readonly settings: EffectiveSettings;
  readonly groups: Layered<Group<V>>;
}

interface Difference {
  /** What is only in the first list. */
  readonly gone: ReadonlySet<TypedResource>;
  /** What is only in the second one. */
  readonly come: readonly TypedResource[];
  /** What is in both stands in another order. */
  readonly isMoved: boolean;
}

/** The last ones, by type: an old list must not lead to all that came after it. */
const differences = new Map<
  ResourceType,
  { readonly before: readonly TypedResource[]; readonly after: readonly TypedResource[]; readonly found: Difference }
>();

/** How a list of a type differs from the one before; all groups of the type ask for the same. */
function difference(type: ResourceType, before: readonly TypedResource[], after: readonly TypedResource[]): Difference {
  const known = differences.get(type);
  if (known?.before === before && known.after === after) return known.found;
  const found = compared(before, after);
  differences.set(type, { before, after, found });
  return found;
}

function compared(before: readonly TypedResource[], after: readonly TypedResource[]): Difference {
  let start = 0;
  while (start < before.length && start < after.length && before[start] === after[start]) start++;
  let end = 0;
  const most = Math.min(before.length, after.length) - start;
  while (end < most && before[before.length - 1 - end] === after[after.length - 1 - end]) end++;
  const [old, now] = [before.slice(start, before.length - end), after.slice(start, after.length - end)];
  const [gone, come] = [new Set(old), new Set(now)];
  const kept = old.filter(resource => come.has(resource));
  const still = now.filter(resource => gone.has(resource));
  for (const resource of kept) {
    gone.delete(resource);
    come.delete(resource);
  }
  return { gone, come: [...come], isMoved: kept.some((resource, at) => resource !== still[at]) };
}
