import { addItem } from '../list-edits.ts';
import { workspaceRule } from '../rule.ts';
import { quoted } from '../words.ts';

export const missingMesh = workspaceRule({
  id: 'virtual-service/missing-mesh',
  severity: 'information',
  on: ['VirtualService'],
  summary: 'A VirtualService for a service of the mesh is bound to gateways only.',
  why: 'Its rules count for what comes through the gateways. Calls from one workload of the mesh to the service take the default route, as if there were no VirtualService.',
  remedy: 'Add `mesh` to `gateways`, if the rules are for calls inside the mesh as well.',
  invalid: `
apiVersion: v1
kind: Service
metadata: { name: reviews, namespace: shop }
spec: { ports: [{ name: http, port: 80 }] }
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: reviews, namespace: shop }
spec:
  hosts: [reviews.example.com, reviews.shop.svc.cluster.local]
  gateways: [infra/public]
  http:
    - route: [{ destination: { host: reviews } }]
`,
  valid: `
apiVersion: v1
kind: Service
metadata: { name: reviews, namespace: shop }
spec: { ports: [{ name: http, port: 80 }] }
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: reviews, namespace: shop }
spec:
  hosts: [reviews.example.com, reviews.shop.svc.cluster.local]
  gateways: [infra/public, mesh]
  http:
    - route: [{ destination: { host: reviews } }]
`,
  *check(vs, { references, index }) {
    if (vs.gateways.length === 0 || vs.gateways.some(({ value }) => value === 'mesh')) return;
    const last = vs.gateways.at(-1);
    for (const host of vs.hosts) {
      if (host.value.startsWith('*')) continue;
      const resolution = references.host(host.value, vs.namespace, vs);
      if (resolution.outcome !== 'found' || resolution.target.registry !== 'Kubernetes') continue;
      const full = references.fullHost(host.value, vs.namespace).toLowerCase();
      const isElsewhere = index
        .all('VirtualService')
        .some(
          other =>
            other !== vs &&
            (other.gateways.length === 0 || other.gateways.some(({ value }) => value === 'mesh')) &&
            other.hosts.some(({ value }) => references.fullHost(value, other.namespace).toLowerCase() === full),
        );
      if (isElsewhere) continue;
      const edit = last === undefined ? undefined : addItem(vs.document, last, 'mesh');
      const canAll = vs.hosts.every(({ value }) => value !== '*');
      yield {
        at: host,
        message: `calls to ${quoted(host.value)} inside the mesh do not take these rules: "gateways" does not have "mesh"`,
        fixes: edit === undefined || !canAll ? [] : [{ title: 'Add "mesh" to the gateways', edits: [edit] }],
      };
    }
  },
});
