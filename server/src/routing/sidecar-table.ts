import type { Destination } from '../model/virtual-service.ts';
import { contextKeys, hashPolicyOf, type RouteContext } from './action.ts';
import { consistentHashFor, type DestinationRuleIndex, destinationRuleFor } from './destination-rules.ts';
import { serviceDomains } from './domains.ts';
import { clusterName, type EnvoyRoute } from './envoy.ts';
import type { LeftOut } from './left-out.ts';
import type { Mesh, MeshPort, MeshProxy, MeshService } from './mesh.ts';
import { once } from './once.ts';
import type { PreparedVirtualService } from './prepare.ts';
import { isHttp, mayBeHttp } from './protocol.ts';
import { retryPolicy } from './retries.ts';
import { hasRoutes, routesOf, type TableRoute } from './routes.ts';
import { portsOf } from './services.ts';
import { hostsOf, meshHosts, type SidecarPlan, sidecarPlan } from './sidecar-plan.ts';
import type { EgressScope, SidecarScope } from './sidecar-scope.ts';
import type { RouteTable, TableHost } from './table.ts';

/** The parts that all tables of one sidecar share. */
export interface SidecarInput {
  readonly mesh: Mesh;
  readonly proxy: MeshProxy;
  readonly scope: SidecarScope;
  readonly rules: DestinationRuleIndex;
}

/** A route configuration to be made: its name, its port, and the one host it is for when the protocol is sniffed. */
export interface SidecarTableName {
  readonly name: string;
  readonly port: number;
  readonly sniffed: string;
}

const namesOfAll = new WeakMap<readonly MeshService[], readonly SidecarTableName[]>();

