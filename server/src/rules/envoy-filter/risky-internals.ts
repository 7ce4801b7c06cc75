import { Fields } from '../fields.ts';
import { resourceRule } from '../rule.ts';

/** Istio warns of each EnvoyFilter, right or wrong. Information here: a warning that always stands is read by nobody. */
export const riskyInternals = resourceRule({
  id: 'envoy-filter/risky-internals',
  severity: 'information',
  on: ['Other'],
  codes: ['IST0133', 'EF-01'],
  summary: 'An EnvoyFilter.',
  why: 'It changes what Istio makes for Envoy, which is no interface of Istio’s: names and order of what it touches may be others after the next upgrade. Istio itself says so of each one.',
  remedy:
    'Look whether VirtualService, DestinationRule, Telemetry or WasmPlugin can do it. If not, keep the EnvoyFilter small and try it before each upgrade.',
  invalid: `
apiVersion: networking.istio.io/v1alpha3
kind: EnvoyFilter
metadata: { name: buffers }
spec:
  configPatches:
    - applyTo: CLUSTER
      match: { cluster: { service: reviews.shop.svc.cluster.local } }
      patch: { operation: MERGE, value: { per_connection_buffer_limit_bytes: 32768 } }
`,
  valid: `
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: reviews }
spec:
  host: reviews.shop.svc.cluster.local
  trafficPolicy: { connectionPool: { tcp: { maxConnections: 100 } } }
`,
  *check(resource) {
    if (resource.kind !== 'EnvoyFilter' || Fields.spec(resource, 'EnvoyFilter') === undefined) return;
    yield {
      at: resource.kindAt,
      message:
        'an EnvoyFilter changes inner parts of Istio, which may be others after the next upgrade: try it before each one',
    };
  },
});
