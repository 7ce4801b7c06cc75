import { RE2JS } from 're2js';
import type { EnvoyRedirectAction, EnvoyRoute, EnvoyRouteMatch } from '../envoy.ts';
import { fullPath, type HttpRequest } from './request.ts';

/** The part of the path that a rewrite replaces: the prefix of a prefix match, else the whole path (`PILOT.md` 7). */
export function matchedPath(match: EnvoyRouteMatch, path: string): string {
  return match.prefix === undefined ? path : path.slice(0, match.prefix.length);
}

/** The path that the service gets, without the query, which stays. */
export function rewrittenPath(route: EnvoyRoute, path: string): string {
  const { regexRewrite, prefixRewrite } = route.route ?? {};
  if (regexRewrite !== undefined) return replaceAll(regexRewrite.pattern.regex, regexRewrite.substitution, path);
  return prefixRewrite === undefined ? path : prefixRewrite + path.slice(matchedPath(route.match, path).length);
}

/**
 * Every match of a pattern replaced, with `\1` for groups and `\0` for the whole (RE2 `GlobalReplace`): an empty match
 * right behind another one does not count. The text as it is when the pattern is none.
 */
export function replaceAll(regex: string, substitution: string, text: string): string {
  const pattern = compiled(regex);
  if (pattern === undefined) return text;
  let result = '';
  let at = 0;
  let lastEnd = -1;
  const matcher = pattern.matcher(text);
  while (at <= text.length && matcher.find(at)) {
    const start = matcher.start();
    const end = matcher.end();
    result += text.slice(at, start);
    if (start === end && start === lastEnd) {
      const next = String.fromCodePoint(text.codePointAt(start) ?? 0);
      if (start < text.length) result += next;
      at = start + Math.max(1, start < text.length ? next.length : 1);
      continue;
    }
    result += substitution.replace(/\\([0-9\\])/g, (_, which: string) =>
      which === '\\' ? '\\' : Number(which) <= matcher.groupCount() ? (matcher.group(Number(which)) ?? '') : '',
    );
    at = end;
    lastEnd = end;
  }
  return at <= text.length ? result + text.slice(at) : result;
}

/** Longer ones Istio refuses. */
const MAX_PATTERN = 1024;

function compiled(regex: string): RE2JS | undefined {
  if (regex.length > MAX_PATTERN) return undefined;
  try {
    return RE2JS.compile(regex);
  } catch {
    return undefined;
  }
}

/** Where a redirect leads (Envoy `RouteEntryImplBase::finalizePathHeader`, `Http::Utility::newUri`). */
export function redirectLocation(redirect: EnvoyRedirectAction, match: EnvoyRouteMatch, request: HttpRequest): string {
  const scheme = redirect.schemeRedirect ?? request.scheme;
  const port = redirect.portRedirect === undefined ? '' : `:${redirect.portRedirect}`;
  const host = redirect.hostRedirect ?? redirectHost(request, scheme, port);
  const path = redirectPath(redirect, match, request);
  return `${scheme}://${host}${port}${path.startsWith('/') ? path : `/${path}`}`;
}

function redirectPath(redirect: EnvoyRedirectAction, match: EnvoyRouteMatch, request: HttpRequest): string {
  const { prefixRewrite, pathRedirect = '' } = redirect;
  if (prefixRewrite !== undefined) {
    const rest = request.path.slice(matchedPath(match, request.path).length);
    return fullPath({ path: prefixRewrite + rest, query: request.query });
  }
  if (pathRedirect === '') return fullPath(request);
  // A query in the new path wins over that of the request.
  return pathRedirect.includes('?') ? pathRedirect : fullPath({ path: pathRedirect, query: request.query });
}

/** The host asked for; its port goes where a new one is set, or where it was the default of the old scheme alone. */
function redirectHost({ authority, scheme: before }: HttpRequest, scheme: string, port: string): string {
  const own = /:\d+$/.exec(authority)?.[0] ?? '';
  const wasDefault = (before === 'https' && own === ':443') || (before === 'http' && own === ':80');
  return port !== '' || (scheme !== before && wasDefault)
    ? authority.slice(0, authority.length - own.length)
    : authority;
}

const REDIRECT_CODES = { FOUND: 302, SEE_OTHER: 303, TEMPORARY_REDIRECT: 307, PERMANENT_REDIRECT: 308 } as const;

export function redirectStatus({ responseCode }: EnvoyRedirectAction): number {
  return responseCode === undefined ? 301 : REDIRECT_CODES[responseCode];
}
