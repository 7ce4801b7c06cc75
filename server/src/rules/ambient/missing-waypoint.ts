import type { TypedResource } from '../../model/decode.ts';
import type { Span } from '../../text/range.ts';
import type { Snapshot } from '../../workspace/snapshot.ts';
import { mayBeOfGateway } from '../gateway-policies.ts';
import { isAmbient } from '../namespaces.ts';
import { asPolicy, type PolicyKind } from '../policies.ts';
import { workspaceRule } from '../rule.ts';
import { quoted } from '../words.ts';
import { ambientServices, isL7Routes, isL7Rule, l7Condition, USE_WAYPOINT, usesWaypoint } from './modes.ts';

export const missingWaypoint = workspaceRule({
  id: 'ambient/missing-waypoint',
  severity: 'warning',
  on: ['VirtualService', 'DestinationRule', 'Other'],
  ignores: 'VirtualService',
  codes: [...['KIA0109', 'KIA0210', 'KIA0211', 'KIA1109', 'KIA1110', 'KIA1111', 'KIA1112', 'KIA1113', 'KIA1317']],
  summary: 'A resource that works on requests, in a namespace in ambient mode without a waypoint.',
  why: 'In ambient mode the node’s proxy knows connections only. Routes, retries, JWTs, and conditions on methods and paths need a waypoint; without one they have no effect, and an ALLOW policy with such conditions refuses everything.',
  remedy: 'Create a waypoint and enrol the namespace or the service with the label `istio.io/use-waypoint`.',
  invalid: `
apiVersion: v1
kind: Namespace
metadata: { name: shop, labels: { istio.io/dataplane-mode: ambient } }
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: reviews, namespace: shop }
spec:
  hosts: [reviews]
  http:
    - route: [{ destination: { host: reviews } }]
`,
  valid: `
apiVersion: v1
kind: Namespace
metadata: { name: shop, labels: { istio.io/dataplane-mode: ambient, istio.io/use-waypoint: waypoint } }
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: reviews, namespace: shop }
spec:
  hosts: [reviews]
  http:
    - route: [{ destination: { host: reviews } }]
`,
  *check(resource, snapshot) {
    const { namespace } = resource;
    const { index, settings } = snapshot;
    if (resource.type === 'VirtualService' || resource.type === 'DestinationRule') {
      if (!(resource.type === 'VirtualService' ? isL7Routes(resource) : isL7Rule(resource))) return;
      const what = resource.type === 'VirtualService' ? 'these routes' : 'the settings for requests here';
      const services = ambientServices(resource, snapshot);
      for (const { host, service, waypoint } of services) {
        if (waypoint !== undefined) continue;
        yield {
          at: host,
          message: `${quoted(service.name)} is in ambient mode and uses no waypoint, so for clients in ambient mode ${what} have no effect: enrol the service or its namespace with the label "${USE_WAYPOINT}"`,
          codes: [resource.type === 'VirtualService' ? 'KIA1113' : 'KIA0211'],
        };
      }
      if (services.length > 0) return;
    }
    if (
      namespace === settings.mesh.rootNamespace ||
      isAmbient(index, namespace) !== true ||
      usesWaypoint(index, namespace)
    )
      return;
    const found = needsWaypoint(resource, snapshot);
    if (found === undefined) return;
    yield {
      at: found.at,
      message: `namespace ${quoted(namespace)} is in ambient mode and uses no waypoint, so ${found.what} ${found.isOne ? 'has' : 'have'} no effect: enrol it with the label "${USE_WAYPOINT}"`,
      codes: found.codes,
    };
  },
});

interface Needed {
  readonly at: Span;
  readonly what: string;
  readonly isOne?: true;
  readonly codes: readonly string[];
}

function needsWaypoint(resource: TypedResource, snapshot: Snapshot): Needed | undefined {
  if (resource.type === 'VirtualService') return { at: resource.kindAt, what: 'its routes', codes: ['KIA1109'] };
  if (resource.type === 'DestinationRule')
    return { at: resource.kindAt, what: 'its settings for requests', codes: ['KIA0210'] };
  const kind = KINDS.find(({ name }) => asPolicy(resource, name) !== undefined);
  const policy = kind === undefined ? undefined : asPolicy(resource, kind.name);
  if (kind === undefined || policy === undefined || mayBeOfGateway(policy, snapshot)) return undefined;
  if (kind.name === 'AuthorizationPolicy') {
    const condition = l7Condition(policy);
    return condition === undefined
      ? undefined
      : { at: condition, what: `the condition ${quoted(condition.value)}`, isOne: true, codes: kind.codes };
  }
  return { at: resource.kindAt, what: `this ${kind.name}`, isOne: true, codes: kind.codes };
}

const KINDS: readonly { readonly name: PolicyKind; readonly codes: readonly string[] }[] = [
  { name: 'AuthorizationPolicy', codes: ['KIA0109', 'KIA1317'] },
  { name: 'RequestAuthentication', codes: ['KIA1110'] },
  { name: 'WasmPlugin', codes: ['KIA1111'] },
  // The proxies of nodes do not read it at all.
  { name: 'Telemetry', codes: ['KIA1112'] },
];
