import { addEntry } from '../edits.ts';
import { Fields } from '../fields.ts';
import { resourceRule } from '../rule.ts';
import { quoted } from '../words.ts';
import { ISTIO_FILTERS, OLD_NAMES } from './filter-names.ts';
import { type ConfigPatch, filterMatch, patchesOf } from './patches.ts';

const RELATIVE: readonly string[] = ['INSERT_BEFORE', 'INSERT_AFTER', 'REMOVE', 'REPLACE'];

export const riskyRelativeOperation = resourceRule({
  id: 'envoy-filter/risky-relative-operation',
  severity: 'warning',
  on: ['Other'],
  codes: ['IST0151', 'IST0155'],
  summary: 'A patch beside, or instead of, something that another EnvoyFilter may have to add first.',
  why: 'EnvoyFilters apply in the order of their `priority`, and without one in that of their age. What is not there yet is not found, and the patch does nothing. Beside filters that Istio itself adds this cannot happen, so it is said as a hint there.',
  remedy: 'Give the EnvoyFilter a `priority` above that of the one it builds on, or insert first.',
  invalid: `
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
            filter: { name: envoy.filters.network.http_connection_manager, subFilter: { name: my-own-filter } }
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
    - applyTo: HTTP_FILTER
      match:
        listener:
          filterChain:
            filter: { name: envoy.filters.network.http_connection_manager, subFilter: { name: my-own-filter } }
      patch: { operation: REMOVE }
`,
  *check(resource) {
    const spec = Fields.spec(resource, 'EnvoyFilter');
    if (spec === undefined || (spec.number('priority')?.value ?? 0) !== 0) return;
    for (const patch of patchesOf(resource)) {
      const { operation, applyTo } = patch;
      if (
        operation === undefined ||
        applyTo === undefined ||
        !RELATIVE.includes(operation.value) ||
        isPassedOver(patch)
      )
        continue;
      const hasVersion = (patch.match?.object('proxy')?.string('proxyVersion')?.value ?? '') !== '';
      const anchor = anchorOf(patch);
      const isSure = anchor !== undefined && ISTIO_FILTERS.includes(OLD_NAMES[anchor] ?? anchor);
      const beside = anchor === undefined ? 'what it stands beside' : quoted(anchor);
      yield {
        at: operation,
        message: isSure
          ? `Istio itself adds ${beside}, so this finds it; with other EnvoyFilters around, a "priority" would fix the order`
          : `without a "priority" another EnvoyFilter that adds ${beside} may apply later, and this patch then does nothing`,
        severity: isSure ? 'hint' : 'warning',
        codes: hasVersion ? ['IST0151', 'IST0155'] : ['IST0151'],
        fixes:
          spec.has('priority') || isSure
            ? []
            : [{ title: 'Add "priority: 10"', edits: [addEntry(resource.document, spec.map, 'priority: 10')] }],
      };
    }
  },
});

/** What is never done needs no order; another rule says so. */
function isPassedOver({ applyTo, operation }: ConfigPatch): boolean {
  const isRoute = applyTo?.value === 'ROUTE_CONFIGURATION';
  const isFilter = ['NETWORK_FILTER', 'HTTP_FILTER', 'VIRTUAL_HOST', 'LISTENER_FILTER'].includes(applyTo?.value ?? '');
  return (operation?.value === 'REMOVE' && isRoute) || (operation?.value === 'REPLACE' && !isFilter);
}

/** The filter beside which something is inserted, or which is removed or replaced. */
function anchorOf(patch: ConfigPatch): string | undefined {
  const { filter, subFilter } = filterMatch(patch);
  if (patch.applyTo?.value === 'LISTENER_FILTER')
    return patch.match?.object('listener')?.string('listenerFilter')?.value;
  if (patch.applyTo?.value === 'HTTP_FILTER') return subFilter?.string('name')?.value;
  return filter?.string('name')?.value;
}
