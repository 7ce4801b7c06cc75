import type { Gateway, Server } from '../model/gateway.ts';
import { hostMatches, hostsOverlap, resolveGatewayName } from '../model/host.ts';
import { plainMap } from '../model/reader.ts';
import { gatewayNames } from '../model/references.ts';
import { byAge, keyOf } from '../model/resource.ts';
import type { Destination } from '../model/virtual-service.ts';
import { push } from '../text/push.ts';
import { contextKeys } from './action.ts';
import { consistentHashFor, type DestinationRuleIndex, destinationRuleFor } from './destination-rules.ts';
import type { LeftOut } from './left-out.ts';
import { type Mesh, type MeshProxy, type MeshService, selects } from './mesh.ts';
import type { PreparedVirtualService } from './prepare.ts';
import { isHttp, parseProtocol } from './protocol.ts';
import { routesOf, type TableRoute } from './routes.ts';
import { portsOf } from './services.ts';
import type { RouteTable, TableHost } from './table.ts';
import { boundTo, isServiceVisible, visibleVirtualServices } from './visibility.ts';

export interface GatewayServer {
  readonly gateway: Gateway;
  readonly server: Server;
  readonly port: number;
  /** Name of its route configuration; empty for servers that serve no HTTP. */
  readonly tableName: string;
  /** Hosts with the namespace filter resolved: `ns/host` or `host`. */
  readonly hosts: readonly string[];
}

export interface GatewayInput {
  readonly mesh: Mesh;
  readonly proxy: MeshProxy;
  readonly prepared: readonly PreparedVirtualService[];
  readonly rules: DestinationRuleIndex;
}

/**
 * The servers that a gateway workload gets from all Gateways that select it, and those that lose (`PILOT.md` 5.1,
 * 5.2, Istio `mergeGateways`).
 */
export function mergeServers(
  mesh: Mesh,
  proxy: MeshProxy,
): { servers: readonly GatewayServer[]; leftOut: readonly LeftOut[] } {
  const servers: GatewayServer[] = [];
  const leftOut: LeftOut[] = [];
  const tlsHosts = new Map<string, Map<string, GatewayServer>>();
  const plain = new Map<number, GatewayServer>();
  const usedPorts = new Set<number>();
  for (const gateway of [...mesh.gateways].sort(byAge)) {
    if (!selects(plainMap(gateway.selector), proxy.labels)) continue;
    for (const server of gateway.servers) {
      const port = server.port?.number?.value;
      if (port === undefined) continue;
      const entry: GatewayServer = {
        gateway,
        server,
        port,
        tableName: tableName(gateway, server, port),
        hosts: serverHosts(server, gateway),
      };
      const note = { resource: gateway, at: server.at, rule: server.name?.value || (server.port?.name?.value ?? '') };
      const bind = server.bind?.value ?? '';
      if (server.tls !== undefined) {
        const key = `${port} ${bind}`;
        const known = tlsHosts.get(key) ?? new Map<string, GatewayServer>();
        const duplicate = entry.hosts.find(host => known.has(host));
        const winner = duplicate === undefined ? undefined : known.get(duplicate);
        if (duplicate !== undefined && winner !== undefined) {
          const by = { resource: winner.gateway, at: winner.server.at };
          leftOut.push({ ...note, reason: 'duplicate-host', detail: duplicate, by });
          continue;
        }
        for (const host of entry.hosts) known.set(host, entry);
        tlsHosts.set(key, known);
      }
      const current = plain.get(port);
      if (current !== undefined && (current.server.bind?.value ?? '') === bind && !canShare(current, entry)) {
        leftOut.push({
          ...note,
          reason: 'protocol-conflict',
          by: { resource: current.gateway, at: current.server.at },
        });
        continue;
      }
      if (!usedPorts.has(port) && !isTlsServer(server)) plain.set(port, entry);
      usedPorts.add(port);
      servers.push(entry);
    }
  }
  return { servers, leftOut };
}

