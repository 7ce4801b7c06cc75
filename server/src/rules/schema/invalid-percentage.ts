import type { Visit } from '../../schema/walk.ts';
import { resolve } from '../../yaml/node.ts';
import { refusal } from '../codes.ts';
import { ISTIO_TYPES, resourceRule } from '../rule.ts';
import { at } from './problems.ts';
import { visitsOf } from './visits.ts';

export const invalidPercentage = resourceRule({
  id: 'schema/invalid-percentage',
  severity: 'error',
  on: ISTIO_TYPES,
  per: 'route',
  summary: 'A percentage that is none.',
  why: 'Shares of requests or hosts lie between 0 and 100; for faults the smallest is a millionth of the requests, 0.0001. Istio refuses the resource.',
  remedy: 'Write the share in percent: `50` for half of the requests, not `0.5` and not `500`.',
  invalid: `
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: reviews }
spec:
  hosts: [reviews]
  http:
    - route: [{ destination: { host: reviews } }]
      mirror: { host: ratings }
      mirrorPercentage: { value: 150 }
`,
  valid: `
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: reviews }
spec:
  hosts: [reviews]
  http:
    - route: [{ destination: { host: reviews } }]
      mirror: { host: ratings }
      mirrorPercentage: { value: 15 }
`,
  codes: ['IST0106', 'VS-41', 'VS-48', 'VS-50', 'VS-53', 'DR-15'],
  refuses: true,
  *check(resource, { schemas }) {
    for (const visit of visitsOf(resource, schemas.facts)) {
      const id = visit.field.value === 'percent' ? idOf(visit) : undefined;
      const value = resolve(visit.node);
      if (id === undefined || value?.kind !== 'scalar' || typeof value.value !== 'number') continue;
      const tooSmall = id === 'VS-41' && value.value > 0 && value.value < SMALLEST_FAULT;
      if (value.value >= 0 && value.value <= 100 && !tooSmall) continue;
      // A negative number of an unsigned field does not fit the schema.
      if (id === 'VS-48' && value.value < 0) continue;
      const bounds = tooSmall ? `the smallest share of a fault is ${SMALLEST_FAULT}` : 'it takes 0 to 100';
      yield { at: at(resource, value), message: `${value.source} is no percentage: ${bounds}`, codes: refusal(id) };
    }
  },
});

const SMALLEST_FAULT = 0.0001;

/** The id of our list of what Istio judges (`schemas/validation.yaml`); none where it does not look. */
function idOf({ type, fieldName, path }: Visit): string | undefined {
  if (type === 'OutlierDetection') return 'DR-15';
  if (type === 'HTTPRoute') return 'VS-48';
  if (type !== 'Percent' || fieldName !== 'value') return undefined;
  if (path.includes('fault')) return 'VS-41';
  if (path.includes('mirrors')) return 'VS-53';
  return path.includes('mirrorPercentage') ? 'VS-50' : undefined;
}
