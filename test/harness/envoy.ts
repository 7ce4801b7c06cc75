import { RE2JS } from 're2js';
import type { EnvoyRouteMatch, EnvoyStringMatcher } from '../../server/src/routing/envoy.ts';

/** A request as Envoy's router sees it. */
export interface Request {
  readonly method: string;
  /** Path with query. */
  readonly path: string;
  readonly authority: string;
  readonly scheme: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
}

/**
 * Whether a request fits a match: a second, slow and plain reading of Envoy's documentation, written for the tests and
 * sharing no code with the product.
 */
export function requestFits(match: EnvoyRouteMatch, request: Request): boolean {
  const [path = '', query = ''] = request.path.split('?');
  const fold = (text: string): string => (match.caseSensitive === false ? text.toLowerCase() : text);
  if (match.path !== undefined && fold(path) !== fold(match.path)) return false;
  if (match.prefix !== undefined && !fold(path).startsWith(fold(match.prefix))) return false;
  if (match.safeRegex !== undefined && !whole(match.safeRegex.regex, path)) return false;
  for (const matcher of match.headers ?? []) {
    const value = headerOf(request, matcher.name.toLowerCase());
    const inverted = matcher.invertMatch === true;
    if (matcher.presentMatch === true) {
      if ((value !== undefined) === inverted) return false;
    } else if (value === undefined && matcher.treatMissingHeaderAsEmpty !== true) return false;
    else if (stringFits(matcher.stringMatch ?? {}, value ?? '') === inverted) return false;
  }
  for (const matcher of match.queryParameters ?? []) {
    const value = new URLSearchParams(query).get(matcher.name);
    if (value === null) return false;
    if (matcher.presentMatch !== true && !stringFits(matcher.stringMatch ?? {}, value)) return false;
  }
  return true;
}

function headerOf(request: Request, name: string): string | undefined {
  if (name === ':authority' || name === 'host') return request.authority;
  if (name === ':method') return request.method;
  if (name === ':scheme') return request.scheme;
  if (name === ':path') return request.path;
  return request.headers[name];
}

function stringFits(matcher: EnvoyStringMatcher, value: string): boolean {
  if (matcher.exact !== undefined) return value === matcher.exact;
  if (matcher.prefix !== undefined) return value.startsWith(matcher.prefix);
  return whole(matcher.safeRegex?.regex ?? '', value);
}

const patterns = new Map<string, RE2JS>();

function whole(pattern: string, text: string): boolean {
  const compiled = patterns.get(pattern) ?? RE2JS.compile(pattern);
  patterns.set(pattern, compiled);
  return compiled.matches(text);
}
