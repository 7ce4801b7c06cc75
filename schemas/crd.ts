/** Turns Istio's CRD file into facts. Knows the structure of CRDs and of the overlay; carries no description over. */

import {
  type Facts,
  type FieldFact,
  type KindFact,
  type Meaning,
  type Shape,
  type TypeFact,
  VALUE_MEANINGS,
  type ValueMeaning,
} from '../server/src/schema/facts.ts';
import { type CelRules, celHash } from './cel.ts';

/** What `overlay.yaml` says of one field: a type name, a meaning, or both. */
export type OverlayField = string | (Meaning & { readonly type?: string });
/** `overlay.yaml`: type name → field name → what it is. */
export type Overlay = Readonly<Record<string, Readonly<Record<string, OverlayField>>>>;

/** The parts of a CRD document that are read. */
export interface Crd {
  readonly kind: 'CustomResourceDefinition';
  readonly spec: {
    readonly group: string;
    readonly names: { readonly kind: string; readonly plural: string; readonly shortNames?: readonly string[] };
    readonly versions: readonly {
      readonly name: string;
      readonly served: boolean;
      readonly storage: boolean;
      readonly schema: { readonly openAPIV3Schema: OpenApi };
    }[];
  };
}

interface OpenApi {
  readonly type?: string;
  readonly properties?: Readonly<Record<string, OpenApi>>;
  readonly additionalProperties?: OpenApi | boolean;
  readonly items?: OpenApi;
  readonly required?: readonly string[];
  readonly enum?: readonly string[];
  readonly oneOf?: readonly OpenApi[];
  readonly anyOf?: readonly OpenApi[];
  readonly allOf?: readonly OpenApi[];
  readonly nullable?: boolean;
  readonly format?: string;
  readonly pattern?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly minProperties?: number;
  readonly maxProperties?: number;
  readonly 'x-kubernetes-preserve-unknown-fields'?: boolean;
  readonly 'x-kubernetes-int-or-string'?: boolean;
  readonly 'x-kubernetes-list-map-keys'?: readonly string[];
  readonly 'x-kubernetes-validations'?: readonly { readonly rule: string }[];
}

/** What the overlay does not decide, one sentence each; empty when it is complete. */
export type Gaps = string[];

const METADATA_TYPE = 'ObjectMeta';

/**
 * @param crds the CRD documents of one Istio version
 * @param overlay names of types and meanings of fields
 * @param source where the CRDs come from, kept in the facts
 * @returns the facts, every place where CRDs and overlay do not fit together, and the rules in CEL with their texts by hash
 */
