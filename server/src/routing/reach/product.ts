import type { Automaton, Budget } from './automaton.ts';
import { MAX_CHARACTER } from './char-ranges.ts';

const COST_OF_STEP = 1;

/**
 * A shortest text that all automata of the first list accept and none of the second; of several the one that reads most
 * naturally, by the order of `NATURAL`. `undefined` when there is none.
 *
 * @throws Unsupported when the budget is spent
 */
export function shortestText(
  all: readonly Automaton[],
  none: readonly Automaton[],
  budget: Budget,
): string | undefined {
  const automata = [...all, ...none];
  const characters = representatives(automata);
  const steps = automata.map(automaton => stepTable(automaton, characters));
  budget.spend(
    automata.reduce((sum, { transitions }) => sum + transitions.length, 0) * characters.length * COST_OF_STEP,
  );
  const accepts = (state: readonly number[]): boolean =>
    state.every((at, index) => (automata[index]?.accepting[at] ?? false) === index < all.length);
  const start = automata.map(() => 0);
  const seen = new Set([start.join()]);
  let level: Found[] = [{ state: start, before: undefined, character: 0 }];
  while (level.length > 0) {
    const next: Found[] = [];
    for (const found of level) {
      if (accepts(found.state)) return textOf(found);
      for (const [column, character] of characters.entries()) {
        budget.spend(COST_OF_STEP * automata.length);
        const state = found.state.map((at, index) => (at < 0 ? -1 : (steps[index]?.[at]?.[column] ?? -1)));
        // Where one that has to accept is lost, nothing can be accepted.
        if (all.some((_, index) => (state[index] ?? -1) < 0)) continue;
        const key = state.join();
        if (seen.has(key)) continue;
        seen.add(key);
        next.push({ state, before: found, character });
      }
    }
    level = next;
  }
  return undefined;
}

interface Found {
  readonly state: readonly number[];
  readonly before: Found | undefined;
  readonly character: number;
}

function textOf(found: Found): string {
  const characters: number[] = [];
  for (let at = found; at.before !== undefined; at = at.before) characters.push(at.character);
  return String.fromCodePoint(...characters.reverse());
}

/** Characters in the order in which people would choose one. */
const NATURAL = 'axbcdefghijklmnopqrstuvwyz1023456789ABCDEFGHIJKLMNOPQRSTUVWXYZ-_.~/:=,;@ +!$&()*%'
  .split('')
  .map(character => character.charCodeAt(0));
const RANK = new Map(NATURAL.map((character, rank) => [character, rank]));

/** One character of each set that no automaton splits, the natural ones first. */
function representatives(automata: readonly Automaton[]): readonly number[] {
  const bounds = new Set([0]);
  for (const { transitions } of automata) {
    for (const list of transitions) {
      for (const { min, max } of list) {
        bounds.add(min);
        if (max < MAX_CHARACTER) bounds.add(max + 1);
      }
    }
  }
  const starts = [...bounds].sort((a, b) => a - b);
  const chosen = starts.map((min, index) => naturalIn(min, (starts[index + 1] ?? MAX_CHARACTER + 1) - 1));
  const rank = (character: number): number => RANK.get(character) ?? NATURAL.length + character;
  return chosen.sort((a, b) => rank(a) - rank(b));
}

function naturalIn(min: number, max: number): number {
  return NATURAL.find(character => min <= character && character <= max) ?? min;
}

function stepTable({ transitions }: Automaton, characters: readonly number[]): readonly (readonly number[])[] {
  return transitions.map(list =>
    characters.map(character => list.find(({ min, max }) => min <= character && character <= max)?.to ?? -1),
  );
}