function canShare(current: GatewayServer, next: GatewayServer): boolean {
  const [a, b] = [protocolOf(current.server), protocolOf(next.server)];
  return isHttp(a) && isHttp(b);
}

function protocolOf(server: Server): ReturnType<typeof parseProtocol> {
  return parseProtocol(server.port?.protocol?.value ?? '');
}

/** TLS that is more than a redirect (Istio `gateway.IsTLSServer`). */
export function isTlsServer(server: Server): boolean {
  return server.tls !== undefined && !isHttp(protocolOf(server));
}

export function isPassthrough(server: Server): boolean {
  const mode = server.tls?.mode?.value;
  return server.tls !== undefined && (mode === undefined || mode === 'PASSTHROUGH' || mode === 'AUTO_PASSTHROUGH');
}

function tableName(gateway: Gateway, server: Server, port: number): string {
  const protocol = protocolOf(server);
  const bind = server.bind?.value ? `.${server.bind.value}` : '';
  if (isHttp(protocol)) return `http.${port}${bind}`;
  if (protocol === 'HTTPS' && server.tls !== undefined && !isPassthrough(server)) {
    return `https.${port}.${server.port?.name?.value ?? ''}.${gateway.name}.${gateway.namespace}${bind}`;
  }
  return '';
}

/** `./h` gets the Gateway's namespace; a host for every namespace stands alone (Istio `sanitizeServerHostNamespace`). */
export function serverHosts(server: Server, gateway: Gateway): readonly string[] {
  const hosts = server.hosts.map(({ value }) => {
    if (value.startsWith('./')) return gateway.namespace + value.slice(1);
    return value.startsWith('*/') ? value.slice(2) : value;
  });
  return server.hosts.some(({ value }) => value === '*/*') ? ['*'] : hosts;
}

/** The names of a gateway workload's route configurations, sorted. */
export function gatewayTableNames(servers: readonly GatewayServer[]): readonly string[] {
  return [...new Set(servers.map(server => server.tableName).filter(name => name !== ''))].sort();
}

/** One route configuration of a gateway (`PILOT.md` 5, Istio `buildGatewayHTTPRouteConfig`). */
export function gatewayTable(input: GatewayInput, name: string, all: readonly GatewayServer[]): RouteTable {
  const servers = all.filter(server => server.tableName === name);
  const port = servers[0]?.port ?? 0;
  const hosts = new Map<string, MutableHost>();
  const leftOut: LeftOut[] = [];
  const cache = new Map<string, readonly TableRoute[]>();
  const bound = new Set<PreparedVirtualService>();
  const served = new Set<string>();
  for (const entry of servers) {
    const { gateway, server } = entry;
    const redirect = server.tls?.httpsRedirect?.value === true;
    for (const vs of visibleVirtualServices(
      input.prepared,
      keyOf(gateway),
      input.proxy.namespace,
      input.mesh.settings,
    )) {
      const shared = intersection(hostsFor(entry, vs.resource.namespace), vs.hosts);
      bound.add(vs);
      for (const host of vs.hosts)
        if (shared.some(name => hostsOverlap(name, host))) served.add(`${keyOf(vs.resource)} ${host}`);
      if (shared.length === 0) continue;
      const key = `${keyOf(gateway)} ${keyOf(vs.resource)}`;
      let routes = cache.get(key);
      if (routes === undefined) {
        const built = routesOf(vs, input.proxy, contextFor(input, vs, entry));
        for (const note of built.leftOut) leftOut.push(note);
        routes = built.routes;
        cache.set(key, routes);
      }
      if (routes.length === 0) continue;
      for (const host of shared) {
        const target = getOrAdd(hosts, host.toLowerCase(), entry);
        for (const route of routes) target.routes.push(route);
        target.parts.push(key);
        if (!target.virtualServices.includes(vs)) target.virtualServices.push(vs);
        if (redirect) target.requireTls = true;
      }
    }
    for (const written of entry.hosts) {
      const host = written.slice(written.indexOf('/') + 1).toLowerCase();
      const known = hosts.get(host);
      if (redirect) (known ?? getOrAdd(hosts, host, entry)).requireTls = true;
    }
  }
  for (const vs of bound) noteForeignHosts(vs, servers, served, leftOut);
  noteHidden(input, servers, bound, leftOut);
  return { name, port, virtualHosts: hosts.size === 0 ? [blackhole(port)] : finish(hosts, port), leftOut };
}

