import { refused } from '../fields.ts';
import { resourceRule } from '../rule.ts';
import { quoted } from '../words.ts';
import { filterMatch, MATCHED_BY, patchesOf } from './patches.ts';

export const missingFilterName = resourceRule({
  id: 'envoy-filter/missing-filter-name',
  severity: 'error',
  on: ['Other'],
  refuses: true,
  codes: ['IST0106', 'EF-13', 'EF-16'],
  summary: 'A match by filter that does not name the filter.',
  why: 'A filter is found by its name; Istio refuses a match without one.',
  remedy: 'Add the `name`, such as `envoy.filters.http.router`.',
  invalid: `
apiVersion: networking.istio.io/v1alpha3
kind: EnvoyFilter
metadata:
  name: script
  annotations: { galley.istio.io/analyze-suppress: IST0133 }
spec:
  configPatches:
    - applyTo: HTTP_FILTER
      match: { listener: { filterChain: { filter: { subFilter: { name: envoy.filters.http.router } } } } }
      patch: { operation: REMOVE }
  priority: 1
`,
  valid: `
apiVersion: networking.istio.io/v1alpha3
kind: EnvoyFilter
metadata:
  name: script
  annotations: { galley.istio.io/analyze-suppress: IST0133 }
spec:
  configPatches:
    - applyTo: HTTP_FILTER
      match:
        listener:
          filterChain:
            filter: { name: envoy.filters.network.http_connection_manager, subFilter: { name: envoy.filters.http.router } }
      patch: { operation: REMOVE }
  priority: 1
`,
  *check(resource) {
    for (const patch of patchesOf(resource)) {
      const { applyTo, operation, isWaypoint } = patch;
      if (isWaypoint || operation === undefined || MATCHED_BY[applyTo?.value ?? ''] !== 'listener') continue;
      const { chain, filter, subFilter } = filterMatch(patch);
      const outer = filter?.string('name');
      const lacks =
        filter !== undefined && isNameless(filter)
          ? { at: outer ?? chain?.key('filter'), field: 'filter', id: 'EF-13' }
          : subFilter !== undefined && isNameless(subFilter) && applyTo?.value === 'HTTP_FILTER'
            ? { at: subFilter.string('name') ?? filter?.key('subFilter'), field: 'subFilter', id: 'EF-16' }
            : undefined;
      if (lacks?.at === undefined) continue;
      yield { at: lacks.at, message: `${quoted(lacks.field)} has no name to match`, ...refused(lacks.id) };
    }
  },
});

function isNameless(fields: NonNullable<ReturnType<typeof filterMatch>['filter']>): boolean {
  if (fields.has('name')) return fields.string('name')?.value === '';
  // A misspelt key is said already.
  return fields.node('name') === undefined && fields.map.entries.every(({ key }) => key.source === 'subFilter');
}
