import { resourceRule } from '../rule.ts';
import { destinationAt, destinationText, routeLists } from './route-lists.ts';
import { sum, weightsOf } from './weights.ts';

export const unusedDestination = resourceRule({
  id: 'virtual-service/unused-destination',
  severity: 'information',
  on: ['VirtualService'],
  per: 'route',
  summary: 'A destination gets no requests, because others have weight and it has none.',
  why: 'Beside destinations with weight, one with weight 0 gets nothing. A weight that is left out counts as 0, not as “the rest”.',
  remedy: 'Give the destination a weight, or remove it. While a rollout waits at 0 this is as it should be.',
  invalid: `
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: reviews }
spec:
  hosts: [reviews]
  http:
    - route:
        - destination: { host: reviews-old }
          weight: 100
        - destination: { host: reviews-new }
`,
  valid: `
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: reviews }
spec:
  hosts: [reviews]
  http:
    - route:
        - destination: { host: reviews-old }
          weight: 99
        - destination: { host: reviews-new }
          weight: 1
`,
  *check(vs) {
    for (const list of routeLists(vs)) {
      const weights = weightsOf(vs, list);
      if (weights === undefined || weights.some(weight => weight < 0) || sum(weights) === 0) continue;
      const what = list.section === 'http' ? 'requests' : 'connections';
      for (const entry of list.route) {
        if (!entry.destination?.host?.value) continue;
        const text = destinationText(entry.destination);
        if (entry.weight === undefined && list.route.length > 1) {
          const reason = 'beside destinations with weight, a weight that is left out counts as 0';
          yield { at: destinationAt(entry), message: `${text} gets no ${what}: ${reason}` };
        } else if (entry.weight?.value === 0 && list.route.length > 1) {
          yield { at: entry.weight, message: `${text} gets no ${what}: its weight is 0` };
        }
      }
    }
  },
});
