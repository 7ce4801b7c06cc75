import { keyOf } from '../../model/resource.ts';
import type { VirtualService } from '../../model/virtual-service.ts';
import type { PreparedRule } from '../../routing/prepare.ts';
import { push } from '../../text/push.ts';
import type { Snapshot } from '../../workspace/snapshot.ts';
import type { Note } from '../rule.ts';
import { allOf, quoted } from '../words.ts';
import {
  type Death,
  type DeathOnHosts,
  type MatchSite,
  ruleName,
  type SiteState,
  siteKey,
  siteOf,
  siteStates,
  siteText,
} from './dead.ts';

/** A match that no request reaches, from everywhere or from some gateways. */
export interface DeadMatch extends Death {
  readonly site: MatchSite;
  /** Gateways (`namespace/name` or `mesh`) from which it is so; `undefined`: all. */
  readonly only: readonly string[] | undefined;
  /** The hosts for which it is so, and those for which requests reach it; `undefined`: all. */
  readonly hosts?: Pick<DeathOnHosts, 'dead' | 'live'>;
}

/** The dead matches of one rule. */
export interface DeadRule {
  readonly rule: PreparedRule;
  readonly dead: readonly DeadMatch[];
  /** No match of the rule is alive, everywhere or from the same gateways. */
  readonly whole: boolean;
}

const known = new WeakMap<readonly SiteState[], readonly DeadRule[]>();

/** What no request can reach in a VirtualService, rule by rule. */
export function deadRules(vs: VirtualService, snapshot: Snapshot): readonly DeadRule[] {
  const states = siteStates(vs, snapshot);
  const found = known.get(states) ?? deadOf(states);
  known.set(states, found);
  return found;
}

const knownOnHosts = new WeakMap<readonly SiteState[], readonly DeadRule[]>();

/**
 * What no request for some of the hosts can reach, while requests for others do. What is dead from a whole gateway is
 * told by `deadRules`.
 */
export function deadRulesOnHosts(vs: VirtualService, snapshot: Snapshot): readonly DeadRule[] {
  const states = siteStates(vs, snapshot);
  const found = knownOnHosts.get(states) ?? rulesOf(states, deadMatchOnHosts);
  knownOnHosts.set(states, found);
  return found;
}

function deadOf(all: readonly SiteState[]): readonly DeadRule[] {
  return rulesOf(all, deadMatch);
}

function rulesOf(
  all: readonly SiteState[],
  deadMatchOf: (state: SiteState) => DeadMatch | undefined,
): readonly DeadRule[] {
  const dying = new Set<number>();
  for (const { site, from, onHosts } of all) if (onHosts !== undefined || isDying(from)) dying.add(site.rule.index);
  const byRule = new Map<number, SiteState[]>();
  for (const state of all) {
    const { index } = state.site.rule;
    if (!dying.has(index)) continue;
    push(byRule, index, state);
  }
  return [...byRule.values()].flatMap(states => {
    const rule = states[0]?.site.rule;
    const dead = states.flatMap(state => deadMatchOf(state) ?? []);
    if (rule === undefined || dead.length === 0) return [];
    const lost = dead.length + states.filter(isImpossible).length === Math.max(1, rule.source.rule.match.length);
    const where = ({ only, hosts }: DeadMatch): string => JSON.stringify([only, hosts?.dead]);
    const sameFrom = dead.every(match => dead[0] !== undefined && where(match) === where(dead[0]));
    return [{ rule, dead, whole: lost && sameFrom }];
  });
}

function isDying(from: SiteState['from']): boolean {
  for (const state of from.values()) if (typeof state === 'object') return true;
  return false;
}

/** Whether no request at all fulfils a match; that is another finding. */
export function isImpossible({ from }: SiteState): boolean {
  for (const state of from.values()) if (state !== 'impossible') return false;
  return from.size > 0;
}

function deadMatch({ site, from }: SiteState): DeadMatch | undefined {
  const deaths = [...from].filter((entry): entry is [string, Death] => typeof entry[1] === 'object');
  const others = [...from.values()].filter(state => typeof state === 'string');
  if (deaths.length === 0 || others.some(state => state !== 'live')) return undefined;
  const by = new Map(deaths.flatMap(([, death]) => death.by.map(one => [idOf(one), one] as const)));
  return {
    site,
    by: [...by.values()],
    cut: deaths.every(([, { cut }]) => cut),
    byName: deaths.some(([, { byName }]) => byName),
    only: others.length === 0 ? undefined : deaths.map(([gateway]) => gateway),
  };
}

function deadMatchOnHosts({ site, from, onHosts }: SiteState): DeadMatch | undefined {
  const [[gateway, death] = []] = onHosts ?? [];
  if (gateway === undefined || death === undefined || isDying(from)) return undefined;
  const same = [...(onHosts ?? [])].filter(([, other]) => other.dead.join() === death.dead.join());
  const by = new Map(same.flatMap(([, other]) => other.by.map(one => [idOf(one), one] as const)));
  return {
    site,
    by: [...by.values()],
    cut: false,
    byName: same.some(([, { byName }]) => byName),
    only: same.length === from.size ? undefined : same.map(([name]) => name),
    hosts: death,
  };
}

function idOf({ rule, match }: MatchSite): string {
  return `${keyOf(rule.source.resource)} ${siteKey(rule.index, match?.index)}`;
}

/** `from gateway "shop/gw" ` or nothing, for the middle of a sentence. */
export function fromText(only: readonly string[] | undefined): string {
  if (only === undefined) return '';
  const names = only.map(name => (name === 'mesh' ? 'sidecars' : `gateway ${quoted(name)}`));
  return ` from ${allOf(names)}`;
}

/** `for "a.example.com" ` or nothing, behind “no request”. */
export function forText(hosts: DeadMatch['hosts']): string {
  return hosts === undefined ? '' : `for ${allOf(shownHosts(hosts.dead))} `;
}

/** `; requests for "b.example.com" do`, or nothing. */
export function butText(hosts: DeadMatch['hosts']): string {
  return hosts === undefined ? '' : `; requests for ${allOf(shownHosts(hosts.live))} do reach it`;
}

function shownHosts(hosts: readonly string[]): readonly string[] {
  const shown = hosts.slice(0, 3).map(host => (host === '*' ? 'other hosts' : quoted(host)));
  return hosts.length > shown.length ? [...shown, `${hosts.length - shown.length} more hosts`] : shown;
}

/** What decides between VirtualServices whose age the manifests do not tell. */
export const BY_NAME =
  '; this goes by the names of the VirtualServices, while in a cluster the older one comes first, and manifests do not tell their age';

/** The places of the matches that take the requests. */
export function coveringNotes(by: readonly MatchSite[], vs: VirtualService): readonly Note[] {
  return by.map(site => {
    const foreign = site.rule.source.resource === vs ? '' : `, in ${ruleName(site.rule, vs)}`;
    return { at: siteOf(site), message: `takes its requests: ${siteText(site)}${foreign}` };
  });
}

/** `rule "a" (path starts with /a) before it takes`, `rule "a" (…) and http[2] (…) together take`. */
export function coveringText(by: readonly MatchSite[], vs: VirtualService, where = ''): string {
  const texts = [...new Set(by.map(site => `${ruleName(site.rule, vs)} (${siteText(site)})`))];
  const shown = texts.slice(0, 4);
  const all = allOf(texts.length > shown.length ? [...shown, `${texts.length - shown.length} more`] : shown);
  return `${all}${where} ${texts.length > 1 ? 'together take' : 'takes'}`;
}
