import { cover } from '../../text/range.ts';
import { mapAt, removeEntry } from '../edits.ts';
import { resourceRule } from '../rule.ts';
import { destinationText, routeLists } from './route-lists.ts';

export const redundantWeight = resourceRule({
  id: 'virtual-service/redundant-weight',
  severity: 'hint',
  on: ['VirtualService'],
  per: 'route',
  codes: ['KIA1104'],
  summary: 'A weight on the only destination of a route.',
  why: 'The only destination gets everything, whatever its weight: 100, 50 or 0. A weight below 100 looks as if some requests went elsewhere.',
  remedy: 'Remove the weight, or add the destination that gets the rest.',
  invalid: `
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: reviews }
spec:
  hosts: [reviews]
  http:
    - route:
        - destination: { host: reviews }
          weight: 100
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
  *check(vs) {
    for (const { route, section } of routeLists(vs)) {
      const [entry] = route;
      if (entry?.weight === undefined || route.length > 1 || entry.weight.value < 0) continue;
      // That there is no destination is another finding, and comes first.
      if (!entry.destination?.host?.value) continue;
      const map = mapAt(vs.document, entry.at);
      const edit = map === undefined ? undefined : removeEntry(vs.document, map, 'weight');
      const key = map?.entries.find(({ key }) => key.source === 'weight')?.key;
      const what = section === 'http' ? 'every request' : 'every connection';
      yield {
        at: entry.weight,
        message: `weight ${entry.weight.value} has no effect: ${destinationText(entry.destination)} is the only destination and gets ${what}`,
        ...(entry.weight.value === 100 ? {} : { severity: 'information' as const }),
        ...(key === undefined
          ? {}
          : { fade: cover({ anchor: vs.document, start: key.start, end: key.end }, entry.weight) }),
        ...(edit === undefined ? {} : { fixes: [{ title: 'Remove the weight', edits: [edit], preferred: true }] }),
      };
    }
  },
});
