import fc from 'fast-check';
import type {
  EnvoyHeaderMatcher,
  EnvoyQueryMatcher,
  EnvoyRouteMatch,
  EnvoyStringMatcher,
} from '../../../../server/src/routing/envoy.ts';
import type { Request } from '../../../harness/envoy.ts';

// Few values, so that matches and requests meet often.
const PATHS = ['/', '/a', '/A', '/a/', '/a/b', '/a/b/c', '/ab', '/b', '/b1', '/a.b', '/a+b', '/b/../a'];
const PREFIXES = ['/', '/a', '/A', '/a/', '/a/b', '/ab', '/b', 'a', '', '/b?'];
export const PATTERNS = [
  '.*',
  '/.*',
  '/a.*',
  '/a/.*',
  '/a(/.*)?',
  '/[a-z]+',
  '/[^a].*',
  '/a\\.b',
  '/a.b',
  '^/a$',
  '/a|/b',
  '(?i)/ab?',
  '/b\\d',
  '.+',
  '/[[:alpha:]]/.{1,3}',
  '/(a|b)(/[a-c])*',
  '/\\pL+',
  'a',
  '',
];
const VALUES = ['', 'x', 'xy', 'X', 'y'];
const VALUE_PATTERNS = ['.*', '.+', 'x', 'x.*', '[xy]+', 'x|y', 'x?', '(?i)x', '[^x]*', '\\w{2}'];
const METHODS = ['GET', 'POST', 'get'];

const stringMatcher = (values: readonly string[]): fc.Arbitrary<EnvoyStringMatcher> =>
  fc.oneof(
    fc.constantFrom(...values).map(exact => ({ exact })),
    fc.constantFrom(...values).map(prefix => ({ prefix })),
    fc.constantFrom(...VALUE_PATTERNS).map(regex => ({ safeRegex: { regex } })),
  );

const header: fc.Arbitrary<EnvoyHeaderMatcher> = fc.oneof(
  fc.record({ name: fc.constantFrom('h', 'H', 'k'), presentMatch: fc.constant<true>(true) }),
  fc.record({ name: fc.constantFrom('h', 'k'), stringMatch: stringMatcher(VALUES) }),
  fc.record({ name: fc.constant(':method'), stringMatch: stringMatcher(METHODS) }),
  fc.record({ name: fc.constant(':scheme'), stringMatch: stringMatcher(['http', 'https']) }),
  fc.record({
    name: fc.constantFrom(':authority', 'host'),
    stringMatch: stringMatcher(['a.com', 'a.com:80', 'b.com']),
  }),
  fc.record({
    name: fc.constantFrom('h', 'k'),
    presentMatch: fc.constant<true>(true),
    invertMatch: fc.constant<true>(true),
  }),
  fc.record({
    name: fc.constantFrom('h', 'k'),
    stringMatch: stringMatcher(VALUES),
    invertMatch: fc.constant<true>(true),
    treatMissingHeaderAsEmpty: fc.constant<true>(true),
  }),
);

const query: fc.Arbitrary<EnvoyQueryMatcher> = fc.oneof(
  fc.record({ name: fc.constantFrom('q', 'Q'), presentMatch: fc.constant<true>(true) }),
  fc.record({ name: fc.constantFrom('q', 'Q'), stringMatch: stringMatcher(VALUES) }),
);

const path = fc.oneof(
  fc.constantFrom(...PATHS).map(value => ({ path: value })),
  fc.constantFrom(...PREFIXES).map(prefix => ({ prefix })),
  fc.constantFrom(...PATTERNS).map(regex => ({ safeRegex: { regex } })),
);

/** Conditions of every kind; about half of the matches have none beside the path, so that much is covered. */
export const anyMatch: fc.Arbitrary<EnvoyRouteMatch> = fc
  .record({
    path,
    caseSensitive: fc.boolean(),
    headers: fc.oneof(fc.constant([]), fc.array(header, { maxLength: 2 })),
    queryParameters: fc.oneof(fc.constant([]), fc.constant([]), fc.array(query, { maxLength: 1 })),
  })
  .map(({ path: own, ...rest }) => ({ ...own, ...rest }));

/** A list of matches in which some are taken by several earlier ones together: with a header, and without it. */
export const anyTable: fc.Arbitrary<readonly EnvoyRouteMatch[]> = fc
  .array(fc.tuple(anyMatch, fc.constantFrom('alone', 'split', 'alone')), { minLength: 2, maxLength: 7 })
  .map(list =>
    list.flatMap(([match, kind]) => {
      if (kind === 'alone') return [match];
      const present = { name: 'h', presentMatch: true as const };
      const headers = match.headers ?? [];
      return [
        { ...match, headers: [...headers, present] },
        { ...match, headers: [...headers, { ...present, invertMatch: true as const }] },
        match,
      ];
    }),
  );

/** A request that can arrive at a virtual host with the domain `a.com`. */
export const anyRequest: fc.Arbitrary<Request> = fc
  .record({
    method: fc.constantFrom('GET', 'POST', 'get', 'XY'),
    path: fc.oneof(
      fc.constantFrom(
        '/',
        '/a',
        '/A',
        '/a/',
        '/a/b',
        '/a/b/c',
        '/ab',
        '/AB',
        '/b',
        '/b1',
        '/a.b',
        '/a+b',
        '/axb',
        '/x',
      ),
      fc.stringMatching(/^\/[ab1./]{0,5}$/).filter(text => !/\/\.\.?(\/|$)/.test(text)),
    ),
    query: fc.constantFrom('', '?q=x', '?q=', '?q', '?Q=xy', '?q=y&Q=x', '?q=z'),
    authority: fc.constantFrom('a.com', 'A.com', 'a.com:80', 'a.com:8080'),
    scheme: fc.constantFrom('http', 'https'),
    headers: fc.record(
      { h: fc.constantFrom('', 'x', 'xy', 'X', 'y', 'zz'), k: fc.constantFrom('', 'x', 'y', 'ä') },
      { requiredKeys: [] },
    ),
  })
  .map(({ path: own, query: asked, ...rest }) => ({ ...rest, path: own + asked }));
