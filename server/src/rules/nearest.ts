import { distance } from 'fastest-levenshtein';

/** The word that was probably meant: near enough to be a slip, and nearer than any other. */
export function nearest(word: string, candidates: readonly string[]): string | undefined {
  const lower = word.toLowerCase();
  let best: string | undefined;
  let bestDistance = Math.max(1, Math.floor(word.length / 3)) + 1;
  for (const candidate of candidates) {
    if (Math.abs(candidate.length - word.length) >= bestDistance) continue;
    const steps = stepsBetween(lower, candidate.toLowerCase());
    if (steps < bestDistance) {
      best = candidate;
      bestDistance = steps;
    }
  }
  return best;
}

/** Slips of the pen between two words; letters in another order count as one. */
function stepsBetween(a: string, b: string): number {
  const steps = distance(a, b);
  return steps > 1 && a.length === b.length && letters(a) === letters(b) ? 1 : steps;
}

function letters(word: string): string {
  return [...word].sort().join('');
}
