import { compilePattern } from '../pattern.ts';
import { type CharRanges, negated, normalized, of } from './char-ranges.ts';

/** Something in a pattern that cannot be judged; what depends on it stays undecided. */
export class Unsupported extends Error {}

const DIGITS = of('09');
const WORD = of('09', 'AZ', '__', 'az');
const SPACE = of('\t\n', '\f\r', '  ');

const KNOWN: Readonly<Record<string, CharRanges>> = {
  '\\d': DIGITS,
  '\\D': negated(DIGITS),
  '\\w': WORD,
  '\\W': negated(WORD),
  '\\s': SPACE,
  '\\S': negated(SPACE),
};

const cache = new Map<string, { readonly ranges: CharRanges; readonly exact: boolean }>();

/**
 * The characters of a class of RE2 such as `\d`, `[[:alpha:]]` or `\p{Greek}`.
 *
 * @param ignoreCase for a class of Unicode: with the other cases of its members
 * @returns `exact: false` for classes of Unicode: only their members in ASCII are given, as RE2 itself finds them
 */
export function named(name: string, ignoreCase = false): { readonly ranges: CharRanges; readonly exact: boolean } {
  const known = KNOWN[name];
  if (known !== undefined) return { ranges: known, exact: true };
  const flagged = ignoreCase ? `(?i)${name}` : name;
  const found = cache.get(flagged);
  if (found !== undefined) return found;
  const pattern = compilePattern(flagged);
  if ('fault' in pattern) throw new Unsupported(name);
  const ascii = Array.from({ length: 128 }, (_, code) => code).filter(code =>
    pattern.matches(String.fromCharCode(code)),
  );
  const ranges = ascii.map(code => ({ min: code, max: code }));
  const posix = name.startsWith('[[:');
  // Classes of POSIX are within ASCII; what is not in them is everything else.
  if (posix && name.includes('^')) ranges.push({ min: 0x80, max: 0x10ffff });
  const result = { ranges: normalized(ranges), exact: posix };
  if (cache.size < 500) cache.set(flagged, result);
  return result;
}
