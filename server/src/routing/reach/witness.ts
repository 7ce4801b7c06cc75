import { type Assignment, type UniverseOf, valuesOf } from './decide.ts';

/** A request as one would send it. */
export interface Witness {
  readonly method: string;
  readonly scheme: string;
  readonly authority: string;
  /** Without the query. */
  readonly path: string;
  /** Without `?`; empty without parameters. */
  readonly query: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Claims that a JWT of the request has to fulfil, by their path (`groups`), where a route asks for them. */
  readonly claims: readonly string[];
}

/** The request of an assignment; what it says nothing about is as in a plain request. */
export function witnessOf(assignment: Assignment, of: UniverseOf): Witness {
  const value = valuesOf(assignment, of);
  const given = [...assignment].filter((entry): entry is [string, string] => entry[1] !== undefined);
  const named = (kind: string): [string, string][] =>
    given
      .filter(([dimension]) => dimension.startsWith(`${kind} `))
      .map(([dimension, text]) => [dimension.slice(kind.length + 1), text]);
  return {
    method: value(':method') ?? 'GET',
    scheme: value(':scheme') ?? 'http',
    authority: value(':authority') ?? '',
    path: value('path') ?? '/',
    query: named('query')
      .map(([name, text]) => (text === '' ? name : `${name}=${text}`))
      .join('&'),
    headers: Object.fromEntries(named('header')),
    claims: [...new Set(named('claim').map(([name]) => claimName(name)))],
  };
}

/** `["payload","groups"] …` → `groups` */
function claimName(dimension: string): string {
  const path = JSON.parse(dimension.slice(0, dimension.indexOf(']') + 1)) as readonly string[];
  return path.slice(1).join('.');
}

/** The request as a command for a shell. */
export function curlCommand(witness: Witness): string {
  const { method, scheme, authority, path, query, headers, claims } = witness;
  const parts = ['curl'];
  if (method === 'HEAD') parts.push('--head');
  else if (method !== 'GET') parts.push('-X', quoted(method));
  for (const [name, value] of Object.entries(headers)) {
    // A header without a value has to end in a semicolon, or curl leaves it out.
    parts.push('-H', quoted(value === '' ? `${name};` : `${name}: ${value}`));
  }
  if (claims.length > 0) parts.push('-H', '"Authorization: Bearer $TOKEN"');
  const url = `${scheme}://${authority}${path}${query === '' ? '' : `?${query}`}`;
  parts.push(quoted(url));
  return parts.join(' ');
}

/** Plain words stand alone; others stand in single quotes. */
function quoted(text: string): string {
  return /^[\w./:@%+=,-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
