/**
 * Typed resources in which every value knows its place.
 *
 * This layer knows what one file says; it does not look at another file, and has no opinion on what is wrong.
 */

import type { Located, Span } from '../text/range.ts';
import type { YamlDocument } from '../yaml/document.ts';
import type { MapNode, Step } from '../yaml/node.ts';
import type { Entry } from './reader.ts';

/** What every Kubernetes object has. */
export interface Resource {
  /** Range of the whole object. */
  readonly at: Span;
  readonly document: YamlDocument;
  readonly node: MapNode;
  /** Way from the root of the document to the object: empty, or `items` and an index in a `kind: List`. */
  readonly path: readonly Step[];
  readonly apiVersion: Located<string>;
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly kindAt: Span;
  /** Empty when there is none. */
  readonly name: string;
  /** Where the name stands; the kind where there is no name. */
  readonly nameAt: Span;
  /** As written, or the namespace that the workspace's settings assume. */
  readonly namespace: string;
  readonly namespaceAt: Span | undefined;
  readonly labels: readonly Entry<Located<string>>[];
  readonly annotations: readonly Entry<Located<string>>[];
  /** RFC 3339, or empty. */
  readonly creationTimestamp: string;
  readonly spec: MapNode | undefined;
}

/** `namespace/name`. */
export function keyOf(resource: Resource): string {
  return `${resource.namespace}/${resource.name}`;
}

export function annotation(resource: Resource, name: string): Located<string> | undefined {
  return resource.annotations.find(({ key }) => key.value === name)?.value;
}

/** Pilot's order of resources: oldest first, then by name, then by namespace (`PILOT.md` 2, sortConfigByCreationTime). */
export function byAge(a: Resource, b: Resource): number {
  return (
    compareAge(a.creationTimestamp, b.creationTimestamp) ||
    compareText(a.name, b.name) ||
    compareText(a.namespace, b.namespace)
  );
}

/** Compares two times of creation; what carries none is still to be created, and younger than what carries one. */
export function compareAge(a: string, b: string): number {
  return a === b ? 0 : compareText(created(a), created(b));
}

function created(timestamp: string): string {
  return timestamp || '9999';
}

/** By code units, as Go compares strings of ASCII. */
export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