/** The names of a sidecar's route configurations, sorted (`PILOT.md` 0, 4). */
export function sidecarTableNames({ scope }: SidecarInput): readonly SidecarTableName[] {
  const only = scope.listeners.length === 1 ? scope.listeners[0] : undefined;
  const shared = only?.port === undefined ? only?.services : undefined;
  const known = shared === undefined ? undefined : namesOfAll.get(shared);
  if (known !== undefined) return known;
  const found = new Map<string, SidecarTableName>();
  for (const listener of scope.listeners) {
    for (const service of listener.services) {
      if (service.aliasOf !== undefined) continue;
      for (const { number, protocol } of service.ports) {
        if (listenerOf(scope, number) !== listener) continue;
        if (isHttp(protocol) || (protocol === 'unsupported' && hasNoAddress(service))) {
          found.set(String(number), { name: String(number), port: number, sniffed: '' });
        } else if (protocol === 'unsupported') {
          const name = `${service.host}:${number}`;
          found.set(name, { name, port: number, sniffed: service.host });
        }
      }
    }
  }
  const names = [...found.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  if (shared !== undefined) namesOfAll.set(shared, names);
  return names;
}

/** A service without an address of its own shares the wildcard listener of its port. */
export function hasNoAddress(service: MeshService): boolean {
  return (
    service.headless ||
    (service.registry === 'External' && service.addresses.length === 0 && service.resolution === 'ORIGINAL_DST')
  );
}

/** The first egress listener of a port, else the one for all ports (Istio `GetEgressListenerForRDS`). */
export function listenerOf(scope: SidecarScope, port: number): EgressScope | undefined {
  return scope.listeners.find(listener => listener.port === undefined || listener.port === port);
}

interface Wrapper {
  /** Made when they are asked for: of a VirtualService that another one shadows nobody asks. */
  readonly routes: () => readonly TableRoute[];
  readonly hosts: readonly string[];
  readonly services: readonly MeshService[];
  readonly virtualService: PreparedVirtualService | undefined;
}

/** One route configuration of a sidecar (`PILOT.md` 4, Istio `BuildSidecarOutboundVirtualHosts`). */
export function sidecarTable(input: SidecarInput, table: SidecarTableName): RouteTable {
  const { port, name, sniffed } = table;
  const { scope } = input;
  const listener = listenerOf(scope, port);
  const plan = sidecarPlan(listener?.virtualServices ?? NO_VIRTUAL_SERVICES, listener?.services ?? NO_SERVICES, port);
  const leftOut: LeftOut[] = [];
  const wrappers = wrap(input, plan, port, leftOut);
  const { hosts, shadowed } = assemble(wrappers, input, plan, port);
  for (const vs of shadowed) {
    const { resource } = vs.loser;
    const index = meshHosts(vs.loser).indexOf(vs.host);
    const at = resource.hosts[Math.max(0, index)] ?? resource.nameAt;
    leftOut.push({
      reason: 'shadowed',
      resource,
      at,
      rule: '',
      detail: vs.host,
      by: { resource: vs.winner.resource, at: vs.winner.resource.nameAt },
    });
  }
  hosts.sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
  if (sniffed !== '') {
    const own = hosts.filter(host => host.services.some(service => service.host === sniffed));
    return { name, port, virtualHosts: own.map(host => ({ ...host, domains: ['*'] })), leftOut };
  }
  return { name, port, virtualHosts: [...hosts, catchAllHost(scope)], leftOut };
}

const NO_VIRTUAL_SERVICES: readonly PreparedVirtualService[] = [];
const NO_SERVICES: readonly MeshService[] = [];

function wrap(input: SidecarInput, { entries, registry }: SidecarPlan, port: number, leftOut: LeftOut[]): Wrapper[] {
  const { proxy } = input;
  const wrappers: Wrapper[] = [];
  const taken = new Set<string>();
  const context = contextOf(input, registry, port);
  for (const { virtualService: vs, hosts, services } of entries) {
    const build = once(() => {
      const built = routesOf(vs, proxy, context);
      for (const note of built.leftOut) leftOut.push(note);
      return built.routes;
    });
    // A VirtualService without any route here is looked at for what it leaves out.
    if (!hasRoutes(vs, proxy, context)) {
      build();
      continue;
    }
    if (services.length === 0 && port !== 80) continue;
    for (const { host } of services) taken.add(host);
    wrappers.push({ routes: build, hosts, services, virtualService: vs });
  }
  for (const service of registry.values()) {
    const own = service.ports[0];
    if (own === undefined || taken.has(service.host) || service.aliasOf !== undefined || !mayBeHttp(own.protocol))
      continue;
    wrappers.push({
      routes: once(() => [defaultRoute(input, service, own)]),
      hosts: [],
      services: [service],
      virtualService: undefined,
    });
  }
  return wrappers;
}

function contextOf(input: SidecarInput, registry: ReadonlyMap<string, MeshService>, port: number): RouteContext {
  const { defaultHttpRetryPolicy: defaultRetries, clusterDomain } = input.mesh.settings;
  const fixed = { port, isTls: false, defaultRetries };
  return {
    ...fixed,
    ...contextKeys(fixed),
    sharedBy: input.rules.hasConsistentHash ? undefined : registry,
    gateway: 'mesh',
    clusterDomain,
    service: host => portsOf(registry.get(host)),
    consistentHash: destination => (input.rules.hasConsistentHash ? destinationHash(input, destination) : undefined),
  };
}

interface Shadow {
  readonly host: string;
  readonly loser: PreparedVirtualService;
  readonly winner: PreparedVirtualService;
}

const NO_ALIASES: readonly string[] = [];
const NO_SHORT_FORMS: ReadonlySet<string> = new Set();

/** Virtual hosts of all wrappers. The first one of a name stays; a domain belongs to the first host that has it. */
function assemble(
  wrappers: readonly Wrapper[],
  input: SidecarInput,
  { aliases: aliasesOf }: SidecarPlan,
  port: number,
): { hosts: TableHost[]; shadowed: Shadow[] } {
  const { proxy } = input;
  const { clusterDomain } = input.mesh.settings;
  const names = new Map<string, Wrapper>();
  const taken = new Set<string>();
  const known = new Set(wrappers.flatMap(({ services }) => services.map(({ host }) => host)));
  const hosts: TableHost[] = [];
  const shadowed: Shadow[] = [];
  const add = (host: string, wrapper: Wrapper, service: MeshService | undefined): void => {
    const first = names.get(host);
    if (first !== undefined) {
      if (first.virtualService !== undefined && wrapper.virtualService !== undefined && first !== wrapper) {
        shadowed.push({ host, loser: wrapper.virtualService, winner: first.virtualService });
      }
      return;
    }
    names.set(host, wrapper);
    const { domains, lower, short } =
      service === undefined
        ? { domains: [host], lower: [host.toLowerCase()], short: NO_SHORT_FORMS }
        : serviceDomains(service, aliasesOf.get(service.host) ?? NO_ALIASES, proxy.namespace, clusterDomain);
    const free: string[] = [];
    for (const [index, domain] of domains.entries()) {
      const name = lower[index] ?? domain;
      if (taken.has(name) || (short.has(domain) && known.has(domain))) continue;
      taken.add(name);
      free.push(domain);
    }
    if (free.length === 0) return;
    hosts.push({
      name: `${host}:${port}`,
      domains: free.length === domains.length ? domains : free,
      routes: wrapper.routes(),
      requireTls: false,
      services: service === undefined ? [] : [service],
      virtualServices: wrapper.virtualService === undefined ? [] : [wrapper.virtualService],
      servers: [],
    });
  };
  for (const wrapper of wrappers) {
    for (const host of wrapper.hosts) add(host, wrapper, undefined);
    for (const service of wrapper.services) add(service.host, wrapper, service);
  }
  return { hosts, shadowed };
}

function destinationHash(input: SidecarInput, destination: Destination): ReturnType<typeof consistentHashFor> {
  const host = destination.host?.value ?? '';
  const service = hostsOf(input.scope.services).get(host);
  if (service === undefined) return undefined;
  const rule = destinationRuleFor(input.rules, input.proxy, service);
  return consistentHashFor(rule, destination.subset?.value ?? '', destination.port?.value);
}

/** The route of a service that no VirtualService speaks for (`PILOT.md` 4.4). */
function defaultRoute(input: SidecarInput, service: MeshService, port: MeshPort): TableRoute {
  const rule = destinationRuleFor(input.rules, input.proxy, service);
  const hash = consistentHashFor(rule, '', port.number);
  const policy = hash === undefined ? undefined : hashPolicyOf(hash);
  const retries = retryPolicy(undefined, false, input.mesh.settings.defaultHttpRetryPolicy);
  const envoy: EnvoyRoute = {
    name: 'default',
    match: { prefix: '/' },
    route: {
      cluster: clusterName(port.number, '', service.host),
      timeout: '0s',
      maxGrpcTimeout: '0s',
      ...(retries === undefined ? {} : { retryPolicy: retries }),
      ...(policy === undefined ? {} : { hashPolicy: [policy] }),
    },
  };
  return { envoy, origin: undefined, catchAll: true };
}

/** What becomes of hosts that nobody knows (`PILOT.md` 4.7). */
function catchAllHost(scope: SidecarScope): TableHost {
  const allow = scope.outboundTrafficPolicy === 'ALLOW_ANY';
  const name = allow ? 'allow_any' : 'block_all';
  const match = { prefix: '/' };
  const envoy: EnvoyRoute = allow
    ? { name, match, route: { cluster: 'PassthroughCluster', timeout: '0s', maxGrpcTimeout: '0s' } }
    : { name, match, directResponse: { status: 502 } };
  const routes = [{ envoy, origin: undefined, catchAll: true }];
  return { name, domains: ['*'], routes, requireTls: false, services: [], virtualServices: [], servers: [] };
}
