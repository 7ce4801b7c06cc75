import { describe, expect, test } from 'vitest';
import type { EnvoyRoute } from '../../../../server/src/routing/envoy.ts';
import { type Evaluation, evaluate } from '../../../../server/src/routing/explain/evaluate.ts';
import { normalPath } from '../../../../server/src/routing/explain/path.ts';
import {
  type HeaderField,
  type HttpRequest,
  parseHeader,
  parseRequest,
  splitRequestLine,
} from '../../../../server/src/routing/explain/request.ts';
import { replaceAll } from '../../../../server/src/routing/explain/rewrite.ts';
import { timingOf } from '../../../../server/src/routing/explain/timing.ts';
import type { TableHost } from '../../../../server/src/routing/table.ts';

function host(domains: readonly string[], routes: readonly EnvoyRoute[], requireTls = false): TableHost {
  return {
    name: domains[0] ?? '',
    domains,
    routes: routes.map(envoy => ({ envoy, origin: undefined, catchAll: false })),
    requireTls,
    services: [],
    virtualServices: [],
    servers: [],
  };
}

function request(line: string, headers: readonly HeaderField[] = []): HttpRequest {
  const parsed = parseRequest({ ...splitRequestLine(line), headers });
  if ('fault' in parsed) throw new Error(parsed.fault);
  return parsed;
}

const to = (cluster: string, more: object = {}): NonNullable<EnvoyRoute['route']> => ({
  cluster,
  timeout: '0s',
  maxGrpcTimeout: '0s',
  ...more,
});
const all = (route: Omit<EnvoyRoute, 'match'>, match: EnvoyRoute['match'] = { prefix: '/' }): EnvoyRoute => ({
  match,
  ...route,
});
const one = (route: EnvoyRoute, line: string, headers: readonly HeaderField[] = []): Evaluation =>
  evaluate({ virtualHosts: [host(['*'], [route])] }, request(line, headers));

describe('the virtual host', () => {
  const hosts = ['*', '*.example.com', '*.api.example.com', 'example.*', 'a.example.com'].map(domain =>
    host([domain], []),
  );
  test.each([
    ['a.example.com', 'a.example.com'],
    ['A.Example.com:8443', 'a.example.com'],
    ['b.example.com', '*.example.com'],
    ['x.api.example.com', '*.api.example.com'],
    ['example.org', 'example.*'],
    // A wildcard stands for at least one character.
    ['.example.com', '*'],
    ['other.net', '*'],
  ])('%s → %s', (authority, domain) => {
    const seen = { ...request('GET http://x/'), authority };
    expect(evaluate({ virtualHosts: hosts }, seen).chosen?.domain).toBe(domain);
  });

  test('none is 404', () => {
    const { chosen, outcome } = evaluate({ virtualHosts: [host(['a.com'], [])] }, request('GET http://b.com/'));
    expect(chosen).toBeUndefined();
    expect(outcome).toEqual({ kind: 'notFound', status: 404, nearest: undefined });
  });
});

test.each([
  ['/%61pi', '/api'],
  ['/z/../api', '/api'],
  ['/z/%2e%2E/api', '/api'],
  ['/..', '/'],
  ['/a/.', '/a/'],
  ['/a/..', '/'],
  ['//api', '//api'],
  ['/a%2Fb', '/a%2Fb'],
  ['/a%20b', '/a%20b'],
  ['/a b', '/a%20b'],
  ['/a\\b', '/a/b'],
  ['/ü', '/%C3%BC'],
  ['/%zz', '/%zz'],
  ['*', '*'],
])('the path %s is seen as %s', (path, normal) => {
  expect(normalPath(path)).toEqual({ path: normal });
});

test.each(['/%00', '/a#b', 'api'])('the path %s is refused', path => {
  expect(normalPath(path)).toHaveProperty('fault');
});

