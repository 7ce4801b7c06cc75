import { parseServiceHost } from '../../model/host.ts';
import { changeTo } from '../edits.ts';
import { nearest } from '../nearest.ts';
import { workspaceRule } from '../rule.ts';
import { orMeant, quoted } from '../words.ts';

export const unknownHost = workspaceRule({
  id: 'sidecar/unknown-host',
  severity: 'warning',
  on: ['Sidecar'],
  codes: ['KIA1004'],
  summary: 'A Sidecar imports a host that does not exist.',
  why: 'Nothing is imported: the workloads get no cluster for the service that was meant, and their calls go to the passthrough cluster or get 502.',
  remedy:
    'Write `NAMESPACE/HOST` with the full name of the service, for example `shop/reviews.shop.svc.cluster.local`.',
  invalid: `
apiVersion: v1
kind: Service
metadata: { name: reviews, namespace: shop }
spec: { ports: [{ name: http, port: 80 }] }
---
apiVersion: networking.istio.io/v1
kind: Sidecar
metadata: { name: default, namespace: shop }
spec: { egress: [{ hosts: [./reveiws.shop.svc.cluster.local] }] }
`,
  valid: `
apiVersion: v1
kind: Service
metadata: { name: reviews, namespace: shop }
spec: { ports: [{ name: http, port: 80 }] }
---
apiVersion: networking.istio.io/v1
kind: Sidecar
metadata: { name: default, namespace: shop }
spec: { egress: [{ hosts: [./reviews.shop.svc.cluster.local] }] }
`,
  *check(sidecar, { references, index, settings }) {
    const { clusterDomain } = settings.mesh;
    for (const { hosts } of sidecar.egress) {
      for (const host of hosts) {
        const slash = host.value.indexOf('/');
        const [place, name] = [host.value.slice(0, slash), host.value.slice(slash + 1)];
        if (slash < 0 || name.includes('*') || place.startsWith('~') || !name.includes('.')) continue;
        const resolution = references.host(name, sidecar.namespace, sidecar);
        // A VirtualService's host can be imported as well.
        const isRouted = index
          .all('VirtualService')
          .some(vs => vs.hosts.some(({ value }) => references.fullHost(value, vs.namespace) === name));
        if (resolution.outcome !== 'missing' || isRouted) continue;
        const local = parseServiceHost(name, clusterDomain);
        const names = [...index.services.keys()].filter(
          known => local === undefined || known.endsWith(`.${local.namespace}.svc.${clusterDomain}`),
        );
        const meant = references.expandHalfQualified(name) ?? nearest(name, names);
        const text = meant === undefined ? undefined : `${place}/${meant}`;
        yield {
          at: host,
          message: `there is no service ${quoted(name)}, so nothing is imported${orMeant(text)}`,
          fixes: text === undefined ? [] : [changeTo(sidecar.document, host, text)],
        };
      }
    }
  },
});
