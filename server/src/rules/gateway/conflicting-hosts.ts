import type { Gateway, Server } from '../../model/gateway.ts';
import { keyOf } from '../../model/resource.ts';
import type { Located } from '../../text/range.ts';
import type { Index } from '../../workspace/index.ts';
import { Groups } from '../../workspace/reads.ts';
import { type Finding, workspaceRule } from '../rule.ts';
import { quoted } from '../words.ts';
import { areTogether, isWithin, labelsText } from '../workloads.ts';

export const conflictingHosts = workspaceRule({
  id: 'gateway/conflicting-hosts',
  severity: 'error',
  on: ['Gateway'],
  ignores: 'VirtualService',
  codes: ['IST0145', 'KIA0301'],
  summary: 'Two Gateways of the same workloads have a host on the same port.',
  why: 'Servers with TLS cannot share a host: the later one is left out as a whole, also for its other hosts. Plain HTTP servers are merged; then routes of both Gateways answer for the host, in the order of age.',
  remedy: 'Keep the host in one of the Gateways, and bind the VirtualServices to that.',
  invalid: `
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: { name: a, namespace: infra }
spec:
  selector: { istio: ingressgateway }
  servers:
    - port: { number: 443, name: https, protocol: HTTPS }
      hosts: [shop.example.com]
      tls: { mode: SIMPLE, credentialName: shop-a }
---
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: { name: b, namespace: infra }
spec:
  selector: { istio: ingressgateway }
  servers:
    - port: { number: 443, name: https, protocol: HTTPS }
      hosts: [shop.example.com, more.example.com]
      tls: { mode: SIMPLE, credentialName: shop-b }
`,
  valid: `
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: { name: a, namespace: infra }
spec:
  selector: { istio: ingressgateway }
  servers:
    - port: { number: 443, name: https, protocol: HTTPS }
      hosts: [shop.example.com]
      tls: { mode: SIMPLE, credentialName: shop-a }
---
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: { name: b, namespace: infra }
spec:
  selector: { istio: ingressgateway }
  servers:
    - port: { number: 443, name: https, protocol: HTTPS }
      hosts: [more.example.com]
      tls: { mode: SIMPLE, credentialName: shop-b }
`,
  *check(gateway, { index }) {
    for (const server of gateway.servers) {
      const finding = conflictOf(gateway, server, index);
      if (finding !== undefined) yield finding;
    }
  },
});

/** The first host of a server that a Gateway before this one serves, too; what comes first, in Pilot's order, is left alone. */
function conflictOf(gateway: Gateway, server: Server, index: Index): Finding | undefined {
  for (const place of placesOf(gateway, server)) {
    for (const other of index.group(byHost, keyIn(place)) ?? []) {
      if (other.gateway === gateway) break;
      if (areTwo(other, place) && areTogether(other.gateway, gateway, index)) return judge(place, other);
    }
  }
  return undefined;
}

/** A host of a server. */
interface Place {
  readonly gateway: Gateway;
  readonly server: Server;
  readonly host: Located<string>;
  readonly port: number;
}

function placesOf(gateway: Gateway, server: Server): readonly Place[] {
  const port = server.port?.number?.value;
  return port === undefined ? [] : server.hosts.map(host => ({ gateway, server, host, port }));
}

/** Hosts by port and name: a Gateway without a host of another one is not judged again when that changes. */
const byHost = Groups.of('Gateway', gateway =>
  gateway.servers.flatMap(server => placesOf(gateway, server).map((place): [string, Place] => [keyIn(place), place])),
);

/** Port and host as Pilot compares it: `./` stands for the namespace, a leading star for nothing. */
function keyIn({ gateway, host, port }: Place): string {
  const { value } = host;
  const name = value.startsWith('./')
    ? `${gateway.namespace}${value.slice(1)}`
    : value.startsWith('*/')
      ? value.slice(2)
      : value;
  return `${port} ${name.toLowerCase()}`;
}

/** Different Gateways that bind the same address of the same workloads. */
function areTwo(a: Place, b: Place): boolean {
  return (
    keyOf(a.gateway) !== keyOf(b.gateway) &&
    (a.server.bind?.value ?? '') === (b.server.bind?.value ?? '') &&
    isWithin(a.gateway.selector, b.gateway.selector)
  );
}

function judge(own: Place, other: Place): Finding {
  const selector =
    own.gateway.selector.length === 0 ? 'every gateway workload' : `workloads with ${labelsText(own.gateway.selector)}`;
  const where = `Gateway ${quoted(other.gateway.name)} has ${quoted(other.host.value)} on port ${own.port} of ${selector}, too`;
  const related = [{ at: other.host, message: `Gateway ${quoted(other.gateway.name)}` }];
  if (own.server.tls !== undefined && other.server.tls !== undefined && own.server.tls.httpsRedirect?.value !== true) {
    const rest = own.server.hosts.length > 1 ? `, with all of its ${own.server.hosts.length} hosts` : '';
    return {
      at: own.host,
      message: `${where}: of servers with TLS only the older is kept, so this one is probably left out${rest}`,
      related,
    };
  }
  return {
    at: own.host,
    message: `${where}: both serve it, and the routes of both are put together in the order of age`,
    related,
    severity: 'information',
  };
}