export function factsOf(
  crds: readonly Crd[],
  overlay: Overlay,
  source: string,
): { facts: Facts; gaps: Gaps; cel: CelRules; celTexts: ReadonlyMap<string, string> } {
  const gaps: Gaps = [];
  const cel: Record<string, string[]> = {};
  const celTexts = new Map<string, string>();
  const noteRules = (schema: OpenApi, place: string): void => {
    for (const { rule } of schema['x-kubernetes-validations'] ?? []) {
      const hash = celHash(rule);
      celTexts.set(hash, rule);
      const known = cel[place] ?? [];
      cel[place] = known.includes(hash) ? known : [...known, hash].sort();
    }
  };
  const types: Record<string, TypeFact> = { [METADATA_TYPE]: metadataType(overlay, gaps) };

  const objectType = (schema: OpenApi, place: string, named: string | undefined): string => {
    if (named === undefined) gaps.push(`${place}: no type name in the overlay`);
    const name = named ?? place;
    noteRules(schema, name);
    const fact = typeFact(schema, name);
    const known = types[name];
    if (known === undefined) types[name] = fact;
    else if (JSON.stringify(known) !== JSON.stringify(fact))
      gaps.push(`${place}: differs from other places of ${name}`);
    return name;
  };

  const shape = (schema: OpenApi, place: string, named: string | undefined): Shape => {
    // Those of an object are noted with its type.
    if (schema.properties === undefined) noteRules(schema, place);
    const nullable = schema.nullable === true ? { nullable: true as const } : {};
    if (schema['x-kubernetes-int-or-string'] === true) return { type: 'intOrString', ...nullable };
    if (schema['x-kubernetes-preserve-unknown-fields'] === true && schema.properties === undefined) {
      return { type: 'any', ...nullable };
    }
    switch (schema.type) {
      case 'string':
        return {
          type: 'string',
          ...pick(schema, ['format', 'pattern', 'minLength', 'maxLength']),
          ...(schema.enum === undefined ? {} : { enum: [...schema.enum] }),
          ...nullable,
        };
      case 'integer':
      case 'number':
        return { type: schema.type, ...pick(schema, ['format', 'minimum', 'maximum']), ...nullable };
      case 'boolean':
        return { type: 'boolean', ...nullable };
      case 'array': {
        const uniqueBy = schema['x-kubernetes-list-map-keys']?.[0];
        return {
          type: 'array',
          items: shape(schema.items ?? {}, `${place}[]`, named),
          ...pick(schema, ['minItems', 'maxItems']),
          ...(uniqueBy === undefined ? {} : { uniqueBy }),
          ...nullable,
        };
      }
      case 'object':
        if (schema.properties !== undefined)
          return { type: 'object', ref: objectType(schema, place, named), ...nullable };
        if (typeof schema.additionalProperties === 'object') {
          const values = shape(schema.additionalProperties, `${place}{}`, named);
          return { type: 'map', values, ...pick(schema, ['minProperties', 'maxProperties']), ...nullable };
        }
        // An object without properties (`status` of old kinds, `matchLabels: {}`) says nothing of its content.
        return { type: 'any', ...nullable };
      default:
        gaps.push(`${place}: type ${String(schema.type)} is not understood`);
        return { type: 'any' };
    }
  };

  const typeFact = (schema: OpenApi, name: string): TypeFact => {
    const decided = overlay[name] ?? {};
    const fields: Record<string, FieldFact> = {};
    for (const [field, child] of Object.entries(schema.properties ?? {})) {
      const place = `${name}.${field}`;
      const says = decided[field];
      if (says === undefined) gaps.push(`${place}: not in the overlay`);
      const fieldShape = shape(child, place, typeName(says, overlay));
      const meaning = meaningOf(says, overlay);
      for (const word of [meaning.key, meaning.value]) {
        if (word !== undefined && !VALUE_MEANINGS.includes(word)) gaps.push(`${place}: “${word}” is no meaning`);
      }
      if (isDuration(child) && meaning.value !== 'duration') gaps.push(`${place}: is a duration`);
      fields[field] = { ...fieldShape, ...meaning };
    }
    for (const field of Object.keys(decided)) {
      if (schema.properties?.[field] === undefined) gaps.push(`${name}.${field}: is in the overlay, not in the CRD`);
    }
    const groups = oneOfGroups(schema);
    return {
      fields,
      ...(schema.required === undefined ? {} : { required: [...schema.required] }),
      ...(groups.length === 0 ? {} : { oneOf: groups }),
    };
  };

  const kinds = crds.map(crd => kindFact(crd, overlay, objectType, types, gaps));
  for (const name of Object.keys(overlay))
    if (types[name] === undefined) gaps.push(`${name}: the CRDs have no such type`);
  return { facts: { source, kinds, types: sorted(types) }, gaps, cel: sorted(cel), celTexts };
}

function kindFact(
  crd: Crd,
  overlay: Overlay,
  objectType: (schema: OpenApi, place: string, named: string | undefined) => string,
  types: Record<string, TypeFact>,
  gaps: Gaps,
): KindFact {
  const { group, names, versions } = crd.spec;
  const served = versions.filter(v => v.served);
  const storage = served.find(v => v.storage) ?? served[0];
  if (storage === undefined) throw new Error(`${names.kind}: no served version`);
  const schema = storage.schema.openAPIV3Schema;
  for (const other of served) {
    if (withoutDescriptions(other.schema) !== withoutDescriptions(storage.schema)) {
      gaps.push(`${names.kind}: version ${other.name} has a schema of its own`);
    }
  }
  const spec = schema.properties?.['spec'];
  const status = schema.properties?.['status'];
  if (spec === undefined) throw new Error(`${names.kind}: no spec`);
  types[names.kind] = {
    fields: {
      apiVersion: { type: 'string', enum: served.map(v => `${group}/${v.name}`) },
      kind: { type: 'string', enum: [names.kind] },
      metadata: { type: 'object', ref: METADATA_TYPE },
      spec: {
        type: 'object',
        ref: objectType(spec, `${names.kind}.spec`, typeName(overlay[names.kind]?.['spec'], overlay)),
      },
      ...(status === undefined ? {} : { status: { type: 'any' } as const }),
    },
    required: ['apiVersion', 'kind', 'metadata', ...(schema.required ?? [])],
  };
  return {
    group,
    kind: names.kind,
    plural: names.plural,
    shortNames: [...(names.shortNames ?? [])],
    versions: served.map(v => ({ name: v.name, storage: v.storage })),
    type: names.kind,
  };
}

