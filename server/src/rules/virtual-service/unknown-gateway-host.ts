import { resolveGatewayName } from '../../model/host.ts';
import { keyOf } from '../../model/resource.ts';
import type { VirtualService } from '../../model/virtual-service.ts';
import type { Located } from '../../text/range.ts';
import type { Snapshot } from '../../workspace/snapshot.ts';
import { acceptedHosts, type BoundServers, boundServers, hostsOfAll, serversFor } from '../bound-servers.ts';
import { changeTo } from '../edits.ts';
import { nearest } from '../nearest.ts';
import { type Finding, type Note, workspaceRule } from '../rule.ts';
import { allOf, oneOf, orMeant, quoted } from '../words.ts';

/** More hosts than this make a note that nobody reads. */
const MAX_HOSTS = 6;

export const unknownGatewayHost = workspaceRule({
  id: 'virtual-service/unknown-gateway-host',
  severity: 'warning',
  on: ['VirtualService'],
  ignores: 'VirtualService',
  codes: ['IST0132'],
  summary: 'A host of a VirtualService that its Gateway does not accept.',
  why: 'A Gateway serves a host only when one of its servers has the host, or a wildcard over it, for the namespace of the VirtualService. For any other the gateway answers 404.',
  remedy: 'Add the host to a server of the Gateway, or bind the VirtualService to the Gateway that has it.',
  invalid: `
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: { name: public, namespace: shop }
spec:
  selector: { istio: ingressgateway }
  servers:
    - port: { number: 80, name: http, protocol: HTTP }
      hosts: ['*.example.com']
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: shop, namespace: shop }
spec:
  hosts: [shop.example.org]
  gateways: [public]
  http:
    - route: [{ destination: { host: shop } }]
`,
  valid: `
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: { name: public, namespace: shop }
spec:
  selector: { istio: ingressgateway }
  servers:
    - port: { number: 80, name: http, protocol: HTTP }
      hosts: ['*.example.com']
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: shop, namespace: shop }
spec:
  hosts: [shop.example.com]
  gateways: [public]
  http:
    - route: [{ destination: { host: shop } }]
`,
  *check(vs, snapshot) {
    const bound = boundServers(vs, snapshot);
    if (bound === undefined || bound.servers.length === 0) return;
    const isAccepted = ({ value }: Located<string>, servers = bound.servers): boolean =>
      serversFor(servers, snapshot.references.fullHost(value, vs.namespace), vs.namespace).length > 0;
    const rejected = vs.hosts.filter(host => !isAccepted(host));
    // Beside `mesh`, a host may be meant for sidecars alone.
    if (!bound.hasMesh) for (const host of rejected) yield hostFinding(vs, snapshot, bound, host);
    if (vs.hosts.length === 0 || (rejected.length === vs.hosts.length && !bound.hasMesh)) return;
    for (const gateway of bound.gateways) {
      const servers = bound.servers.filter(server => server.gateway === gateway);
      if (servers.length === 0 || vs.hosts.some(host => isAccepted(host, servers))) continue;
      const name = vs.gateways.find(({ value }) => resolveGatewayName(value, vs.namespace) === keyOf(gateway));
      if (name === undefined) continue;
      yield {
        at: name,
        message: `Gateway ${quoted(name.value)} accepts none of the hosts of this VirtualService, so nothing comes through it`,
        related: notes({ ...bound, gateways: [gateway] }, vs.namespace),
      };
    }
  },
});

function hostFinding(vs: VirtualService, snapshot: Snapshot, bound: BoundServers, host: Located<string>): Finding {
  const full = snapshot.references.fullHost(host.value, vs.namespace);
  const gateways = oneOf(bound.gateways.map(gateway => quoted(gateway.name)));
  const isForOthers =
    serversFor(
      bound.servers.map(server => ({ ...server, hosts: hostsOfAll([server]) })),
      full,
      vs.namespace,
    ).length > 0;
  const where = isForOthers ? ` from namespace ${quoted(vs.namespace)}` : '';
  const written = vs.hosts.map(other => other.value);
  const accepted = acceptedHosts(bound.servers, vs.namespace).filter(
    name => !name.startsWith('*') && !written.includes(name),
  );
  const guess = isForOthers ? undefined : nearest(host.value, accepted);
  const fixes = guess === undefined ? [] : [changeTo(vs.document, host, guess)];
  return {
    at: host,
    message: `no server of Gateway ${gateways} accepts ${quoted(full)}${where}, so requests for it get 404${orMeant(guess)}`,
    related: notes(bound, vs.namespace),
    fixes,
  };
}

function notes({ gateways, servers }: BoundServers, namespace: string): readonly Note[] {
  return gateways.map(gateway => {
    const hosts = acceptedHosts(
      servers.filter(server => server.gateway === gateway),
      namespace,
    );
    const some = hosts.slice(0, MAX_HOSTS).map(quoted);
    const list = hosts.length > MAX_HOSTS ? `${some.join(', ')} …` : allOf(some);
    const text = hosts.length === 0 ? `nothing from namespace ${quoted(namespace)}` : list;
    return { at: gateway.nameAt, message: `Gateway ${quoted(gateway.name)} accepts ${text}` };
  });
}
