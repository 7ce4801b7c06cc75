import type { OtherResource, TypedResource } from '../model/decode.ts';
import { type Entry, Reader } from '../model/reader.ts';
import type { Located, Span } from '../text/range.ts';
import type { Index } from '../workspace/index.ts';
import { Fact } from '../workspace/reads.ts';
import { itemsOf, type MapNode } from '../yaml/node.ts';
import type { LabelList } from './workloads.ts';

/** What policies of the security, telemetry and extension groups have in common: whom they are for. */
export interface Policy {
  readonly resource: OtherResource;
  /** `matchLabels`; `undefined` without a selector. */
  readonly selector: LabelList | undefined;
  /** The key `selector`. */
  readonly selectorAt: Span | undefined;
  readonly targetRefs: readonly TargetRef[];
}

export interface TargetRef {
  readonly at: Span;
  readonly kind: Located<string> | undefined;
  readonly name: Located<string> | undefined;
}

/** Kinds whose policies have a selector. */
export type PolicyKind =
  | 'AuthorizationPolicy'
  | 'PeerAuthentication'
  | 'RequestAuthentication'
  | 'Telemetry'
  | 'WasmPlugin';

const decoded = new WeakMap<TypedResource, Policy>();

/** A resource read as a policy. */
export function policyOf(resource: OtherResource): Policy {
  const before = decoded.get(resource);
  if (before !== undefined) return before;
  const read = new Reader(resource.document);
  const { spec } = resource;
  const selector = read.map(spec, 'selector');
  const ref = (node: MapNode, at: Span): TargetRef => ({
    at,
    kind: read.string(node, 'kind'),
    name: read.string(node, 'name'),
  });
  const single = read.object(spec, 'targetRef', ref);
  const policy = {
    resource,
    selector: selector === undefined ? undefined : read.stringMap(selector, 'matchLabels'),
    selectorAt: read.keyAt(spec, 'selector'),
    targetRefs: [...(single === undefined ? [] : [single]), ...read.list(spec, 'targetRefs', ref)],
  };
  decoded.set(resource, policy);
  return policy;
}

/** A resource as a policy of a kind; `undefined` for any other. */
export function asPolicy(resource: TypedResource, kind: PolicyKind): Policy | undefined {
  return resource.type === 'Other' && resource.kind === kind && resource.group.endsWith('.istio.io')
    ? policyOf(resource)
    : undefined;
}

const byKind = new Map<PolicyKind, Fact<readonly Policy[]>>();

/** All policies of a kind in Pilot's order. */
export function policiesOf(index: Index, kind: PolicyKind): readonly Policy[] {
  const known =
    byKind.get(kind) ?? new Fact(made => made.all('Other').flatMap(resource => asPolicy(resource, kind) ?? []));
  byKind.set(kind, known);
  return index.fact(known);
}

/** It is for all workloads of its namespace; in the root namespace for all of the mesh. */
export function isForAll({ selector, targetRefs }: Policy): boolean {
  return (selector === undefined || selector.length === 0) && targetRefs.length === 0;
}

/** A rule of an AuthorizationPolicy. Every list that is written narrows it. */
export interface AuthorizationRule {
  readonly at: Span;
  readonly node: MapNode;
  readonly from: readonly Condition[];
  readonly to: readonly Condition[];
  readonly when: readonly {
    readonly at: Span;
    readonly key: Located<string> | undefined;
    readonly values: readonly Located<string>[];
    readonly notValues: readonly Located<string>[];
  }[];
}

/** A `source` or an `operation`: its fields must all hold, each with one of its values. */
export interface Condition {
  /** The list item. */
  readonly at: Span;
  readonly fields: readonly Entry<readonly Located<string>[]>[];
}

/** The action of an AuthorizationPolicy, as Istio takes it. */
export function actionOf({ resource }: Policy): { readonly value: string; readonly at: Span } {
  const written = new Reader(resource.document).string(resource.spec, 'action');
  return written === undefined ? { value: 'ALLOW', at: resource.kindAt } : { value: written.value, at: written };
}

const rules = new WeakMap<TypedResource, readonly AuthorizationRule[]>();

export function authorizationRules({ resource }: Policy): readonly AuthorizationRule[] {
  const before = rules.get(resource);
  if (before !== undefined) return before;
  const read = new Reader(resource.document);
  const made = read.list(
    resource.spec,
    'rules',
    (node, at): AuthorizationRule => ({
      at,
      node,
      from: read.list(node, 'from', (item, itemAt) => condition(read, item, itemAt, 'source')),
      to: read.list(node, 'to', (item, itemAt) => condition(read, item, itemAt, 'operation')),
      when: read.list(node, 'when', (item, itemAt) => ({
        at: itemAt,
        key: read.string(item, 'key'),
        values: read.strings(item, 'values'),
        notValues: read.strings(item, 'notValues'),
      })),
    }),
  );
  rules.set(resource, made);
  return made;
}

function condition(read: Reader, item: MapNode, at: Span, key: 'source' | 'operation'): Condition {
  return { at, fields: read.entries(item, key, value => itemsOf(value).flatMap(node => read.asString(node) ?? [])) };
}
