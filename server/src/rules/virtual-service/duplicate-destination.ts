import { resolveHost } from '../../model/host.ts';
import type { RouteDestination, VirtualService } from '../../model/virtual-service.ts';
import { listOf, mapAt, removeEntry, removeItem, replaceWith } from '../edits.ts';
import { type Fix, resourceRule } from '../rule.ts';
import { destinationAt, destinationText, type RouteList, routeLists } from './route-lists.ts';
import { weightsOf } from './weights.ts';

export const duplicateDestination = resourceRule({
  id: 'virtual-service/duplicate-destination',
  severity: 'warning',
  on: ['VirtualService'],
  per: 'route',
  codes: ['KIA1105'],
  summary: 'The same destination stands twice in one route.',
  why: 'Both entries lead to the same cluster, so their weights are added up. Mostly a subset or a host was not changed after copying, and the version that was meant gets nothing.',
  remedy: 'Name the destination that was meant, or merge the two entries.',
  invalid: `
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: reviews }
spec:
  hosts: [reviews]
  http:
    - route:
        - destination: { host: reviews, subset: v1 }
          weight: 90
        - destination: { host: reviews, subset: v1 }
          weight: 10
`,
  valid: `
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: reviews }
spec:
  hosts: [reviews]
  http:
    - route:
        - destination: { host: reviews, subset: v1 }
          weight: 90
        - destination: { host: reviews, subset: v2 }
          weight: 10
`,
  *check(vs) {
    for (const list of routeLists(vs)) {
      const seen = new Map<string, RouteDestination>();
      let canMerge: boolean | undefined;
      for (const entry of list.route) {
        const key = clusterOf(vs, entry);
        if (key === undefined) continue;
        const first = seen.get(key);
        if (first === undefined) {
          seen.set(key, entry);
          continue;
        }
        // Of the list as a whole: asked once, where a list may have thousands of duplicates.
        canMerge ??= weightsOf(vs, list)?.every(weight => weight >= 0) ?? false;
        yield {
          at: destinationAt(entry),
          message: `${destinationText(entry.destination)} is a destination of this route already${sharesOf(first, entry)}`,
          related: [{ at: destinationAt(first), message: 'the first entry for this destination' }],
          fixes: canMerge ? mergeFix(vs, list, first, entry) : [],
        };
      }
    }
  },
});

/** What two entries for one cluster have in common. Entries with header operations of their own differ in them. */
function clusterOf(vs: VirtualService, { destination, headers }: RouteDestination): string | undefined {
  if (destination?.host === undefined || headers !== undefined) return undefined;
  // The namespace that the settings assume is not good enough to call a short name and a full one equal.
  const host =
    vs.namespaceAt === undefined
      ? destination.host.value
      : resolveHost(destination.host.value, vs.namespace, 'cluster.local');
  return JSON.stringify([host, destination.subset?.value ?? '', destination.port?.value ?? 0]);
}

function sharesOf(first: RouteDestination, second: RouteDestination): string {
  const [a, b] = [first.weight?.value ?? 0, second.weight?.value ?? 0];
  return a > 0 && b > 0 ? `: its weights ${a} and ${b} are added up` : '';
}

/** Removes the second entry and adds its weight to the first. */
function mergeFix(
  vs: VirtualService,
  list: RouteList,
  first: RouteDestination,
  second: RouteDestination,
): readonly Fix[] {
  const place = listOf(vs.document, second.at);
  const remove = place === undefined ? undefined : removeItem(vs.document, place.list, place.index);
  if (remove === undefined) return [];
  const total = (first.weight?.value ?? 0) + (second.weight?.value ?? 0);
  const edits = [remove];
  if (list.route.length === 2) {
    const map = first.weight === undefined ? undefined : mapAt(vs.document, first.at);
    const edit = map === undefined ? undefined : removeEntry(vs.document, map, 'weight');
    if (first.weight !== undefined && edit === undefined) return [];
    if (edit !== undefined) edits.push(edit);
  } else if (first.weight !== undefined) edits.push(replaceWith(first.weight, String(total)));
  else if (total > 0) return [];
  return [{ title: 'Merge the two entries', edits }];
}
