import { hostsOverlap } from '../model/host.ts';
import { keyOf } from '../model/resource.ts';
import {
  behind,
  type ConnectionMatch,
  type ConnectionRule,
  clusterShares,
  connectionRules,
  excluded,
  exclusionOnServer,
  nameOfRule,
} from './connections.ts';
import { destinationRuleFor } from './destination-rules.ts';
import { type GatewayInput, type GatewayServer, isPassthrough, isTlsServer, serviceLookup } from './gateway-table.ts';
import type { LeftOut } from './left-out.ts';
import { type FilterChain, filterChain, type Listener, listenerName, serverNames, WILDCARD } from './listeners.ts';
import type { PreparedVirtualService } from './prepare.ts';
import { portsOf } from './services.ts';
import { isServiceVisible, visibleVirtualServices } from './visibility.ts';

/** The listeners of a gateway workload, sorted by name (`PILOT.md` 10, Istio `buildGatewayListeners`). */
export function gatewayListeners(
  input: GatewayInput,
  servers: readonly GatewayServer[],
): { listeners: readonly Listener[]; leftOut: readonly LeftOut[] } {
  const leftOut: LeftOut[] = [];
  const found = new Map<string, { address: string; port: number; chains: FilterChain[] }>();
  const sniTaken = new Map<string, Map<string, ConnectionRule>>();
  for (const entry of servers) {
    const address = entry.server.bind?.value || WILDCARD;
    const name = listenerName(address, entry.port);
    const listener = found.get(name) ?? { address, port: entry.port, chains: [] };
    found.set(name, listener);
    const taken = sniTaken.get(name) ?? new Map<string, ConnectionRule>();
    sniTaken.set(name, taken);
    for (const chain of serverChains(input, entry, taken, leftOut)) {
      const shared = chain.routeConfig !== undefined && chain.tls === undefined;
      if (!shared || listener.chains.every(({ routeConfig }) => routeConfig !== chain.routeConfig))
        listener.chains.push(chain);
    }
  }
  const listeners = [...found]
    .filter(([, { chains }]) => chains.length > 0)
    .map(([name, listener]): Listener => ({ name, ...listener }))
    .sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
  return { listeners, leftOut };
}

function serverChains(
  input: GatewayInput,
  entry: GatewayServer,
  taken: Map<string, ConnectionRule>,
  leftOut: LeftOut[],
): readonly FilterChain[] {
  const { gateway, server, tableName } = entry;
  const own = { server: { gateway, server } };
  if (!isTlsServer(server)) {
    if (tableName !== '') return [filterChain({ ...own, routeConfig: tableName })];
    return firstTcpRule(input, entry, leftOut).map(chain => ({ ...chain, ...own }));
  }
  if (isPassthrough(server)) {
    if (server.tls?.mode?.value === 'AUTO_PASSTHROUGH') return autoPassthrough(input, entry);
    return passthrough(input, entry, taken, leftOut).map(chain => ({ ...chain, ...own }));
  }
  const names = entry.hosts.map(host => host.slice(host.indexOf('/') + 1));
  const terminated = { ...own, tls: server.tls, serverNames: serverNames([...new Set(names)].sort()) };
  if (tableName !== '') return [filterChain({ ...terminated, routeConfig: tableName })];
  return firstTcpRule(input, entry, leftOut).map(chain => ({ ...chain, ...terminated }));
}

/** VirtualServices of a server's gateway of which a host fits one of the server's (Istio `pickMatchingGatewayHosts`). */
function boundVirtualServices(
  { mesh, prepared, proxy }: GatewayInput,
  { gateway, hosts }: GatewayServer,
): readonly PreparedVirtualService[] {
  return visibleVirtualServices(prepared, keyOf(gateway), proxy.namespace, mesh.settings).filter(vs =>
    hosts.some(written => {
      const slash = written.indexOf('/');
      const namespace = slash < 0 ? '*' : written.slice(0, slash);
      if (namespace !== '*' && namespace !== vs.resource.namespace) return false;
      return vs.hosts.some(host => hostsOverlap(written.slice(slash + 1), host));
    }),
  );
}

