import type { TypedResource } from '../../model/decode.ts';
import { type KindFact, kindOf } from '../../schema/facts.ts';
import { type Place, placeAt } from '../../schema/walk.ts';
import type { FileId } from '../../text/range.ts';
import type { Snapshot } from '../../workspace/snapshot.ts';
import { type Cursor, cursorAt } from '../../yaml/cursor.ts';
import type { YamlDocument } from '../../yaml/document.ts';
import type { Step } from '../../yaml/node.ts';
import { envoyPlace, envoyView, isInEnvoyValue, PATCH_DEPTH, VALUE_DEPTH } from '../envoy-place.ts';
import { type Layout, layoutOf } from './layout.ts';

/** A place at which something is to be completed, and what is known of it. */
export interface Context {
  readonly snapshot: Snapshot;
  readonly document: YamlDocument;
  /** Offset of the document in the file. */
  readonly base: number;
  /** Offset of the place in the document. */
  readonly offset: number;
  readonly cursor: Cursor;
  readonly layout: Layout;
  /** The Kubernetes object around the place: its root keys with the values that stand on one line. */
  readonly object: ReadonlyMap<string, string>;
  /** Keys and (uncounted) indices from the root of the object to the place. */
  readonly path: readonly Step[];
  readonly status: ObjectStatus;
  /** Istio's facts of the object; `undefined` unless the status is `istio`. */
  readonly kind: KindFact | undefined;
  /** What the schema says of the place. */
  readonly place: Place | undefined;
  /** The object as far as the tree has it. */
  readonly resource: TypedResource | undefined;
  /** Its namespace, or the one that the settings assume. */
  readonly namespace: string;
}

/**
 * `istio`: of a kind that we know. `open`: may still become one. `kubernetes`: of a kind that is not Istio's.
 * `foreign`: no Kubernetes object.
 */
export type ObjectStatus = 'istio' | 'open' | 'kubernetes' | 'foreign';

/** @returns `undefined` where nothing is to be completed */
export function contextAt(snapshot: Snapshot, file: FileId, fileOffset: number): Context | undefined {
  const source = snapshot.file(file);
  const placed = source?.documentAt(fileOffset);
  if (source === undefined || placed === undefined) return undefined;
  const { document, offset: base } = placed;
  const offset = fileOffset - base;
  const cursor = cursorAt(document.text, offset);
  if (cursor === undefined) return undefined;
  const { depth, keys } = objectAround(cursor);
  const path = cursor.path.slice(depth);
  // The key of the value that is being written counts as being there.
  const object = path.length === 1 && cursor.place === 'value' ? new Map([...keys, [String(path[0]), '']]) : keys;
  const kind = kindOfObject(snapshot, object);
  const resource = resourceAround(source.resourcesOf(document) ?? [], offset);
  const isEnvoys = isInEnvoyValue(kind?.kind, path);
  return {
    snapshot: isEnvoys ? envoyView(snapshot) : snapshot,
    document,
    base,
    offset,
    cursor,
    layout: layoutOf(document.text),
    object,
    path,
    status: kind !== undefined ? 'istio' : statusOf(object, path),
    kind,
    place: isEnvoys
      ? placeInPatch(snapshot, cursor, depth, path)
      : kind === undefined
        ? undefined
        : placeAt(snapshot.schemas.facts, kind.type, path),
    resource,
    namespace: resource?.namespace || namespaceIn(document.text) || snapshot.settings.defaultNamespace,
  };
}

/** What Envoy's message has at a place below `patch.value`. */
function placeInPatch(snapshot: Snapshot, { levels }: Cursor, depth: number, path: readonly Step[]): Place | undefined {
  const valueAt = (steps: number, key: string): string | undefined =>
    levels.find(level => level.depth === depth + steps)?.keys.get(key);
  const applyTo = valueAt(PATCH_DEPTH, 'applyTo');
  return envoyPlace(snapshot, path, applyTo, steps => valueAt(VALUE_DEPTH + steps, '@type'));
}

/** The map that is the object: the root, or an item of a `kind: List`. */
function objectAround({ levels, path }: Cursor): {
  readonly depth: number;
  readonly keys: ReadonlyMap<string, string>;
} {
  const lists = levels.filter(({ depth }) =>
    path.slice(0, depth).every((step, index) => step === (index % 2 === 0 ? 'items' : 0)),
  );
  const inner = lists.findLast(({ depth }) => depth % 2 === 0);
  return inner ?? { depth: 0, keys: new Map() };
}

/** The kind of an object. While it has no `apiVersion`, its name is enough: no two kinds of Istio's share one. */
function kindOfObject({ schemas }: Snapshot, object: ReadonlyMap<string, string>): KindFact | undefined {
  const kind = object.get('kind') ?? '';
  const apiVersion = object.get('apiVersion') ?? '';
  if (apiVersion !== '') return kindOf(schemas.facts, apiVersion, kind);
  return schemas.facts.kinds.find(fact => fact.kind === kind);
}

const ROOT_KEYS: readonly string[] = ['apiVersion', 'kind', 'metadata', 'spec', 'status', 'items', '<<'];

function statusOf(object: ReadonlyMap<string, string>, path: readonly Step[]): ObjectStatus {
  const [first] = path;
  const keys = first === undefined ? [...object.keys()] : [...object.keys(), String(first)];
  const kind = object.get('kind') ?? '';
  const apiVersion = object.get('apiVersion') ?? '';
  if (kind !== '' && apiVersion !== '') return 'kubernetes';
  if (!keys.every(key => ROOT_KEYS.includes(key))) return kind === '' && apiVersion === '' ? 'foreign' : 'kubernetes';
  if (kind !== '') return 'kubernetes';
  return apiVersion === '' || apiVersion.includes('istio.io') || !/^(\w+\/)?v\d/.test(apiVersion)
    ? 'open'
    : 'kubernetes';
}

function resourceAround(resources: readonly TypedResource[], offset: number): TypedResource | undefined {
  if (resources.length === 1) return resources[0];
  const inside = resources.findLast(({ at }) => at.start <= offset && offset <= at.end);
  return inside ?? resources.findLast(({ at }) => at.start <= offset);
}

/** The namespace that a text seems to name, for documents that do not parse. */
function namespaceIn(text: string): string | undefined {
  return /^metadata:[^\n]*(?:\n(?:[ \t].*)?)*?[\n{,][ \t]*namespace:[ \t]*["']?([a-z0-9-]+)/m.exec(text)?.[1];
}

/** The value of a key in the innermost map around the place that has it. */
export function nearest({ cursor }: Context, key: string): string | undefined {
  const value = cursor.levels.findLast(({ keys }) => keys.has(key))?.keys.get(key);
  return value === '' ? undefined : value;
}

/** The value of a key of the map at the place itself. */
export function sibling({ cursor }: Context, key: string): string | undefined {
  const value = cursor.levels.at(-1)?.keys.get(key);
  return value === '' ? undefined : value;
}
