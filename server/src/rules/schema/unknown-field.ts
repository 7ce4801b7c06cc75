import type { TypedResource } from '../../model/decode.ts';
import { type Facts, fieldOf, kindOf } from '../../schema/facts.ts';
import type { SchemaProblem } from '../../schema/validate.ts';
import { placeAt } from '../../schema/walk.ts';
import { changeTo } from '../edits.ts';
import { ISTIO_TYPES, resourceRule } from '../rule.ts';
import { quoted } from '../words.ts';
import { schemaCodes } from './ids.ts';
import { at, camelCase, meantField, placeName, schemaProblems } from './problems.ts';

export const unknownField = resourceRule({
  id: 'schema/unknown-field',
  severity: 'error',
  on: ISTIO_TYPES,
  summary: 'A field that this kind does not have.',
  why: '`kubectl` refuses such a manifest; where it gets through, the API server drops the field and what it was meant to do does not happen.',
  remedy: 'Correct the spelling, or move the field to the object it belongs to.',
  invalid: `
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: reviews }
spec:
  hosts: [reviews]
  http:
    - timeOut: 5s
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
    for (const problem of schemaProblems(resource, schemas, 'unknown-field')) {
      const { name, path, entry } = problem;
      if (entry === undefined) continue;
      const meant = meantField(problem);
      const key = at(resource, entry.key);
      const where = path.length === 0 ? '' : ` in ${placeName(path)}`;
      yield {
        at: key,
        message:
          snakeCaseMessage(problem) ??
          `unknown field ${quoted(name)}${where}${hint(problem, meant, resource, schemas.facts)}`,
        codes: schemaCodes(problem, false),
        fixes: meant === undefined ? [] : [{ ...changeTo(resource.document, key, meant), preferred: true }],
      };
    }
  },
});

/** The spelling of Istio's own definitions, which works with `istioctl` and in old examples. */
function snakeCaseMessage({ name, allowed }: SchemaProblem): string | undefined {
  const field = camelCase(name);
  if (field === name || !allowed.includes(field)) return undefined;
  return `${quoted(name)} is the spelling of Istio's own definitions: \`istioctl\` reads it, but the API server knows only ${quoted(field)}`;
}

function hint(problem: SchemaProblem, meant: string | undefined, resource: TypedResource, facts: Facts): string {
  if (meant !== undefined) return `; did you mean ${quoted(meant)}?`;
  const home = homeOf(problem, resource, facts);
  return home === undefined ? '' : `; it belongs ${home}`;
}

/** Where a field of this name has its place: in a value beside it, or further out. */
function homeOf({ name, path, type }: SchemaProblem, resource: TypedResource, facts: Facts): string | undefined {
  const inner = Object.entries(facts.types[type ?? '']?.fields ?? {}).filter(
    ([, field]) => field.type === 'object' && fieldOf(facts, field.ref, name) !== undefined,
  );
  if (inner.length === 1) return `in ${quoted(inner[0]?.[0] ?? '')}`;
  const root = kindOf(facts, resource.apiVersion.value, resource.kind)?.type;
  for (let length = path.length - 1; root !== undefined && length > 0; length--) {
    const shape = placeAt(facts, root, path.slice(0, length))?.shape;
    if (shape?.type !== 'object' || fieldOf(facts, shape.ref, name) === undefined) continue;
    return `further out, beside ${quoted(String(path[length] ?? ''))}`;
  }
  return undefined;
}
