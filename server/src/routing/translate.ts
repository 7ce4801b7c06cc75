import type { ConsistentHash } from '../model/destination-rule.ts';
import type { Destination } from '../model/virtual-service.ts';
import { type RouteContext, type RouteParts, routeParts } from './action.ts';
import type { EnvoyRoute } from './envoy.ts';
import { isCatchAll, routeMatch } from './match.ts';
import type { PreparedMatch, PreparedRule } from './prepare.ts';

/** The route of one match of a rule, without what is said of where it stands. */
export interface Translation {
  readonly envoy: EnvoyRoute;
  readonly catchAll: boolean;
}

type Owner = PreparedRule | PreparedRule['route'];

/** By rule, then by everything else that its routes depend on; the index of the match is that in the rule. */
const byRule = new WeakMap<Owner, Map<number | string, readonly Translation[]>>();

/**
 * The routes of a rule, one for each match, or one for a rule without any: made once for all proxies that share them,
 * and kept as long as the rule is the same, so that an edit of one rule translates no other.
 */
export function translations(rule: PreparedRule, context: RouteContext): readonly Translation[] {
  // Its destinations with their full names stay the same object while the rule is the same; what a delegate's rule
  // becomes depends on its root as well.
  const owner = rule.delegatedBy === undefined ? rule.route : rule;
  const key = keyFor(rule, context);
  let known = byRule.get(owner);
  if (known === undefined) {
    known = new Map();
    byRule.set(owner, known);
  }
  const found = known.get(key);
  if (found !== undefined) return found;
  if (known.size >= MOST_KEPT) known.clear();
  const made = translate(rule, context);
  known.set(key, made);
  return made;
}

/** Of one rule: more than a mesh has ports and gateways would be leftovers of earlier states. */
const MOST_KEPT = 100;

function translate(rule: PreparedRule, context: RouteContext): readonly Translation[] {
  const parts = routeParts(rule, context);
  const matches: readonly (PreparedMatch | undefined)[] = rule.match.length === 0 ? [undefined] : rule.match;
  return matches.map(match => one(rule, match, parts));
}

function one(rule: PreparedRule, match: PreparedMatch | undefined, parts: RouteParts): Translation {
  const name = match?.name ? `${rule.name}.${match.name}` : rule.name;
  const envoy: EnvoyRoute = {
    ...(name === '' ? {} : { name }),
    match: routeMatch(match),
    ...parts,
    ...(match?.statPrefix?.value ? { statPrefix: match.statPrefix.value } : {}),
  };
  return { envoy, catchAll: match === undefined || isCatchAll(envoy) };
}

/**
 * What a rule becomes depends on for this proxy: its destinations' ports that decide, other names, and hashes by
 * identity; on the port that the proxy listens on only where a destination has no other, or a redirect may name it.
 */
function keyFor(rule: PreparedRule, context: RouteContext): number | string {
  let destinations = '';
  let place = 0;
  let asksForPort = rule.redirect !== undefined;
  const add = (destination: Destination | undefined, hashes: boolean): void => {
    place++;
    if (destination === undefined) return;
    const service = context.service(destination.host?.value ?? '');
    const written = destination.port?.value || 0;
    const only = written === 0 && service?.ports.length === 1 ? service.ports[0] : undefined;
    if (written === 0 && !only) asksForPort = true;
    const hash = hashes ? context.consistentHash(destination) : undefined;
    if (only === undefined && service?.aliasOf === undefined && hash === undefined) return;
    destinations += `${place}:${only ?? ''},${service?.aliasOf ?? ''},${hash === undefined ? '' : idOf(hash)};`;
  };
  for (const { destination } of rule.route) add(destination, true);
  add(rule.mirror, false);
  for (const { destination } of rule.mirrors) add(destination, false);
  const key = asksForPort ? context.key : context.anyPortKey;
  return destinations === '' ? key : `${key} ${destinations}`;
}

const ids = new WeakMap<ConsistentHash, number>();
let nextId = 0;

function idOf(hash: ConsistentHash): number {
  const known = ids.get(hash);
  if (known !== undefined) return known;
  nextId++;
  ids.set(hash, nextId);
  return nextId;
}
