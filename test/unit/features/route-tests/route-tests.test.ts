import path from 'node:path';
import { describe, expect, test } from 'vitest';
import {
  exportRouterCheck,
  generateRouteTests,
  importRouterCheck,
  readTestFile,
  routeTestViews,
  runRouteTests,
} from '../../../../server/src/analysis.ts';
import { testsYaml } from '../../../../server/src/features/route-tests/write.ts';
import { readCases } from '../../../conformance/oracle.ts';
import { caseSnapshot } from '../../../conformance/run.ts';
import { snapshotOf } from '../../../harness/fixtures.ts';

const SHOP = `apiVersion: networking.istio.io/v1
kind: Gateway
metadata: { name: edge, namespace: edge }
spec: { selector: { istio: edge }, servers: [{ port: { number: 80, name: http, protocol: HTTP }, hosts: [shop.example.com] }] }
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: shop, namespace: shop }
spec:
  hosts: [shop.example.com]
  gateways: [edge/edge]
  http:
    - name: old
      match: [{ uri: { prefix: /old } }]
      redirect: { uri: /new }
    - name: health
      match: [{ uri: { exact: /healthz } }]
      directResponse: { status: 204 }
    - name: lost
      match: [{ uri: { prefix: /lost } }]
      route: [{ destination: { host: reviews, subset: v9 } }]
    - name: api
      match: [{ uri: { prefix: /api/ } }]
      rewrite: { uri: /, authority: reviews.internal }
      headers: { request: { set: { x-from: edge } } }
      route:
        - { destination: { host: reviews, subset: v1 }, weight: 2 }
        - { destination: { host: reviews, subset: v2 }, weight: 1 }
    - match: [{ uri: { prefix: /one } }]
      route: [{ destination: { host: reviews, subset: v1 } }]
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: reviews, namespace: shop }
spec: { host: reviews, subsets: [{ name: v1, labels: { version: v1 } }, { name: v2, labels: { version: v2 } }] }
---
apiVersion: v1
kind: Service
metadata: { name: reviews, namespace: shop }
spec: { ports: [{ name: http, port: 9080 }] }
`;
const snapshot = snapshotOf([{ path: 'shop.yaml', text: SHOP }]);

/** What is said of one test with this request and these expectations. */
function said(request: string, expectations: string, from = ''): string | readonly string[] {
  const text = `- name: t\n  request: ${request}\n${from === '' ? '' : `  from: ${from}\n`}  expect: ${expectations}\n`;
  const [result] = runRouteTests(snapshot, readTestFile('a.routes.test.yaml', text));
  return result?.status === 'passed'
    ? 'passed'
    : [result?.status ?? '', ...(result?.failures ?? []).map(one => one.message)];
}

