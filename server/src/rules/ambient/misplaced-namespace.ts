import { ineffectiveness } from '../destination-rule/ineffective-export.ts';
import { workspaceRule } from '../rule.ts';
import { allOf, quoted } from '../words.ts';
import { ambientServices, isL7Routes, isL7Rule } from './modes.ts';

export const misplacedNamespace = workspaceRule({
  id: 'ambient/misplaced-namespace',
  severity: 'warning',
  on: ['VirtualService', 'DestinationRule'],
  ignores: 'VirtualService',
  codes: ['KIA0212', 'KIA1114'],
  summary: 'Routes or settings for a service in ambient mode stand in a namespace in which its waypoint does not look.',
  why: 'A waypoint reads VirtualServices of the namespace of the service and of its own; DestinationRules also of the root namespace. Those of the client’s namespace, which sidecars read, play no part.',
  remedy: 'Move the resource to the namespace of the service.',
  invalid: `
apiVersion: v1
kind: Namespace
metadata: { name: front, labels: { istio.io/dataplane-mode: ambient } }
---
apiVersion: v1
kind: Namespace
metadata: { name: shop, labels: { istio.io/dataplane-mode: ambient, istio.io/use-waypoint: waypoint } }
---
apiVersion: v1
kind: Service
metadata: { name: reviews, namespace: shop }
spec: { ports: [{ name: http, port: 80 }] }
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: reviews, namespace: front }
spec:
  hosts: [reviews.shop.svc.cluster.local]
  http:
    - timeout: 2s
      route: [{ destination: { host: reviews.shop.svc.cluster.local } }]
`,
  valid: `
apiVersion: v1
kind: Namespace
metadata: { name: front, labels: { istio.io/dataplane-mode: ambient } }
---
apiVersion: v1
kind: Namespace
metadata: { name: shop, labels: { istio.io/dataplane-mode: ambient, istio.io/use-waypoint: waypoint } }
---
apiVersion: v1
kind: Service
metadata: { name: reviews, namespace: shop }
spec: { ports: [{ name: http, port: 80 }] }
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: reviews, namespace: shop }
spec:
  hosts: [reviews]
  http:
    - timeout: 2s
      route: [{ destination: { host: reviews } }]
`,
  /** Istio `getVirtualServiceForWaypoint`, `PushContext.destinationRule`. */
  *check(resource, snapshot) {
    if (!(resource.type === 'VirtualService' ? isL7Routes(resource) : isL7Rule(resource))) return;
    if (resource.namespaceAt === undefined) return;
    // That nobody at all reads a DestinationRule is another finding.
    if (resource.type === 'DestinationRule' && ineffectiveness(resource, snapshot) !== undefined) return;
    const { rootNamespace } = snapshot.settings.mesh;
    for (const { host, service, waypoint } of ambientServices(resource, snapshot)) {
      if (waypoint === undefined) continue;
      const read = [service.namespace, waypoint.namespace];
      if (resource.type === 'DestinationRule') read.push(rootNamespace);
      if (read.includes(resource.namespace)) continue;
      const places = allOf([...new Set(read)].map(quoted));
      yield {
        at: host,
        message: `the waypoint of ${quoted(service.name)} reads ${resource.type}s in ${places}, so for clients in ambient mode this one in ${quoted(resource.namespace)} has no effect`,
        codes: [resource.type === 'VirtualService' ? 'KIA1114' : 'KIA0212'],
      };
    }
  },
});