/** The first `tcp` rule that fits takes every connection (Istio `buildGatewayNetworkFiltersFromTCPRoutes`). */
function firstTcpRule(input: GatewayInput, entry: GatewayServer, leftOut: LeftOut[]): readonly FilterChain[] {
  const { clusterDomain } = input.mesh.settings;
  const gateway = keyOf(entry.gateway);
  let chain: FilterChain | undefined;
  let winner: ConnectionRule | undefined;
  for (const vs of boundVirtualServices(input, entry)) {
    for (const rule of connectionRules(vs.resource, clusterDomain)) {
      if (rule.kind !== 'tcp') continue;
      const [match] = fitting(rule, gateway, entry.port, leftOut);
      if (rule.match.length > 0 && match === undefined) continue;
      if (winner !== undefined) leftOut.push(behind(rule, winner, entry.port));
      else {
        winner = rule;
        const clusters = clusterShares(rule, contextOf(input, vs, entry.port));
        chain = filterChain({ clusters, origin: { rule, match }, isMongo: isMongo(entry) });
      }
    }
  }
  return chain === undefined || chain.clusters.length === 0 ? [] : [chain];
}

function fitting(rule: ConnectionRule, gateway: string, port: number, leftOut: LeftOut[]): readonly ConnectionMatch[] {
  return rule.match.filter(match => {
    const detail = exclusionOnServer(match, gateway, port);
    if (detail !== undefined) leftOut.push(excluded(rule, match, detail, port));
    return detail === undefined;
  });
}

/** One chain for each match of `tls` rules; a name that stands on the port already is skipped with its match. */
function passthrough(
  input: GatewayInput,
  entry: GatewayServer,
  taken: Map<string, ConnectionRule>,
  leftOut: LeftOut[],
): readonly FilterChain[] {
  const { clusterDomain } = input.mesh.settings;
  const gateway = keyOf(entry.gateway);
  const chains: FilterChain[] = [];
  for (const vs of boundVirtualServices(input, entry)) {
    for (const rule of connectionRules(vs.resource, clusterDomain)) {
      if (rule.kind !== 'tls') continue;
      for (const match of fitting(rule, gateway, entry.port, leftOut)) {
        const name = match.sniHosts.find(host => taken.has(host));
        const first = name === undefined ? undefined : taken.get(name);
        if (name !== undefined && first !== undefined) {
          const by = { resource: first.virtualService, at: first.source.at };
          const note = { resource: rule.virtualService, at: match.at, rule: nameOfRule(rule), port: entry.port };
          leftOut.push({ ...note, reason: 'duplicate-sni', detail: name, by });
          continue;
        }
        for (const host of match.sniHosts) taken.set(host, rule);
        const clusters = clusterShares(rule, contextOf(input, vs, entry.port));
        chains.push(filterChain({ serverNames: serverNames(match.sniHosts), clusters, origin: { rule, match } }));
      }
    }
  }
  return chains;
}

/** Every service of the mesh, by a server name that tells its cluster (Istio `builtAutoPassthroughFilterChains`). */
function autoPassthrough(input: GatewayInput, entry: GatewayServer): readonly FilterChain[] {
  const { mesh, proxy, rules } = input;
  const { gateway, server } = entry;
  const hosts = entry.hosts.map(host => host.slice(host.indexOf('/') + 1));
  const chains: FilterChain[] = [];
  for (const service of mesh.services) {
    if (service.meshExternal || !isServiceVisible(service, proxy.namespace)) continue;
    if (!hosts.some(host => hostsOverlap(host, service.host))) continue;
    const rule = destinationRuleFor(rules, proxy, service);
    const subsets = (rule?.subsets ?? []).map(({ name }) => name?.value ?? '');
    for (const { number, protocol } of service.ports) {
      if (protocol === 'UDP') continue;
      for (const subset of ['', ...subsets]) {
        const cluster = `outbound_.${number}_.${subset}_.${service.host}`;
        const clusters = [{ cluster, weight: undefined }];
        chains.push(filterChain({ serverNames: [cluster], clusters, service, server: { gateway, server } }));
      }
    }
  }
  return chains;
}

function isMongo({ server }: GatewayServer): boolean {
  return server.port?.protocol?.value.toLowerCase() === 'mongo';
}

function contextOf(input: GatewayInput, vs: PreparedVirtualService, port: number): Parameters<typeof clusterShares>[1] {
  return {
    port,
    service: host => portsOf(serviceLookup(input, vs, host)),
  };
}
