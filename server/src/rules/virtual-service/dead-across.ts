import { hostMatches, resolveGatewayName, resolveHost } from '../../model/host.ts';
import { gatewayNames } from '../../model/references.ts';
import { keyOf } from '../../model/resource.ts';
import type { VirtualService } from '../../model/virtual-service.ts';
import { withoutPort } from '../../routing/explain/virtual-host.ts';
import { type Reachability, reachabilityOf } from '../../routing/reach/reachability.ts';
import type { MatchSite } from '../../routing/reach/sites.ts';
import type { TableRoute } from '../../routing/routes.ts';
import type { RouteTable, TableHost } from '../../routing/table.ts';
import type { Routing } from '../../routing/tables.ts';
import type { Index } from '../../workspace/index.ts';
import type { EffectiveSettings } from '../../workspace/mesh-settings.ts';
import { Groups } from '../../workspace/reads.ts';
import type { Snapshot } from '../../workspace/snapshot.ts';
import { type Death, type DeathOnHosts, type SiteState, siteKey } from './dead.ts';

/**
 * Adds what the other VirtualServices of a gateway take: their routes stand in one list with those of this one (`PILOT.md`
 * 5.4). A match counts as dead at a gateway only when it is so on each host of the gateway on which requests can fulfil
 * it; where others reach it, the hosts are told apart.
 */
export function acrossVirtualServices(
  vs: VirtualService,
  states: readonly SiteState[],
  snapshot: Snapshot,
  isTrusted: (site: MatchSite) => boolean,
): readonly SiteState[] {
  const seen = new Set<string>();
  for (const { from } of states) for (const gateway of from.keys()) seen.add(gateway);
  const gateways = [...seen].filter(gateway => gateway !== 'mesh' && isShared(vs, gateway, snapshot.index));
  if (gateways.length === 0 || vs.hosts.length === 0) return states;
  const found = new Map(gateways.map(gateway => [gateway, deathsAt(gateway, vs, snapshot, isTrusted)]));
  return states.map(({ site, from }) => {
    const more = new Map(from);
    const onHosts = new Map<string, DeathOnHosts>();
    for (const [gateway, atGateway] of found) {
      const death = atGateway.get(siteKey(site.rule.index, site.match?.index));
      if (death === undefined || from.get(gateway) !== 'live') continue;
      if ('dead' in death) onHosts.set(gateway, death);
      else more.set(gateway, death);
    }
    return onHosts.size === 0 ? { site, from: more } : { site, from: more, onHosts };
  });
}

/** The full names of the hosts of a VirtualService, in lower case, at each of its gateways. */
function hostsBound(
  vs: VirtualService,
  { mesh }: EffectiveSettings,
): readonly { readonly gateway: string; readonly host: string }[] {
  const gateways = new Set(gatewayNames(vs).map(name => resolveGatewayName(name, vs.namespace)));
  gateways.delete('mesh');
  const hosts = new Set(vs.hosts.map(({ value }) => fullName(value, vs, mesh.clusterDomain)));
  return [...gateways].flatMap(gateway => [...hosts].map(host => ({ gateway, host })));
}

function fullName(host: string, { namespace }: VirtualService, clusterDomain: string): string {
  return resolveHost(host, namespace, clusterDomain).toLowerCase();
}

function keyOfHost(gateway: string, host: string): string {
  return `${gateway} ${host}`;
}

/** The VirtualServices that have a host at a gateway, whether Istio takes them or not. */
const withHost = Groups.of('VirtualService', (vs, settings) =>
  hostsBound(vs, settings).map(({ gateway, host }) => [keyOfHost(gateway, host), vs] as const),
);

/** The hosts of all VirtualServices of a gateway, and which of them are wildcards. */
const hostsOf = Groups.of('VirtualService', (vs, settings) =>
  hostsBound(vs, settings).map(({ gateway, host }) => [gateway, host] as const),
);
const wildcardsOf = Groups.of('VirtualService', (vs, settings) =>
  hostsBound(vs, settings).flatMap(({ gateway, host }) => (host.startsWith('*') ? [[gateway, host] as const] : [])),
);

