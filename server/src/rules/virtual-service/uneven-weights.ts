import { replaceWith } from '../edits.ts';
import { type Fix, resourceRule } from '../rule.ts';
import { allOf, percent } from '../words.ts';
import { type RouteList, routeLists } from './route-lists.ts';
import { balanced, sum, weightsOf } from './weights.ts';

/** More shares than this make a message that nobody reads. */
const MAX_SHARES = 6;

export const unevenWeights = resourceRule({
  id: 'virtual-service/uneven-weights',
  severity: 'information',
  on: ['VirtualService'],
  per: 'route',
  summary: 'Weights of a route do not add up to 100.',
  why: 'Weights are proportions: Envoy divides each by their sum. Where the sum is not 100, a weight is not the percentage that it looks like.',
  remedy: 'Write weights that add up to 100, or keep them and read them as proportions.',
  invalid: `
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: reviews }
spec:
  hosts: [reviews]
  http:
    - route:
        - destination: { host: reviews-old }
          weight: 90
        - destination: { host: reviews-new }
          weight: 30
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
          weight: 75
        - destination: { host: reviews-new }
          weight: 25
`,
  *check(vs) {
    for (const list of routeLists(vs)) {
      const weights = weightsOf(vs, list);
      if (weights === undefined || weights.length < 2 || weights.some(weight => weight < 0)) continue;
      const total = sum(weights);
      if (total === 0 || total === 100) continue;
      const shares = weights.map(weight => shareText((weight * 100) / total));
      const stated = shares.length > MAX_SHARES ? '' : `; the real shares are ${allOf(shares)}`;
      yield {
        at: list.at,
        message: `the weights of this route add up to ${total}, not 100${stated}`,
        fixes: toHundred(list, weights),
      };
    }
  },
});

function toHundred({ route }: RouteList, weights: readonly number[]): readonly Fix[] {
  const target = balanced(weights);
  if (target === undefined) return [];
  const edits = route.flatMap(({ weight }, index) =>
    weight === undefined || weight.value === target[index] ? [] : [replaceWith(weight, String(target[index] ?? 0))],
  );
  const written = target.filter((_, index) => route[index]?.weight !== undefined);
  const noun = written.length === 1 ? 'weight' : 'weights';
  const title =
    written.length > MAX_SHARES
      ? 'Make the weights add up to 100'
      : `Change the ${noun} to ${allOf(written.map(String))}`;
  return [{ title, edits, preferred: true }];
}

/** A share that is neither nothing nor everything is never called so. */
function shareText(share: number): string {
  if (share > 0 && share < 0.1) return 'less than 0.1 %';
  return share < 100 && share > 99.5 ? 'nearly 100 %' : percent(share);
}
