import type { SchemaProblem } from '../../schema/validate.ts';
import { changeTo } from '../edits.ts';
import { nearest } from '../nearest.ts';
import { ISTIO_TYPES, resourceRule } from '../rule.ts';
import { oneOf, quoted } from '../words.ts';
import { deprecatedValues } from './deprecated-values.ts';
import { schemaCodes } from './ids.ts';
import { at, placeName, schemaProblems } from './problems.ts';

/** Longer lists help nobody in a message; completion shows them. */
const MAX_LISTED = 8;

export const unknownValue = resourceRule({
  id: 'schema/unknown-value',
  severity: 'error',
  on: ISTIO_TYPES,
  summary: 'A word that is none of the values the field takes.',
  why: 'The API server refuses the object, and so does Istio.',
  remedy: 'Take one of the values; upper and lower case count.',
  invalid: `
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: reviews }
spec:
  host: reviews
  trafficPolicy: { loadBalancer: { simple: RANDOMM } }
`,
  valid: `
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: reviews }
spec:
  host: reviews
  trafficPolicy: { loadBalancer: { simple: RANDOM } }
`,
  codes: ['IST0106'],
  refuses: true,
  *check(resource, { schemas }) {
    for (const problem of schemaProblems(resource, schemas, 'unknown-value')) {
      // The header of the object decides which schema holds; rules of their own look at it.
      if (problem.path.length === 1 && (problem.name === 'apiVersion' || problem.name === 'kind')) continue;
      const { node } = problem;
      if (node.kind !== 'scalar') continue;
      const values = offered(problem);
      const meant = nearest(node.source, values);
      const span = at(resource, node);
      yield {
        at: span,
        message: `${quoted(node.source)} is no value of ${placeName(problem.path)}${hint(meant, values)}`,
        codes: schemaCodes(problem, true),
        fixes: meant === undefined ? [] : [{ ...changeTo(resource.document, span, meant), preferred: true }],
      };
    }
  },
});

function hint(meant: string | undefined, values: readonly string[]): string {
  if (meant !== undefined) return `; did you mean ${quoted(meant)}?`;
  return values.length > MAX_LISTED ? '' : `: it takes ${oneOf(values)}`;
}

/** The values that anybody should write: neither placeholders nor old names. */
function offered({ allowed, type, name }: SchemaProblem): readonly string[] {
  const old = deprecatedValues(type, name);
  return allowed.filter(
    value => value !== '' && !old.has(value) && !/^(UNSPECIFIED|INVALID|UNDEFINED)(_|$)/.test(value),
  );
}
