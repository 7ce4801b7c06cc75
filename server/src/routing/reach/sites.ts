import { push } from '../../text/push.ts';
import { isCatchAll, routeMatch } from '../match.ts';
import type { PreparedMatch, PreparedRule } from '../prepare.ts';
import type { Verdict } from './decide.ts';
import { type Site, siteAnywhere, verdictsOf } from './reachability.ts';

/** A match of a rule, or a rule without any. */
export interface MatchSite {
  readonly rule: PreparedRule;
  readonly match: PreparedMatch | undefined;
}

/** What is known of a match from one gateway, or from the sidecars (`mesh`). */
export interface SiteView {
  readonly gateway: string;
  readonly state: Verdict['state'];
  /** The matches that take everything; none where no request fulfils the match at all. */
  readonly by: readonly MatchSite[];
  /** Pilot does not even make the route: everything behind a catch-all is cut (`PILOT.md` 3). */
  readonly cut: boolean;
}

export interface JudgedSite extends MatchSite {
  readonly views: readonly SiteView[];
}

export interface SitesInput {
  readonly rules: readonly PreparedRule[];
  /** `namespace/name` or `mesh`. */
  readonly gateways: readonly string[];
  readonly hosts: readonly string[];
  /** Tells whether a match says what it was meant to say; others are neither judged nor the death of others. */
  readonly trusted: (site: MatchSite) => boolean;
}

/**
 * What the rules of one VirtualService make of each other's matches, from each of its gateways. An earlier match counts
 * only where it becomes a route for every proxy for which the judged one does; so what is unreachable is so for all of
 * them. Rules that stand for a delegate which is not known are left out.
 */
export function judgeSites({ rules, gateways, hosts, trusted }: SitesInput): readonly JudgedSite[] {
  const sites: {
    readonly rule: PreparedRule;
    readonly match: PreparedMatch | undefined;
    views: readonly SiteView[];
  }[] = [];
  const traits: Traits[] = [];
  for (const rule of rules) {
    if (rule.delegate !== undefined) continue;
    const ofRule = traitsOf(rule.match);
    for (const [place, own] of ofRule.entries()) {
      const site = { rule, match: rule.match[place], views: UNSEEN };
      if (!trusted(site)) continue;
      sites.push(site);
      traits.push(own);
    }
  }
  const lists = new Map<string, readonly Verdict[]>();
  /** Verdicts on the sites at some places, each behind those before it. */
  const verdicts = (places: readonly number[]): readonly Verdict[] => {
    const key = places.length === sites.length ? 'all' : places.join();
    const found =
      lists.get(key) ??
      verdictsOf(
        places.length === sites.length
          ? traits.map(({ site }) => site)
          : places.flatMap(place => traits[place]?.site ?? []),
        hosts,
        lists.size,
      );
    lists.set(key, found);
    return found;
  };
  const everywhere = traits.every(({ isForAll }) => isForAll) ? [...traits.keys()] : undefined;
  for (const gateway of new Set(gateways)) {
    const live: SiteView = { gateway, state: 'live', by: [], cut: false };
    const onlyLive = [live];
    for (const group of everywhere === undefined ? groups(sites, traits, gateway) : [everywhere]) {
      const places = everywhere ?? placesBeside(sites[group[0] ?? 0]?.match, sites, traits, gateway);
      const list = verdicts(places);
      const isAll = places.length === sites.length;
      const positions = new Map(isAll ? [] : places.map((place, index) => [place, index]));
      const cut = places.findIndex(place => traits[place]?.takesAll);
      for (const place of group) {
        const at = isAll ? place : (positions.get(place) ?? -1);
        const verdict = list[at];
        const isCut = cut >= 0 && cut < at;
        const site = sites[place];
        if (site === undefined) continue;
        if (!isCut && verdict?.state === 'live') {
          site.views = site.views.length === 0 ? onlyLive : [...site.views, live];
          continue;
        }
        const by = isCut ? [cut] : verdict?.state === 'unreachable' ? verdict.by : NOBODY;
        const view: SiteView = {
          gateway,
          state: isCut ? 'unreachable' : (verdict?.state ?? 'undecided'),
          by: by.flatMap(index => sites[places[index] ?? -1] ?? []),
          cut: isCut,
        };
        site.views = [...site.views, view];
      }
    }
  }
  return sites;
}

