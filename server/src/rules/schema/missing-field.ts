import type { TypedResource } from '../../model/decode.ts';
import { kindOf } from '../../schema/facts.ts';
import type { SchemaProblem } from '../../schema/validate.ts';
import { soundUntil } from '../../yaml/document.ts';
import { entry, resolve } from '../../yaml/node.ts';
import { type Finding, ISTIO_TYPES, resourceRule } from '../rule.ts';
import { allOf, quoted } from '../words.ts';
import { schemaCodes } from './ids.ts';
import { at, meantField, schemaProblems } from './problems.ts';

export const missingField = resourceRule({
  id: 'schema/missing-field',
  severity: 'error',
  on: ISTIO_TYPES,
  summary: 'A field that must be there is not.',
  why: 'The API server refuses the object.',
  remedy: 'Add the field.',
  invalid: `
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: reviews }
spec:
  hosts: [reviews]
  http:
    - route:
        - destination: { subset: v1 }
`,
  valid: `
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: reviews }
spec:
  hosts: [reviews]
  http:
    - route:
        - destination: { host: reviews }
`,
  codes: ['IST0106'],
  *check(resource, { schemas }) {
    if (kindOf(schemas.facts, resource.apiVersion.value, resource.kind) === undefined) return;
    const problems = schemaProblems(resource, schemas, 'missing-field', 'unknown-field');
    if (!problems.some(problem => problem.code === 'unknown-field' && meantField(problem) === 'name')) {
      yield* nameless(resource);
    }
    for (const [first, ...others] of byObject(problems.filter(({ code }) => code === 'missing-field'))) {
      const atRoot = first.path.length === 0;
      const names = [first, ...others].map(({ name }) => name);
      yield {
        at: atRoot ? resource.kindAt : at(resource, first.node),
        message: `${ownerOf(first, resource)} lacks ${allOf(names.map(quoted))}`,
        // Istio's own validation asks for the same fields; what Kubernetes wants besides, it does not look at.
        refuses: !atRoot || names.includes('spec'),
        codes: [
          ...new Set([first, ...others].flatMap(problem => schemaCodes(problem, !atRoot || names.includes('spec')))),
        ],
      };
    }
  },
});

/** All that one object lacks is one thing to say. */
function byObject(problems: readonly SchemaProblem[]): Iterable<readonly [SchemaProblem, ...SchemaProblem[]]> {
  const groups = new Map<string, [SchemaProblem, ...SchemaProblem[]]>();
  for (const problem of problems) {
    const key = problem.path.join('/');
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [problem]);
    else group.push(problem);
  }
  return groups.values();
}

function ownerOf({ path }: SchemaProblem, resource: TypedResource): string {
  const last = path.at(-1);
  if (last === undefined) return `this ${resource.kind}`;
  if (typeof last === 'string') return quoted(last);
  return `this entry of ${quoted(String(path.findLast(step => typeof step === 'string')))}`;
}

/** The schema does not ask for a name, since `generateName` does as well. */
function* nameless(resource: TypedResource): Generator<Finding> {
  const metadata = entry(resource.node, 'metadata');
  const map = resolve(metadata?.value);
  if (metadata === undefined || map?.kind !== 'map' || map.end >= soundUntil(resource.document)) return;
  if (entry(map, 'name') !== undefined || entry(map, 'generateName') !== undefined) return;
  yield { at: at(resource, metadata.key), message: '"metadata" lacks "name"', codes: [], refuses: false };
}
