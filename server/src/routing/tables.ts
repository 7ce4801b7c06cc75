import { hostsOverlap } from '../model/host.ts';
import { plainMap } from '../model/reader.ts';
import { keyOf } from '../model/resource.ts';
import type { VirtualService } from '../model/virtual-service.ts';
import { type DestinationRuleIndex, indexDestinationRules } from './destination-rules.ts';
import { gatewayListeners } from './gateway-listeners.ts';
import { type GatewayServer, gatewayTable, gatewayTableNames, mergeServers } from './gateway-table.ts';
import type { LeftOut } from './left-out.ts';
import type { Listener } from './listeners.ts';
import type { Mesh, MeshProxy, MeshService } from './mesh.ts';
import { once } from './once.ts';
import { type PreparedVirtualService, prepareVirtualServices } from './prepare.ts';
import { sidecarListeners } from './sidecar-listeners.ts';
import { sidecarScope } from './sidecar-scope.ts';
import { type SidecarInput, sidecarTable, sidecarTableNames } from './sidecar-table.ts';
import type { RouteTable } from './table.ts';
import { isServiceVisible } from './visibility.ts';

/** All tables of one proxy. */
export interface ProxyTables {
  readonly proxy: MeshProxy;
  readonly tables: readonly RouteTable[];
  /** What no single table is to blame for: servers that lost. */
  readonly leftOut: readonly LeftOut[];
  /** Services for which the proxy has clusters. */
  readonly services: readonly MeshService[];
}

/** The routing of a mesh. Everything is computed at the first question and kept. */
export class Routing {
  readonly mesh: Mesh;
  #prepared: readonly PreparedVirtualService[] | undefined;
  #rules: DestinationRuleIndex | undefined;
  readonly #makeRules: () => DestinationRuleIndex;
  readonly #proxies = new Map<string, ProxyRouting>();

  /**
   * @param rules gives the DestinationRules of the mesh where they are ready already
   * @param prepared the VirtualServices that count, in Pilot's order; without it all of the mesh
   */
  constructor(
    mesh: Mesh,
    rules: () => DestinationRuleIndex = () => indexDestinationRules(mesh),
    prepared?: readonly PreparedVirtualService[],
  ) {
    this.mesh = mesh;
    this.#makeRules = rules;
    this.#prepared = prepared;
  }

  /**
   * The same mesh with no other VirtualServices than those whose hosts meet those of some: all that has a say about
   * their routes, at a small part of the cost.
   */
  around(some: readonly VirtualService[]): Routing {
    const hostsOf = ({ hosts }: PreparedVirtualService): readonly string[] => hosts.map(host => host.toLowerCase());
    const own = [...new Set(this.prepared.filter(({ resource }) => some.includes(resource)).flatMap(hostsOf))];
    const near = this.prepared.filter(other => hostsOf(other).some(host => own.some(name => hostsOverlap(name, host))));
    return new Routing(this.mesh, () => this.rules, near);
  }

  /** VirtualServices in Pilot's order, with delegates in place. */
  get prepared(): readonly PreparedVirtualService[] {
    this.#prepared ??= prepareVirtualServices(this.mesh);
    return this.#prepared;
  }

  get rules(): DestinationRuleIndex {
    this.#rules ??= this.#makeRules();
    return this.#rules;
  }

  /**
   * The proxies whose tables can differ: one for each distinct Gateway selector, whose labels are the selector, and a
   * sidecar without labels for each namespace that has a resource, or that an `exportTo` or `sourceNamespace` names.
   *
   * @param options `assumed: false` leaves out Gateways that no manifest defines; `namespaces` are further ones
   */
  proxies(options: { readonly assumed?: boolean; readonly namespaces?: readonly string[] } = {}): readonly MeshProxy[] {
    const namespaces = new Set([...namespacesOf(this.mesh), ...(options.namespaces ?? [])]);
    const sidecars = [...namespaces].sort().map((namespace): MeshProxy => ({ type: 'sidecar', namespace, labels: {} }));
    return [...this.routers(options), ...sidecars];
  }