describe('conditions', () => {
  const failed = (match: EnvoyRoute['match'], line: string, headers: readonly HeaderField[] = []) => {
    const [first] = one(all({ route: to('c') }, match), line, headers).considered;
    return first === undefined ? undefined : [first.failed.subject, first.failed.expected, first.failed.actual];
  };
  test.each<[string, EnvoyRoute['match'], string, readonly HeaderField[], readonly string[] | undefined]>([
    ['prefix', { prefix: '/api' }, 'GET http://h/v1?x=/api', [], ['path', 'starts with /api', '/v1']],
    ['prefix of letters', { prefix: '/api' }, 'GET http://h/apiary', [], undefined],
    ['any case', { prefix: '/API', caseSensitive: false }, 'GET http://h/api/x', [], undefined],
    ['exact', { path: '/api' }, 'GET http://h/api/', [], ['path', 'is /api', '/api/']],
    [
      'regex is full',
      { safeRegex: { regex: '/a[0-9]+' } },
      'GET http://h/a12/x',
      [],
      ['path', 'matches /a[0-9]+', '/a12/x'],
    ],
    [
      'method first',
      { path: '/x', headers: [{ name: ':method', stringMatch: { exact: 'POST' } }] },
      'GET http://h/y',
      [],
      ['method', 'is POST', 'GET'],
    ],
    [
      'header absent',
      { prefix: '/', headers: [{ name: 'x-user', stringMatch: { exact: 'a' } }] },
      'GET http://h/',
      [],
      ['header x-user', 'is a', 'absent'],
    ],
    [
      'several values are joined',
      { prefix: '/', headers: [{ name: 'x-user', stringMatch: { exact: 'a,b' } }] },
      'GET http://h/',
      [
        ['x-user', 'a'],
        ['X-User', 'b'],
      ],
      undefined,
    ],
    [
      'without header',
      { prefix: '/', headers: [{ name: 'x-user', presentMatch: true, invertMatch: true }] },
      'GET http://h/',
      [['x-user', '']],
      ['header x-user', 'is absent', 'empty'],
    ],
    [
      'a missing header is empty',
      {
        prefix: '/',
        headers: [{ name: 'x', stringMatch: { exact: '' }, invertMatch: true, treatMissingHeaderAsEmpty: true }],
      },
      'GET http://h/',
      [],
      ['header x', 'is not ', 'absent'],
    ],
    [
      'first parameter',
      { prefix: '/', queryParameters: [{ name: 'q', stringMatch: { exact: '1' } }] },
      'GET http://h/?q=2&q=1',
      [],
      ['query parameter q', 'is 1', '2'],
    ],
    [
      'parameter without value',
      { prefix: '/', queryParameters: [{ name: 'q', stringMatch: { exact: '' } }] },
      'GET http://h/?q',
      [],
      undefined,
    ],
    [
      ':path has the query',
      { prefix: '/', headers: [{ name: ':path', stringMatch: { exact: '/a?b=1' } }] },
      'GET http://h/a?b=1',
      [],
      undefined,
    ],
  ])('%s', (_name, match, line, headers, expected) => {
    expect(failed(match, line, headers)).toEqual(expected);
  });

  test('the nearest of the routes that do not fit is the one with the fewest failures', () => {
    const header = { name: ':method', stringMatch: { exact: 'POST' } };
    const routes = [
      all({ route: to('a') }, { path: '/x', headers: [header] }),
      all({ route: to('b') }, { path: '/y', headers: [header] }),
      all({ route: to('c') }, { path: '/z' }),
    ];
    const { outcome } = evaluate({ virtualHosts: [host(['*'], routes)] }, request('GET http://h/y'));
    expect(outcome.kind === 'notFound' && outcome.nearest?.index).toBe(1);
  });
});

describe('redirects', () => {
  const location = (redirect: EnvoyRoute['redirect'], line: string, match?: EnvoyRoute['match']) => {
    const { outcome } = one({ match: match ?? { prefix: '/' }, ...(redirect && { redirect }) }, line);
    return outcome.kind === 'redirect' ? outcome.location : outcome;
  };
  test.each<[string, EnvoyRoute['redirect'], string, EnvoyRoute['match'] | undefined, string]>([
    ['scheme', { schemeRedirect: 'https' }, 'GET http://a/x?y', undefined, 'https://a/x?y'],
    ['scheme drops the old default port', { schemeRedirect: 'https' }, 'GET http://a:80/', undefined, 'https://a/'],
    ['scheme keeps another port', { schemeRedirect: 'https' }, 'GET http://a:8080/', undefined, 'https://a:8080/'],
    ['port replaces port', { portRedirect: 8443 }, 'GET http://a:8080/', undefined, 'http://a:8443/'],
    ['host', { hostRedirect: 'b' }, 'GET http://a:8080/x', undefined, 'http://b/x'],
    ['path keeps the query', { pathRedirect: '/n' }, 'GET http://a/x?y', undefined, 'http://a/n?y'],
    ['a query of its own wins', { pathRedirect: '/n?z' }, 'GET http://a/x?y', undefined, 'http://a/n?z'],
    ['a path without slash', { pathRedirect: 'n' }, 'GET http://a/x', undefined, 'http://a/n'],
    ['prefix', { prefixRewrite: '/n' }, 'GET http://a/old/x?y', { prefix: '/old' }, 'http://a/n/x?y'],
    ['whole path of an exact match', { prefixRewrite: '/n' }, 'GET http://a/old', { path: '/old' }, 'http://a/n'],
  ])('%s', (_name, redirect, line, match, expected) => {
    expect(location(redirect, line, match)).toBe(expected);
  });

  test('a host that demands TLS sends every plain request to https', () => {
    const hosts = [host(['a.com'], [all({ route: to('c') })], true)];
    const { outcome, winner } = evaluate({ virtualHosts: hosts }, request('GET http://a.com:8080/x?y'));
    expect(outcome).toEqual({ kind: 'redirect', status: 301, location: 'https://a.com:8080/x?y', tls: true });
    expect(winner).toBeUndefined();
    expect(evaluate({ virtualHosts: hosts }, request('GET https://a.com/')).outcome.kind).toBe('forward');
  });
});

