/**
 * Facts of the Istio kinds: what may be written where.
 *
 * They are generated from Istio's CRDs (`schemas/generate.ts`), contain none of Istio's descriptions, and are
 * passed in by the entry points; nothing in the core loads them.
 */

/** All facts of one Istio version. */
export interface Facts {
  /** Where they come from, e.g. `crd-all.gen.yaml sha256:…`. */
  readonly source: string;
  readonly kinds: readonly KindFact[];
  /** Object types by name. Names are Istio's message names (`HTTPRoute`) where Istio has one. */
  readonly types: Readonly<Record<string, TypeFact>>;
}

export interface KindFact {
  readonly group: string;
  readonly kind: string;
  /** Plural of the resource as `kubectl` takes it, e.g. `virtualservices`. */
  readonly plural: string;
  readonly shortNames: readonly string[];
  readonly versions: readonly KindVersion[];
  /** Name of the object type of the whole document. */
  readonly type: string;
}

export interface KindVersion {
  readonly name: string;
  readonly storage: boolean;
}

export interface TypeFact {
  readonly fields: Readonly<Record<string, FieldFact>>;
  readonly required?: readonly string[];
  /** In each group at most one field may be set. */
  readonly oneOf?: readonly (readonly string[])[];
}

/** The shape of a value. */
export type Shape =
  | {
      readonly type: 'string';
      readonly enum?: readonly string[];
      readonly format?: string;
      readonly pattern?: string;
      readonly minLength?: number;
      readonly maxLength?: number;
      readonly nullable?: true;
    }
  | {
      readonly type: 'integer' | 'number';
      readonly format?: string;
      readonly minimum?: number;
      readonly maximum?: number;
      readonly nullable?: true;
    }
  | { readonly type: 'boolean'; readonly nullable?: true }
  | { readonly type: 'object'; readonly ref: string; readonly nullable?: true }
  | {
      readonly type: 'array';
      readonly items: Shape;
      readonly minItems?: number;
      readonly maxItems?: number;
      /** Entries must differ in this field. */
      readonly uniqueBy?: string;
      readonly nullable?: true;
    }
  | {
      readonly type: 'map';
      readonly values: Shape;
      readonly minProperties?: number;
      readonly maxProperties?: number;
      readonly nullable?: true;
    }
  /** Integer or string. */
  | { readonly type: 'intOrString'; readonly nullable?: true }
  /** Anything: what stands below is not ours to judge. */
  | { readonly type: 'any'; readonly nullable?: true };

/** What a scalar (or the keys of a map) means beyond its type. Complete for every field by test. */
export interface Meaning {
  /** Meaning of the value, or of each entry of an array or map of scalars. */
  readonly value?: ValueMeaning;
  /** Meaning of the keys of a map. */
  readonly key?: ValueMeaning;
  /** The field is old; the name of the field that replaces it, or empty if nothing does. */
  readonly deprecated?: string;
}

/** Every meaning, each with what it stands for. */
export const VALUE_MEANINGS = [
  'plain',
  // Go duration such as `1h30m` or `250ms`.
  'duration',
  // A host name as Pilot resolves it: a short name gets the namespace of the resource.
  'host',
  // A host, or a wildcard such as `*.example.com`.
  'hostPattern',
  // `namespace/host` as Gateways and Sidecars take it.
  'namespacedHost',
  // RE2, matching the whole value.
  'regex',
  // 0 to 100.
  'percent',
  'headerName',
  // Header value in which Envoy expands `%COMMAND%`.
  'headerValue',
  'httpStatus',
  'grpcStatus',
  'httpMethod',
  'port',
  'protocol',
  'retryOn',
  'namespace',
  'exportTo',
  'label',
  'labelValue',
  'ip',
  'cidr',
  'url',
  'path',
  'filePath',
  'locality',
  'subset',
  // A VirtualService's reference to a Gateway, or `mesh`.
  'gateway',
  'delegate',
  'secret',
  'serviceAccount',
  'provider',
  'resourceName',
  'cel',
] as const;
export type ValueMeaning = (typeof VALUE_MEANINGS)[number];

export type FieldFact = Shape & Meaning;

/** The kind facts of a document header, or `undefined` for anything that is not Istio's. */
export function kindOf(facts: Facts, apiVersion: string, kind: string): KindFact | undefined {
  const slash = apiVersion.indexOf('/');
  const group = slash < 0 ? '' : apiVersion.slice(0, slash);
  return facts.kinds.find(k => k.kind === kind && k.group === group);
}

/** A field of a type by its name, which may be any text of a user: `constructor` is no field. */
export function fieldOf(facts: Facts, type: string, name: string): FieldFact | undefined {
  const fields = facts.types[type]?.fields;
  return fields !== undefined && Object.hasOwn(fields, name) ? fields[name] : undefined;
}

/** The version that should be written: the newest stable one that is served. */
export function preferredVersion(kind: KindFact): string {
  const stable = kind.versions.filter(v => /^v\d+$/.test(v.name));
  const rank = (name: string): number => (/^v\d+$/.test(name) ? 2 : name.includes('beta') ? 1 : 0);
  const sorted = [...(stable.length > 0 ? stable : kind.versions)].sort((a, b) => rank(b.name) - rank(a.name));
  return sorted[0]?.name ?? 'v1';
}
