import { gatewayNames } from '../../model/references.ts';
import type { HttpMatch, StringMatch, VirtualService } from '../../model/virtual-service.ts';
import { type RequestMatch, routeMatch } from '../../routing/match.ts';
import { patternFacts } from '../../routing/reach/pattern-facts.ts';
import { isPossible } from '../../routing/reach/reachability.ts';
import type { Span } from '../../text/range.ts';
import { type Finding, workspaceRule } from '../rule.ts';
import { allOf, quoted } from '../words.ts';
import { siteStates } from './dead.ts';
import { isImpossible } from './dead-rules.ts';

export const ineffectiveMatch = workspaceRule({
  id: 'virtual-service/ineffective-match',
  severity: 'warning',
  on: ['VirtualService'],
  summary: 'A match that no request can fulfil.',
  why: 'Conditions are compared with what arrives: a path begins with `/`, has no query, and its dot segments are resolved before; a value has no white space at its ends; the authority belongs to the hosts. A match that asks for anything else is accepted and never fits.',
  remedy: 'Ask for what requests have. Conditions on the query belong into `queryParams`.',
  invalid: `
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: shop }
spec:
  hosts: [shop]
  http:
    - match: [{ uri: { regex: "/items\\\\?page=[0-9]+" } }]
      route: [{ destination: { host: shop } }]
`,
  valid: `
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: shop }
spec:
  hosts: [shop]
  http:
    - match: [{ uri: { exact: /items }, queryParams: { page: { regex: "[0-9]+" } } }]
      route: [{ destination: { host: shop } }]
`,
  *check(vs, snapshot) {
    const outside =
      gatewayNames(vs).includes('mesh') || vs.hosts.length === 0 ? undefined : vs.hosts.map(host => host.value);
    for (const state of siteStates(vs, snapshot)) {
      const { match, rule } = state.site;
      if (match === undefined || rule.delegatedBy !== undefined || state.from.size === 0) continue;
      if (!(isImpossible(state) || isForeign(match, outside))) continue;
      const finding = findingOf(vs, match, outside);
      if (finding !== undefined) yield finding;
    }
  },
});

const NOTHING: RequestMatch = {
  uri: undefined,
  scheme: undefined,
  method: undefined,
  authority: undefined,
  headers: [],
  withoutHeaders: [],
  queryParams: [],
  ignoreUriCase: undefined,
};

/** An authority that none of the hosts has. What sidecars call a service has more names than its hosts. */
function isForeign({ authority }: Pick<HttpMatch, 'authority'>, hosts: readonly string[] | undefined): boolean {
  return (
    hosts !== undefined && authority !== undefined && isPossible(routeMatch({ ...NOTHING, authority }), hosts) === false
  );
}

/** The condition that cannot be met by itself, or those that exclude each other. */
function findingOf(
  vs: VirtualService,
  match: RequestMatch & { readonly at: Span },
  hosts: readonly string[] | undefined,
): Finding | undefined {
  const alone = (part: Partial<RequestMatch>): boolean => isPossible(routeMatch({ ...NOTHING, ...part })) === false;
  const { uri, ignoreUriCase, authority, method, scheme } = match;
  if (uri?.value !== undefined && alone({ uri, ignoreUriCase })) return pathFinding(uri, uri.value);
  if (authority?.value !== undefined && isForeign(match, hosts)) {
    return {
      at: authority.value,
      message: `no request has this authority here: ${quoted(authority.value.value)} fits none of the hosts, ${allOf(vs.hosts.map(({ value }) => quoted(value)))}`,
    };
  }
  // A method in lower case is another finding, if it is one of those that there are.
  if (method?.value !== undefined && alone({ method })) return valueFinding(method, 'method');
  if (scheme?.value !== undefined && alone({ scheme })) {
    return {
      at: scheme.value,
      message: `a scheme is "http" or "https", so ${quoted(scheme.value.value)} never matches`,
    };
  }
  for (const entry of match.headers) {
    if (entry.value.value !== undefined && alone({ headers: [entry] }))
      return valueFinding(entry.value, `header ${quoted(entry.key.value)}`);
  }
  for (const entry of match.queryParams) {
    if (entry.value.value !== undefined && alone({ queryParams: [entry] })) {
      return valueFinding(entry.value, `query parameter ${quoted(entry.key.value)}`);
    }
  }
  return { at: match.at, message: 'no request fulfils this match: its conditions exclude each other', fade: match.at };
}

function pathFinding(uri: StringMatch, at: Span & { readonly value: string }): Finding | undefined {
  const { value } = at;
  if (uri.kind !== 'regex') {
    // A path without its slash, or with a query, is another finding.
    if (value !== '' && (!value.startsWith('/') || /[?#]/.test(value))) return undefined;
    if (value === '')
      return { at, message: 'a path is never empty, so this match never fits; the shortest path is "/"' };
    const reason = /\/\.\.?(\/|$)/.test(value)
      ? 'dot segments are resolved before paths are compared'
      : value.includes('\\')
        ? 'a backslash arrives as "/"'
        : 'what a path cannot hold arrives escaped, such as a space as "%20"';
    return { at, message: `no path is like ${quoted(value)}: ${reason}` };
  }
  const { start } = patternFacts(value);
  const reason =
    start !== '' && !start.startsWith('/')
      ? `a path begins with "/", and what this expression matches begins with ${quoted(start)}`
      : /\\\?|\[\?\]/.test(value)
        ? 'it asks for a "?", and a path is compared without its query, which belongs into "queryParams"'
        : 'a path begins with "/", has no query, and is compared as a whole';
  return { at, message: `no path matches this regular expression: ${reason}` };
}

function valueFinding({ kind, value }: StringMatch, subject: string): Finding | undefined {
  if (value === undefined) return undefined;
  if (kind === 'regex') return { at: value, message: `no value of ${subject} matches this regular expression` };
  const spaces = value.value !== value.value.trim();
  return {
    at: value,
    message: `${subject} never has the value ${quoted(value.value)}${spaces ? ': white space at the ends is cut off on the way' : ''}`,
  };
}