interface MutableHost {
  readonly host: string;
  /** Of which gateways and VirtualServices its routes are, in order: hosts with the same ones have the same routes. */
  readonly parts: string[];
  readonly routes: TableRoute[];
  readonly virtualServices: PreparedVirtualService[];
  readonly servers: GatewayServer[];
  requireTls: boolean;
}

function getOrAdd(hosts: Map<string, MutableHost>, host: string, server: GatewayServer): MutableHost {
  const found = hosts.get(host) ?? { host, parts: [], routes: [], virtualServices: [], servers: [], requireTls: false };
  if (!found.servers.includes(server)) found.servers.push(server);
  hosts.set(host, found);
  return found;
}

function contextFor(
  input: GatewayInput,
  vs: PreparedVirtualService,
  entry: GatewayServer,
): Parameters<typeof routesOf>[2] {
  const { proxy, rules } = input;
  const { defaultHttpRetryPolicy: defaultRetries, clusterDomain } = input.mesh.settings;
  const lookup = (host: string): MeshService | undefined => serviceLookup(input, vs, host);
  const fixed = { port: entry.port, isTls: entry.server.tls !== undefined, defaultRetries };
  return {
    ...fixed,
    ...contextKeys(fixed),
    sharedBy: undefined,
    gateway: keyOf(entry.gateway),
    clusterDomain,
    service: host => portsOf(lookup(host)),
    consistentHash: (destination: Destination) => {
      if (!rules.hasConsistentHash) return undefined;
      const service = lookup(destination.host?.value ?? '');
      if (service === undefined) return undefined;
      const rule = destinationRuleFor(rules, proxy, service);
      return consistentHashFor(rule, destination.subset?.value ?? '', destination.port?.value);
    },
  };
}

const lookedUp = new WeakMap<Mesh, Map<string, Map<string, MeshService | undefined>>>();

/** The service of a destination on a gateway: of several with one host that of the VirtualService's namespace. */
export function serviceLookup(
  { mesh }: GatewayInput,
  { resource: { namespace } }: PreparedVirtualService,
  host: string,
): MeshService | undefined {
  const ofMesh = lookedUp.get(mesh) ?? new Map<string, Map<string, MeshService | undefined>>();
  lookedUp.set(mesh, ofMesh);
  const ofNamespace = ofMesh.get(namespace) ?? new Map<string, MeshService | undefined>();
  ofMesh.set(namespace, ofNamespace);
  if (ofNamespace.has(host)) return ofNamespace.get(host);
  const all = servicesByHost(mesh).get(host.toLowerCase()) ?? [];
  const found = all.filter(service => isServiceVisible(service, namespace));
  const made = found.find(service => service.namespace === namespace) ?? found[0];
  ofNamespace.set(host, made);
  return made;
}

const byHost = new WeakMap<Mesh, ReadonlyMap<string, readonly MeshService[]>>();

function servicesByHost(mesh: Mesh): ReadonlyMap<string, readonly MeshService[]> {
  const known = byHost.get(mesh);
  if (known !== undefined) return known;
  const made = new Map<string, MeshService[]>();
  for (const service of mesh.services) {
    push(made, service.host, service);
  }
  byHost.set(mesh, made);
  return made;
}

/** The hosts of a server that VirtualServices of a namespace may use (Istio `NamesForNamespace`). */
export function hostsFor(entry: Pick<GatewayServer, 'hosts'>, namespace: string): readonly string[] {
  return entry.hosts.flatMap(host => {
    const slash = host.indexOf('/');
    if (slash < 0) return [host];
    return host.slice(0, slash) === namespace ? [host.slice(slash + 1)] : [];
  });
}

