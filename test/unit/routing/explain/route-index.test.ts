import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { EnvoyRouteMatch } from '../../../../server/src/routing/envoy.ts';
import { takes } from '../../../../server/src/routing/explain/conditions.ts';
import type { HttpRequest } from '../../../../server/src/routing/explain/request.ts';
import { RouteIndex } from '../../../../server/src/routing/explain/route-index.ts';
import { anyMatch } from '../reach/matches.ts';

function indexOf(matches: readonly EnvoyRouteMatch[]): RouteIndex {
  return new RouteIndex({
    routes: matches.map(match => ({ envoy: { match }, origin: undefined, catchAll: false })),
  });
}

const anyPath = fc.oneof(
  fc.constantFrom('/', '/a', '/A', '/a/', '/a/b', '/A/B', '/a/b/c', '/ab', '/AB', '/b1', '/a.b', '/a+b', '*', '', 'a'),
  fc.constantFrom('/Å', '/\u212aa', '/\u0130', '/a\u{1f600}'),
  fc.string({ unit: fc.constantFrom('a', 'b', 'A', '/', '.', '1'), maxLength: 6 }).map(text => `/${text}`),
);

const anyHttpRequest: fc.Arbitrary<HttpRequest> = fc.record({
  method: fc.constantFrom('GET', 'POST'),
  scheme: fc.constantFrom('http', 'https'),
  authority: fc.constantFrom('a.com', 'a.com:80', 'b.com'),
  path: anyPath,
  query: fc.constantFrom('', 'q', 'q=x', 'q=xy'),
  headers: fc.array(fc.tuple(fc.constantFrom('h', 'k'), fc.constantFrom('', 'x', 'xy', 'y')), { maxLength: 2 }),
});

/** Letters that have a small form of another kind, or of another length. */
const odd = fc
  .constantFrom('/K', '/\u212a', '/\u0130', '/i\u0307', '/Å', '/ẞ')
  .chain(text => fc.constantFrom<EnvoyRouteMatch>({ path: text }, { prefix: text }))
  .chain(match => fc.boolean().map(caseSensitive => ({ ...match, caseSensitive })));

test('the first route that takes a request is that of a look at all routes in order', () => {
  fc.assert(
    fc.property(
      fc.array(fc.oneof({ weight: 9, arbitrary: anyMatch }, odd), { maxLength: 12 }),
      anyHttpRequest,
      (matches, request) => {
        expect(indexOf(matches).first(request)).toBe(matches.findIndex(match => takes(match, request)));
      },
    ),
    { numRuns: 2000 },
  );
});

test('a pattern that RE2 refuses takes nothing', () => {
  const index = indexOf([{ safeRegex: { regex: '/(?=a)' } }, { prefix: '/' }]);
  expect(index.first({ method: 'GET', scheme: 'http', authority: 'a', path: '/a', query: '', headers: [] })).toBe(1);
});
