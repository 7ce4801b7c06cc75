import { bindsMesh } from '../../model/references.ts';
import type { VirtualService } from '../../model/virtual-service.ts';
import type { Snapshot } from '../../workspace/snapshot.ts';
import { workspaceRule } from '../rule.ts';
import { quoted } from '../words.ts';
import { namedDestinations } from './named-destinations.ts';

export const shadowedSubset = workspaceRule({
  id: 'virtual-service/shadowed-subset',
  severity: 'warning',
  on: ['VirtualService'],
  per: 'route',
  summary: 'A subset is defined in a DestinationRule that loses to another one.',
  why: 'For a client the first namespace with a DestinationRule of the host decides: its own, that of the service, the root namespace. Nothing is merged across namespaces, so the subsets of the others do not exist for it, and requests get 503.',
  remedy: 'Define the subset in the DestinationRule that is in force, or remove that one.',
  invalid: `
apiVersion: v1
kind: Service
metadata: { name: reviews, namespace: shop }
spec: { ports: [{ name: http, port: 80 }] }
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: reviews, namespace: shop }
spec:
  host: reviews
  subsets: [{ name: v1, labels: { version: v1 } }]
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: all, namespace: client }
spec:
  host: '*.shop.svc.cluster.local'
  trafficPolicy: { loadBalancer: { simple: RANDOM } }
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: reviews, namespace: client }
spec:
  hosts: [reviews.shop.svc.cluster.local]
  exportTo: ['.']
  http:
    - route: [{ destination: { host: reviews.shop.svc.cluster.local, subset: v1 } }]
`,
  valid: `
apiVersion: v1
kind: Service
metadata: { name: reviews, namespace: shop }
spec: { ports: [{ name: http, port: 80 }] }
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: reviews, namespace: shop }
spec:
  host: reviews
  subsets: [{ name: v1, labels: { version: v1 } }]
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: reviews, namespace: client }
spec:
  hosts: [reviews.shop.svc.cluster.local]
  exportTo: ['.']
  http:
    - route: [{ destination: { host: reviews.shop.svc.cluster.local, subset: v1 } }]
`,
  *check(vs, snapshot) {
    const { references } = snapshot;
    for (const { destination, effect } of namedDestinations(vs)) {
      const { host, subset } = destination;
      if (host === undefined || subset === undefined || subset.value === '') continue;
      const found = references.subset(host.value, subset.value, vs.namespace, vs);
      if (found.outcome !== 'found') continue;
      // Only where rules without it are in several namespaces one can be in the way of another.
      const rules = references.rulesFor(host.value, vs.namespace);
      const isLacking = rules.some(({ subsets }) => !subsets.some(({ name }) => name?.value === subset.value));
      if (!isLacking || new Set(rules.map(({ namespace }) => namespace)).size < 2) continue;
      for (const client of clientsOf(vs, snapshot)) {
        const rule = references.destinationRule(host.value, vs.namespace, client);
        if (
          rule === undefined ||
          rule.selector !== undefined ||
          rule.subsets.some(({ name }) => name?.value === subset.value)
        )
          continue;
        const [winner] = rule.from;
        if (winner === undefined) continue;
        yield {
          at: subset,
          message: `for clients in namespace ${quoted(client)} the DestinationRule ${quoted(winner.name)} is in force, which has no subset ${quoted(subset.value)}, so ${effect}`,
          related: [
            {
              at: winner.host ?? winner.nameAt,
              message: `in force: DestinationRule ${quoted(winner.name)} in namespace ${quoted(winner.namespace)}`,
            },
            { at: found.target.name ?? found.target.at, message: 'the subset is defined here' },
          ],
        };
        break;
      }
    }
  },
});

/**
 * The namespaces whose clients surely take the routes: of a private VirtualService its own; of one bound to gateways
 * only, the one in which gateways run.
 */
function clientsOf(vs: VirtualService, { settings }: Snapshot): readonly string[] {
  if (!bindsMesh(vs)) return [settings.mesh.gatewayNamespace];
  return vs.exportTo.length === 1 && (vs.exportTo[0]?.value === '.' || vs.exportTo[0]?.value === vs.namespace)
    ? [vs.namespace]
    : [];
}
