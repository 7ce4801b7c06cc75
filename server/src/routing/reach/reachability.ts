import type { EnvoyRouteMatch } from '../envoy.ts';
import { isTlsServer } from '../gateway-table.ts';
import type { RouteTable, TableHost } from '../table.ts';
import { startOf } from './atoms.ts';
import { anyAuthority, authorityUniverse, HostChoice } from './authority.ts';
import {
  type Assignment,
  type Decided,
  decideAll,
  type Memory,
  type Site,
  type UniverseOf,
  type Verdict,
} from './decide.ts';
import { type Literal, literalsOf } from './literals.ts';
import { schemeUniverse, type Universe, universeOf } from './universe.ts';
import { type Witness, witnessOf } from './witness.ts';

/** Whether requests reach a route of a virtual host. Places are 0-based. */
export type Reachability =
  | { readonly state: 'live'; readonly witness: Witness }
  /** The places of the earlier routes that take everything together; empty where no request fulfils the match at all. */
  | { readonly state: 'unreachable'; readonly by: readonly number[] }
  /** More work than is worth it, or a pattern that cannot be reasoned about. */
  | { readonly state: 'undecided' };

const MAX_REMEMBERED = 50_000;
const remembered = new Map<string, Memory>();
const memory = {
  get: (key: string): Memory | undefined => remembered.get(key),
  set: (key: string, value: Memory): void => {
    if (remembered.size >= MAX_REMEMBERED) remembered.clear();
    remembered.set(key, value);
  },
};

const known = new WeakMap<TableHost, readonly Reachability[]>();

/** For each route of a virtual host whether requests reach it. Made once for each virtual host. */
export function reachabilityOf(host: TableHost, table: Pick<RouteTable, 'virtualHosts'>): readonly Reachability[] {
  const found = known.get(host);
  if (found !== undefined) return found;
  const universes = hostUniverses(host, table);
  const sites = host.routes.map(({ envoy }) => siteOf(envoy.match, universes.name));
  const name = `host ${isTls(host) ? 'https' : 'http'} ${universes.name}`;
  const made = decided(name, sites, universes.of).map(verdict => keptReachability(verdict, name, universes.of));
  known.set(host, made);
  return made;
}

/** Shorter lists are decided in no time. */
const MIN_KEPT = 30;
const MAX_KEPT = 32;
const lists = new Map<string, Decided>();

/** Decides a list; of one that was decided before only what an edit has changed. */
function decided(name: string, sites: readonly Site[], of: UniverseOf): readonly Verdict[] {
  if (sites.length < MIN_KEPT) return decideAll(sites, of, memory);
  const verdicts = decideAll(sites, of, memory, lists.get(name));
  lists.delete(name);
  lists.set(name, { sites, verdicts });
  const [oldest] = lists.keys();
  if (lists.size > MAX_KEPT && oldest !== undefined) lists.delete(oldest);
  return verdicts;
}

/**
 * The same for a list of matches, as `siteAnywhere` makes them, of which it is not known to which hosts they belong.
 *
 * @param which tells several lists for the same hosts apart: each is compared with its own state of before
 */
export function verdictsOf(sites: readonly Site[], hosts: readonly string[] = [], which = 0): readonly Verdict[] {
  const special = {
    ':authority': anyAuthority(hosts.filter(host => !host.startsWith('*'))),
    ':scheme': schemeUniverse('http'),
  };
  return decided(
    `list ${which} ${hosts.join()}`,
    sites,
    kept(dimension => universeOf(dimension, special)),
  );
}

/** A match of which it is not known to which host it belongs. */
export function siteAnywhere(match: EnvoyRouteMatch): Site {
  return siteOf(match, 'any');
}

/**
 * Whether some request that arrives can fulfil a match; `undefined` where it cannot be told.
 *
 * @param domains the domains of the requests, where they are known
 */