describe('the request to the service', () => {
  const upstream = (evaluation: Evaluation) => {
    if (evaluation.outcome.kind !== 'forward') throw new Error(evaluation.outcome.kind);
    return evaluation.outcome.upstream;
  };
  test.each<[EnvoyRoute['match'], string, string, string]>([
    [{ prefix: '/api' }, '/', '/api/x', '//x'],
    [{ prefix: '/api/' }, '/', '/api/x', '/x'],
    [{ prefix: '/IC', caseSensitive: false }, '/new', '/ic/x', '/new/x'],
    [{ path: '/api' }, '/v2', '/api', '/v2'],
    [{ safeRegex: { regex: '/a.*' } }, '/v2', '/abc/d', '/v2'],
    [{ prefix: '/' }, '/new', '/some/path', '/newsome/path'],
  ])('%j with rewrite %s: %s → %s', (match, prefixRewrite, path, expected) => {
    const evaluation = one({ match, route: to('c', { prefixRewrite }) as never }, `GET http://h${path}?q=1`);
    expect(upstream(evaluation).path).toBe(`${expected}?q=1`);
  });

  test('weights are shares, and each destination has its own host and headers', () => {
    const weightedClusters = {
      clusters: [
        {
          name: 'a',
          weight: 1,
          hostRewriteLiteral: 'a.org',
          requestHeadersToAdd: [{ header: { key: 'x-to', value: 'a' } }],
        },
        { name: 'b', weight: 3 },
      ],
    };
    const route = { timeout: '0s', maxGrpcTimeout: '0s', weightedClusters };
    const { destinations } = upstream(
      one(all({ route, requestHeadersToRemove: ['x-old'] }), 'GET http://h/', [['x-old', '1']]),
    );
    expect(
      destinations.map(({ cluster, share, authority, headers }) => ({ cluster, share, authority, headers })),
    ).toEqual([
      { cluster: 'a', share: 25, authority: 'a.org', headers: [['x-to', 'a']] },
      { cluster: 'b', share: 75, authority: 'h', headers: [] },
    ]);
  });

  test('operators that follow from the request are filled in; others stay', () => {
    const add = (key: string, value: string) => ({
      header: { key, value },
      appendAction: 'OVERWRITE_IF_EXISTS_OR_ADD' as const,
    });
    const requestHeadersToAdd = [
      add('x-path', '%REQ(:path)%'),
      add('x-user', '%REQ(x-a?x-b):3%'),
      add('x-none', '%REQ(x-none)%'),
      add('x-time', 't=%START_TIME%'),
      add('x-percent', '100%%'),
    ];
    const [destination] = upstream(
      one(all({ route: to('c'), requestHeadersToAdd }), 'GET http://h/p?q', [['x-b', 'abcdef']]),
    ).destinations;
    expect(destination?.headers).toEqual([
      ['x-b', 'abcdef'],
      ['x-path', '/p?q'],
      ['x-user', 'abc'],
      ['x-time', 't=%START_TIME%'],
      ['x-percent', '100%'],
    ]);
  });
});

test.each([
  ['[aeiou]', '_', '/strip', '/str_p'],
  ['/(\\w+)/(\\w+)', '/\\2/\\1', '/a/b', '/b/a'],
  ['a*', '-', 'baac', '-b-c-'],
  ['(', 'x', '/a', '/a'],
])('%s → %s: %s becomes %s', (regex, substitution, text, expected) => {
  expect(replaceAll(regex, substitution, text)).toBe(expected);
});

