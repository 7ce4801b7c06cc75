import { type Atom, atomKey, automatonFor, foldAscii, surelyApart, surelyWithin } from './atoms.ts';
import type { Automaton, Budget } from './automaton.ts';
import { fulfils, type Literal } from './literals.ts';
import { patternFacts } from './pattern-facts.ts';
import { shortestText } from './product.ts';
import { Unsupported } from './re2-classes.ts';
import type { Bounds, Universe } from './universe.ts';

/** A value, or none, that fulfils all literals of a dimension, the most natural one. `sure`: it surely arrives as it is. */
export interface Solution {
  readonly value: string | undefined;
  readonly sure: boolean;
}

/** Nothing that can arrive fulfils them; or it cannot be told within the budget. */
export type Unsolved = 'impossible' | 'undecided';

const COST_OF_TRY = 5;

/** Solves the literals of one dimension: cheap tests first, then texts that suggest themselves, then automata. */
export function solve(literals: readonly Literal[], universe: Universe, budget: Budget): Solution | Unsolved {
  if (universe.optional && literals.every(({ onAbsent }) => onAbsent)) return { value: undefined, sure: true };
  const all = literals.filter(({ negated }) => !negated).map(({ atom }) => atom);
  const none = literals.filter(({ negated }) => negated).map(({ atom }) => atom);
  if (contradict(all, none)) return 'impossible';
  const fits = (text: string): boolean => literals.every(literal => fulfils(text, literal));
  const exact = all.find(atom => atom.kind === 'exact' && !atom.fold);
  if (exact?.kind === 'exact') {
    if (!fits(exact.text) || !universe.possible.has(exact.text)) return 'impossible';
    return { value: exact.text, sure: universe.sure.has(exact.text) };
  }
  try {
    for (const { text, of } of suggestions(all, none, universe)) {
      budget.spend(COST_OF_TRY);
      if (!universe.sure.has(text)) continue;
      if (literals.every(literal => literal.atom === of || fulfils(text, literal))) return { value: text, sure: true };
    }
    const relevant = none.filter(outer => !all.some(inner => surelyApart(inner, outer)));
    const within = (limits: Bounds): string | undefined => {
      const automaton = (atom: Atom): Automaton => automatonFor(atom, universe.ascii, budget);
      const required = distinct([...limits.all, ...all]).map(automaton);
      return shortestText(required, distinct([...limits.none, ...relevant]).map(automaton), budget);
    };
    const sure = within(universe.sure);
    if (sure !== undefined) return { value: sure, sure: true };
    const possible = within(universe.possible);
    return possible === undefined ? 'impossible' : { value: possible, sure: false };
  } catch (error) {
    if (error instanceof Unsupported) return 'undecided';
    throw error;
  }
}

/** Whether the atoms surely have nothing in common. */
function contradict(all: readonly Atom[], none: readonly Atom[]): boolean {
  if (none.some(outer => outer.kind === 'any' || all.some(inner => surelyWithin(inner, outer)))) return true;
  return all.some((a, index) => all.slice(index + 1).some(b => surelyApart(a, b)));
}

function distinct(atoms: readonly Atom[]): readonly Atom[] {
  return [...new Map(atoms.map(atom => [atomKey(atom), atom])).values()];
}

interface Suggestion {
  readonly text: string;
  /** The atom to which it surely belongs: it was made from it. */
  readonly of?: Atom;
}

/** Texts that are likely to do, in the order in which one would write them. */
function* suggestions(all: readonly Atom[], none: readonly Atom[], universe: Universe): Generator<Suggestion> {
  for (const text of universe.natural) yield { text };
  for (const atom of all) {
    if (atom.kind === 'exact')
      yield* [atom.text, foldAscii(atom.text), atom.text.toUpperCase()].map(text => ({ text }));
    if (atom.kind === 'regex') for (const text of patternFacts(atom.regex).samples()) yield { text, of: atom };
    if (atom.kind === 'prefix') for (const text of continued(atom.text, atom.fold)) yield { text };
  }
  if (all.length > 0) return;
  // Where values are excluded, a longer one of the same kind often remains.
  for (const atom of none) {
    if (atom.kind === 'exact') yield { text: `${atom.text}x` };
    if (atom.kind === 'regex')
      for (const text of first(2, patternFacts(atom.regex).samples())) yield { text: `${text}x` };
  }
}

function* first<T>(number: number, list: Iterable<T>): Generator<T> {
  let left = number;
  for (const item of list) {
    if (left-- <= 0) return;
    yield item;
  }
}

const ENDINGS = ['', 'x', '/', '/x', '-x', '1', '/1', 'other', '/other', '/x/y', '/index.html'];

/** What begins with a prefix: itself, and what people put behind it. */
function* continued(prefix: string, fold: boolean): Generator<string> {
  const endings = prefix.endsWith('/') ? ['', 'x', '1', 'other', 'x/y', 'index.html'] : ENDINGS;
  for (const ending of endings) yield prefix + ending;
  if (fold) for (const ending of endings) yield* [foldAscii(prefix) + ending, prefix.toUpperCase() + ending];
}
