import { hostsOverlap } from '../model/host.ts';
import {
  behind,
  type ConnectionRule,
  clusterShares,
  connectionRules,
  excluded,
  exclusionOnSidecar,
} from './connections.ts';
import { clusterName } from './envoy.ts';
import type { LeftOut } from './left-out.ts';
import {
  type FilterChain,
  filterChain,
  hasMatch,
  type Listener,
  listenerName,
  matchKey,
  serverNames,
  WILDCARD,
} from './listeners.ts';
import type { MeshPort, MeshService } from './mesh.ts';
import type { PreparedVirtualService } from './prepare.ts';
import { isHttp, isTls } from './protocol.ts';
import { portsOf } from './services.ts';
import { hostsOf } from './sidecar-plan.ts';
import { hasNoAddress, listenerOf, type SidecarInput } from './sidecar-table.ts';

interface Building {
  readonly address: string | undefined;
  readonly port: number;
  readonly name: string;
  http: FilterChain | undefined;
  readonly tcp: FilterChain[];
}

/**
 * The outbound listeners of a sidecar, sorted by name (Istio `buildSidecarOutboundListeners`): HTTP ports share the
 * wildcard address, any other port listens on the addresses of its service.
 */
export function sidecarListeners(input: SidecarInput): {
  listeners: readonly Listener[];
  leftOut: readonly LeftOut[];
} {
  const { scope } = input;
  const building = new Map<string, Building>();
  const leftOut: LeftOut[] = [];
  for (const listener of scope.listeners) {
    for (const service of listener.services) {
      if (service.aliasOf !== undefined) continue;
      for (const port of service.ports) {
        if (port.protocol === 'UDP' || listenerOf(scope, port.number) !== listener) continue;
        addPort(input, building, service, port, listener.virtualServices, leftOut);
      }
    }
  }
  const fallback = scope.outboundTrafficPolicy === 'ALLOW_ANY' ? 'PassthroughCluster' : 'BlackHoleCluster';
  const listeners = [...building.values()].map(entry => finish(entry, fallback));
  return { listeners: listeners.sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0)), leftOut };
}

function addPort(
  input: SidecarInput,
  building: Map<string, Building>,
  service: MeshService,
  port: MeshPort,
  virtualServices: readonly PreparedVirtualService[],
  leftOut: LeftOut[],
): void {
  const http = isHttp(port.protocol);
  const sniffed = port.protocol === 'unsupported';
  for (const { address, range } of addressesOf(service, http || (sniffed && hasNoAddress(service)))) {
    const name = listenerName(address ?? service.host, port.number);
    const entry = building.get(name) ?? { address, port: port.number, name, http: undefined, tcp: [] };
    building.set(name, entry);
    if (http || sniffed) {
      const routeConfig = address === WILDCARD ? String(port.number) : `${service.host}:${port.number}`;
      entry.http ??= filterChain({ sniffsHttp: true, routeConfig });
    }
    if (http) continue;
    for (const chain of serviceChains(input, service, port, address, range, virtualServices, leftOut)) {
      if (entry.tcp.every(known => matchKey(known) !== matchKey(chain))) entry.tcp.push(chain);
    }
  }
}

/** The addresses on which a service's port is listened to, and the range that a wildcard listener is narrowed to. */
function addressesOf(
  service: MeshService,
  shared: boolean,
): readonly { readonly address: string | undefined; readonly range: string | undefined }[] {
  if (shared) return [{ address: WILDCARD, range: undefined }];
  if (service.addresses.length === 0) {
    const known = service.registry === 'External';
    return [{ address: known ? WILDCARD : undefined, range: undefined }];
  }
  return service.addresses.map(text => {
    const [address = '', bits] = text.split('/');
    const single = bits === undefined || bits === (address.includes(':') ? '128' : '32');
    return single ? { address, range: undefined } : { address: WILDCARD, range: text };
  });
}

/** What `tcp` or `tls` rules make of connections to a service's port, or the way to its cluster without any. */
function serviceChains(
  input: SidecarInput,
  service: MeshService,
  port: MeshPort,
  address: string | undefined,
  range: string | undefined,
  virtualServices: readonly PreparedVirtualService[],
  leftOut: LeftOut[],
): readonly FilterChain[] {
  const { mesh, scope } = input;
  const rules = withConnectionRules(virtualServices)
    .filter(vs => vs.hosts.some(host => hostsOverlap(host.toLowerCase(), service.host)))
    .flatMap(vs => connectionRules(vs.resource, mesh.settings.clusterDomain));
  const context = {
    port: port.number,
    service: (host: string) => portsOf(hostsOf(scope.services).get(host)),
  };
  const base = { service, isMongo: port.protocol === 'Mongo' };
  const ranges = range === undefined ? [] : [range];
  const own = filterChain({
    ...base,
    ranges,
    clusters: [{ cluster: clusterName(port.number, '', service.host), weight: undefined }],
  });
  const chainOf = (rule: ConnectionRule, parts: Partial<FilterChain>): FilterChain =>
    filterChain({ ...base, ranges, clusters: clusterShares(rule, context), ...parts });
  if (isTls(port.protocol)) {
    const chains = tlsChains(input, rules, port.number, chainOf, leftOut);
    if (chains.length > 0) return chains;
    return [{ ...own, serverNames: address === WILDCARD ? [service.host] : [] }];
  }
  return tcpChains(input, rules, port.number, { own, ranges, chainOf, leftOut });
}

