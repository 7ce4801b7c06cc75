import { push } from '../../text/push.ts';
import { Budget } from './automaton.ts';
import { Earlier } from './earlier.ts';
import { type Dimension, fulfils, type Literal, opposite } from './literals.ts';
import { RequestIndex, type Takers, type Values } from './request-index.ts';
import { type Solution, solve } from './solve.ts';
import type { Universe } from './universe.ts';

/** Values for the dimensions that a request was asked about; `undefined`: no such header or parameter. */
export type Assignment = ReadonlyMap<Dimension, string | undefined>;

/** Whether anything that arrives reaches a match behind others. */
export type Verdict =
  | { readonly state: 'live'; readonly witness: Assignment }
  /** Places of the earlier matches that take everything, in order; empty where nothing that arrives fulfils the match. */
  | { readonly state: 'unreachable'; readonly by: readonly number[] }
  | { readonly state: 'undecided' };

/** A match as its conditions, and the key under which the last answer on it is found. */
export interface Site {
  readonly literals: readonly Literal[];
  readonly key: string;
  /** All paths that it takes begin with this; nothing is known of them without it. */
  readonly start?: string;
}

export type UniverseOf = (dimension: Dimension) => Universe;

/** Answers of before, by the key of a match: where they still hold they are not searched again. */
export interface Remembered {
  get(key: string): Memory | undefined;
  set(key: string, memory: Memory): void;
}

export type Memory =
  | { readonly witness: Assignment }
  /** Keys of the matches that take everything. */
  | { readonly by: readonly string[] };

/** Work on one match, and on all of one virtual host (beyond some that each match has in any case). */
const WORK_OF_MATCH = 150_000;
const WORK_OF_HOST = 2_000_000;
/** How many earlier matches may have to be evaded one after the other. */
const MAX_DEPTH = 200;
/** To find who takes a request, and to go on from there. */
const COST_OF_STEP = 40;
/** Up to how many covering matches it is worth finding out which of them are needed. */
const MAX_MINIMIZED = 24;

/**
 * For each of a list of matches, tried in order by the first that fits: whether any request that arrives reaches it.
 *
 * A request that fulfils a match is looked for; when an earlier match takes it, one of the conditions of that match must
 * not hold, and the search goes on with that. It ends with a request that nothing earlier takes, or, all ways tried, with
 * the proof that there is none.
 */
export function decideAll(
  sites: readonly Site[],
  universeOf: UniverseOf,
  memory: Remembered,
  before?: Decided,
): readonly Verdict[] {
  const total = new Budget(WORK_OF_HOST);
  const still = before === undefined ? undefined : stillTrue(before, sites, universeOf);
  const earlier = new Earlier(sites, before !== undefined);
  return sites.map((site, order) => {
    const kept = still?.(order);
    if (kept !== undefined) return kept;
    const verdict =
      recall(site, order, earlier, universeOf, memory) ?? new Search(sites, earlier, universeOf, order, total).decide();
    // An authority belongs to one virtual host; of a match that does not ask for one the next host asks too.
    const portable = verdict.state === 'live' && !verdict.witness.has(':authority');
    if (verdict.state === 'live' && (portable || asksForAuthority(site)))
      memory.set(site.key, { witness: verdict.witness });
    if (verdict.state === 'unreachable') memory.set(site.key, { by: verdict.by.map(place => sites[place]?.key ?? '') });
    return verdict;
  });
}

/** Matches with what was found of each, for the same universe. */
export interface Decided {
  readonly sites: readonly Site[];
  readonly verdicts: readonly Verdict[];
}

/**
 * Tells what is still true of a list after an edit somewhere in it. Before the edit everything is. Behind it a match is
 * live while what the edit brought does not take its request, and unreachable while all that take everything are there;
 * `undefined` for what has to be decided again.
 */
