import { expect, test } from 'vitest';
import type { RouteTestResult } from '../../server/src/contract/route-tests.ts';
import { METHOD } from '../../server/src/contract.ts';
import { startClient, uri } from '../harness/lsp-client.ts';

const REVIEWS = `apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: reviews}
spec: {hosts: [reviews], http: [{route: [{destination: {host: reviews, subset: v1}}]}]}
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: reviews}
spec: {host: reviews, subsets: [{name: v1, labels: {version: v1}}]}
`;
const TESTS = `- name: good
  request: GET http://reviews/
  expect: { subset: v1 }
- name: bad
  request: GET http://reviews/
  expect:
    subset: v2
`;

test('the tests of a text are found and run, all or some', async () => {
  const client = await startClient({ files: { 'reviews.yaml': REVIEWS } });
  const params = { uri: uri('reviews.routes.test.yaml'), text: TESTS };
  expect(await client.request(METHOD.routeTests, params)).toEqual([
    { index: 0, name: 'good', line: 1, endLine: 3 },
    { index: 1, name: 'bad', line: 4, endLine: 7 },
  ]);
  const run = (more: object = {}) =>
    client.request<readonly RouteTestResult[]>(METHOD.runRouteTests, { ...params, ...more });
  expect((await run()).map(({ name, status }) => [name, status])).toEqual([
    ['good', 'passed'],
    ['bad', 'failed'],
  ]);
  expect(await run({ tests: [1] })).toEqual([
    {
      index: 1,
      name: 'bad',
      line: 4,
      endLine: 7,
      status: 'failed',
      outcome: '#1 takes it: reviews:80 subset v1 (version=v1)',
      failures: [
        {
          line: 7,
          message: 'expected subset v2, but it goes to subset v1',
          expected: 'subset v2',
          actual: 'it goes to subset v1',
        },
      ],
    },
  ]);
  await expect(run({ tests: 'all' })).rejects.toThrow('"tests" is not a list of numbers');
});

test('an open file of tests is judged, completed and explained while it is written', async () => {
  const client = await startClient({ files: { 'reviews.yaml': REVIEWS } });
  client.open('reviews.routes.test.yaml', '- name: a\n  request: GET /\n  expect: { subset: v1 }\n');
  await client.settled();
  expect(client.diagnostics('reviews.routes.test.yaml')).toMatchObject([
    { code: 'route-test/invalid-request', range: { start: { line: 1, character: 11 } } },
  ]);
  client.change('reviews.routes.test.yaml', '- name: a\n  request: GET http://reviews/\n  expect: { subset: v1 }\n');
  await client.settled();
  expect(client.diagnostics('reviews.routes.test.yaml')).toEqual([]);
  const place = { textDocument: { uri: uri('reviews.routes.test.yaml') }, position: { line: 1, character: 15 } };
  expect(JSON.stringify(await client.request('textDocument/hover', place))).toContain('#1 takes it');
  client.change('reviews.routes.test.yaml', '- name: a\n  request: GET http://reviews/\n  expect: { subset: }\n');
  const value = { ...place, position: { line: 2, character: 20 } };
  const items = await client.request<readonly { label: string }[]>('textDocument/completion', value);
  expect(items.map(({ label }) => label)).toEqual(['v1']);
});
