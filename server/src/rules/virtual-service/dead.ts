import { resolveGatewayName } from '../../model/host.ts';
import { gatewayNames } from '../../model/references.ts';
import { keyOf } from '../../model/resource.ts';
import type { HttpRoute, VirtualService } from '../../model/virtual-service.ts';
import { matchText } from '../../routing/describe.ts';
import type { EnvoyRouteMatch } from '../../routing/envoy.ts';
import { routeMatch } from '../../routing/match.ts';
import { compilePattern } from '../../routing/pattern.ts';
import { type PreparedRule, type PreparedVirtualService, resolvedRules } from '../../routing/prepare.ts';
import { type JudgedSite, judgeSites, type MatchSite, type SiteView } from '../../routing/reach/sites.ts';
import type { Routing } from '../../routing/tables.ts';
import type { Schemas } from '../../schema/schemas.ts';
import type { Span } from '../../text/range.ts';
import { Reads } from '../../workspace/reads.ts';
import type { Snapshot } from '../../workspace/snapshot.ts';
import type { Step } from '../../yaml/node.ts';
import { schemaProblems } from '../schema/problems.ts';
import { acrossVirtualServices } from './dead-across.ts';

export type { MatchSite };

/** Why no request reaches a match from one gateway, or from the sidecars. */
export interface Death {
  readonly by: readonly MatchSite[];
  /** Pilot does not even make the route. */
  readonly cut: boolean;
  /** Set where it hangs on the age of two VirtualServices, which the manifests do not tell. */
  readonly byName: boolean;
}

/** The same on some hosts of a gateway, while requests for others reach the match. */
export interface DeathOnHosts extends Death {
  readonly dead: readonly string[];
  readonly live: readonly string[];
}

/** What is known of one match from everywhere. */
export interface SiteState {
  readonly site: MatchSite;
  /** By gateway (`namespace/name` or `mesh`); `impossible`: no request fulfils it at all. */
  readonly from: ReadonlyMap<string, Death | 'live' | 'impossible' | 'undecided'>;
  /** By gateway, where it is live there, but not on all of its hosts. */
  readonly onHosts?: ReadonlyMap<string, DeathOnHosts>;
}

const alone = new WeakMap<VirtualService, readonly SiteState[]>();
const inAll = new WeakMap<VirtualService, { readonly reads: Reads; readonly states: readonly SiteState[] }>();

/**
 * What requests reach of the matches written in a VirtualService: in it alone, through the delegates and roots that belong
 * to it, and behind the other VirtualServices of its gateways. A match with a slip of the pen, such as a misspelt field,
 * is left out: what it was meant to say is not known.
 */
export function siteStates(vs: VirtualService, snapshot: Snapshot): readonly SiteState[] {
  const { index } = snapshot;
  const known = inAll.get(vs);
  if (known?.reads.holdIn(index)) {
    index.recall(known.reads);
    return known.states;
  }
  const reads = new Reads();
  const states = index.record(reads, () => {
    const own = vs.hosts.length === 0 ? asDelegate(vs, snapshot) : asRoot(vs, snapshot);
    return acrossVirtualServices(vs, own, snapshot, site => isTrusted(site, snapshot.schemas));
  });
  inAll.set(vs, { reads, states });
  return states;
}

function asRoot(vs: VirtualService, snapshot: Snapshot): readonly SiteState[] {
  const { schemas, settings } = snapshot;
  const delegating = vs.http.some(rule => rule.delegate !== undefined);
  const known = delegating ? undefined : alone.get(vs);
  if (known !== undefined) return known;
  const prepared = delegating ? preparedOf(vs, snapshot) : undefined;
  const sites = judgeSites({
    rules: prepared?.rules ?? resolvedRules(vs, settings.mesh.clusterDomain),
    gateways: gatewayNames(vs).map(name => resolveGatewayName(name, vs.namespace)),
    hosts: vs.hosts.map(({ value }) => value),
    trusted: site => isTrusted(site, schemas),
  });
  const states = [
    ...statesOf(delegating ? sites.filter(({ rule }) => rule.delegatedBy === undefined) : sites),
    ...(delegating ? delegations(vs, sites, settings.mesh.clusterDomain) : []),
  ];
  if (!delegating) alone.set(vs, states);
  return states;
}

/** The same for rules in another order than they are written in, in the VirtualService alone; none of them delegates. */
export function statesInOrder(
  vs: VirtualService,
  rules: readonly PreparedRule[],
  snapshot: Snapshot,
): readonly SiteState[] {
  const sites = judgeSites({
    rules,
    gateways: gatewayNames(vs).map(name => resolveGatewayName(name, vs.namespace)),
    hosts: vs.hosts.map(({ value }) => value),
    trusted: site => isTrusted(site, snapshot.schemas),
  });
  return statesOf(sites);
}