describe('expectations', () => {
  test.each([
    ['/one', '{ destination: reviews, subset: v1, path: /one, host: shop.example.com }'],
    ['/one', '{ destination: reviews.shop }'],
    ['/one', '{ destination: "reviews.shop.svc.cluster.local:9080" }'],
    ['/one', '{ destination: "outbound|9080|v1|reviews.shop.svc.cluster.local" }'],
    [
      '/api/x?y=1',
      '{ shares: { v1: 67, v2: 33 }, destination: reviews, path: /x, host: reviews.internal, route: api }',
    ],
    ['/api/x?y=1', '{ path: /x?y=1, headers: { X-From: edge } }'],
    ['/api/x', '{ shares: { reviews: 100 } }'],
    ['/old/x?y=1', '{ redirect: "http://shop.example.com/new?y=1", status: 301, unreachable: false }'],
    ['/healthz', '{ status: 204, unreachable: false }'],
    ['/nowhere', '{ status: 404, unreachable: true }'],
    ['/lost', '{ status: 503, unreachable: true, route: lost }'],
  ])('%s: %s holds', (requested, expectations) => {
    expect(said(`GET http://shop.example.com${requested}`, expectations)).toBe('passed');
  });

  test.each([
    [
      '/one',
      '{ destination: ratings }',
      'expected destination ratings, but it goes to reviews.shop.svc.cluster.local:9080',
    ],
    [
      '/one',
      '{ destination: "reviews:80" }',
      'expected destination reviews:80, but it goes to reviews.shop.svc.cluster.local:9080',
    ],
    ['/one', '{ destination: view }', 'expected destination view, but it goes to reviews.shop.svc.cluster.local:9080'],
    ['/one', '{ subset: v2 }', 'expected subset v2, but it goes to subset v1'],
    ['/api/x', '{ subset: v1 }', 'expected subset v1, but it goes to subset v2'],
    [
      '/api/x',
      '{ shares: { v1: 60, v2: 33 } }',
      'expected 60% for v1, but it is 66.67%: 66.67% subset v1, 33.33% subset v2',
    ],
    ['/api/x', '{ shares: { v1: 66.67 } }', 'expected no further destination, but 33.33% go to subset v2'],
    ['/api/x', '{ path: /api/x }', 'expected path /api/x, but the service gets /x'],
    ['/api/x', '{ host: shop.example.com }', 'expected host shop.example.com, but it is reviews.internal'],
    ['/api/x', '{ headers: { x-from: mesh } }', 'expected header x-from: mesh, but it is edge'],
    ['/api/x', '{ headers: { x-to: mesh } }', 'expected header x-to: mesh, but it is absent'],
    ['/api/x', '{ status: 200 }', /^expected status 200, but a service answers: #4 api takes it/],
    ['/api/x', '{ redirect: "http://a/" }', /^expected redirect to http:\/\/a\/, but there is none: #4 api/],
    ['/one', '{ route: one }', 'expected route one, but the nameless route #5 takes it'],
    ['/one', '{ unreachable: true }', /^expected no service to get the request, but #5 takes it/],
    [
      '/old',
      '{ redirect: "http://a/" }',
      'expected redirect to http://a/, but it leads to http://shop.example.com/new',
    ],
    ['/healthz', '{ status: 200 }', 'expected status 200, but the proxy answers 204'],
    ['/nowhere', '{ destination: reviews }', /^expected destination reviews, but no service gets the request: 404/],
    ['/nowhere', '{ unreachable: false }', /^expected an answer, but 404/],
    ['/nowhere', '{ route: api }', 'expected route api, but no route takes it'],
  ])('%s: %s fails', (requested, expectations, message) => {
    const [status, ...messages] = said(`GET http://shop.example.com${requested}`, expectations);
    expect(status).toBe('failed');
    expect(messages).toEqual([typeof message === 'string' ? message : expect.stringMatching(message)]);
  });

  test.each([
    ['GET /x', '{ status: 404 }', '', /names no host/],
    ['GET http://shop.example.com/', '{ status: 404 }', '{ gateway: nope }', /there is no Gateway "nope"/],
    ['GET http://shop.example.com/', '{ status: 404 }', '{ gateway: edge, sidecar: shop }', /not to both/],
    ['GET http://shop.example.com/', '{ status: 404 }', '{ labels: { a: b } }', /in which namespace/],
    ['GET http://shop.example.com/', '{ state: 404 }', '', /unknown field "state"/],
    ['GET http://shop.example.com/', '[]', '', /"expect" has to be an object/],
  ])('%s, %s, %s cannot be run', (request, expectations, from, message) => {
    const [status, ...messages] = said(request, expectations, from);
    expect([status, ...messages]).toEqual(['error', expect.stringMatching(message)]);
  });

  test('who gets the request may be said', () => {
    expect(said('GET http://reviews.shop:9080/', '{ destination: reviews }', '{ sidecar: other }')).toBe('passed');
    expect(said('GET http://shop.example.com/one', '{ destination: reviews }', '{ gateway: edge/edge }')).toBe(
      'passed',
    );
  });
});

test('tests have lines, and a file that is none says so', () => {
  const text =
    '# tests\n- name: a\n  request: GET http://a/\n  expect:\n    status: 404\n    path: /x\n\n- request: GET http://b/\n';
  const file = readTestFile('a.routes.test.yaml', text);
  expect(routeTestViews(file)).toEqual([
    { index: 0, name: 'a', line: 2, endLine: 6 },
    { index: 1, name: 'test 2', line: 8, endLine: 8 },
  ]);
  expect(runRouteTests(snapshot, file, [1])).toMatchObject([{ index: 1, status: 'error' }]);
  expect(readTestFile('a.routes.test.yaml', 'name: x\n').problems).toEqual([
    { line: 1, message: 'here has to be a list of tests' },
  ]);
  expect(readTestFile('a.routes.test.yaml', '- name: [x\n').problems).toMatchObject([
    { message: 'this YAML cannot be read' },
  ]);
});

describe('generated tests', () => {
  const cases = readCases(path.join(import.meta.dirname, '../../../fixtures/routing'));
  test('of every case hold, and there is one for each live route that needs no token', () => {
    let total = 0;
    for (const oracle of cases) {
      const own = caseSnapshot(oracle);
      const { text, warnings } = generateRouteTests(own);
      const results = runRouteTests(own, readTestFile('a.routes.test.yaml', text));
      const bad = results
        .filter(({ status }) => status !== 'passed')
        .map(({ name, failures }) => `${name}: ${failures[0]?.message}`);
      expect(bad, oracle.name).toEqual([]);
      expect(
        warnings.filter(warning => !/token|could not be decided/.test(warning)),
        oracle.name,
      ).toEqual([]);
      total += results.length;
    }
    expect(total).toBeGreaterThan(400);
  });
});

describe('router_check_tool', () => {
  const TOOL = JSON.stringify({
    tests: [
      {
        test_name: 'a cluster',
        input: {
          authority: 'shop.example.com',
          path: '/one?x=1',
          method: 'GET',
          additional_request_headers: [{ key: 'x-user', value: 'jason' }],
        },
        validate: {
          cluster_name: 'outbound|9080|v1|reviews.shop.svc.cluster.local',
          path_rewrite: '/one?x=1',
          virtual_host_name: 'shop',
        },
      },
      {
        test_name: 'a redirect',
        input: { authority: 'shop.example.com', path: '/old', method: 'GET', ssl: false, random_value: 7 },
        validate: { path_redirect: { value: 'http://shop.example.com/new' }, cluster_name: '' },
      },
      {
        test_name: 'nothing',
        input: { authority: 'shop.example.com', path: '/nowhere', method: 'GET' },
        validate: { cluster_name: '' },
      },
      {
        test_name: 'headers',
        input: { authority: 'shop.example.com', path: '/api/x', method: 'GET' },
        validate: {
          host_rewrite: 'reviews.internal',
          request_header_matches: [{ name: 'x-from', string_match: { exact: 'edge' } }],
        },
      },
    ],
  });

  test('its tests become ours, and hold', () => {
    const converted = importRouterCheck(TOOL);
    if ('fault' in converted) throw new Error(converted.fault);
    expect(converted.warnings).toEqual([
      'a cluster: "virtual_host_name" is left out',
      'a redirect: "random_value" is left out',
    ]);
    expect(converted.text.split('\n\n')[0]).toBe(
      [
        '- name: a cluster',
        '  request:',
        '    method: GET',
        '    url: http://shop.example.com/one?x=1',
        '    headers:',
        '      x-user: jason',
        '  expect:',
        '    destination: reviews.shop.svc.cluster.local:9080',
        '    subset: v1',
        '    path: /one?x=1',
      ].join('\n'),
    );
    const results = runRouteTests(snapshot, readTestFile('a.routes.test.yaml', converted.text));
    expect(results.map(({ status, failures }) => [status, failures[0]?.message])).toEqual(
      results.map(() => ['passed', undefined]),
    );
  });

  test('ours become its tests, and come back the same', () => {
    const converted = importRouterCheck(TOOL);
    if ('fault' in converted) throw new Error(converted.fault);
    const back = exportRouterCheck(snapshot, readTestFile('a.routes.test.yaml', converted.text).tests);
    expect(back.warnings).toEqual([]);
    const again = importRouterCheck(back.text);
    expect('text' in again && again.text).toBe(converted.text);
    expect(JSON.parse(back.text).tests[0]).toMatchObject({
      test_name: 'a cluster',
      input: { authority: 'shop.example.com', path: '/one?x=1', method: 'GET' },
      validate: { cluster_name: 'outbound|9080|v1|reviews.shop.svc.cluster.local', path_rewrite: '/one?x=1' },
    });
  });

  test('what it cannot check is told', () => {
    const text = `- name: lots
  request: GET http://shop.example.com/api/x
  expect: { destination: reviews, shares: { v1: 67, v2: 33 }, status: 404, route: api, path: /x }
- name: only a status
  request: GET http://shop.example.com/healthz
  expect: { status: 204 }
- name: broken
  request: GET /x
  expect: { status: 204 }
`;
    const { text: json, warnings } = exportRouterCheck(snapshot, readTestFile('a.routes.test.yaml', text).tests);
    expect(JSON.parse(json).tests.map((one: { validate: object }) => one.validate)).toEqual([{ path_rewrite: '/x' }]);
    expect(warnings).toEqual([
      'lots: its cluster is drawn by lot, so "destination" and "subset" are left out',
      'lots: "shares" is left out',
      'lots: "status" is left out',
      'lots: "route" is left out',
      'only a status: "status" is left out',
      'only a status: left out, for nothing of it can be checked',
      'broken: left out, for "/x" names no host: write the whole URL, such as https://host/x',
    ]);
  });

  test('a file that is none is refused', () => {
    expect(importRouterCheck('tests: {}')).toEqual({ fault: 'there is no list "tests"' });
    expect(importRouterCheck('{"tests": [')).toEqual({ fault: 'this is neither JSON nor YAML' });
  });
});

test('texts are quoted where YAML would read something else', () => {
  const odd = ['true', '1', 'a: b', '#x', '', ' a', 'y', 'a #b', '"', 'ü', '*', '-x', 'a\nb', '~', '{a}', '1e3', '0x1'];
  const tests = odd.map(value => ({
    name: `n${value}`,
    request: { method: 'GET', url: 'http://a/', headers: [['x', value]] as const },
    from: undefined,
    expect: { path: value },
  }));
  const { tests: read, problems } = readTestFile('a.routes.test.yaml', testsYaml(tests));
  expect(problems).toEqual([]);
  expect(read.map(one => [one.name.value, one.request.headers[0]?.[1], one.expect.path?.value])).toEqual(
    odd.map(value => [`n${value}`, value, value]),
  );
});
