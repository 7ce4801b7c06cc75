import { acceptedWithWarning } from '../fields.ts';
import { resourceRule } from '../rule.ts';
import { filterMatch, patchesOf } from './patches.ts';

export const ineffectiveFilterMatch = resourceRule({
  id: 'envoy-filter/ineffective-filter-match',
  severity: 'warning',
  on: ['Other'],
  codes: ['IST0133', 'EF-12'],
  summary: 'A match by filter where a listener or a filter chain is changed.',
  why: 'Istio looks at the names of filters only for patches of filters: the patch applies to every listener or chain that the rest of the match fits.',
  remedy: 'Remove `filter` from the match, or narrow it by port, name or SNI.',
  invalid: `
apiVersion: networking.istio.io/v1alpha3
kind: EnvoyFilter
metadata:
  name: buffers
  annotations: { galley.istio.io/analyze-suppress: EF-01 }
spec:
  configPatches:
    - applyTo: LISTENER
      match: { listener: { filterChain: { filter: { name: envoy.filters.network.tcp_proxy } } } }
      patch: { operation: MERGE, value: { per_connection_buffer_limit_bytes: 32768 } }
`,
  valid: `
apiVersion: networking.istio.io/v1alpha3
kind: EnvoyFilter
metadata:
  name: buffers
  annotations: { galley.istio.io/analyze-suppress: EF-01 }
spec:
  configPatches:
    - applyTo: LISTENER
      match: { listener: { portNumber: 8080 } }
      patch: { operation: MERGE, value: { per_connection_buffer_limit_bytes: 32768 } }
`,
  *check(resource) {
    for (const patch of patchesOf(resource)) {
      const { applyTo, isWaypoint, operation } = patch;
      const { chain, filter } = filterMatch(patch);
      if (isWaypoint || operation === undefined || chain === undefined || filter === undefined) continue;
      if (applyTo?.value !== 'LISTENER' && applyTo?.value !== 'FILTER_CHAIN') continue;
      yield {
        at: chain.key('filter'),
        message: `a match by filter does nothing for ${applyTo.value}: the patch applies whatever filters there are`,
        related: [{ at: applyTo, message: 'what the patch changes' }],
        ...acceptedWithWarning('EF-12'),
      };
    }
  },
});
