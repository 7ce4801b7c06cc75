import { bindsMesh } from '../../model/references.ts';
import type { Destination, HttpRoute, VirtualService } from '../../model/virtual-service.ts';
import { isHttp, mayBeHttp, parseProtocol } from '../../routing/protocol.ts';
import type { Snapshot } from '../../workspace/snapshot.ts';
import { boundServers } from '../bound-servers.ts';
import { addEntry, mapAt } from '../edits.ts';
import { type Finding, type Fix, workspaceRule } from '../rule.ts';
import { allOf, oneOf, quoted } from '../words.ts';

export const missingPort = workspaceRule({
  id: 'virtual-service/missing-port',
  severity: 'error',
  on: ['VirtualService'],
  per: 'route',
  codes: ['IST0112'],
  summary: 'A destination without a port leads to a port that the service does not have.',
  why: 'Without a port Istio takes the port on which the request came in: of the Service that was called, or of the gateway’s server. Only a gateway takes the single port of a service instead. Where the destination lacks that port its cluster does not exist, and requests get 503.',
  remedy: 'Write `port: { number: … }` with a port of the destination.',
  invalid: `
apiVersion: v1
kind: Service
metadata: { name: shop, namespace: shop }
spec: { ports: [{ name: http, port: 80 }] }
---
apiVersion: v1
kind: Service
metadata: { name: reviews, namespace: shop }
spec: { ports: [{ name: http, port: 9080 }] }
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: shop, namespace: shop }
spec:
  hosts: [shop]
  http:
    - route: [{ destination: { host: reviews } }]
`,
  valid: `
apiVersion: v1
kind: Service
metadata: { name: shop, namespace: shop }
spec: { ports: [{ name: http, port: 80 }] }
---
apiVersion: v1
kind: Service
metadata: { name: reviews, namespace: shop }
spec: { ports: [{ name: http, port: 9080 }] }
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: shop, namespace: shop }
spec:
  hosts: [shop]
  http:
    - route: [{ destination: { host: reviews, port: { number: 9080 } } }]
`,
  *check(vs, snapshot) {
    let ports: { readonly gateway: readonly number[]; readonly mesh: readonly number[] } | undefined;
    for (const rule of vs.http) {
      const named = [
        ...rule.route.map(({ destination }) => destination),
        rule.mirror,
        ...rule.mirrors.map(({ destination }) => destination),
      ];
      for (const destination of named) {
        if (destination?.host === undefined || destination.port !== undefined) continue;
        ports ??= { gateway: serverPorts(vs, snapshot), mesh: bindsMesh(vs) ? portsOfHosts(vs, snapshot) : [] };
        const finding = judge({ vs, snapshot, rule, destination }, ports.mesh, ports.gateway);
        if (finding !== undefined) yield finding;
      }
    }
    for (const rule of [...vs.tls, ...vs.tcp]) {
      for (const { destination } of rule.route) {
        if (destination?.host === undefined || destination.port !== undefined) continue;
        const finding = several({ vs, snapshot, destination });
        if (finding !== undefined) yield finding;
      }
    }
  },
});

interface Case {
  readonly vs: VirtualService;
  readonly snapshot: Snapshot;
  readonly destination: Destination;
}

/** Ports of a service that the workspace knows completely; empty where it does not. */
function portsOf({ vs, snapshot, destination }: Case): readonly number[] {
  const { references } = snapshot;
  const host = destination.host?.value ?? '';
  // In capitals it is no service at all, which another rule says.
  if (host !== host.toLowerCase()) return [];
  // A port that cannot exist tells whether the list is certain.
  if (references.port(host, 0, vs.namespace, vs).outcome !== 'missing') return [];
  return references.portsOf(host, vs.namespace).map(({ number }) => number);
}

function judge(
  at: Case & { rule: HttpRoute },
  mesh: readonly number[],
  gateway: readonly number[],
): Finding | undefined {
  const { rule, destination, vs } = at;
  const ports = portsOf(at);
  const host = destination.host;
  if (ports.length === 0 || host === undefined) return undefined;
  const wanted = rule.match.map(({ port }) => port?.value);
  const isAsked = (port: number): boolean => wanted.length === 0 || wanted.includes(undefined) || wanted.includes(port);
  const listed = mesh.filter(isAsked);
  const [dead, alive] = [listed.filter(port => !ports.includes(port)), listed.filter(port => ports.includes(port))];
  // A gateway takes the only port of a service.
  const deadAtGateway = ports.length === 1 ? [] : gateway.filter(port => isAsked(port) && !ports.includes(port));
  const have = `${quoted(host.value)} has ${ports.length === 1 ? 'only port' : 'the ports'} ${allOf(ports.map(String))}`;
  const codes = ports.length > 1 ? {} : { codes: [] };
  const fixes = fixesFor(vs, destination, ports);
  if (deadAtGateway.length > 0) {
    const message = `${have}; without "port" a gateway takes that of its server, ${oneOf(deadAtGateway.map(String))}, which is none of them, so requests get 503; write the port`;
    return { at: host, message, fixes };
  }
  if (dead.length > 0) {
    const message = `${have}; without "port" sidecars take the port that was called, ${oneOf(dead.map(String))}, so ${alive.length === 0 ? 'requests' : 'requests to it'} get 503; write the port`;
    return {
      at: host,
      message,
      fixes,
      severity: alive.length === 0 ? (ports.length > 1 ? 'error' : 'warning') : 'information',
      ...codes,
    };
  }
  return several(at);
}

/** It works, for the port that was called; Istio's analyzer asks for a port nevertheless. */
function several(at: Case): Finding | undefined {
  const ports = portsOf(at);
  const host = at.destination.host;
  if (ports.length < 2 || host === undefined) return undefined;
  const message = `${quoted(host.value)} has the ports ${allOf(ports.map(String))}; without "port" the one that was called is taken, whatever its protocol`;
  return { at: host, message, severity: 'hint' };
}

function fixesFor(vs: VirtualService, destination: Destination, ports: readonly number[]): readonly Fix[] {
  const map = mapAt(vs.document, destination.at);
  if (map === undefined || ports.length > 4) return [];
  return ports.map(port => ({
    title: `Write "port: { number: ${port} }"`,
    edits: [addEntry(vs.document, map, `port: { number: ${port} }`)],
    ...(ports.length === 1 ? { preferred: true } : {}),
  }));
}

/** Ports of the servers that carry HTTP of the gateways that it is bound to, where all of them are known. */
function serverPorts(vs: VirtualService, snapshot: Snapshot): readonly number[] {
  const servers = boundServers(vs, snapshot)?.servers ?? [];
  const http = servers.filter(({ server }) => {
    const protocol = parseProtocol(server.port?.protocol?.value ?? '');
    return isHttp(protocol) || (protocol === 'HTTPS' && server.tls?.mode?.value !== 'PASSTHROUGH');
  });
  return [...new Set(http.map(({ server }) => server.port?.number?.value).filter(port => port !== undefined))];
}

/** Ports with HTTP of the services for which it is; empty when one of them is not known. */
function portsOfHosts(vs: VirtualService, { references }: Snapshot): readonly number[] {
  const ports = new Set<number>();
  for (const { value } of vs.hosts) {
    if (value.startsWith('*') || references.host(value, vs.namespace, vs).outcome !== 'found') return [];
    for (const { number, protocol } of references.portsOf(value, vs.namespace))
      if (mayBeHttp(protocol)) ports.add(number);
  }
  return [...ports].sort((a, b) => a - b);
}