export function isPossible(match: EnvoyRouteMatch, domains?: readonly string[]): boolean | undefined {
  const host = { name: '', domains: domains ?? [] };
  const authority = domains === undefined ? anyAuthority([]) : authorityUniverse(host, new HostChoice([host]));
  const special = { ':authority': authority, ':scheme': schemeUniverse('http') };
  const site = { literals: literalsOf(match), key: '' };
  const [verdict] = decideAll([site], dimension => universeOf(dimension, special), FORGETFUL);
  return verdict === undefined || verdict.state === 'undecided' ? undefined : verdict.state === 'live';
}

const FORGETFUL = { get: () => undefined, set: () => undefined };

const reachabilities = new WeakMap<Verdict, { readonly name: string; readonly value: Reachability }>();

/** An edit leaves most verdicts as they are, and with them their witnesses. */
function keptReachability(verdict: Verdict, name: string, of: UniverseOf): Reachability {
  const found = reachabilities.get(verdict);
  if (found?.name === name) return found.value;
  const value = asReachability(verdict, of);
  reachabilities.set(verdict, { name, value });
  return value;
}

/** Witnesses are put together when they are asked for: most are not. */
function asReachability(verdict: Verdict, of: UniverseOf): Reachability {
  if (verdict.state !== 'live') return verdict;
  let witness: Witness | undefined;
  return {
    state: 'live',
    get witness() {
      witness ??= witnessOf(verdict.witness, of);
      return witness;
    },
  };
}

const literals = new WeakMap<EnvoyRouteMatch, Site>();
const onHosts = new WeakMap<EnvoyRouteMatch, Site>();

/** Only conditions on the authority depend on the virtual host. */
function siteOf(match: EnvoyRouteMatch, hostName: string): Site {
  let own = literals.get(match);
  if (own === undefined) {
    const made = literalsOf(match);
    own = { literals: made, key: JSON.stringify(match), start: pathStart(made) };
    literals.set(match, own);
  }
  const onHost = own.literals.some(({ dimension }) => dimension === ':authority');
  if (!onHost) return own;
  const key = `${hostName} ${own.key}`;
  const known = onHosts.get(match);
  const site = known?.key === key ? known : { ...own, key };
  onHosts.set(match, site);
  return site;
}

/** The text with which all paths of a match begin; empty where they are not known to begin with any. */
function pathStart(own: readonly Literal[]): string {
  const path = own.find(({ dimension }) => dimension === 'path');
  if (path === undefined || path.negated) return '';
  const { atom } = path;
  return (atom.kind === 'exact' || atom.kind === 'prefix') && atom.fold ? '' : startOf(atom);
}

/** What can arrive at a virtual host of a table. */
export function hostUniverses(
  host: TableHost,
  table: Pick<RouteTable, 'virtualHosts'>,
): { readonly of: UniverseOf; readonly name: string } {
  const choice = choiceOf(table);
  let authority: Universe | undefined;
  const special = {
    get ':authority'(): Universe {
      authority ??= authorityUniverse(host, choice);
      return authority;
    },
    ':scheme': schemeUniverse(isTls(host) ? 'https' : 'http'),
  };
  const name = `${host.name} ${host.domains.join()}${host.domains.some(domain => domain.startsWith('*')) ? allDomains(table) : ''}`;
  return { of: kept(dimension => universeOf(dimension, special)), name };
}

function isTls({ servers }: TableHost): boolean {
  return servers.some(({ server }) => isTlsServer(server));
}

function kept(make: UniverseOf): UniverseOf {
  const made = new Map<string, Universe>();
  return dimension => {
    const found = made.get(dimension) ?? make(dimension);
    made.set(dimension, found);
    return found;
  };
}

const choices = new WeakMap<object, HostChoice<TableHost>>();

function choiceOf(table: Pick<RouteTable, 'virtualHosts'>): HostChoice<TableHost> {
  const found = choices.get(table) ?? new HostChoice(table.virtualHosts);
  choices.set(table, found);
  return found;
}

function allDomains({ virtualHosts }: Pick<RouteTable, 'virtualHosts'>): string {
  return virtualHosts.map(({ domains }) => domains.join()).join(' ');
}

export type { Assignment, Site, Verdict };