/** Tells whether another VirtualService of a gateway may have a host in common: else no table has to be made. */
function isShared(vs: VirtualService, gateway: string, index: Index): boolean {
  const wild = index.group(wildcardsOf, gateway) ?? [];
  return vs.hosts.some(({ value }) => {
    const host = fullName(value, vs, index.settings.mesh.clusterDomain);
    if ((index.group(withHost, keyOfHost(gateway, host)) ?? []).length > 1) return true;
    // What a server makes of a wildcard may be the very host of another one.
    if (host.startsWith('*'))
      return (index.group(hostsOf, gateway) ?? []).some(other => other !== host && hostMatches(host, other));
    return wild.some(other => hostMatches(other, host));
  });
}

/** What becomes of a match on one host: `impossible` where no request for the host fulfils it, whatever stands before. */
type OnHost = Death | 'live' | 'impossible' | 'unknown';

/** The matches of a VirtualService that other ones leave nothing to, on all hosts of a gateway or on some. */
function deathsAt(
  gateway: string,
  vs: VirtualService,
  snapshot: Snapshot,
  isTrusted: (site: MatchSite) => boolean,
): ReadonlyMap<string, Death | DeathOnHosts> {
  const hosts = hostsAt(gateway, vs, snapshot);
  const dying = new Set<string>();
  const found = new Map<string, Map<string, OnHost>>();
  const look = (alone: boolean): void => {
    for (const { host, table } of hosts) {
      if (host.virtualServices.length > 1 === alone) continue;
      const reach = reachabilityOf(host, table);
      for (const [place, route] of host.routes.entries()) {
        const site = siteOfRoute(route);
        if (site === undefined || site.rule.source.resource !== vs || site.rule.delegatedBy !== undefined) continue;
        const key = siteKey(site.rule.index, site.match?.index);
        if (alone && !dying.has(key)) continue;
        const state = stateOf(reach[place], host, vs, isTrusted);
        if (typeof state === 'object') dying.add(key);
        const byHost = found.get(key) ?? new Map<string, OnHost>();
        found.set(key, byHost);
        for (const domain of domainsOf(host, route, reach[place])) {
          const before = byHost.get(domain);
          // Through several servers its routes may stand there several times: one that is reached is enough.
          byHost.set(domain, before === undefined ? state : better(before, state));
        }
      }
    }
  };
  look(false);
  // Hosts that are its own decide only where others leave nothing to it elsewhere.
  if (dying.size > 0) look(true);
  const deaths = new Map<string, Death | DeathOnHosts>();
  for (const key of dying) {
    const death = summedUp([...(found.get(key) ?? [])], vs);
    if (death !== undefined) deaths.set(key, death);
  }
  return deaths;
}

/** Hosts with the same routes are one virtual host; a route that asks for the host is reached on one of them at least. */
function domainsOf({ domains }: TableHost, { envoy }: TableRoute, reach: Reachability | undefined): readonly string[] {
  const asks = envoy.match.headers?.some(({ name }) => name === ':authority' || name.toLowerCase() === 'host') ?? false;
  return asks && domains.length > 1 && reach?.state === 'live' ? [withoutPort(reach.witness.authority)] : domains;
}

function stateOf(
  reach: Reachability | undefined,
  host: TableHost,
  vs: VirtualService,
  isTrusted: (site: MatchSite) => boolean,
): OnHost {
  if (reach === undefined || reach.state === 'undecided') return 'unknown';
  if (reach.state === 'live') return 'live';
  if (reach.by.length === 0) return 'impossible';
  return deathOf(reach.by, host, vs, isTrusted) ?? 'unknown';
}

