import { resolve } from '../../yaml/node.ts';
import { changeTo } from '../edits.ts';
import { ISTIO_TYPES, resourceRule } from '../rule.ts';
import { quoted } from '../words.ts';
import { deprecatedValues } from './deprecated-values.ts';
import { at } from './problems.ts';
import { visitsOf } from './visits.ts';

export const deprecatedValue = resourceRule({
  id: 'schema/deprecated-value',
  severity: 'hint',
  on: ISTIO_TYPES,
  per: 'route',
  summary: 'A value that has a new name.',
  why: 'The old name still works and means the same, until a release of Istio drops it.',
  remedy: 'Write the new name.',
  invalid: `
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: reviews }
spec:
  host: reviews
  trafficPolicy: { loadBalancer: { simple: LEAST_CONN } }
`,
  valid: `
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: reviews }
spec:
  host: reviews
  trafficPolicy: { loadBalancer: { simple: LEAST_REQUEST } }
`,
  *check(resource, { schemas }) {
    for (const { node, type, fieldName } of visitsOf(resource, schemas.facts)) {
      const value = resolve(node);
      const successor = value?.kind === 'scalar' ? deprecatedValues(type, fieldName).get(value.source) : undefined;
      if (successor === undefined || value?.kind !== 'scalar') continue;
      const span = at(resource, value);
      yield {
        at: span,
        message: `${quoted(value.source)} is the old name of ${quoted(successor)}`,
        deprecated: true,
        fixes: [{ ...changeTo(resource.document, span, successor), preferred: true }],
      };
    }
  },
});
