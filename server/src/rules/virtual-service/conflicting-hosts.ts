import { resolveHost } from '../../model/host.ts';
import { bindsMesh } from '../../model/references.ts';
import { byAge, keyOf } from '../../model/resource.ts';
import type { VirtualService } from '../../model/virtual-service.ts';
import { Groups } from '../../workspace/reads.ts';
import { workspaceRule } from '../rule.ts';
import { quoted } from '../words.ts';
import { areTogether } from '../workloads.ts';

export const conflictingHosts = workspaceRule({
  id: 'virtual-service/conflicting-hosts',
  severity: 'error',
  on: ['VirtualService'],
  codes: ['IST0109', 'KIA1106'],
  summary: 'Two VirtualServices in the mesh are for the same host.',
  why: 'Sidecars do not merge them: the first one of a host owns it alone, in the order of age, and the rules of every other are ignored. Only gateways merge.',
  remedy:
    'Put the rules into one VirtualService, or limit one of them with `exportTo`. To split the rules among files, delegate.',
  invalid: `
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: reviews, namespace: shop }
spec:
  hosts: [reviews]
  http:
    - route: [{ destination: { host: reviews } }]
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: reviews-admin, namespace: shop }
spec:
  hosts: [reviews.shop.svc.cluster.local]
  http:
    - match: [{ uri: { prefix: /admin } }]
      route: [{ destination: { host: reviews } }]
`,
  valid: `
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: reviews, namespace: shop }
spec:
  hosts: [reviews]
  http:
    - match: [{ uri: { prefix: /admin } }]
      route: [{ destination: { host: reviews } }]
    - route: [{ destination: { host: reviews } }]
`,
  *check(vs, snapshot) {
    if (!bindsMesh(vs) || vs.name === '') return;
    const own = scopesOf(vs);
    for (const host of vs.hosts) {
      const rivals =
        snapshot.index.group(meshHosts, snapshot.references.fullHost(host.value, vs.namespace).toLowerCase()) ?? [];
      const winner = rivals.find(
        other =>
          other.name !== '' &&
          keyOf(other) !== keyOf(vs) &&
          comesFirst(other, vs) &&
          meet(own, scopesOf(other)) &&
          competes(other, vs) &&
          areTogether(other, vs, snapshot.index),
      );
      if (winner === undefined) continue;
      const at = winner.hosts.find(
        ({ value }) =>
          snapshot.references.fullHost(value, winner.namespace).toLowerCase() ===
          snapshot.references.fullHost(host.value, vs.namespace).toLowerCase(),
      );
      yield {
        at: host,
        message: `VirtualService ${quoted(winner.name)} is for ${quoted(host.value)} in the mesh, too, and sidecars take only ${rankOf(winner) < rankOf(vs) ? 'that, which is exported to fewer' : 'the older of the two'}: the rules of one are ignored; merge them`,
        related: [
          {
            at: at ?? winner.nameAt,
            message: `VirtualService ${quoted(winner.name)} in namespace ${quoted(winner.namespace)}`,
          },
        ],
      };
    }
  },
});

/** The VirtualServices bound to the mesh by the full names of their hosts. */
const meshHosts = Groups.of('VirtualService', (vs, { mesh }) => {
  const hosts = bindsMesh(vs) ? vs.hosts : [];
  const names = new Set(hosts.map(({ value }) => resolveHost(value, vs.namespace, mesh.clusterDomain).toLowerCase()));
  return [...names].map(name => [name, vs] as const);
});

/** Private ones count before those exported by name, and these before public ones (`PILOT.md` 2.5). */
function rankOf(vs: VirtualService): number {
  const scopes = scopesOf(vs);
  if (scopes.includes('*')) return 2;
  return scopes.length === 1 && scopes[0] === vs.namespace ? 0 : 1;
}

function comesFirst(a: VirtualService, b: VirtualService): boolean {
  return (rankOf(a) - rankOf(b) || byAge(a, b)) < 0;
}

/** The namespaces that see it; `*` for all. */
function scopesOf(vs: VirtualService): readonly string[] {
  if (vs.exportTo.length === 0) return ['*'];
  return vs.exportTo.map(({ value }) => (value === '.' ? vs.namespace : value));
}

function meet(a: readonly string[], b: readonly string[]): boolean {
  return a.includes('*') || b.includes('*') || a.some(scope => b.includes(scope));
}

/**
 * Whether the first can take a host away from the second. One without HTTP rules makes no HTTP routes, and one that is
 * only for chosen clients leaves the others to the next (`PILOT.md` 4.3).
 */
function competes(first: VirtualService, second: VirtualService): boolean {
  const sections = (['http', 'tcp', 'tls'] as const).filter(
    section => first[section].length > 0 && second[section].length > 0,
  );
  if (sections.length === 0) return first.http.length + first.tcp.length + first.tls.length === 0;
  const isForSome =
    first.http.length > 0 &&
    first.http.every(
      rule =>
        rule.match.length > 0 &&
        rule.match.every(
          ({ sourceLabels, sourceNamespace }) => sourceLabels.length > 0 || sourceNamespace !== undefined,
        ),
    );
  return !isForSome || sections.some(section => section !== 'http');
}
