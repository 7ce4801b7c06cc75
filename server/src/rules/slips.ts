import type { TypedResource } from '../model/decode.ts';
import type { Schemas } from '../schema/schemas.ts';
import { soundUntil } from '../yaml/document.ts';
import type { MapNode } from '../yaml/node.ts';
import { schemaProblems } from './schema/problems.ts';

const known = new WeakMap<TypedResource, ReadonlySet<MapNode>>();

/**
 * Whether it is certain what an object of a resource lacks. It is not where the schema finds a slip in it (a field that is
 * misspelt, has no value, or one of another type: that may be just what is missing), nor in a document with a mistake of syntax, which may have
 * swallowed it.
 */
export function isPlain(resource: TypedResource, schemas: Schemas, map: MapNode): boolean {
  let found = known.get(resource);
  if (found === undefined) {
    const problems = schemaProblems(resource, schemas, 'unknown-field', 'no-value', 'wrong-type', 'missing-field');
    found = new Set(problems.map(({ object }) => object).filter(object => object !== undefined));
    known.set(resource, found);
  }
  return !found.has(map) && soundUntil(resource.document) === Number.POSITIVE_INFINITY;
}