/** For each pair that overlaps the more specific name (Istio `host.Names.Intersection`). */
export function intersection(serverHosts: readonly string[], hosts: readonly string[]): readonly string[] {
  const result: string[] = [];
  for (const serverHost of serverHosts) {
    for (const host of hosts) {
      const found = hostMatches(host, serverHost) ? serverHost : hostMatches(serverHost, host) ? host : undefined;
      if (found !== undefined && !result.includes(found)) result.push(found);
    }
  }
  return result;
}

/** Hosts of a VirtualService that no server of the table has. */
function noteForeignHosts(
  { resource, hosts }: PreparedVirtualService,
  servers: readonly GatewayServer[],
  served: ReadonlySet<string>,
  leftOut: LeftOut[],
): void {
  const own = servers.find(({ gateway }) =>
    gatewayNames(resource).some(name => resolveGatewayName(name, resource.namespace) === keyOf(gateway)),
  );
  const by = own === undefined ? {} : { by: { resource: own.gateway, at: own.server.at } };
  for (const [index, host] of hosts.entries()) {
    if (served.has(`${keyOf(resource)} ${host}`)) continue;
    const at = resource.hosts[index] ?? resource.nameAt;
    leftOut.push({ reason: 'host-not-in-gateway', resource, at, rule: '', detail: host, ...by });
  }
}

/** VirtualServices that are bound to a gateway whose workload runs where they are not exported to. */
function noteHidden(
  { prepared, proxy }: GatewayInput,
  servers: readonly GatewayServer[],
  bound: ReadonlySet<PreparedVirtualService>,
  leftOut: LeftOut[],
): void {
  const gateways = new Set(servers.map(({ gateway }) => keyOf(gateway)));
  const hidden = new Set([...gateways].flatMap(gateway => boundTo(prepared, gateway)).filter(vs => !bound.has(vs)));
  for (const { resource } of hidden) {
    const at = resource.exportTo[0] ?? resource.nameAt;
    leftOut.push({ reason: 'not-exported', resource, at, rule: '', detail: proxy.namespace });
  }
}

/**
 * Catch-alls move to the end of their virtual host; hosts with the very same routes become one virtual host with
 * several domains; hosts are sorted by name (`PILOT.md` 5.4, 5.6).
 */
function finish(hosts: ReadonlyMap<string, MutableHost>, port: number): readonly TableHost[] {
  const collapsed: (MutableHost & { domains: string[] })[] = [];
  const bySame = new Map<string, { domains: string[] }>();
  for (const host of [...hosts.values()].sort((a, b) => moreSpecific(a.host, b.host))) {
    const key = `${host.requireTls ? 'tls' : ''}\n${host.parts.join('\n')}`;
    const same = bySame.get(key);
    if (same !== undefined) same.domains.push(host.host);
    else {
      const first = { ...host, domains: [host.host] };
      bySame.set(key, first);
      collapsed.push(first);
    }
  }
  return collapsed
    .map(
      (host): TableHost => ({
        name: `${host.host}:${port}`,
        domains: host.domains,
        routes: [...host.routes.filter(({ catchAll }) => !catchAll), ...host.routes.filter(({ catchAll }) => catchAll)],
        requireTls: host.requireTls,
        services: [],
        virtualServices: host.virtualServices,
        servers: host.servers.map(({ gateway, server }) => ({ gateway, server })),
      }),
    )
    .sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
}

/** Istio `host.MoreSpecific`: exact names before wildcards, longer before shorter, then by letters. */
function moreSpecific(a: string, b: string): number {
  const [wildA, wildB] = [a.startsWith('*'), b.startsWith('*')];
  if (wildA !== wildB) return wildA ? 1 : -1;
  return b.length - a.length || (a < b ? -1 : a > b ? 1 : 0);
}

function blackhole(port: number): TableHost {
  const none = { routes: [], services: [], virtualServices: [], servers: [] };
  return { name: `blackhole:${port}`, domains: ['*'], requireTls: false, ...none };
}
