import { hostMatches } from '../model/host.ts';
import { push } from '../text/push.ts';
import type { MeshService } from './mesh.ts';
import type { PreparedVirtualService } from './prepare.ts';
import { mayBeHttp } from './protocol.ts';

/**
 * What the table of one port is for all sidecars that see the same VirtualServices and services: who speaks for which
 * hosts. It does not depend on a sidecar's labels and namespace, so that it is made once for many of them.
 */
export interface SidecarPlan {
  /** The services that have the port, each with this port alone, by host. */
  readonly registry: ReadonlyMap<string, MeshService>;
  /** The VirtualServices that count on the port, in order. */
  readonly entries: readonly PlanEntry[];
  /** Other names (ExternalName services) by the host that they stand for. */
  readonly aliases: ReadonlyMap<string, readonly string[]>;
}

export interface PlanEntry {
  readonly virtualService: PreparedVirtualService;
  /** Its hosts that are no service. */
  readonly hosts: readonly string[];
  /** Services that speak HTTP, or may, and that it speaks for. */
  readonly services: readonly MeshService[];
}

type Services = readonly MeshService[];
type Plans = WeakMap<Services, Map<number, SidecarPlan>>;

const plans = new WeakMap<readonly PreparedVirtualService[], Plans>();

/** The plan of a port (`PILOT.md` 4.2, 4.3); the same lists give the same plan again. */
export function sidecarPlan(
  virtualServices: readonly PreparedVirtualService[],
  services: Services,
  port: number,
): SidecarPlan {
  const ofList: Plans = plans.get(virtualServices) ?? new WeakMap();
  plans.set(virtualServices, ofList);
  const ofServices = ofList.get(services) ?? new Map<number, SidecarPlan>();
  ofList.set(services, ofServices);
  const plan = ofServices.get(port) ?? makePlan(virtualServices, services, port);
  ofServices.set(port, plan);
  return plan;
}

function makePlan(all: readonly PreparedVirtualService[], services: Services, port: number): SidecarPlan {
  const registry = servicesOnPort(services, port);
  const considered = port === 80 ? all : all.filter(vs => meshHosts(vs).some(host => namesService(host, registry)));
  const owners = wildcardOwners(considered, registry);
  const entries = considered.map((virtualService): PlanEntry => {
    const found = separate(virtualService, registry, owners);
    const http = found.services.filter(service => service.ports.some(({ protocol }) => mayBeHttp(protocol)));
    return { virtualService, hosts: found.hosts, services: http };
  });
  const aliases = new Map<string, string[]>();
  for (const { aliasOf, host } of registry.values()) {
    if (aliasOf === undefined) continue;
    push(aliases, aliasOf, host);
  }
  return { registry, entries, aliases };
}

const lowerHosts = new WeakMap<PreparedVirtualService, readonly string[]>();

/** The hosts of a VirtualService as sidecars take them: in lower case. */
export function meshHosts(vs: PreparedVirtualService): readonly string[] {
  const known = lowerHosts.get(vs);
  if (known !== undefined) return known;
  const made = vs.hosts.map(host => host.toLowerCase());
  lowerHosts.set(vs, made);
  return made;
}

function namesService(host: string, registry: ReadonlyMap<string, MeshService>): boolean {
  if (registry.has(host)) return true;
  return host.startsWith('*') && [...registry.keys()].some(service => hostMatches(host, service));
}

const onPorts = new WeakMap<readonly MeshService[], Map<number, ReadonlyMap<string, MeshService>>>();

/** The services that have a port, by host, each with this port alone; kept for all proxies that see the same ones. */
function servicesOnPort(services: readonly MeshService[], port: number): ReadonlyMap<string, MeshService> {
  const known = onPorts.get(services) ?? new Map<number, ReadonlyMap<string, MeshService>>();
  onPorts.set(services, known);
  const found = known.get(port);
  if (found !== undefined) return found;
  const registry = new Map<string, MeshService>();
  for (const service of services) {
    const own = service.ports.find(({ number }) => number === port);
    if (own !== undefined) registry.set(service.host, { ...service, ports: [own] });
  }
  known.set(port, registry);
  return registry;
}

/** For each service that wildcard hosts cover: the VirtualService with the most specific host, exact ones first. */
function wildcardOwners(
  considered: readonly PreparedVirtualService[],
  registry: ReadonlyMap<string, MeshService>,
): ReadonlyMap<string, PreparedVirtualService> {
  const owners = new Map<string, { length: number; vs: PreparedVirtualService }>();
  for (const vs of considered) {
    for (const host of meshHosts(vs)) {
      if (!host.startsWith('*')) {
        if (registry.has(host) && owners.get(host)?.length !== Number.POSITIVE_INFINITY)
          owners.set(host, { length: Number.POSITIVE_INFINITY, vs });
        continue;
      }
      for (const service of registry.keys()) {
        if (hostMatches(host, service) && host.length > (owners.get(service)?.length ?? 0))
          owners.set(service, { length: host.length, vs });
      }
    }
  }
  return new Map([...owners].map(([host, { vs }]) => [host, vs]));
}

/** The services a VirtualService speaks for, and its hosts that are none (Istio `separateVSHostsAndServices`). */
function separate(
  vs: PreparedVirtualService,
  registry: ReadonlyMap<string, MeshService>,
  owners: ReadonlyMap<string, PreparedVirtualService>,
): { hosts: readonly string[]; services: readonly MeshService[] } {
  const hosts: string[] = [];
  const services: MeshService[] = [];
  for (const host of meshHosts(vs).filter(name => !name.startsWith('*'))) {
    const service = registry.get(host);
    if (service === undefined) hosts.push(host);
    else services.push(service);
  }
  for (const host of meshHosts(vs).filter(name => name.startsWith('*'))) {
    const covered = [...registry.values()].filter(service => hostMatches(host, service.host));
    if (covered.length === 0) hosts.push(host);
    for (const service of covered)
      if (owners.get(service.host) === vs && !services.includes(service)) services.push(service);
  }
  return { hosts, services };
}

const byHost = new WeakMap<readonly MeshService[], ReadonlyMap<string, MeshService>>();

/** Services by host, the first one of a host. */
export function hostsOf(services: readonly MeshService[]): ReadonlyMap<string, MeshService> {
  const known = byHost.get(services);
  if (known !== undefined) return known;
  const made = new Map<string, MeshService>();
  for (const service of services) if (!made.has(service.host)) made.set(service.host, service);
  byHost.set(services, made);
  return made;
}
