import type { Entry } from '../model/reader.ts';
import type { HttpMatch, StringMatch } from '../model/virtual-service.ts';
import type {
  EnvoyHeaderMatcher,
  EnvoyMetadataMatcher,
  EnvoyQueryMatcher,
  EnvoyRoute,
  EnvoyRouteMatch,
  EnvoyStringMatcher,
} from './envoy.ts';

/** The conditions that show in a route. The others (port, gateways, source) decide whether it is made at all. */
export type RequestMatch = Pick<
  HttpMatch,
  'uri' | 'scheme' | 'method' | 'authority' | 'headers' | 'withoutHeaders' | 'queryParams' | 'ignoreUriCase'
>;

const CLAIMS = '@request.auth.claims';

const CATCH_ALL: EnvoyRouteMatch = { prefix: '/' };
const made = new WeakMap<RequestMatch, EnvoyRouteMatch>();

/**
 * The route match of one `match` entry, or of a rule without any (`PILOT.md` 6, Istio `TranslateRouteMatch`). It is the
 * same object for the same entry.
 */
export function routeMatch(match: RequestMatch | undefined): EnvoyRouteMatch {
  if (match === undefined) return CATCH_ALL;
  const known = made.get(match);
  if (known !== undefined) return known;
  const translated = translate(match);
  made.set(match, translated);
  return translated;
}

function translate(match: RequestMatch): EnvoyRouteMatch {
  const headers: EnvoyHeaderMatcher[] = [];
  const dynamicMetadata: EnvoyMetadataMatcher[] = [];
  const add = ({ key, value }: Entry<StringMatch>, invert: boolean): void => {
    const claim = claimPath(key.value);
    if (claim !== undefined) dynamicMetadata.push(claimMatcher(claim, value, invert));
    else headers.push(invert ? withoutHeader(key.value, value) : headerMatcher(key.value, value));
  };
  for (const entry of match.headers) add(entry, false);
  for (const entry of match.withoutHeaders) add(entry, true);
  for (const [name, condition] of [
    [':method', match.method],
    [':authority', match.authority],
    [':scheme', match.scheme],
  ] as const) {
    if (condition !== undefined) headers.push(headerMatcher(name, condition));
  }
  headers.sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
  const queryParameters = match.queryParams.map(({ key, value }): EnvoyQueryMatcher => {
    const string = stringMatcher(value);
    return string === undefined ? { name: key.value, presentMatch: true } : { name: key.value, stringMatch: string };
  });
  queryParameters.sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
  return {
    ...pathMatch(match.uri),
    caseSensitive: match.ignoreUriCase?.value !== true,
    ...(headers.length === 0 ? {} : { headers }),
    ...(queryParameters.length === 0 ? {} : { queryParameters }),
    ...(dynamicMetadata.length === 0 ? {} : { dynamicMetadata }),
  };
}

function pathMatch(uri: StringMatch | undefined): Pick<EnvoyRouteMatch, 'prefix' | 'path' | 'safeRegex'> {
  const value = uri?.value?.value;
  if (uri === undefined || value === undefined) return { prefix: '/' };
  switch (uri.kind) {
    case 'exact':
      return { path: value };
    case 'prefix':
      return { prefix: value };
    case 'regex':
      return { safeRegex: { regex: value } };
    case 'present':
      return { prefix: '/' };
  }
}

/** `undefined` when only presence is asked for. */
export function stringMatcher(match: StringMatch): EnvoyStringMatcher | undefined {
  const value = match.value?.value;
  if (value === undefined) return undefined;
  switch (match.kind) {
    case 'exact':
      return { exact: value };
    case 'prefix':
      return { prefix: value };
    case 'regex':
      return { safeRegex: { regex: value } };
    case 'present':
      return undefined;
  }
}

/** A regex `*` means presence, which Istio's validation lets pass under `withoutHeaders` only. */
function headerMatcher(name: string, match: StringMatch): EnvoyHeaderMatcher {
  const string = stringMatcher(match);
  if (string === undefined || string.safeRegex?.regex === '*') return { name, presentMatch: true };
  return { name, stringMatch: string };
}

function withoutHeader(name: string, match: StringMatch): EnvoyHeaderMatcher {
  const matcher = headerMatcher(name, match);
  if (matcher.presentMatch === true) return { ...matcher, invertMatch: true };
  return { ...matcher, invertMatch: true, treatMissingHeaderAsEmpty: true };
}

/** `@request.auth.claims.a.b` or `@request.auth.claims[a][b]` → the way to the claim. */
function claimPath(name: string): readonly string[] | undefined {
  if (!name.toLowerCase().startsWith(CLAIMS)) return undefined;
  const rest = name.slice(CLAIMS.length);
  if (/^(\[[^[\]]+\])+$/.test(rest)) return rest.slice(1, -1).split('][');
  return rest.startsWith('.') && rest.length > 1 ? rest.slice(1).split('.') : undefined;
}

function claimMatcher(path: readonly string[], match: StringMatch, invert: boolean): EnvoyMetadataMatcher {
  const stringMatch = stringMatcher(match) ?? {};
  return {
    filter: 'envoy.filters.http.jwt_authn',
    path: ['payload', ...path].map(key => ({ key })),
    value: { orMatch: { valueMatchers: [{ listMatch: { oneOf: { stringMatch } } }, { stringMatch }] } },
    ...(invert ? { invert: true as const } : {}),
  };
}

/** Pilot's idea of a route that takes everything: nothing behind it is made (`PILOT.md` 3, Istio `IsCatchAllRoute`). */
export function isCatchAll(route: Pick<EnvoyRoute, 'match'>): boolean {
  const { prefix, safeRegex, headers, queryParameters, dynamicMetadata } = route.match;
  const anyPath = prefix === '/' || safeRegex?.regex === '.*';
  return anyPath && headers === undefined && queryParameters === undefined && dynamicMetadata === undefined;
}
