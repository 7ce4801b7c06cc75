import { CharSet, DFA, NFA, TooManyNodesError } from 'refa';
import { MAX_CHARACTER } from './char-ranges.ts';
import { Unsupported } from './re2-classes.ts';
import type { Re2Node } from './re2-syntax.ts';

/**
 * How much may be done, so that no pattern can hold up an editor. Counted in work and not in milliseconds: what is
 * decided must not depend on the machine.
 */
export class Budget {
  #left: number;

  constructor(work: number) {
    this.#left = work;
  }

  /** @throws Unsupported when nothing is left */
  spend(work: number): void {
    this.#left -= work;
    if (this.#left < 0) throw new Unsupported('too much work');
  }

  /** Notes work that was done elsewhere; never throws. */
  use(work: number): void {
    this.#left -= work;
  }

  get left(): number {
    return this.#left;
  }

  get isSpent(): boolean {
    return this.#left <= 0;
  }
}

/** A deterministic automaton over code points, as tables. State 0 is the first; −1 is where nothing is accepted any more. */
export interface Automaton {
  readonly accepting: readonly boolean[];
  /** For each state its transitions, sorted. */
  readonly transitions: readonly (readonly Transition[])[];
}

export interface Transition {
  readonly min: number;
  readonly max: number;
  readonly to: number;
}

const MAX_NFA_STATES = 600;
const MAX_DFA_STATES = 1000;
/** Work is counted in about microseconds. */
const COST_OF_STATE = 60;

/**
 * The automaton of a pattern.
 *
 * @throws Unsupported when it would be too large
 */
export function automatonOf(root: Re2Node, budget: Budget): Automaton {
  if (sizeOf(root, MAX_NFA_STATES) > MAX_NFA_STATES) throw new Unsupported('too many states');
  try {
    const expression = { type: 'Expression' as const, alternatives: [concatenation(root)] };
    const nfa = NFA.fromRegex(
      expression,
      { maxCharacter: MAX_CHARACTER },
      {},
      new Counted(NFA.Node, MAX_NFA_STATES, budget),
    );
    const dfa = DFA.fromFA(nfa, new Counted(DFA.Node, MAX_DFA_STATES, budget));
    dfa.minimize();
    return tables(dfa);
  } catch (error) {
    if (error instanceof TooManyNodesError) throw new Unsupported('too many states');
    throw error;
  }
}

/** Makes states, up to a number and to what the budget allows. */
class Counted<T> {
  readonly #make: new () => T;
  readonly #limit: number;
  readonly #budget: Budget;
  #count = 0;

  constructor(make: new () => T, limit: number, budget: Budget) {
    this.#make = make;
    this.#limit = limit;
    this.#budget = budget;
  }

  createNode(): T {
    this.#budget.spend(COST_OF_STATE);
    if (++this.#count > this.#limit) throw new Unsupported('too many states');
    return new this.#make();
  }
}

/** About how many states a pattern has; counting ends behind `limit`. */
function sizeOf(node: Re2Node, limit: number): number {
  switch (node.kind) {
    case 'set':
      return 1;
    case 'repeat': {
      const times = node.max === Infinity ? Math.max(1, node.min) : node.max;
      return times * sizeOf(node.item, limit);
    }
    default: {
      let size = 0;
      for (const item of node.items) {
        size += sizeOf(item, limit);
        if (size > limit) break;
      }
      return size;
    }
  }
}

type Concatenation = { type: 'Concatenation'; elements: Element[] };
type Element =
  | { type: 'CharacterClass'; characters: CharSet }
  | { type: 'Alternation'; alternatives: Concatenation[] }
  | { type: 'Quantifier'; alternatives: Concatenation[]; min: number; max: number; lazy: boolean };

function concatenation(node: Re2Node): Concatenation {
  return { type: 'Concatenation', elements: (node.kind === 'sequence' ? node.items : [node]).map(element) };
}

function element(node: Re2Node): Element {
  switch (node.kind) {
    case 'set':
      return { type: 'CharacterClass', characters: CharSet.empty(MAX_CHARACTER).union(node.set) };
    case 'choice':
      return { type: 'Alternation', alternatives: node.items.map(concatenation) };
    case 'repeat':
      return {
        type: 'Quantifier',
        alternatives: [concatenation(node.item)],
        min: node.min,
        max: node.max,
        lazy: false,
      };
    case 'sequence':
      return { type: 'Alternation', alternatives: [concatenation(node)] };
  }
}

function tables(dfa: DFA): Automaton {
  const numbers = new Map<DFA.ReadonlyNode, number>();
  const order = [dfa.initial, ...[...dfa.nodes()].filter(node => node !== dfa.initial)];
  for (const node of order) numbers.set(node, numbers.size);
  return {
    accepting: order.map(node => dfa.finals.has(node)),
    transitions: order.map(node => {
      const list: Transition[] = [];
      for (const [{ min, max }, to] of node.out) list.push({ min, max, to: numbers.get(to) ?? -1 });
      return list;
    }),
  };
}