/** Kubernetes' own metadata: not part of a CRD. Only what people write or see is listed; the rest is tolerated. */
function metadataType(overlay: Overlay, gaps: Gaps): TypeFact {
  const decided = overlay[METADATA_TYPE] ?? {};
  const text: Shape = { type: 'string' };
  const map: Shape = { type: 'map', values: text };
  const shapes: Record<string, Shape> = {
    name: { type: 'string', minLength: 1, maxLength: 253 },
    generateName: text,
    namespace: text,
    labels: map,
    annotations: map,
    creationTimestamp: { type: 'string', nullable: true },
    finalizers: { type: 'array', items: text },
    generation: { type: 'integer' },
    managedFields: { type: 'any' },
    ownerReferences: { type: 'any' },
    resourceVersion: text,
    selfLink: text,
    uid: text,
    deletionTimestamp: text,
    deletionGracePeriodSeconds: { type: 'integer' },
  };
  const fields: Record<string, FieldFact> = {};
  for (const [name, shape] of Object.entries(shapes)) {
    if (decided[name] === undefined) gaps.push(`${METADATA_TYPE}.${name}: not in the overlay`);
    fields[name] = { ...shape, ...meaningOf(decided[name], overlay) };
  }
  return { fields };
}

/** “At most one of”, which Istio writes as a oneOf whose first branch is “none of them”. */
function oneOfGroups(schema: OpenApi): string[][] {
  const groups: string[][] = [];
  for (const part of [schema, ...(schema.allOf ?? [])]) {
    if (part.oneOf === undefined) continue;
    groups.push(part.oneOf.flatMap(branch => branch.required ?? []));
  }
  return groups.filter(group => group.length > 1);
}

function isDuration(schema: OpenApi): boolean {
  return (schema['x-kubernetes-validations'] ?? []).some(v => v.rule.startsWith('duration(self)'));
}

/** A word of the overlay is a type name if a type of that name is described there, else a meaning. */
function typeName(says: OverlayField | undefined, overlay: Overlay): string | undefined {
  const word = typeof says === 'string' ? says : says?.type;
  return word !== undefined && overlay[word] !== undefined ? word : undefined;
}

/** Words that say nothing beyond the type itself. */
const SILENT: readonly string[] = ['plain', 'flag', 'choice', 'any'];

function meaningOf(says: OverlayField | undefined, overlay: Overlay): Meaning {
  if (says === undefined || typeName(says, overlay) === says) return {};
  const { type: _type, ...meaning } =
    typeof says === 'string' ? { value: says as ValueMeaning, type: undefined } : says;
  const kept = Object.entries(meaning).filter(([, word]) => !SILENT.includes(word));
  return Object.fromEntries(kept);
}

function pick<T extends object, K extends keyof T>(from: T, keys: readonly K[]): { [P in K]?: NonNullable<T[P]> } {
  const result: { [P in K]?: NonNullable<T[P]> } = {};
  for (const key of keys) {
    const value = from[key];
    if (value !== undefined && value !== null) result[key] = value;
  }
  return result;
}

function sorted<T>(record: Readonly<Record<string, T>>): Record<string, T> {
  return Object.fromEntries(Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1)));
}

function withoutDescriptions(value: unknown): string {
  return JSON.stringify(value, (key, v) => (key === 'description' && typeof v === 'string' ? undefined : v));
}
