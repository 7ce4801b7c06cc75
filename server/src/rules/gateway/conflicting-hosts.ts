import type { Gateway, Server } from '../../model/gateway.ts';
import { keyOf } from '../../model/resource.ts';
import type { Located } from '../../text/range.ts';
import { Groups } from '../../workspace/reads.ts';
import { type Finding, workspaceRule } from '../rule.ts';
import { quoted } from '../words.ts';
import { areTogether, hasLabels, labelsText } from '../workloads.ts';

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
      const port = server.port?.number?.value;
      if (port === undefined) continue;
      for (const [other, theirs] of index.group(byPort, String(port)) ?? []) {
        // In Pilot's order: what comes first is served, and is left alone.
        if (other === gateway) break;
        if (keyOf(other) === keyOf(gateway) || !shareWorkloads(other, gateway)) continue;
        if ((theirs.bind?.value ?? '') !== (server.bind?.value ?? '') || !areTogether(other, gateway, index)) continue;
        const finding = judge({ gateway, server }, { gateway: other, server: theirs });
        if (finding === undefined) continue;
        yield finding;
        break;
      }
    }
  },
});

interface Place {
  readonly gateway: Gateway;
  readonly server: Server;
}

function judge(own: Place, other: Place): Finding | undefined {
  const same = pair(own, other, (a, b) => a === b);
  if (same === undefined) return undefined;
  const selector =
    own.gateway.selector.length === 0 ? 'every gateway workload' : `workloads with ${labelsText(own.gateway.selector)}`;
  const where = `Gateway ${quoted(other.gateway.name)} has ${quoted(same.theirs.value)} on port ${own.server.port?.number?.value ?? 0} of ${selector}, too`;
  const related = [{ at: same.theirs, message: `Gateway ${quoted(other.gateway.name)}` }];
  if (own.server.tls !== undefined && other.server.tls !== undefined && own.server.tls.httpsRedirect?.value !== true) {
    const rest = own.server.hosts.length > 1 ? `, with all of its ${own.server.hosts.length} hosts` : '';
    return {
      at: same.own,
      message: `${where}: of servers with TLS only the older is kept, so this one is probably left out${rest}`,
      related,
    };
  }
  return {
    at: same.own,
    message: `${where}: both serve it, and the routes of both are put together in the order of age`,
    related,
    severity: 'information',
  };
}

function pair(
  own: Place,
  other: Place,
  test: (a: string, b: string) => boolean,
): { own: Located<string>; theirs: Located<string> } | undefined {
  for (const host of own.server.hosts) {
    const theirs = other.server.hosts.find(({ value }) =>
      test(nameOf(host.value, own.gateway), nameOf(value, other.gateway)),
    );
    if (theirs !== undefined) return { own: host, theirs };
  }
  return undefined;
}

/** The host of a server as Pilot compares it: `./` stands for the namespace, a leading star for nothing. */
function nameOf(host: string, { namespace }: Gateway): string {
  if (host.startsWith('./')) return `${namespace}${host.slice(1)}`.toLowerCase();
  return (host.startsWith('*/') ? host.slice(2) : host).toLowerCase();
}

/** Every workload that one selects is selected by the other. */
function shareWorkloads(a: Gateway, b: Gateway): boolean {
  return hasLabels(a.selector, b.selector) || hasLabels(b.selector, a.selector);
}

const byPort = Groups.of('Gateway', gateway =>
  gateway.servers.flatMap((server): [string, readonly [Gateway, Server]][] => {
    const number = server.port?.number?.value;
    return number === undefined ? [] : [[String(number), [gateway, server]]];
  }),
);
