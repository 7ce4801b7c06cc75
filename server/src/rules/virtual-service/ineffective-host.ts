import { bindsMesh } from '../../model/references.ts';
import { changeTo } from '../edits.ts';
import { workspaceRule } from '../rule.ts';
import { quoted } from '../words.ts';

export const ineffectiveHost = workspaceRule({
  id: 'virtual-service/ineffective-host',
  severity: 'warning',
  on: ['VirtualService'],
  ignores: 'VirtualService',
  summary: 'A VirtualService is for a host that is half of a service’s name.',
  why: 'Istio completes only names without a dot. `reviews.shop` is taken as a host of the outside world: it is not the service, whose requests take its default route as if there were no VirtualService.',
  remedy: 'Write the full name, `NAME.NAMESPACE.svc.cluster.local`, or the short one in the namespace of the service.',
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
  hosts: [reviews.shop]
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
  hosts: [reviews.shop.svc.cluster.local]
  http:
    - route: [{ destination: { host: reviews } }]
`,
  *check(vs, { references, index }) {
    if (!bindsMesh(vs)) return;
    for (const host of vs.hosts) {
      const full = references.expandHalfQualified(host.value);
      if (full === undefined || index.servicesOf(host.value.toLowerCase()) !== undefined) continue;
      if (vs.hosts.some(({ value }) => references.fullHost(value, vs.namespace).toLowerCase() === full)) continue;
      yield {
        at: host,
        message: `${quoted(host.value)} is not the service ${quoted(full)} for Istio, which completes only names without a dot: calls to the service do not take these rules`,
        fixes: [{ ...changeTo(vs.document, host, full), preferred: true }],
      };
    }
  },
});