const withRules = new WeakMap<readonly PreparedVirtualService[], readonly PreparedVirtualService[]>();

/** Those that have any `tcp` or `tls` rule: few of many. */
function withConnectionRules(all: readonly PreparedVirtualService[]): readonly PreparedVirtualService[] {
  const known = withRules.get(all);
  if (known !== undefined) return known;
  const made = all.filter(({ resource: { tcp, tls } }) => tcp.length > 0 || tls.length > 0);
  withRules.set(all, made);
  return made;
}

type ChainOf = (rule: ConnectionRule, parts: Partial<FilterChain>) => FilterChain;

/** One chain for each match of `tls` rules that fits (Istio `buildSidecarOutboundTLSFilterChainOpts`). */
function tlsChains(
  { proxy }: SidecarInput,
  rules: readonly ConnectionRule[],
  port: number,
  chainOf: ChainOf,
  leftOut: LeftOut[],
): readonly FilterChain[] {
  const chains: FilterChain[] = [];
  const handled = new Set<string>();
  for (const rule of rules) {
    if (rule.kind !== 'tls') continue;
    for (const match of rule.match) {
      const detail = exclusionOnSidecar(match, rule.virtualService, proxy, port);
      if (detail !== undefined) {
        leftOut.push(excluded(rule, match, detail, port));
        continue;
      }
      const key = JSON.stringify([match.sniHosts, match.destinationSubnets]);
      if (handled.has(key)) continue;
      handled.add(key);
      const ranges = match.destinationSubnets.length > 0 ? { ranges: match.destinationSubnets.map(toRange) } : {};
      chains.push(chainOf(rule, { ...ranges, serverNames: serverNames(match.sniHosts), origin: { rule, match } }));
    }
  }
  return chains;
}

/**
 * Chains of `tcp` rules: matches by destination subnet stand beside each other, the first one without a subnet ends
 * the list (Istio `buildSidecarOutboundTCPFilterChainOpts`).
 */
function tcpChains(
  { proxy }: SidecarInput,
  rules: readonly ConnectionRule[],
  port: number,
  options: {
    readonly own: FilterChain;
    readonly ranges: readonly string[];
    readonly chainOf: ChainOf;
    readonly leftOut: LeftOut[];
  },
): readonly FilterChain[] {
  const { own, chainOf, leftOut } = options;
  const chains: FilterChain[] = [];
  let last: ConnectionRule | undefined;
  for (const rule of rules) {
    if (rule.kind !== 'tcp') continue;
    const fitting = rule.match.filter(match => {
      const detail = exclusionOnSidecar(match, rule.virtualService, proxy, port);
      if (detail !== undefined) leftOut.push(excluded(rule, match, detail, port));
      return detail === undefined;
    });
    if (last !== undefined) {
      if (rule.match.length === 0 || fitting.length > 0) leftOut.push(behind(rule, last, port));
      continue;
    }
    const whole =
      rule.match.length === 0 ? undefined : fitting.find(({ destinationSubnets }) => destinationSubnets.length === 0);
    if (rule.match.length === 0 || whole !== undefined) {
      chains.push(chainOf(rule, { origin: { rule, match: whole } }));
      last = rule;
      continue;
    }
    const subnets = fitting.flatMap(({ destinationSubnets }) => destinationSubnets.map(toRange));
    if (subnets.length === 0) continue;
    chains.push(chainOf(rule, { ranges: subnets, origin: { rule, match: fitting[0] } }));
    if (sameRanges(subnets, options.ranges)) last = rule;
  }
  return last === undefined ? [...chains, own] : chains;
}

function sameRanges(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && [...a].sort().join() === [...b].sort().join();
}

function toRange(subnet: string): string {
  if (subnet.includes('/')) return subnet;
  return `${subnet}/${subnet.includes(':') ? 128 : 32}`;
}

/** Without a chain for everything, unknown connections go where the mesh sends unknown traffic. */
function finish({ name, address, port, http, tcp }: Building, fallback: string): Listener {
  const narrow = tcp.filter(hasMatch);
  const whole = tcp.find(chain => !hasMatch(chain));
  const first = [...(http === undefined ? [] : [http]), ...narrow];
  const rest = whole ?? filterChain({ clusters: [{ cluster: fallback, weight: undefined }] });
  const alone = first.length === 0 && whole !== undefined;
  return { name, address, port, chains: [...first, { ...rest, isDefault: !alone }] };
}