/** A delegate is reached through its roots; one that no root names is not judged. */
function asDelegate(vs: VirtualService, snapshot: Snapshot): readonly SiteState[] {
  const occurrences = rootsOf(vs, snapshot).flatMap(({ rules, gateways, hosts }) => {
    const sites = judgeSites({ rules, gateways, hosts, trusted: site => isTrusted(site, snapshot.schemas) });
    const lost = new Map<HttpRoute, ReadonlySet<string>>();
    for (const [rule, deaths] of delegationDeaths(sites)) lost.set(rule, new Set(deaths.keys()));
    return sites
      .filter(({ rule }) => rule.source.resource === vs && rule.delegatedBy !== undefined)
      .map(({ rule, match, views }) => ({
        // Without a match of its own it has that of its root.
        rule,
        match: rule.source.rule.match.length === 0 ? undefined : match,
        // Where the root's rule as a whole is dead, that is said there.
        views: views.filter(
          ({ gateway }) => rule.delegatedBy === undefined || lost.get(rule.delegatedBy.rule)?.has(gateway) !== true,
        ),
      }));
  });
  return collected(occurrences);
}

/** The rules of a root that name a delegate of which nothing is reached: as one match, or one for each of the rule's. */
function delegations(vs: VirtualService, sites: readonly JudgedSite[], clusterDomain: string): readonly SiteState[] {
  const deaths = delegationDeaths(sites);
  return resolvedRules(vs, clusterDomain).flatMap(rule => {
    const from = deaths.get(rule.source.rule);
    if (from === undefined || from.size === 0) return [];
    const gateways = new Set(
      sites
        .filter(site => site.rule.delegatedBy?.rule === rule.source.rule)
        .flatMap(({ views }) => views.map(view => view.gateway)),
    );
    const all = new Map([...gateways].map(gateway => [gateway, from.get(gateway) ?? ('live' as const)]));
    const matches = rule.match.length === 0 ? [undefined] : rule.match;
    return matches.map(match => ({ site: { rule, match }, from: all }));
  });
}

/** For each rule that names a delegate: from where all that the delegate puts in its place is taken by rules before it. */
function delegationDeaths(sites: readonly JudgedSite[]): ReadonlyMap<HttpRoute, ReadonlyMap<string, Death>> {
  const result = new Map<HttpRoute, Map<string, Death>>();
  const delegatingRules = new Set(sites.flatMap(({ rule }) => rule.delegatedBy?.rule ?? []));
  for (const delegating of delegatingRules) {
    const group = sites.filter(({ rule }) => rule.delegatedBy?.rule === delegating);
    const deaths = new Map<string, Death>();
    for (const gateway of new Set(group.flatMap(({ views }) => views.map(view => view.gateway)))) {
      const views = group.flatMap(site => site.views.filter(view => view.gateway === gateway));
      if (!views.every(({ by }) => by.length > 0)) continue;
      const by = views.flatMap(view => view.by).filter(({ rule }) => rule.delegatedBy?.rule !== delegating);
      const different = [...new Map(by.map(site => [siteId(site), site])).values()];
      if (different.length > 0)
        deaths.set(gateway, { by: different, cut: views.every(({ cut }) => cut), byName: false });
    }
    result.set(delegating, deaths);
  }
  return result;
}

function collected(occurrences: readonly JudgedSite[]): readonly SiteState[] {
  const bySite = new Map<string, JudgedSite>();
  for (const site of occurrences) {
    const key = siteKey(site.rule.index, site.match?.index);
    const known = bySite.get(key);
    bySite.set(key, known === undefined ? site : { ...known, views: [...known.views, ...site.views] });
  }
  return statesOf([...bySite.values()]);
}

function statesOf(sites: readonly JudgedSite[]): readonly SiteState[] {
  /** Nearly all are live from the one gateway that there is. */
  const live = new Map<string, SiteState['from']>();
  return sites.map(site => {
    const { views } = site;
    const [view] = views;
    if (view?.state !== 'live' || views.length > 1) return { site, from: byGateway(views) };
    const from = live.get(view.gateway) ?? byGateway(views);
    live.set(view.gateway, from);
    return { site, from };
  });
}

/** A match that is made several routes at a gateway is dead there when all of them are. */
function byGateway(views: readonly SiteView[]): SiteState['from'] {
  const from = new Map<string, Death | 'live' | 'impossible' | 'undecided'>();
  for (const gateway of new Set(views.map(view => view.gateway))) {
    const own = views.filter(view => view.gateway === gateway);
    const dead = own.filter(({ by }) => by.length > 0);
    if (own.some(({ state }) => state === 'live')) from.set(gateway, 'live');
    else if (own.some(({ state }) => state === 'undecided')) from.set(gateway, 'undecided');
    else if (dead.length === 0) from.set(gateway, 'impossible');
    else {
      const by = new Map(dead.flatMap(view => view.by.map(site => [siteId(site), site] as const)));
      from.set(gateway, { by: [...by.values()], cut: dead.every(({ cut }) => cut), byName: false });
    }
  }
  return from;
}

const roots = new WeakMap<Routing, Map<VirtualService, PreparedVirtualService[]>>();

