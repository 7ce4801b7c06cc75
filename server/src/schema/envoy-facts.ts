import type { FieldFact, Shape, TypeFact } from './facts.ts';

/**
 * Facts of the messages of Envoy that stand in EnvoyFilters, generated from Envoy's protobuf definitions
 * (`schemas/envoy.ts`). Types are in the form of Istio's own facts, by the full name of the message, and fields by their
 * protobuf names. In the JSON of protobuf a field may be written in camelCase as well.
 */
export interface EnvoyFacts {
  readonly source: string;
  /** The message that `patch.value` is, by `applyTo`. */
  readonly applyTo: Readonly<Record<string, string>>;
  /** Messages that may stand behind `@type`, by place: `http`, `network`, `listener`, `other`. */
  readonly extensions: Readonly<Record<string, readonly string[]>>;
  readonly types: Readonly<Record<string, TypeFact>>;
  /** Which messages stand in which `.proto` file of Envoy's; its reference has a page for each. */
  readonly files: Readonly<Record<string, readonly string[]>>;
}

/** The type of a value that says by `@type` what it is. */
export const ANY = 'google.protobuf.Any';
/** What stands before the name of a message behind `@type`. */
export const TYPE_URL = 'type.googleapis.com/';

/** A field of a message, under its own name or in camelCase; with the name that the definition has. */
export function envoyField(
  facts: EnvoyFacts,
  type: string,
  name: string,
): { readonly name: string; readonly field: FieldFact } | undefined {
  const fields = facts.types[type]?.fields;
  if (fields === undefined) return undefined;
  const own = Object.hasOwn(fields, name) ? name : snakeCase(name);
  const field = Object.hasOwn(fields, own) && jsonName(own) === jsonName(name) ? fields[own] : undefined;
  return field === undefined ? undefined : { name: own, field };
}

/** `tokensPerFill` as the definition has it: `tokens_per_fill`. */
function snakeCase(name: string): string {
  return name.replace(/[A-Z]/g, letter => `_${letter.toLowerCase()}`);
}

/** A field's name in the JSON of protobuf: an underscore goes, and the letter behind it becomes a capital. */
export function jsonName(name: string): string {
  return name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase()).replace(/_/g, '');
}

/** The message that a type URL names, whatever host stands before its slash; `undefined` for a text without one. */
export function messageOfUrl(url: string): string | undefined {
  const slash = url.lastIndexOf('/');
  return slash < 0 || slash === url.length - 1 ? undefined : url.slice(slash + 1);
}

/** Finds the text of `@type` in the object at a depth of a path. */
export type TypeUrlAt = (depth: number) => string | undefined;

/** What may be written at a path within `patch.value`. */
export interface EnvoyPlace {
  readonly shape: Shape;
  /** The message that has the field. */
  readonly type: string | undefined;
  readonly fieldName: string | undefined;
  readonly field: FieldFact | undefined;
  readonly inMap: boolean;
}

/**
 * @param path keys and indices from `patch.value`
 * @param typeUrlAt the type URL in the object that stands `depth` steps below `patch.value`
 * @returns `undefined` where nothing is known: below free content, and below types that are not ours to judge
 */
export function envoyPlaceAt(
  facts: EnvoyFacts,
  root: string,
  path: readonly (string | number)[],
  typeUrlAt: TypeUrlAt,
): EnvoyPlace | undefined {
  let place: EnvoyPlace = {
    shape: { type: 'object', ref: root },
    type: undefined,
    fieldName: undefined,
    field: undefined,
    inMap: false,
  };
  for (const [depth, step] of path.entries()) {
    const { shape }: EnvoyPlace = place;
    if (shape.type === 'array') place = { ...place, shape: shape.items };
    else if (shape.type === 'map') place = { ...place, shape: shape.values, inMap: true };
    else if (shape.type === 'object') {
      const type = step === '@type' ? shape.ref : messageAt(shape.ref, typeUrlAt(depth));
      const found = type === undefined ? undefined : envoyField(facts, type, String(step));
      if (type === undefined || found === undefined) return undefined;
      place = { shape: found.field, type, fieldName: found.name, field: found.field, inMap: false };
    } else return undefined;
  }
  const { shape } = place;
  if (shape.type !== 'object') return place;
  const type = messageAt(shape.ref, typeUrlAt(path.length));
  return {
    ...place,
    shape: { type: 'object', ref: type === undefined || facts.types[type] === undefined ? ANY : type },
  };
}

function messageAt(ref: string, url: string | undefined): string | undefined {
  if (ref !== ANY) return ref;
  return url === undefined ? undefined : messageOfUrl(url);
}