function stillTrue(
  before: Decided,
  sites: readonly Site[],
  universeOf: UniverseOf,
): (order: number) => Verdict | undefined {
  const shortest = Math.min(sites.length, before.sites.length);
  let head = 0;
  while (head < shortest && sites[head] === before.sites[head]) head++;
  let tail = 0;
  while (tail < shortest - head && sites[sites.length - 1 - tail] === before.sites[before.sites.length - 1 - tail])
    tail++;
  const fresh = sites.slice(head, sites.length - tail);
  const keys = new Set(fresh.map(({ key }) => key));
  const shift = sites.length - before.sites.length;
  const moved = (place: number): number | undefined => {
    const now = place < head ? place : place >= before.sites.length - tail ? place + shift : undefined;
    // An equal match that comes earlier is the one to name.
    return now === undefined || keys.has(sites[now]?.key ?? '') ? undefined : now;
  };
  return order => {
    if (order < head) return before.verdicts[order];
    if (order < sites.length - tail) return undefined;
    const verdict = before.verdicts[order - shift];
    if (verdict === undefined || verdict.state === 'undecided') return undefined;
    if (verdict.state === 'live') {
      const values = valuesOf(verdict.witness, universeOf);
      const isTaken = fresh.some(({ literals }) =>
        literals.every(literal => fulfils(values(literal.dimension), literal)),
      );
      return isTaken ? undefined : verdict;
    }
    const by = verdict.by.map(moved).filter(place => place !== undefined);
    return by.length < verdict.by.length ? undefined : { state: 'unreachable', by };
  };
}

function asksForAuthority({ literals }: Site): boolean {
  return literals.some(({ dimension }) => dimension === ':authority');
}

/**
 * Whether some request that arrives fulfils all literals and is taken by none of the matches of the index.
 *
 * @returns the request, `impossible` where there is none, `undecided` past the budget
 */
export function findRequest(
  literals: readonly Literal[],
  taken: Takers,
  matches: readonly (readonly Literal[])[],
  universeOf: UniverseOf,
  total: Budget,
): Assignment | 'impossible' | 'undecided' {
  const sites = [...matches, literals].map(own => ({ literals: own, key: '' }));
  const verdict = new Search(sites, taken, universeOf, matches.length, total).decide(false);
  return verdict.state === 'live' ? verdict.witness : verdict.state === 'unreachable' ? 'impossible' : 'undecided';
}

/** The answer of before, if it holds here too: nothing earlier takes the witness, or what took everything is still before. */
function recall(
  { key }: Site,
  order: number,
  earlier: Earlier,
  universeOf: UniverseOf,
  memory: Remembered,
): Verdict | undefined {
  const known = memory.get(key);
  if (known === undefined) return undefined;
  if ('witness' in known) {
    const free = earlier.first(valuesOf(known.witness, universeOf), order) === undefined;
    return free ? { state: 'live', witness: known.witness } : undefined;
  }
  const by = known.by.map(other => earlier.placeOf(other, order));
  return by.every(place => place !== undefined)
    ? { state: 'unreachable', by: by.filter(place => place !== undefined).sort((a, b) => a - b) }
    : undefined;
}

/** What a request has on a dimension: the assigned value, else what a plain request has. */
export function valuesOf(assignment: Assignment, universeOf: UniverseOf): Values {
  return dimension => {
    if (assignment.has(dimension)) return assignment.get(dimension);
    const { optional, natural } = universeOf(dimension);
    return optional ? undefined : natural[0];
  };
}

type Outcome = { readonly witness: Assignment } | 'taken' | 'open';

interface Cell {
  readonly literals: readonly Literal[];
  readonly solution: Solution;
}

/** The search for one match. */
class Search {
  readonly #sites: readonly Site[];
  readonly #index: Takers;
  readonly #universeOf: UniverseOf;
  readonly #order: number;
  readonly #total: Budget;
  #budget = new Budget(WORK_OF_MATCH);
  readonly #blockers = new Set<number>();

  constructor(sites: readonly Site[], index: Takers, universeOf: UniverseOf, order: number, total: Budget) {
    this.#sites = sites;
    this.#index = index;
    this.#universeOf = universeOf;
    this.#order = order;
    this.#total = total;
  }

