import type { EnvoyRoute } from '../envoy.ts';
import type { RouteTable, TableHost } from '../table.ts';
import { surelyApart } from './atoms.ts';
import { authorityUniverse, HostChoice } from './authority.ts';
import { Budget } from './automaton.ts';
import { findRequest, type UniverseOf } from './decide.ts';
import { type Literal, literalsOf } from './literals.ts';
import { RequestIndex } from './request-index.ts';
import { sameAction } from './same-action.ts';
import { schemeUniverse, type Universe, universeOf } from './universe.ts';
import { type Witness, witnessOf } from './witness.ts';

/** A set of requests that go somewhere else, as one of them. */
export interface RouteChange {
  /** Domains of the requests. */
  readonly domains: readonly string[];
  readonly witness: Witness;
  readonly before: Winner;
  readonly after: Winner;
}

/** Which route takes the requests: its virtual host and its place (0-based); `undefined` where none does. */
export interface Winner {
  readonly host: TableHost | undefined;
  readonly route: number | undefined;
}

export interface TableDiff {
  readonly changes: readonly RouteChange[];
  /** Pairs of routes of which it could not be found out whether a request goes from one to the other. */
  readonly undecided: number;
}

type Table = Pick<RouteTable, 'virtualHosts'>;

/** Work on one pair of tables: about two seconds at most. */
const WORK = 2_000_000;

/**
 * The requests that two route tables treat differently, one for each pair of routes between which requests change. What
 * only moves, or says the same in other words, is no change.
 */
export function diffTables(before: Table | undefined, after: Table | undefined, scheme: 'http' | 'https'): TableDiff {
  const [from, to] = [before ?? NOTHING, after ?? NOTHING].map(table => new HostChoice(table.virtualHosts));
  const changes: RouteChange[] = [];
  let undecided = 0;
  const budget = new Budget(WORK);
  if (from === undefined || to === undefined) return { changes, undecided };
  const pairs = hostPairs(from, to);
  const choice = new HostChoice(pairs);
  for (const pair of pairs) {
    let authority: Universe | undefined;
    const special = {
      get ':authority'(): Universe {
        authority ??= authorityUniverse(pair, choice);
        return authority;
      },
      ':scheme': schemeUniverse(scheme),
    };
    const found = diffHosts(pair, dimension => universeOf(dimension, special), budget);
    changes.push(...found.changes);
    undecided += found.undecided;
  }
  return { changes, undecided };
}

const NOTHING: Table = { virtualHosts: [] };

interface HostPair {
  readonly name: string;
  readonly domains: readonly string[];
  readonly before: TableHost | undefined;
  readonly after: TableHost | undefined;
}

/** The domains of both tables, those together that get the same virtual hosts before and after. */
function hostPairs(from: HostChoice<TableHost>, to: HostChoice<TableHost>): readonly HostPair[] {
  const pairs = new Map<TableHost | undefined, Map<TableHost | undefined, string[]>>();
  const domains = new Set(
    [...from.hosts, ...to.hosts].flatMap(host => host.domains.map(domain => domain.toLowerCase())),
  );
  for (const domain of domains) {
    // A name within a wildcard, so specific that nothing else takes it.
    const name = domain.startsWith('*') ? `any-name-that-nobody-has${domain.slice(1)}` : domain;
    const [before, after] = [from.of(name), to.of(name)];
    const own = pairs.get(before) ?? new Map<TableHost | undefined, string[]>();
    pairs.set(before, own);
    own.set(after, [...(own.get(after) ?? []), domain]);
  }
  return [...pairs].flatMap(([before, list]) =>
    [...list].map(([after, own]) => ({ name: (after ?? before)?.name ?? '', domains: own, before, after })),
  );
}

interface Step {
  readonly literals: readonly Literal[];
  readonly key: string;
  readonly envoy: EnvoyRoute;
}

function diffHosts(pair: HostPair, universe: UniverseOf, budget: Budget): TableDiff {
  const [before, after] = [stepsOf(pair.before), stepsOf(pair.after)];
  let start = 0;
  while (start < before.length && start < after.length && before[start]?.key === after[start]?.key) start++;
  let end = 0;
  const same = (back: number): boolean => before.at(-back)?.key === after.at(-back)?.key;
  while (end < before.length - start && end < after.length - start && same(end + 1)) end++;
  // What stands the same at both ends decides the same, unless something between is asked first.
  const middle = { before: before.length - end, after: after.length - end };
  if (middle.before === start && middle.after === start) return { changes: [], undecided: 0 };
  const changes: RouteChange[] = [];
  let undecided = 0;
  for (let i = start; i <= before.length; i++) {
    const inMiddle = i < middle.before;
    const last = inMiddle ? after.length : middle.after - 1;
    for (let j = start; j <= last; j++) {
      const [old, next] = [before[i], after[j]];
      if ((old === undefined && next === undefined) || apart(old, next) || sameAction(old?.envoy, next?.envoy))
        continue;
      const found = between(
        before.slice(0, i),
        after.slice(0, j),
        [...(old?.literals ?? []), ...(next?.literals ?? [])],
        universe,
        budget,
      );
      if (found === 'undecided') undecided++;
      else if (found !== 'impossible') {
        changes.push({
          domains: pair.domains,
          witness: witnessOf(found, universe),
          before: { host: pair.before, route: old === undefined || pair.before?.requireTls === true ? undefined : i },
          after: { host: pair.after, route: next === undefined || pair.after?.requireTls === true ? undefined : j },
        });
      }
    }
  }
  return { changes, undecided };
}

/** A request that fulfils the literals, and that none of these routes takes. */
function between(
  before: readonly Step[],
  after: readonly Step[],
  literals: readonly Literal[],
  universe: UniverseOf,
  budget: Budget,
): ReturnType<typeof findRequest> {
  const earlier = [...before, ...after].map(step => step.literals).filter(own => !apartLiterals(own, literals));
  const index = new RequestIndex();
  for (const [order, own] of earlier.entries()) index.add(order, own);
  return findRequest(literals, index, earlier, universe, budget);
}

function stepsOf(host: TableHost | undefined): readonly Step[] {
  if (host === undefined) return [];
  if (host.requireTls) return [{ literals: [], key: 'https', envoy: TO_HTTPS }];
  return host.routes.map(({ envoy }) => {
    const { name: _, statPrefix: __, ...rest } = envoy;
    return { literals: literalsOf(envoy.match), key: JSON.stringify(rest), envoy };
  });
}

/** What a virtual host does that takes plain requests nowhere but to https. */
const TO_HTTPS: EnvoyRoute = { match: { prefix: '' }, redirect: { schemeRedirect: 'https' } };

function apart(a: Step | undefined, b: Step | undefined): boolean {
  return a !== undefined && b !== undefined && apartLiterals(a.literals, b.literals);
}

/** Whether two conditions surely exclude each other: by their paths or by a value. */
function apartLiterals(a: readonly Literal[], b: readonly Literal[]): boolean {
  return a.some(one =>
    b.some(
      other =>
        one.dimension === other.dimension &&
        !one.negated &&
        !other.negated &&
        !(one.onAbsent && other.onAbsent) &&
        surelyApart(one.atom, other.atom),
    ),
  );
}
