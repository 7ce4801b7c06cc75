import { changeTo } from '../edits.ts';
import { acceptedWithWarning } from '../fields.ts';
import { resourceRule } from '../rule.ts';
import { quoted } from '../words.ts';
import { OLD_NAMES } from './filter-names.ts';
import { filterMatch, MATCHED_BY, patchesOf } from './patches.ts';

export const deprecatedFilterName = resourceRule({
  id: 'envoy-filter/deprecated-filter-name',
  severity: 'warning',
  on: ['Other'],
  codes: ['IST0133', 'EF-17'],
  summary: 'A filter matched by the name that it had years ago.',
  why: 'Istio still understands the old name in a match, and warns of it.',
  remedy: 'Write the name of today.',
  invalid: `
apiVersion: networking.istio.io/v1alpha3
kind: EnvoyFilter
metadata:
  name: script
  annotations: { galley.istio.io/analyze-suppress: EF-01 }
spec:
  priority: 1
  configPatches:
    - applyTo: NETWORK_FILTER
      match: { listener: { filterChain: { filter: { name: envoy.tcp_proxy } } } }
      patch: { operation: REMOVE }
`,
  valid: `
apiVersion: networking.istio.io/v1alpha3
kind: EnvoyFilter
metadata:
  name: script
  annotations: { galley.istio.io/analyze-suppress: EF-01 }
spec:
  priority: 1
  configPatches:
    - applyTo: NETWORK_FILTER
      match: { listener: { filterChain: { filter: { name: envoy.filters.network.tcp_proxy } } } }
      patch: { operation: REMOVE }
`,
  *check(resource) {
    for (const patch of patchesOf(resource)) {
      if (patch.isWaypoint || MATCHED_BY[patch.applyTo?.value ?? ''] !== 'listener') continue;
      const { filter, subFilter } = filterMatch(patch);
      for (const name of [filter?.string('name'), subFilter?.string('name')]) {
        const today = name === undefined || !Object.hasOwn(OLD_NAMES, name.value) ? undefined : OLD_NAMES[name.value];
        if (name === undefined || today === undefined) continue;
        yield {
          at: name,
          message: `${quoted(name.value)} is the old name of ${quoted(today)}`,
          deprecated: true,
          fixes: [{ ...changeTo(resource.document, name, today), preferred: true }],
          ...acceptedWithWarning('EF-17'),
        };
      }
    }
  },
});
