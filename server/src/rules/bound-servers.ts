import type { Gateway } from '../model/gateway.ts';
import { gatewayNames } from '../model/references.ts';
import type { VirtualService } from '../model/virtual-service.ts';
import { type GatewayServer, hostsFor, intersection, serverHosts } from '../routing/gateway-table.ts';
import type { Snapshot } from '../workspace/snapshot.ts';

type BoundServer = Pick<GatewayServer, 'gateway' | 'server' | 'hosts'>;

/** The servers of the gateways that a VirtualService is bound to; `mesh` is none of them. */
export interface BoundServers {
  readonly gateways: readonly Gateway[];
  readonly servers: readonly BoundServer[];
  readonly hasMesh: boolean;
}

/** @returns `undefined` when some gateway is not known, or when there is none */
export function boundServers(vs: VirtualService, snapshot: Snapshot): BoundServers | undefined {
  const names = gatewayNames(vs).filter(name => name !== 'mesh');
  const gateways: Gateway[] = [];
  for (const name of names) {
    const gateway = snapshot.references.gateway(name, vs.namespace);
    if (gateway.outcome !== 'found') return undefined;
    gateways.push(gateway.target);
  }
  if (gateways.length === 0) return undefined;
  const servers = gateways.flatMap(gateway =>
    gateway.servers.map(server => ({ gateway, server, hosts: serverHosts(server, gateway) })),
  );
  return { gateways, servers, hasMesh: gatewayNames(vs).length > names.length };
}

/** The servers that accept a full host name from VirtualServices of a namespace (`PILOT.md` 5.3). */
export function serversFor(servers: readonly BoundServer[], host: string, namespace: string): readonly BoundServer[] {
  return servers.filter(server => intersection(hostsFor(server, namespace), [host]).length > 0);
}

/** The host names that servers accept from VirtualServices of a namespace, each once. */
export function acceptedHosts(servers: readonly BoundServer[], namespace: string): readonly string[] {
  return [...new Set(servers.flatMap(server => hostsFor(server, namespace)))];
}

/** The host names that servers accept from some namespace, each once. */
export function hostsOfAll(servers: readonly BoundServer[]): readonly string[] {
  return [...new Set(servers.flatMap(({ hosts }) => hosts.map(host => host.slice(host.indexOf('/') + 1))))];
}
