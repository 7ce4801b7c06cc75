import type { TypedResource } from '../model/decode.ts';
import type { FieldDoc } from '../schema/documentation.ts';
import { type KindFact, kindOf } from '../schema/facts.ts';
import { type Place, placeAt } from '../schema/walk.ts';
import type { FileId, TextRange } from '../text/range.ts';
import type { Snapshot } from '../workspace/snapshot.ts';
import type { YamlDocument } from '../yaml/document.ts';
import {
  child,
  type Location,
  locationAt,
  type MapNode,
  nodeAt,
  resolve,
  type SeqNode,
  type Step,
  stringOf,
  type YamlNode,
} from '../yaml/node.ts';
import { envoyPlace, envoyView, isInEnvoyValue, PATCH_DEPTH, VALUE_DEPTH } from './envoy-place.ts';

/** What a hover is asked about: the word, where it stands, and what the schema says of the place. */
export interface HoverPoint {
  readonly snapshot: Snapshot;
  readonly file: FileId;
  /** Offset in the file. */
  readonly fileOffset: number;
  readonly document: YamlDocument;
  /** Offset in the document. */
  readonly offset: number;
  readonly resource: TypedResource;
  /** Istio's facts of the kind; `undefined` for Kubernetes' own kinds. */
  readonly kind: KindFact | undefined;
  /** Keys and indices from the resource's root to the place. */
  readonly path: readonly Step[];
  /** `undefined` where the schema knows nothing. */
  readonly place: Place | undefined;
  readonly documentation: FieldDoc | undefined;
  /** `item`: on the dash of an entry of a sequence. */
  readonly on: 'key' | 'value' | 'item';
  /** The word: offsets of the document. */
  readonly at: TextRange;
  /** What the key stands for, or the value itself; aliases are followed. */
  readonly value: ReturnType<typeof resolve>;
  /** Maps and sequences around the word, outermost first. */
  readonly parents: readonly (MapNode | SeqNode)[];
}

/** @returns `undefined` outside of resources, on blanks and on comments */
export function hoverPoint(snapshot: Snapshot, id: FileId, fileOffset: number): HoverPoint | undefined {
  const file = snapshot.file(id);
  const placed = file?.documentAt(fileOffset);
  if (file === undefined || placed === undefined) return undefined;
  const { document } = placed;
  const offset = fileOffset - placed.offset;
  const location = locationAt(document.root, offset);
  if (location === undefined) return undefined;
  const resource = file
    .resourcesOf(document)
    ?.find(({ at, path }) => at.start <= offset && offset <= at.end && isPrefix(path, location.path));
  const word = resource === undefined ? undefined : wordAt(location, document.text, offset);
  if (resource === undefined || word === undefined) return undefined;
  const { facts } = snapshot.schemas;
  const kind = kindOf(facts, resource.apiVersion.value, resource.kind);
  const path = word.path.slice(resource.path.length);
  const isEnvoys = kind !== undefined && isInEnvoyValue(kind.kind, path) && path.length > VALUE_DEPTH;
  const view = isEnvoys ? envoyView(snapshot) : snapshot;
  const place = isEnvoys
    ? placeInPatch(snapshot, resource, path)
    : kind === undefined
      ? undefined
      : placeAt(facts, kind.type, path);
  const documentation =
    place?.type === undefined ? undefined : view.schemas.documentation()[place.type]?.fields[place.fieldName ?? ''];
  return {
    snapshot: view,
    file: id,
    fileOffset,
    document,
    offset,
    resource,
    kind,
    place,
    documentation,
    ...word,
    path,
    value: resolve(word.node),
  };
}

/** What Envoy's message has at a place below `patch.value`. */
function placeInPatch(snapshot: Snapshot, { node }: TypedResource, path: readonly Step[]): Place | undefined {
  const patch = nodeAt(node, path.slice(0, PATCH_DEPTH));
  return envoyPlace(snapshot, path, stringOf(child(patch, 'applyTo')), depth =>
    stringOf(child(nodeAt(node, path.slice(0, VALUE_DEPTH + depth)), '@type')),
  );
}

function isPrefix(short: readonly Step[], long: readonly Step[]): boolean {
  return short.every((step, index) => long[index] === step);
}

type Word = Pick<HoverPoint, 'on' | 'at' | 'path' | 'parents'> & { readonly node: YamlNode };

function wordAt({ node, onKey, path, parents }: Location, text: string, offset: number): Word | undefined {
  if (onKey !== undefined) return { on: 'key', at: onKey.key, path, parents, node: onKey.value };
  if (node.kind === 'scalar' || node.kind === 'alias') {
    return node.start === node.end ? undefined : { on: 'value', at: node, path, parents, node };
  }
  if (node.kind !== 'seq' || node.flow || text[offset] !== '-') return undefined;
  const index = node.items.findIndex(item => item.start > offset);
  const item = node.items[index];
  return item === undefined
    ? undefined
    : { on: 'item', at: { start: offset, end: offset + 1 }, path: [...path, index], parents, node: item };
}

/** The nth map around the word, counted from the inside; 0 is the one that has the key. */
export function mapAround({ parents }: HoverPoint, level: number): MapNode | undefined {
  return parents.filter(parent => parent.kind === 'map').at(-1 - level);
}

/** The name of the type of an object, or of the objects of a list. */
export function objectType({ place }: HoverPoint): string | undefined {
  const shape = place?.shape.type === 'array' ? place.shape.items : place?.shape;
  return shape?.type === 'object' ? shape.ref : undefined;
}
