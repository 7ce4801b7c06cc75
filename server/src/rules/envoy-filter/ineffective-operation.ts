import { type Finding, resourceRule } from '../rule.ts';
import { oneOf } from '../words.ts';
import { type ConfigPatch, patchesOf } from './patches.ts';

const MERGES: readonly string[] = ['MERGE', 'MERGE_AND_REPLACE_LIST'];
const INSERTS: readonly string[] = ['INSERT_BEFORE', 'INSERT_AFTER', 'INSERT_FIRST'];
const FILTERS: readonly string[] = [...MERGES, 'ADD', 'REMOVE', 'REPLACE', ...INSERTS];

/** What Pilot does for each part (Istio `pilot/pkg/networking/core/envoyfilter`); any other operation it passes over. */
const OPERATIONS: Readonly<Record<string, readonly string[]>> = {
  LISTENER: [...MERGES, 'ADD', 'REMOVE'],
  FILTER_CHAIN: [...MERGES, 'ADD', 'REMOVE'],
  NETWORK_FILTER: FILTERS,
  HTTP_FILTER: FILTERS,
  LISTENER_FILTER: FILTERS,
  ROUTE_CONFIGURATION: MERGES,
  VIRTUAL_HOST: [...MERGES, 'ADD', 'REMOVE', 'REPLACE'],
  HTTP_ROUTE: [...MERGES, 'ADD', 'REMOVE', ...INSERTS],
  CLUSTER: [...MERGES, 'ADD', 'REMOVE'],
  EXTENSION_CONFIG: ['ADD'],
};

export const ineffectiveOperation = resourceRule({
  id: 'envoy-filter/ineffective-operation',
  severity: 'error',
  on: ['Other'],
  codes: ['IST0152', 'IST0153', 'IST0154'],
  summary: 'An operation that is not done on this part of the configuration.',
  why: 'Istio takes the EnvoyFilter and passes over the patch in silence: nothing changes.',
  remedy: 'Take an operation that exists for the part: for most of them `MERGE`, `ADD` or `REMOVE`.',
  invalid: `
apiVersion: networking.istio.io/v1alpha3
kind: EnvoyFilter
metadata:
  name: clusters
  annotations: { galley.istio.io/analyze-suppress: IST0133 }
spec:
  configPatches:
    - applyTo: CLUSTER
      patch: { operation: REPLACE, value: { name: reviews } }
`,
  valid: `
apiVersion: networking.istio.io/v1alpha3
kind: EnvoyFilter
metadata:
  name: clusters
  annotations: { galley.istio.io/analyze-suppress: IST0133 }
spec:
  configPatches:
    - applyTo: CLUSTER
      patch: { operation: MERGE, value: { connect_timeout: 2s } }
`,
  *check(resource) {
    for (const patch of patchesOf(resource)) {
      const finding = judge(patch);
      if (finding !== undefined) yield finding;
    }
  },
});

function judge({ applyTo, operation }: ConfigPatch): Finding | undefined {
  if (applyTo === undefined || operation === undefined) return undefined;
  const done = OPERATIONS[applyTo.value];
  if (done === undefined || !FILTERS.includes(operation.value)) return undefined;
  const code = analyzerCode(applyTo.value, operation.value);
  if (done.includes(operation.value)) {
    if (code === undefined) return undefined;
    // The analyzer has not kept up with what Pilot does.
    return {
      at: operation,
      message: `\`istioctl analyze\` says ${code} of ${operation.value} on ${applyTo.value}, but Istio does apply it`,
      severity: 'hint',
      codes: [code],
    };
  }
  return {
    at: operation,
    message: `Istio passes over ${operation.value} on ${applyTo.value} in silence: it takes ${oneOf(done)} there`,
    related: [{ at: applyTo, message: 'what the patch changes' }],
    codes: code === undefined ? [] : [code],
    ...(code === undefined ? { severity: 'warning' } : {}),
  };
}

/** What Istio's analyzer complains of (`ANALYZERS.md` IST0152 to IST0154). */
function analyzerCode(applyTo: string, operation: string): string | undefined {
  const isRoute = applyTo === 'ROUTE_CONFIGURATION' || applyTo === 'HTTP_ROUTE';
  if (operation === 'REPLACE')
    return ['NETWORK_FILTER', 'HTTP_FILTER', 'VIRTUAL_HOST'].includes(applyTo) ? undefined : 'IST0152';
  if (operation === 'ADD') return isRoute ? 'IST0153' : undefined;
  return operation === 'REMOVE' && isRoute ? 'IST0154' : undefined;
}
