import type { ResourceType, TypedResource } from '../model/decode.ts';
import { byAge, keyOf } from '../model/resource.ts';
import { push } from '../text/push.ts';
import type { FileId } from '../text/range.ts';
import type { SourceFile } from './file.ts';
import { Layered } from './layered.ts';

/** The resources of one type. The same object as long as none of them changes. */
export interface TypeIndex {
  /** In Pilot's order; of equal age and name in the order of the files. */
  readonly all: readonly TypedResource[];
  /** By `namespace/name`, in the order of the files. */
  readonly byKey: Layered<readonly TypedResource[]>;
  /** How many there are in each namespace. */
  readonly counts: ReadonlyMap<string, number>;
}

type Files = ReadonlyMap<FileId, SourceFile>;
type Types = ReadonlyMap<ResourceType, TypeIndex>;

/** All resources by type; types of which nothing has changed, and most of the others, are those from before. */
export function typesOf(files: Files, before?: { readonly files: Files; readonly types: Types }): Types {
  if (before === undefined) return fold(files);
  const changed = changesBetween(before.files, files);
  if (changed === undefined) return fold(files);
  const types = new Map(before.types);
  const lost: ResourceType[] = [];
  for (const [type, { gone, come }] of changed) {
    const made = withChanges(types.get(type), gone, come);
    if (made === undefined) lost.push(type);
    else if (made.all.length === 0) types.delete(type);
    else types.set(type, made);
  }
  if (lost.length > 0) {
    const anew = fold(files);
    for (const type of lost) {
      const made = anew.get(type);
      if (made === undefined) types.delete(type);
      else types.set(type, made);
    }
  }
  return types;
}

function fold(files: Files): Types {
  const byType = new Map<ResourceType, TypedResource[]>();
  // Of equal names the order of files decides: not the order in which they happen to be read.
  for (const [, file] of [...files].sort(([a], [b]) => (a < b ? -1 : 1)))
    for (const resource of file.resources) push(byType, resource.type, resource);
  return new Map([...byType].map(([type, list]) => [type, indexOf(list)]));
}

/** @param list in the order of the files */
function indexOf(list: readonly TypedResource[]): TypeIndex {
  const byKey = new Map<string, TypedResource[]>();
  const counts = new Map<string, number>();
  for (const resource of list) {
    push(byKey, keyOf(resource), resource);
    counts.set(resource.namespace, (counts.get(resource.namespace) ?? 0) + 1);
  }
  return { all: list.toSorted(byAge), byKey: new Layered(byKey), counts };
}

interface Changes {
  readonly gone: TypedResource[];
  readonly come: TypedResource[];
}

/** More changed files than this, and everything is sorted anew. */
const FEW = 8;

/** `undefined` for many changes. */
function changesBetween(before: Files, after: Files): ReadonlyMap<ResourceType, Changes> | undefined {
  const pairs: (readonly [SourceFile | undefined, SourceFile | undefined])[] = [];
  for (const [id, file] of after) {
    const old = before.get(id);
    if (old !== file) pairs.push([old, file]);
    if (pairs.length > FEW) return undefined;
  }
  if (before.size !== after.size || pairs.some(([old]) => old === undefined))
    for (const [id, file] of before) if (!after.has(id)) pairs.push([file, undefined]);
  if (pairs.length > FEW) return undefined;
  const changes = new Map<ResourceType, Changes>();
  const of = (type: ResourceType): Changes => {
    const known = changes.get(type) ?? { gone: [], come: [] };
    changes.set(type, known);
    return known;
  };
  for (const [old, now] of pairs) {
    const [was, is] = [new Set(old?.resources), new Set(now?.resources)];
    for (const resource of was) if (!is.has(resource)) of(resource.type).gone.push(resource);
    for (const resource of is) if (!was.has(resource)) of(resource.type).come.push(resource);
  }
  return changes;
}

/** Takes resources out and puts others in; `undefined` where the order of files would decide between equal names. */
function withChanges(
  old: TypeIndex | undefined,
  gone: readonly TypedResource[],
  come: readonly TypedResource[],
): TypeIndex | undefined {
  const byKey = old?.byKey.copy() ?? new Layered<readonly TypedResource[]>();
  for (const resource of gone) {
    const key = keyOf(resource);
    if ((byKey.get(key)?.length ?? 0) > 1) return undefined;
    byKey.delete(key);
  }
  for (const resource of come) {
    const key = keyOf(resource);
    if (byKey.has(key)) return undefined;
    byKey.set(key, [resource]);
  }
  const counts = new Map(old?.counts);
  const count = ({ namespace }: TypedResource, by: number): void => {
    const number = (counts.get(namespace) ?? 0) + by;
    if (number === 0) counts.delete(namespace);
    else counts.set(namespace, number);
  };
  for (const resource of gone) count(resource, -1);
  for (const resource of come) count(resource, 1);
  const left = new Set(gone);
  const all = (old?.all ?? []).filter(resource => !left.has(resource));
  for (const resource of come) {
    let [low, high] = [0, all.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      const other = all[middle];
      if (other !== undefined && byAge(other, resource) < 0) low = middle + 1;
      else high = middle;
    }
    all.splice(low, 0, resource);
  }
  return { all, byKey, counts };
}
