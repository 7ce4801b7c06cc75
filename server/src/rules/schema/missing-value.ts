import type { TypedResource } from '../../model/decode.ts';
import type { Facts } from '../../schema/facts.ts';
import type { SchemaProblem } from '../../schema/validate.ts';
import type { Span } from '../../text/range.ts';
import { removeEntry } from '../edits.ts';
import { type Fix, ISTIO_TYPES, resourceRule } from '../rule.ts';
import { schemaCodes } from './ids.ts';
import { at, placeName, schemaProblems } from './problems.ts';

export const missingValue = resourceRule({
  id: 'schema/missing-value',
  severity: 'error',
  on: ISTIO_TYPES,
  summary: 'A key, or a list entry, with nothing behind it.',
  why: 'Nothing is `null` in YAML, which the API server refuses; Istio itself takes it as if the key were not there.',
  remedy: 'Write the value, or remove the key. An empty list is `[]`, an empty object `{}`.',
  invalid: `
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: reviews }
spec:
  hosts: [reviews]
  http:
    - timeout:
      route: [{ destination: { host: reviews } }]
`,
  valid: `
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: reviews }
spec:
  hosts: [reviews]
  http:
    - timeout: 5s
      route: [{ destination: { host: reviews } }]
`,
  *check(resource, { schemas }) {
    for (const problem of schemaProblems(resource, schemas, 'no-value')) {
      const isItem = problem.entry === undefined;
      const fix = isItem ? undefined : removal(resource, problem, schemas.facts);
      yield {
        at: isItem ? itemAt(resource, problem) : at(resource, problem.node),
        message: isItem ? `${placeName(problem.path)} is empty` : `${placeName(problem.path)} has no value`,
        refuses: isNeeded(problem, schemas.facts),
        codes: schemaCodes(problem, isNeeded(problem, schemas.facts)),
        fixes: fix === undefined ? [] : [fix],
      };
    }
  },
});

/** Istio reads an empty entry as an object without fields, and refuses it where it needs some. */
function isNeeded({ entry, shape, type, name }: SchemaProblem, facts: Facts): boolean {
  if (entry !== undefined) return facts.types[type ?? '']?.required?.includes(name) ?? false;
  if (shape?.type !== 'object') return false;
  return shape.ref === 'HTTPRoute' || facts.types[shape.ref]?.required !== undefined;
}

function removal(resource: TypedResource, { object, type, name }: SchemaProblem, facts: Facts): Fix | undefined {
  // Without its header or label a match or a selection means something else.
  if (object === undefined || type === undefined || facts.types[type]?.required?.includes(name)) return undefined;
  if (ESSENTIAL.has(`${type}.${name}`)) return undefined;
  const edit = removeEntry(resource.document, object, name);
  return edit === undefined ? undefined : { title: `Remove "${name}"`, edits: [edit] };
}

/** Fields without which Istio refuses the object, though the schema does not ask for them. */
const ESSENTIAL: ReadonlySet<string> = new Set([
  'VirtualServiceSpec.http',
  'VirtualServiceSpec.tls',
  'VirtualServiceSpec.tcp',
  'HTTPRoute.route',
  'HTTPRoute.redirect',
  'HTTPRoute.directResponse',
  'HTTPRoute.delegate',
  'TLSRoute.route',
  'TCPRoute.route',
]);

/** A bare dash is all there is to see of an empty entry. */
function itemAt(resource: TypedResource, { node }: SchemaProblem): Span {
  if (node.end > node.start) return at(resource, node);
  const dash = resource.document.text.slice(0, node.start).trimEnd().length - 1;
  return { anchor: resource.document, start: Math.max(0, dash), end: Math.max(0, dash) + 1 };
}
