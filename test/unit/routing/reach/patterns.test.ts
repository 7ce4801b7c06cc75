import fc from 'fast-check';
import { RE2JS } from 're2js';
import { describe, expect, test } from 'vitest';
import { type Automaton, automatonOf, Budget } from '../../../../server/src/routing/reach/automaton.ts';
import { patternFacts } from '../../../../server/src/routing/reach/pattern-facts.ts';
import { shortestText } from '../../../../server/src/routing/reach/product.ts';
import { Unsupported } from '../../../../server/src/routing/reach/re2-classes.ts';
import { parseRe2 } from '../../../../server/src/routing/reach/re2-parser.ts';

const WORK = 2_000_000;

function automaton(pattern: string): Automaton {
  return automatonOf(parseRe2(pattern).root, new Budget(WORK));
}

function accepts({ accepting, transitions }: Automaton, text: string): boolean {
  let state = 0;
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    state = transitions[state]?.find(({ min, max }) => min <= code && code <= max)?.to ?? -1;
    if (state < 0) return false;
  }
  return accepting[state] === true;
}

/** Patterns of every construct, over few letters. */
const { pattern } = fc.letrec<{ pattern: string; branch: string; piece: string; atom: string }>(tie => ({
  pattern: fc.array(tie('branch'), { minLength: 1, maxLength: 2 }).map(list => list.join('|')),
  branch: fc.array(tie('piece'), { maxLength: 3 }).map(list => list.join('')),
  piece: fc
    .tuple(tie('atom'), fc.constantFrom('', '', '', '*', '+', '?', '{2}', '{1,2}', '{0,}', '*?', '+?'))
    .map(([atom, times]) => atom + times),
  atom: fc.oneof(
    { maxDepth: 2, withCrossShrink: true },
    fc.constantFrom(
      ...'abkAKs/_1',
      '.',
      '\\.',
      '\\/',
      '\\d',
      '\\w',
      '\\W',
      '\\S',
      '\\x61',
      '\\x{62}',
      '\\141',
      '\\Qa.b\\E',
    ),
    fc.constantFrom(
      '[ab]',
      '[^a]',
      '[a-k]',
      '[^/]',
      '[\\w.]',
      '[]a]',
      '[a-]',
      '[[:upper:]]',
      '[^[:^alpha:]]',
      '[^\\Wk]',
      '[\\x61-\\x63]',
    ),
    fc.constantFrom('\\pL', '\\PL', '\\p{Lu}', '\\p{^Lu}', '[\\p{Greek}a]'),
    tie('pattern').map(inner => `(${inner})`),
    tie('pattern').map(inner => `(?:${inner})`),
    tie('pattern').map(inner => `(?i:${inner})`),
    tie('pattern').map(inner => `(?P<n>${inner})`),
    tie('pattern').map(inner => `(?i)${inner}`),
  ),
}));
const anchored = fc.tuple(pattern, fc.boolean(), fc.boolean()).map(([inner, start, end]) => {
  let groups = 0;
  const named = inner.replace(/\(\?P<n>/g, () => `(?P<n${groups++}>`);
  return `${start ? '^' : ''}${named}${end ? '$' : ''}`;
});
const text = fc.stringMatching(/^[abkAKs/._1 -]{0,6}$/);
/** With letters that Unicode folds with ASCII's, and one that has no case. */
const wideText = fc
  .array(fc.constantFrom('a', 'k', 'K', '\u212a', 's', '\u017f', 'ä', '漢', '😀'), { maxLength: 4 })
  .map(list => list.join(''));

describe('the automaton of a pattern', () => {
  test('accepts what RE2 matches as a whole, and nothing else', () => {
    let judged = 0;
    fc.assert(
      fc.property(
        anchored,
        fc.array(text, { minLength: 10 }),
        fc.array(wideText, { minLength: 4 }),
        (regex, texts, wide) => {
          let compiled: RE2JS;
          try {
            compiled = RE2JS.compile(regex);
          } catch {
            return;
          }
          try {
            const tree = parseRe2(regex);
            const own = automatonOf(tree.root, new Budget(WORK));
            const { samples, start, plain } = patternFacts(regex);
            const given = [...samples()];
            expect(given.filter(sample => !compiled.matches(sample))).toEqual([]);
            for (const one of [...texts, ...given, ...(tree.exact ? wide : [])]) {
              const matches = compiled.matches(one);
              expect(accepts(own, one), one).toBe(matches);
              if (!matches) continue;
              expect(one.startsWith(start)).toBe(true);
              if (plain !== undefined)
                expect('exact' in plain ? one === plain.exact : one.startsWith(plain.prefix)).toBe(true);
            }
            judged++;
          } catch (error) {
            if (!(error instanceof Unsupported)) throw error;
          }
        },
      ),
      { numRuns: 400 },
    );
    expect(judged).toBeGreaterThan(150);
  });

  test.each([
    ['/users/[^/]+/orders', '/users/a/orders'],
    ['(?i)get', 'get'],
    ['^/api(/.*)?$', '/api'],
    ['/v[12]/\\w+', '/v1/a'],
  ])('%s has the natural text %s', (regex, shortest) => {
    expect(shortestText([automaton(regex)], [], new Budget(WORK))).toBe(shortest);
  });

  test('what is left of a pattern', () => {
    const left = (of: string, ...without: string[]): string | undefined =>
      shortestText([automaton(of)], without.map(automaton), new Budget(WORK));
    expect(left('/api.*', '/api', '/api/.*')).toBe('/apia');
    expect(left('/api(/.*)?', '/api', '/api/.*')).toBeUndefined();
  });

  test.each([
    '(a|b|c|d){1000}',
    '((a{0,30}){0,30}){1}',
    '.*a.{20}',
    '([a-z]{1,30}\\.){1,30}',
    '(.*a){1,20}(.*b){1,20}.*c.{9}',
    '(((((a?){10}){10}){10})))',
    'a\\bb',
    'a^b',
  ])('%s is given up', regex => {
    expect(() => automatonOf(parseRe2(regex).root, new Budget(WORK))).toThrow(Unsupported);
  });
});
