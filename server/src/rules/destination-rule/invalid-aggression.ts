import { resourceRule } from '../rule.ts';
import { blockRefusal, blocksOf } from './settings.ts';

export const invalidAggression = resourceRule({
  id: 'destination-rule/invalid-aggression',
  severity: 'error',
  on: ['DestinationRule'],
  summary: 'The aggression of a warm-up is 0.',
  why: 'It is the exponent by which the share of a new endpoint grows; with 0 nothing would grow. The API server takes it, Istio refuses the DestinationRule.',
  remedy: 'Write a number above 0; 1 grows evenly.',
  invalid: `
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: reviews }
spec:
  host: reviews
  trafficPolicy: { loadBalancer: { simple: ROUND_ROBIN, warmup: { duration: 30s, aggression: 0 } } }
`,
  valid: `
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: reviews }
spec:
  host: reviews
  trafficPolicy: { loadBalancer: { simple: ROUND_ROBIN, warmup: { duration: 30s, aggression: 1 } } }
`,
  codes: ['IST0106', 'DR-52'],
  refuses: true,
  *check(rule, { schemas }) {
    for (const block of blocksOf(rule, schemas.facts, 'LoadBalancerSettings')) {
      const aggression = block.fields.object('warmup')?.number('aggression');
      if (aggression?.value !== 0) continue;
      yield {
        at: aggression,
        message: 'an "aggression" of 0 lets nothing grow: Istio takes only numbers above 0',
        codes: blockRefusal(block, 'DR-52'),
      };
    }
  },
});
