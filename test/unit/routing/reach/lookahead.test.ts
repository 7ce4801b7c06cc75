import fc from 'fast-check';
import { RE2JS } from 're2js';
import { describe, expect, test } from 'vitest';
import { withoutLookahead } from '../../../../server/src/routing/reach/lookahead.ts';

describe('a lookahead written for RE2', () => {
  test.each([
    ['/(?!a).*', '/([^a].*)?'],
    ['/(?!ab).*', '/([^a].*|a([^b].*)?)?'],
    ['^(?!/x).*$', '([^/].*|/([^x].*)?)?'],
    ['/(?!a$).+', '/([^a].*|a.+)'],
    ['/(?=v1/|v2/).*', '/(v1/|v2/).*'],
    ['/(?=v1/).*', undefined],
    ['/(?!a).*b', undefined],
    ['/(?!a.).*', undefined],
    ['/(?<!a)b', undefined],
    ['/(?!a)(?!b).*', undefined],
  ])('%s', (pattern, expected) => expect(withoutLookahead(pattern)).toBe(expected));

  test('matches what the lookahead lets pass', () => {
    const word = fc.stringMatching(/^[ab/]{1,3}$/);
    fc.assert(
      fc.property(
        fc.array(word, { minLength: 1, maxLength: 3 }),
        fc.boolean(),
        fc.array(fc.stringMatching(/^[abc/]{0,5}$/), { minLength: 30 }),
        (words, whole, texts) => {
          const written = withoutLookahead(`/(?!${words.join('|')}${whole && words.length === 1 ? '$' : ''}).*`);
          if (written === undefined) return;
          const compiled = RE2JS.compile(written);
          for (const text of texts) {
            const excluded = words.some(one => (whole && words.length === 1 ? text === one : text.startsWith(one)));
            expect(compiled.matches(`/${text}`), text).toBe(!excluded);
          }
        },
      ),
      { numRuns: 200 },
    );
  });
});