  /** @param minimal only those of the covering matches are given that are needed */
  decide(minimal = true): Verdict {
    if (this.#total.isSpent) this.#budget = new Budget(WORK_OF_MATCH / 50);
    const outcome = this.#start(this.#index);
    if (outcome === 'open') return { state: 'undecided' };
    if (outcome !== 'taken') return { state: 'live', witness: outcome.witness };
    const by = [...this.#blockers].sort((a, b) => a - b);
    return { state: 'unreachable', by: minimal ? this.#needed(by) : by };
  }

  #start(index: Takers): Outcome {
    const cells = new Map<Dimension, Cell>();
    const byDimension = new Map<Dimension, Literal[]>();
    for (const literal of this.#literals(this.#order)) {
      push(byDimension, literal.dimension, literal);
    }
    for (const [dimension, literals] of byDimension) {
      const solution = this.#solve(dimension, literals);
      if (solution === 'impossible') return 'taken';
      if (solution === 'undecided') return 'open';
      cells.set(dimension, { literals, solution });
    }
    return this.#evade(cells, index, 0);
  }

  /** Looks for a request with these cells that no match of the index takes. */
  #evade(cells: ReadonlyMap<Dimension, Cell>, index: Takers, depth: number): Outcome {
    const assignment: Assignment = new Map([...cells].map(([dimension, { solution }]) => [dimension, solution.value]));
    const taker = index.first(valuesOf(assignment, this.#universeOf), this.#order);
    if (taker === undefined)
      return [...cells.values()].every(({ solution }) => solution.sure) ? { witness: assignment } : 'open';
    this.#blockers.add(taker);
    this.#budget.use(COST_OF_STEP);
    this.#total.use(COST_OF_STEP);
    if (depth >= MAX_DEPTH || this.#budget.isSpent) return 'open';
    let open = false;
    let here = cells;
    for (const literal of easiestFirst(this.#literals(taker))) {
      const { dimension } = literal;
      const own = here.get(dimension);
      const literals = [...(own?.literals ?? []), opposite(literal)];
      const solution = this.#solve(dimension, literals);
      if (solution === 'undecided') open = true;
      else if (solution !== 'impossible') {
        const outcome = this.#evade(new Map(here).set(dimension, { literals, solution }), index, depth + 1);
        if (typeof outcome === 'object') return outcome;
        if (outcome === 'open') open = true;
      }
      // Where it does not hold has been looked at; the present value fulfils it, as it was taken.
      const value = valuesOf(assignment, this.#universeOf)(dimension);
      const kept = own?.solution ?? { value, sure: true };
      here = new Map(here).set(dimension, { literals: [...(own?.literals ?? []), literal], solution: kept });
    }
    return open ? 'open' : 'taken';
  }

  #solve(dimension: Dimension, literals: readonly Literal[]): Solution | 'impossible' | 'undecided' {
    if (this.#budget.isSpent) return 'undecided';
    const before = this.#budget.left;
    const solution = solve(literals, this.#universeOf(dimension), this.#budget);
    this.#total.use(before - this.#budget.left);
    return solution;
  }

  #literals(order: number): readonly Literal[] {
    return this.#sites[order]?.literals ?? [];
  }

  /** Of several matches that together take everything, those without which something would be left. */
  #needed(blockers: readonly number[]): readonly number[] {
    if (blockers.length < 2 || blockers.length > MAX_MINIMIZED) return blockers;
    for (const one of blockers) if (this.#isTakenBy([one])) return [one];
    let needed = blockers;
    for (const one of [...blockers].reverse()) {
      const fewer = needed.filter(other => other !== one);
      if (this.#isTakenBy(fewer)) needed = fewer;
    }
    return needed;
  }

  #isTakenBy(orders: readonly number[]): boolean {
    const index = new RequestIndex();
    for (const order of orders) index.add(order, this.#literals(order));
    this.#budget = new Budget(WORK_OF_MATCH);
    return this.#start(index) === 'taken';
  }
}

const EASE: Readonly<Record<string, number>> = { ':method': 1, ':scheme': 2, ':authority': 3, path: 4 };

/** Headers and parameters are left out more easily than another path is found. */
function easiestFirst(literals: readonly Literal[]): readonly Literal[] {
  return [...literals].sort((a, b) => (EASE[a.dimension] ?? 0) - (EASE[b.dimension] ?? 0));
}
