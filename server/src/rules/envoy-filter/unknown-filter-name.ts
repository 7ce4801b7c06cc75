import { changeTo } from '../edits.ts';
import { nearest } from '../nearest.ts';
import { workspaceRule } from '../rule.ts';
import { quoted } from '../words.ts';
import { KNOWN_FILTERS, OLD_NAMES } from './filter-names.ts';
import { filterMatch, patchesOf } from './patches.ts';

export const unknownFilterName = workspaceRule({
  id: 'envoy-filter/unknown-filter-name',
  severity: 'warning',
  on: ['Other'],
  ignores: 'VirtualService',
  summary: 'A match by a filter name that is nearly that of a known filter.',
  why: 'A name that no filter has matches nothing: the patch is passed over in silence.',
  remedy: 'Correct the name.',
  invalid: `
apiVersion: networking.istio.io/v1alpha3
kind: EnvoyFilter
metadata:
  name: script
  annotations: { galley.istio.io/analyze-suppress: IST0133 }
spec:
  priority: 10
  configPatches:
    - applyTo: NETWORK_FILTER
      match: { listener: { filterChain: { filter: { name: envoy.filters.network.tcpproxy } } } }
      patch: { operation: REMOVE }
`,
  valid: `
apiVersion: networking.istio.io/v1alpha3
kind: EnvoyFilter
metadata:
  name: script
  annotations: { galley.istio.io/analyze-suppress: IST0133 }
spec:
  priority: 10
  configPatches:
    - applyTo: NETWORK_FILTER
      match: { listener: { filterChain: { filter: { name: envoy.filters.network.tcp_proxy } } } }
      patch: { operation: REMOVE }
`,
  *check(resource, snapshot) {
    for (const patch of patchesOf(resource)) {
      const { filter, subFilter } = filterMatch(patch);
      for (const name of [filter?.string('name'), subFilter?.string('name')]) {
        if (name === undefined || KNOWN_FILTERS.includes(name.value) || Object.hasOwn(OLD_NAMES, name.value)) continue;
        const meant = nearest(name.value, KNOWN_FILTERS);
        if (meant === undefined || !isSlip(name.value, meant)) continue;
        // Somebody's own filter may have such a name.
        const isOwn = snapshot.index
          .all('Other')
          .some(other =>
            patchesOf(other).some(({ patch }) => patch?.object('value')?.string('name')?.value === name.value),
          );
        if (isOwn) continue;
        yield {
          at: name,
          message: `no filter is called ${quoted(name.value)}, so this matches nothing; did you mean ${quoted(meant)}?`,
          fixes: [{ ...changeTo(resource.document, name, meant), preferred: true }],
        };
      }
    }
  },
});

/** Only what is nearly the same, and not another filter that this list does not have. */
function isSlip(name: string, known: string): boolean {
  return /^(envoy|istio)\./.test(name) && Math.abs(name.length - known.length) <= 2 && near(name, known);
}

/** At most two letters are added, left out or changed, at one place. */
function near(a: string, b: string): boolean {
  let start = 0;
  while (start < a.length && a[start] === b[start]) start++;
  let end = 0;
  while (end < a.length - start && end < b.length - start && a.at(-1 - end) === b.at(-1 - end)) end++;
  return Math.max(a.length, b.length) - start - end <= 2;
}
