/** Sets of characters (code points) as sorted, disjoint, non-adjacent ranges with both ends included. */
export type CharRanges = readonly CharRange[];

export interface CharRange {
  readonly min: number;
  readonly max: number;
}

export const MAX_CHARACTER = 0x10ffff;
export const ALL: CharRanges = [{ min: 0, max: MAX_CHARACTER }];

/** Sorts ranges and joins those that touch. */
export function normalized(ranges: Iterable<CharRange>): CharRanges {
  const sorted = [...ranges].sort((a, b) => a.min - b.min);
  const result: { min: number; max: number }[] = [];
  for (const { min, max } of sorted) {
    const last = result.at(-1);
    if (last !== undefined && min <= last.max + 1) last.max = Math.max(last.max, max);
    else result.push({ min, max });
  }
  return result;
}

export function negated(ranges: CharRanges): CharRanges {
  const result: CharRange[] = [];
  let next = 0;
  for (const { min, max } of ranges) {
    if (min > next) result.push({ min: next, max: min - 1 });
    next = max + 1;
  }
  if (next <= MAX_CHARACTER) result.push({ min: next, max: MAX_CHARACTER });
  return result;
}

export function contains(ranges: CharRanges, character: number): boolean {
  return ranges.some(({ min, max }) => min <= character && character <= max);
}

/** The only character of a set, or `undefined`. */
export function single(ranges: CharRanges): number | undefined {
  const [first, second] = ranges;
  return first !== undefined && second === undefined && first.min === first.max ? first.min : undefined;
}

/** Ranges from pairs: `of('az', '09', '__')`. */
export function of(...pairs: readonly string[]): CharRanges {
  return normalized(pairs.map(([min = '', max = '']) => ({ min: min.charCodeAt(0), max: max.charCodeAt(0) })));
}

/** Letters that Unicode folds with an ASCII letter: the Kelvin sign and the long s. */
const FOREIGN: readonly (readonly [letter: number, foreign: number])[] = [
  [0x6b, 0x212a],
  [0x73, 0x17f],
];

/**
 * A set with the other case of each of its ASCII letters, as RE2 folds them.
 *
 * @returns `exact: false` where the set has other letters of which the folding is not known here
 */
export function folded(ranges: CharRanges): { readonly ranges: CharRanges; readonly exact: boolean } {
  const more: CharRange[] = [...ranges];
  const shift = (from: CharRange, by: number): void => {
    for (const { min, max } of ranges) {
      const [low, high] = [Math.max(min, from.min), Math.min(max, from.max)];
      if (low <= high) more.push({ min: low + by, max: high + by });
    }
  };
  shift({ min: 0x41, max: 0x5a }, 0x20);
  shift({ min: 0x61, max: 0x7a }, -0x20);
  for (const [letter, foreign] of FOREIGN) {
    const has = [letter, letter - 0x20, foreign].some(character => contains(ranges, character));
    if (has) for (const one of [letter, letter - 0x20, foreign]) more.push({ min: one, max: one });
  }
  const exact = ranges.every(({ min, max }) => max < 0x80 || (min <= 0x80 && max === MAX_CHARACTER));
  return { ranges: normalized(more), exact };
}