const NOBODY: readonly number[] = [];
const UNSEEN: readonly SiteView[] = [];

/** What a match is by itself. */
interface Traits {
  readonly site: Site;
  /** Pilot makes no routes behind it. */
  readonly takesAll: boolean;
  /** It becomes a route for every proxy. */
  readonly isForAll: boolean;
  readonly filterKey: string;
}

const known = new WeakMap<readonly PreparedMatch[], readonly Traits[]>();
const NO_FILTERS = '0||';
const WITHOUT_MATCH = [makeTraits(undefined)];

/** Of each match of a rule; of one without any as for one that takes everything. */
function traitsOf(matches: readonly PreparedMatch[]): readonly Traits[] {
  if (matches.length === 0) return WITHOUT_MATCH;
  let found = known.get(matches);
  if (found === undefined) {
    found = matches.map(makeTraits);
    known.set(matches, found);
  }
  return found;
}

function makeTraits(match: PreparedMatch | undefined): Traits {
  const envoy = routeMatch(match);
  const key = filterKey(match);
  const isForAll = (match?.gateways.length ?? 0) === 0 && key === NO_FILTERS;
  return { site: siteAnywhere(envoy), takesAll: isCatchAll({ match: envoy }), isForAll, filterKey: key };
}

/** Places of the sites that become a route wherever a match does. */
function placesBeside(
  match: PreparedMatch | undefined,
  sites: readonly MatchSite[],
  traits: readonly Traits[],
  gateway: string,
): readonly number[] {
  const places: number[] = [];
  for (const [place, other] of sites.entries()) {
    if (traits[place]?.isForAll === true || appliesWherever(other.match, match, gateway)) places.push(place);
  }
  return places;
}

/** Places of the sites that become routes at a gateway, those with the same filters together. */
function groups(sites: readonly MatchSite[], traits: readonly Traits[], gateway: string): Iterable<readonly number[]> {
  const found = new Map<string, number[]>();
  for (const [place, { match }] of sites.entries()) {
    if (match !== undefined && match.gateways.length > 0 && !match.gateways.includes(gateway)) continue;
    const key = traits[place]?.filterKey ?? '';
    push(found, key, place);
  }
  return found.values();
}

function filterKey(match: PreparedMatch | undefined): string {
  if (match === undefined) return NO_FILTERS;
  const labels = match.gateways.length > 0 ? [] : match.sourceLabels.map(({ key, value }) => [key.value, value.value]);
  const namespace = match.gateways.length > 0 ? '' : (match.sourceNamespace?.value ?? '');
  return `${match.port?.value ?? 0}|${namespace}|${labels.length === 0 ? '' : JSON.stringify(labels)}`;
}

type Filters = Pick<PreparedMatch, 'port' | 'gateways' | 'sourceLabels' | 'sourceNamespace'>;

/**
 * Whether, at one gateway, a match with filters `a` becomes a route for every proxy for which one with filters `b` does
 * (`PILOT.md` 3): with `gateways` set, labels and namespace of the source are not looked at.
 */
export function appliesWherever(a: Filters | undefined, b: Filters | undefined, gateway: string): boolean {
  if (a === undefined) return true;
  const port = a.port?.value ?? 0;
  if (port !== 0 && port !== b?.port?.value) return false;
  if (a.gateways.length > 0) return a.gateways.includes(gateway);
  const namespace = a.sourceNamespace?.value ?? '';
  if (a.sourceLabels.length === 0 && namespace === '') return true;
  if (b === undefined || b.gateways.length > 0) return false;
  if (namespace !== '' && namespace !== b.sourceNamespace?.value) return false;
  return a.sourceLabels.every(({ key, value }) =>
    b.sourceLabels.some(other => other.key.value === key.value && other.value.value === value.value),
  );
}
