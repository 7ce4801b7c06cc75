import type { VirtualService } from '../../model/virtual-service.ts';
import { refusal } from '../codes.ts';
import { addEntry, mapAt, replaceWith } from '../edits.ts';
import { type Fix, resourceRule } from '../rule.ts';
import { allOf } from '../words.ts';
import { type RouteList, routeLists } from './route-lists.ts';
import { balanced, sum, weightsOf } from './weights.ts';

export const invalidWeight = resourceRule({
  id: 'virtual-service/invalid-weight',
  severity: 'error',
  on: ['VirtualService'],
  per: 'route',
  refuses: true,
  codes: ['IST0106', 'VS-74', 'VS-75'],
  summary: 'Weights that Istio refuses: a negative one, or several that add up to 0.',
  why: 'Istio refuses the whole VirtualService. A weight that is left out counts as 0, so several destinations without any weight add up to 0.',
  remedy: 'Give each destination a weight that is not negative, and at least one of them more than 0.',
  invalid: `
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: reviews }
spec:
  hosts: [reviews]
  http:
    - route:
        - destination: { host: reviews-old }
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
          weight: 90
        - destination: { host: reviews-new }
          weight: 10
`,
  *check(vs) {
    for (const list of routeLists(vs)) {
      const negative = list.route
        .map(({ weight }) => weight)
        .filter(weight => weight !== undefined && weight.value < 0);
      for (const weight of negative) {
        if (weight === undefined) continue;
        const message = `weight ${weight.value} is negative, so Istio refuses the VirtualService`;
        yield { at: weight, message, codes: refusal('VS-74') };
      }
      const weights = weightsOf(vs, list);
      if (negative.length > 0 || weights === undefined || weights.length < 2 || sum(weights) > 0) continue;
      const isWritten = list.route.some(({ weight }) => weight !== undefined);
      const reason = isWritten
        ? `the weights of these ${weights.length} destinations add up to 0`
        : `none of these ${weights.length} destinations has a weight`;
      yield {
        at: list.at,
        message: `${reason}, so Istio refuses the VirtualService`,
        codes: refusal('VS-75'),
        fixes: sameShares(vs, list),
      };
    }
  },
});

/** Gives each destination the same share. */
function sameShares(vs: VirtualService, { route }: RouteList): readonly Fix[] {
  const weights = balanced(route.map(() => 1));
  if (weights === undefined) return [];
  const edits = route.map(({ at, weight }, index) => {
    const text = String(weights[index] ?? 0);
    if (weight !== undefined) return replaceWith(weight, text);
    const map = mapAt(vs.document, at);
    return map === undefined ? undefined : addEntry(vs.document, map, `weight: ${text}`);
  });
  if (edits.includes(undefined)) return [];
  return [
    { title: `Set the weights to ${allOf(weights.map(String))}`, edits: edits.filter(edit => edit !== undefined) },
  ];
}
