import { resolveHost } from '../../model/host.ts';
import { bindsMesh } from '../../model/references.ts';
import type { Destination, VirtualService } from '../../model/virtual-service.ts';
import { Groups } from '../../workspace/reads.ts';
import { workspaceRule } from '../rule.ts';
import { quoted } from '../words.ts';

export const ineffectiveMeshRoutes = workspaceRule({
  id: 'virtual-service/ineffective-mesh-routes',
  severity: 'warning',
  on: ['VirtualService'],
  codes: ['IST0140'],
  summary: 'A gateway sends to a service whose subsets are chosen by another VirtualService.',
  why: 'Routes are not chained. The VirtualService of the inner host counts for calls of sidecars; a request that comes through the gateway goes to all pods of the service, whatever their version.',
  remedy: 'Name the subset in the destination of the gateway’s route, or delegate to one list of rules.',
  invalid: `
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: public, namespace: shop }
spec:
  hosts: [shop.example.com]
  gateways: [infra/public]
  http:
    - route: [{ destination: { host: reviews } }]
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: reviews, namespace: shop }
spec:
  hosts: [reviews]
  http:
    - route: [{ destination: { host: reviews, subset: v1 } }]
`,
  valid: `
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: public, namespace: shop }
spec:
  hosts: [shop.example.com]
  gateways: [infra/public]
  http:
    - route: [{ destination: { host: reviews, subset: v1 } }]
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: reviews, namespace: shop }
spec:
  hosts: [reviews]
  http:
    - route: [{ destination: { host: reviews, subset: v1 } }]
`,
  *check(vs, snapshot) {
    if (vs.gateways.every(({ value }) => value === 'mesh')) return;
    for (const { route } of vs.http) {
      for (const { destination } of route) {
        const host = destination?.host;
        if (host === undefined || destination?.subset !== undefined) continue;
        const full = snapshot.references.fullHost(host.value, vs.namespace).toLowerCase();
        const other = snapshot.index
          .group(subsetRoutes, full)
          ?.find(({ resource }) => resource !== vs && !resource.gateways.some(({ value }) => value !== 'mesh'));
        if (other === undefined) continue;
        yield {
          at: host,
          message: `what comes through the gateway goes to all pods of ${quoted(host.value)}: the subsets that VirtualService ${quoted(other.resource.name)} chooses count only for calls inside the mesh; name a subset here`,
          related: [
            {
              at: other.destination.subset ?? other.destination.at,
              message: `VirtualService ${quoted(other.resource.name)} sends to the subset ${quoted(other.destination.subset?.value ?? '')}`,
            },
          ],
        };
      }
    }
  },
});

interface SubsetRoute {
  readonly resource: VirtualService;
  readonly destination: Destination;
}

/** By full host: routes in the mesh, of the VirtualService of the host itself, that choose a subset. */
const subsetRoutes = Groups.of('VirtualService', (resource, { mesh }) => {
  const routes: [string, SubsetRoute][] = [];
  if (!bindsMesh(resource)) return routes;
  const full = (host: string): string => resolveHost(host, resource.namespace, mesh.clusterDomain).toLowerCase();
  const hosts = new Set(resource.hosts.map(({ value }) => full(value)));
  for (const { destination } of resource.http.flatMap(rule => rule.route)) {
    if (destination?.host === undefined || !destination.subset?.value) continue;
    const host = full(destination.host.value);
    if (hosts.has(host)) routes.push([host, { resource, destination }]);
  }
  return routes;
});