function better(a: OnHost, b: OnHost): OnHost {
  for (const state of ['live', 'unknown'] as const) if (a === state || b === state) return state;
  if (a === 'impossible') return b;
  return b === 'impossible' ? a : joined(a as Death, b as Death);
}

function summedUp(
  hosts: readonly (readonly [host: string, state: OnHost])[],
  vs: VirtualService,
): Death | DeathOnHosts | undefined {
  const deaths = hosts.flatMap(([host, state]) => (typeof state === 'object' ? [{ host, state }] : []));
  const live = hosts.flatMap(([host, state]) => (state === 'live' ? [host] : []));
  const join = (list: typeof deaths): Death | undefined =>
    list.length === 0 ? undefined : list.map(({ state }) => state).reduce(joined);
  if (live.length === 0) return hosts.some(([, state]) => state === 'unknown') ? undefined : join(deaths);
  // Rules that tell hosts apart within one VirtualService are meant to.
  const byOthers = deaths.filter(({ state }) => state.by.some(({ rule }) => rule.source.resource !== vs));
  const death = join(byOthers);
  return death && { ...death, dead: byOthers.map(({ host }) => host), live };
}

interface HostOfTable {
  readonly host: TableHost;
  readonly table: RouteTable;
}

const hostsIn = new WeakMap<Routing, Map<string, ReadonlyMap<VirtualService, readonly HostOfTable[]>>>();

/** The virtual hosts of a gateway that have routes of a VirtualService; not those that only redirect to https. */
function hostsAt(gateway: string, vs: VirtualService, { routing }: Snapshot): readonly HostOfTable[] {
  const kept = hostsIn.get(routing) ?? new Map<string, ReadonlyMap<VirtualService, readonly HostOfTable[]>>();
  hostsIn.set(routing, kept);
  const byService = kept.get(gateway) ?? hostsOfGateway(gateway, routing);
  kept.set(gateway, byService);
  return byService.get(vs) ?? [];
}

function hostsOfGateway(gateway: string, routing: Routing): ReadonlyMap<VirtualService, readonly HostOfTable[]> {
  const found = new Map<VirtualService, HostOfTable[]>();
  for (const proxy of routing.proxies()) {
    if (proxy.type !== 'router') continue;
    const { servers, table: make } = routing.proxy(proxy);
    const own = servers.filter(server => server.tableName !== '' && keyOf(server.gateway) === gateway);
    for (const name of new Set(own.map(({ tableName }) => tableName))) {
      const table = make(name);
      for (const host of table.virtualHosts.filter(({ requireTls }) => !requireTls)) {
        for (const { resource } of host.virtualServices)
          found.set(resource, [...(found.get(resource) ?? []), { host, table }]);
      }
    }
  }
  return found;
}

/** `undefined` where one of the takers does not say what it was meant to say. */
function deathOf(
  places: readonly number[],
  host: TableHost,
  vs: VirtualService,
  isTrusted: (site: MatchSite) => boolean,
): Death | undefined {
  const routes = places.flatMap(place => host.routes[place] ?? []);
  const by = routes.flatMap(route => siteOfRoute(route) ?? []);
  if (by.length < routes.length || !by.every(isTrusted)) return undefined;
  const others = routes.map(route => route.origin?.virtualService.resource).filter(other => other !== vs);
  const dated = [vs, ...others].every(resource => (resource?.creationTimestamp ?? '') !== '');
  return { by, cut: false, byName: others.length > 0 && !dated };
}

/** Sites of the rules that are written in a VirtualService itself. */
function siteOfRoute({ origin }: TableRoute): MatchSite | undefined {
  return origin === undefined ? undefined : { rule: origin.rule, match: origin.match };
}

function joined(a: Death, b: Death): Death {
  const by = new Map(
    [...a.by, ...b.by].map(site => [
      `${keyOf(site.rule.source.resource)} ${siteKey(site.rule.index, site.match?.index)}`,
      site,
    ]),
  );
  return { by: [...by.values()], cut: false, byName: a.byName || b.byName };
}