/** The VirtualServices that have rules of a delegate. */
function rootsOf(delegate: VirtualService, { routing }: Snapshot): readonly PreparedVirtualService[] {
  let byDelegate = roots.get(routing);
  if (byDelegate === undefined) {
    byDelegate = new Map();
    for (const prepared of routing.prepared) {
      if (!prepared.resource.http.some(rule => rule.delegate !== undefined)) continue;
      for (const resource of new Set(prepared.rules.map(({ source }) => source.resource))) {
        byDelegate.set(resource, [...(byDelegate.get(resource) ?? []), prepared]);
      }
    }
    roots.set(routing, byDelegate);
  }
  return byDelegate.get(delegate) ?? [];
}

function preparedOf(vs: VirtualService, snapshot: Snapshot): PreparedVirtualService | undefined {
  return snapshot.routing.prepared.find(({ resource }) => resource === vs);
}

/** The matches of a VirtualService, and whole rules, that have a slip of the pen. */
interface Doubtful {
  readonly sites: ReadonlySet<string>;
  /** The indexes of their rules: most rules have none. */
  readonly rules: ReadonlySet<Step | undefined>;
}

const doubtful = new WeakMap<VirtualService, Doubtful>();

function doubtfulOf(resource: VirtualService, schemas: Schemas): Doubtful {
  const known = doubtful.get(resource);
  if (known !== undefined) return known;
  const paths = schemaProblems(resource, schemas).map(({ path }) => path);
  const made = { sites: new Set(paths.map(doubtfulSite)), rules: new Set(paths.map(([, , rule]) => rule)) };
  doubtful.set(resource, made);
  return made;
}

/** Whether a match says what it was meant to say: nothing in it, and nothing beside it in its rule, is misspelt. */
function isTrusted({ rule, match }: MatchSite, schemas: Schemas): boolean {
  const { sites, rules } = doubtfulOf(rule.source.resource, schemas);
  const isDoubtful =
    rules.has(rule.index) && (sites.has(siteKey(rule.index, match?.index)) || sites.has(siteKey(rule.index, 'rule')));
  return !isDoubtful && (match === undefined || isSound(match));
}

type Match = NonNullable<MatchSite['match']>;

const sound = new WeakMap<Match, boolean>();

/** Whether a match can be read by itself. */
function isSound(match: Match): boolean {
  const known = sound.get(match) ?? !(hasBrokenPattern(match) || hasTwice(match));
  sound.set(match, known);
  return known;
}

/** Whether a name stands twice in a map of a match: which of the two counts is another finding. */
function hasTwice({ headers, withoutHeaders, queryParams }: Match): boolean {
  const maps = [headers, withoutHeaders, queryParams];
  return maps.some(entries => new Set(entries.map(({ key }) => key.value)).size < entries.length);
}

/** Whether a pattern of a match is none: Istio refuses it, and what it was meant to take is not known. */
function hasBrokenPattern(match: Match): boolean {
  const { uri, scheme, method, authority, headers, withoutHeaders, queryParams } = match;
  const entries = [...headers, ...queryParams].map(({ value }) => value);
  // A lone `*` stands for any value there (`VALIDATION.md` VS-27).
  const without = withoutHeaders.map(({ value }) => value).filter(({ value }) => value?.value !== '*');
  return [uri, scheme, method, authority, ...entries, ...without].some(
    condition => condition?.kind === 'regex' && 'fault' in compilePattern(condition.value?.value ?? ''),
  );
}

/** The match that a problem is in, or the whole rule for one beside `match`, which may be `match` itself misspelt. */
function doubtfulSite([, list, rule, field, match]: readonly Step[]): string {
  if (list !== 'http') return '';
  if (field === undefined) return siteKey(rule, 'rule');
  return field === 'match' ? siteKey(rule, match ?? 'rule') : '';
}

/** Key of `spec.http[rule].match[match]`. */
export function siteKey(rule: unknown, match: unknown): string {
  return `${String(rule)} ${String(match)}`;
}

function siteId({ rule, match }: MatchSite): string {
  return `${keyOf(rule.source.resource)} ${siteKey(rule.index, match?.index)}`;
}

/** `rule "api"`, `http[2]`; with its VirtualService where that is another one than `near`. */
export function ruleName(rule: PreparedRule, near: VirtualService = rule.source.resource): string {
  const own = rule.source.rule.name?.value ?? '';
  const name = own === '' ? `http[${rule.index}]` : `rule "${own}"`;
  return rule.source.resource === near ? name : `${name} of VirtualService "${rule.source.resource.name}"`;
}

/** The place of a match: its path where it has one, else the whole of it; of a rule without match its name or route. */
export function siteOf({ rule, match }: MatchSite): Span {
  if (match !== undefined) return match.uri?.value ?? match.at;
  return rule.source.rule.name ?? rule.routeAt ?? rule.at;
}

/** `path starts with /api` of the covering match. */
export function siteText(site: MatchSite): string {
  const match = routeMatch(site.match);
  const text = texts.get(match) ?? matchText(match);
  texts.set(match, text);
  return text;
}

const texts = new WeakMap<EnvoyRouteMatch, string>();