  /** Those of `proxies` that are gateways. */
  routers(options: { readonly assumed?: boolean } = {}): readonly MeshProxy[] {
    const { mesh } = this;
    const routers = new Map<string, MeshProxy>();
    for (const gateway of mesh.gateways) {
      const { selector } = gateway;
      if (options.assumed === false && mesh.assumedGateways.has(keyOf(gateway))) continue;
      const labels = plainMap(selector);
      const key = JSON.stringify(Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1)));
      if (!routers.has(key)) routers.set(key, { type: 'router', namespace: mesh.settings.gatewayNamespace, labels });
    }
    return [...routers.values()];
  }

  /** What one proxy gets; its tables are made one by one, as they are asked for. */
  proxy(proxy: MeshProxy): ProxyRouting {
    const key = JSON.stringify([proxy.type, proxy.namespace, proxy.labels]);
    const found = this.#proxies.get(key) ?? (proxy.type === 'router' ? this.#router(proxy) : this.#sidecar(proxy));
    this.#proxies.set(key, found);
    return found;
  }

  /** All tables of a proxy at once. */
  tables(proxy: MeshProxy): ProxyTables {
    const { names, leftOut, services, table } = this.proxy(proxy);
    return { proxy, tables: names.map(table), leftOut, services };
  }

  #router(proxy: MeshProxy): ProxyRouting {
    const { mesh, prepared, rules } = this;
    const { servers, leftOut } = mergeServers(mesh, proxy);
    const input = { mesh, proxy, prepared, rules };
    const names = gatewayTableNames(servers);
    const services = once(() => lastOfEachHost(mesh, proxy.namespace));
    return {
      ...{ proxy, names, leftOut, servers },
      get services() {
        return services();
      },
      table: kept(name => gatewayTable(input, name, servers)),
      connections: once(() => gatewayListeners(input, servers)),
    };
  }

  #sidecar(proxy: MeshProxy): ProxyRouting {
    const { mesh, prepared, rules } = this;
    const scope = sidecarScope(mesh, prepared, proxy);
    const input: SidecarInput = { mesh, proxy, scope, rules };
    const tables = sidecarTableNames(input);
    const byName = new Map(tables.map(table => [table.name, table]));
    const table = kept(name => sidecarTable(input, byName.get(name) ?? { name, port: 0, sniffed: '' }));
    return {
      ...{ proxy, names: tables.map(({ name }) => name), leftOut: [], services: scope.services, servers: [], table },
      connections: once(() => sidecarListeners(input)),
    };
  }
}

/** Namespaces in which a sidecar can see something that others do not. */
function namespacesOf(mesh: Mesh): ReadonlySet<string> {
  const namespaces = new Set<string>();
  for (const list of [mesh.virtualServices, mesh.destinationRules, mesh.sidecars, mesh.services])
    for (const { namespace } of list) namespaces.add(namespace);
  for (const vs of mesh.virtualServices) for (const word of clientsOf(vs)) namespaces.add(word);
  for (const { exportTo } of mesh.destinationRules)
    for (const { value } of exportTo) if (isName(value)) namespaces.add(value);
  for (const { exportTo } of mesh.services) for (const word of exportTo) if (isName(word)) namespaces.add(word);
  namespaces.delete('');
  return namespaces;
}

function isName(word: string | undefined): word is string {
  return word !== undefined && /^[a-z0-9]/.test(word);
}

const clients = new WeakMap<VirtualService, readonly string[]>();

/** The namespaces that a VirtualService names in `exportTo` and `sourceNamespace`. */
function clientsOf(vs: VirtualService): readonly string[] {
  const known = clients.get(vs);
  if (known !== undefined) return known;
  const names = new Set(vs.exportTo.map(({ value }) => value).filter(isName));
  for (const { match } of vs.http) {
    for (const { sourceNamespace } of match) if (isName(sourceNamespace?.value)) names.add(sourceNamespace.value);
  }
  const made = [...names];
  clients.set(vs, made);
  return made;
}

/** What one proxy gets of the mesh. */
export interface ProxyRouting {
  readonly proxy: MeshProxy;
  /** Names of its route configurations, sorted. */
  readonly names: readonly string[];
  readonly leftOut: readonly LeftOut[];
  readonly services: readonly MeshService[];
  /** On a gateway: the servers it serves. */
  readonly servers: readonly GatewayServer[];
  /** One of its route configurations; kept once made. */
  readonly table: (name: string) => RouteTable;
  /** Its listeners, and the `tcp` and `tls` rules that lost. */
  readonly connections: () => { readonly listeners: readonly Listener[]; readonly leftOut: readonly LeftOut[] };
}

function kept<T>(make: (name: string) => T): (name: string) => T {
  const known = new Map<string, T>();
  return name => {
    const found = known.get(name) ?? make(name);
    known.set(name, found);
    return found;
  };
}

/** A gateway takes the youngest of several services with one host, where a sidecar takes the oldest. */
function lastOfEachHost(mesh: Mesh, namespace: string): readonly MeshService[] {
  const visible = mesh.services.filter(service => isServiceVisible(service, namespace));
  return [...new Map(visible.map(service => [service.host, service])).values()];
}
