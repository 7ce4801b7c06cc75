/** An HTTP request as a proxy sees it. */
export interface HttpRequest {
  readonly method: string;
  /** `http` or `https`; the value of `:scheme`. */
  readonly scheme: string;
  /** Host, with a port where the client writes one. */
  readonly authority: string;
  /** Begins with `/`, or is `*`; without the query. */
  readonly path: string;
  /** Without `?`; empty where there is none. */
  readonly query: string;
  /** Names in lower case; a name may stand several times. */
  readonly headers: readonly HeaderField[];
}

export type HeaderField = readonly [name: string, value: string];

/** A text that is no request, in one sentence for the user. */
export interface RequestFault {
  readonly fault: string;
}

/** What a user has typed: a method, a URL and headers. */
export interface TypedRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: readonly HeaderField[];
}

/** RFC 9110, 5.6.2. */
const TOKEN = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
/** RFC 9110, 5.5: visible characters, spaces, tabs, and what is beyond ASCII. */
const FIELD_VALUE = /^[\t\x20-\x7e\x80-\u{10ffff}]*$/u;
const URL_TEXT = /^([A-Za-z][A-Za-z0-9+.-]*):\/\/([^/?#]*)([^?#]*)(?:\?([^#]*))?(#.*)?$/s;
const HOST = /^(?:\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9_*](?:[A-Za-z0-9_.-]*[A-Za-z0-9_.])?)(?::(\d+))?$/;
const MAX_PORT = 65_535;

/** `GET https://api.example.com/v1/x` → method and URL; without a method it is a GET. */
export function splitRequestLine(text: string): Omit<TypedRequest, 'headers'> {
  const [first = '', ...rest] = text.trim().split(/\s+/);
  return rest.length === 0 && first.includes('/')
    ? { method: 'GET', url: first }
    : { method: first, url: rest.join(' ') };
}

/** `name: value` → a header field, or what is wrong with it. */
export function parseHeader(text: string): HeaderField | RequestFault {
  const colon = text.indexOf(':', text.startsWith(':') ? 1 : 0);
  if (colon < 0) return { fault: `the header "${text}" has no colon: write "name: value"` };
  return [text.slice(0, colon).trim().toLowerCase(), text.slice(colon + 1).trim()];
}

/** Makes a request of what a user has typed, or says in one sentence why it is none. */
export function parseRequest({ method, url, headers }: TypedRequest): HttpRequest | RequestFault {
  const target = parseMethod(method) ?? parseUrl(url, method);
  if ('fault' in target) return target;
  const wrong = headers.map(headerFault).find(fault => fault !== undefined);
  if (wrong !== undefined) return { fault: wrong };
  const fields = headers.map(([name, value]): HeaderField => [name.toLowerCase(), value.trim()]);
  const host = fields.find(([name]) => name === 'host')?.[1];
  const authority = host ?? target.authority;
  if (!HOST.test(authority)) return { fault: `the header host holds "${authority}", which is no host name` };
  const { scheme, path, query } = target;
  return { method, scheme, authority, path, query, headers: fields.filter(([name]) => name !== 'host') };
}

function parseMethod(method: string): RequestFault | undefined {
  if (method === '') return { fault: 'the method is missing: write "GET https://host/path"' };
  if (!TOKEN.test(method)) return { fault: `"${method}" is no method: a method is one word, such as GET` };
  if (method === 'CONNECT') return { fault: 'a CONNECT request has no path: no route of a VirtualService takes it' };
  return undefined;
}

type Target = Pick<HttpRequest, 'scheme' | 'authority' | 'path' | 'query'>;

function parseUrl(url: string, method: string): Target | RequestFault {
  if (url === '') return { fault: 'the URL is missing: write "GET https://host/path"' };
  const parts = URL_TEXT.exec(url);
  if (parts === null) {
    if (url.startsWith('/'))
      return { fault: `"${url}" names no host: write the whole URL, such as https://host${url}` };
    if (/\s/.test(url)) return { fault: `the URL "${url}" has a space: write it as %20` };
    return { fault: `"${url}" is no URL: it begins with http:// or https://` };
  }
  const [, scheme = '', written = '', behind = '', query = '', fragment] = parts;
  // `OPTIONS http://host*` asks for the server as a whole: its target is `*` (RFC 9112, 3.2.4).
  const isServer = method === 'OPTIONS' && behind === '' && /.\*$/.test(written);
  const authority = isServer ? written.slice(0, -1) : written;
  const path = isServer ? '*' : behind;
  const lower = scheme.toLowerCase();
  if (lower !== 'http' && lower !== 'https')
    return { fault: `the scheme "${scheme}" is not routed as HTTP: use http or https` };
  if (authority.includes('@'))
    return { fault: `the URL holds a user name before "@": send it as a header "authorization"` };
  const host = HOST.exec(authority);
  if (authority === '' || host === null)
    return { fault: authority === '' ? `"${url}" names no host` : `"${authority}" is no host name` };
  const port = host[1];
  if (port !== undefined && (Number(port) < 1 || Number(port) > MAX_PORT))
    return { fault: `the port ${port} does not exist: ports are 1 to ${MAX_PORT}` };
  if (fragment !== undefined)
    return { fault: `the part "${fragment}" behind # never leaves the client, and Envoy answers 400 where it does` };
  if (/\s/.test(path + query)) return { fault: `the URL "${url}" has a space: write it as %20` };
  return { scheme: lower, authority, path: path === '' ? '/' : path, query };
}

function headerFault([name, value]: HeaderField): string | undefined {
  if (name === '') return 'the name of a header is missing: write "name: value"';
  if (name.startsWith(':')) return `the header "${name}" is part of the request line: it follows from method and URL`;
  if (!TOKEN.test(name)) return `"${name}" is no name of a header`;
  return FIELD_VALUE.test(value) ? undefined : `the value of the header "${name}" holds a character that HTTP forbids`;
}

/** The port that an authority names. */
export function portOf(authority: string): number | undefined {
  const port = /:(\d+)$/.exec(authority)?.[1];
  return port === undefined ? undefined : Number(port);
}

/** The values of a header as a matcher sees them: several are joined by commas. */
export function headerValue(request: HttpRequest, name: string): string | undefined {
  const lower = name.toLowerCase();
  switch (lower) {
    case ':method':
      return request.method;
    case ':scheme':
      return request.scheme;
    case ':authority':
    case 'host':
      return request.authority;
    case ':path':
      return fullPath(request);
    default: {
      const values = request.headers.filter(([key]) => key === lower).map(([, value]) => value);
      return values.length === 0 ? undefined : values.join(',');
    }
  }
}

/** Path and query, as `:path` has them. */
export function fullPath({ path, query }: Pick<HttpRequest, 'path' | 'query'>): string {
  return query === '' ? path : `${path}?${query}`;
}

/** The request as one would type it. */
export function requestText(request: Pick<HttpRequest, 'method' | 'scheme' | 'authority' | 'path' | 'query'>): string {
  return `${request.method} ${urlOf(request)}`;
}

export function urlOf(request: Pick<HttpRequest, 'scheme' | 'authority' | 'path' | 'query'>): string {
  return `${request.scheme}://${request.authority}${fullPath(request)}`;
}