test.each([
  [{ timeout: '0s' }, undefined, 'unlimited'],
  [{ timeout: '5s', retryPolicy: { numRetries: 3, perTryTimeout: '1s' } }, 4275, 'tries'],
  [{ timeout: '3s', retryPolicy: { numRetries: 3, perTryTimeout: '2s' } }, 3000, 'timeout'],
  [{ timeout: '0s', retryPolicy: { numRetries: 2 } }, undefined, 'unlimited'],
])('%j may take %s', (route, worstCase, because) => {
  expect(timingOf({ maxGrpcTimeout: '0s', ...route } as never)).toMatchObject({ worstCase, because });
});

describe('a preflight', () => {
  const route = all({
    route: to('c'),
    typedPerFilterConfig: {
      'envoy.filters.http.cors': {
        '@type': '',
        allowOriginStringMatch: [{ exact: 'https://a.com' }],
        forwardNotMatchingPreflights: true,
        filterEnabled: { defaultValue: { numerator: 100 } },
      },
    },
  });
  const asks = (origin: string): readonly HeaderField[] => [
    ['origin', origin],
    ['access-control-request-method', 'PUT'],
  ];
  test('of an allowed origin is answered by the proxy', () => {
    expect(one(route, 'OPTIONS http://h/', asks('https://a.com')).outcome).toEqual({
      kind: 'preflight',
      status: 200,
      originAllowed: true,
    });
  });
  test('of another one goes on to the service, as does any other request', () => {
    expect(one(route, 'OPTIONS http://h/', asks('https://b.com')).outcome.kind).toBe('forward');
    expect(one(route, 'GET http://h/', asks('https://a.com')).outcome.kind).toBe('forward');
  });
});

test.each([
  ['GET /v1', '"/v1" names no host: write the whole URL, such as https://host/v1'],
  ['GET ftp://h/', 'the scheme "ftp" is not routed as HTTP: use http or https'],
  ['GET http://', '"http://" names no host'],
  ['GET http://h:99999/', 'the port 99999 does not exist: ports are 1 to 65535'],
  ['GET http://h/#x', 'the part "#x" behind # never leaves the client, and Envoy answers 400 where it does'],
  ['GET http://h/a b', 'the URL "http://h/a b" has a space: write it as %20'],
  ['GET http://me@h/', 'the URL holds a user name before "@": send it as a header "authorization"'],
  ['G(T http://h/', '"G(T" is no method: a method is one word, such as GET'],
  ['CONNECT http://h/', 'a CONNECT request has no path: no route of a VirtualService takes it'],
  ['GET', 'the URL is missing: write "GET https://host/path"'],
  ['', 'the method is missing: write "GET https://host/path"'],
  ['GET h', '"h" is no URL: it begins with http:// or https://'],
  ['GET http://a!b/', '"a!b" is no host name'],
])('%s: %s', (line, fault) => {
  expect(parseRequest({ ...splitRequestLine(line), headers: [] })).toEqual({ fault });
});

test('headers are checked, and host is the authority', () => {
  const typed = { method: 'GET', url: 'http://a/', headers: [] };
  expect(parseHeader('x y')).toEqual({ fault: 'the header "x y" has no colon: write "name: value"' });
  expect(parseRequest({ ...typed, headers: [['x y', '1']] })).toEqual({ fault: '"x y" is no name of a header' });
  expect(parseRequest({ ...typed, headers: [[':path', '1']] })).toHaveProperty('fault');
  expect(parseRequest({ ...typed, headers: [['x', 'a\nb']] })).toHaveProperty('fault');
  expect(parseRequest({ ...typed, headers: [['Host', 'b:81']] })).toMatchObject({ authority: 'b:81', headers: [] });
  expect(parseRequest({ ...typed, url: 'https://a/x?y=1#' })).toHaveProperty('fault');
  expect(parseRequest({ ...splitRequestLine('https://a'), headers: [] })).toMatchObject({ method: 'GET', path: '/' });
  const server = parseRequest({ ...splitRequestLine('OPTIONS http://a:80*'), headers: [] });
  expect(server).toMatchObject({ authority: 'a:80', path: '*' });
  expect(parseRequest({ ...splitRequestLine('GET http://a*'), headers: [] })).toEqual({
    fault: '"a*" is no host name',
  });
});
