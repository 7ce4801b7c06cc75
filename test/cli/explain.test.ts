import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { buildCli, runCli } from '../harness/cli.ts';

const REVIEWS = `apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: reviews}
spec:
  hosts: [reviews]
  http:
    - name: testers
      match: [{headers: {end-user: {exact: jason}}}]
      route: [{destination: {host: reviews, subset: v2}}]
    - name: old
      match: [{uri: {prefix: /old}}]
      redirect: {uri: /new}
    - route: [{destination: {host: reviews, subset: v1}}]
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: reviews}
spec: {host: reviews, subsets: [{name: v1, labels: {version: v1}}, {name: v2, labels: {version: v2}}]}
---
apiVersion: v1
kind: Service
metadata: {name: reviews}
spec: {ports: [{name: http, port: 9080}]}
`;

let folder = '';

beforeAll(async () => {
  await buildCli();
  folder = mkdtempSync(path.join(tmpdir(), 'istio-yaml-'));
  writeFileSync(path.join(folder, 'reviews.yaml'), REVIEWS);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const explain = (...args: readonly string[]) => runCli(['explain', ...args], { cwd: folder });

test('says first what comes of a request, then why', async () => {
  const { code, stdout, stderr } = await explain('--request', 'GET http://reviews:9080/x', '-H', 'end-user: jane');
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout.split('\n')[3]).toBe('→ #3 takes it: reviews:9080 subset v1 (version=v1)');
  expect(stdout).toContain('✗  #1 testers  header end-user is jane, but must be jason  reviews.yaml:8 default/reviews');
});

test('--format json has the viewpoint, the winner, the upstream request and what failed before', async () => {
  const { code, stdout } = await explain(
    '--format',
    'json',
    '--request',
    'GET http://reviews:9080/x?y',
    'reviews.yaml',
  );
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({
    request: { method: 'GET', scheme: 'http', authority: 'reviews:9080', path: '/x', query: 'y', headers: [] },
    viewpoint: { kind: 'sidecar', namespace: 'default', port: 9080, routeConfiguration: '9080' },
    virtualHost: { name: 'reviews.default.svc.cluster.local:9080', domain: 'reviews' },
    route: { name: '', resource: 'default/reviews', path: 'reviews.yaml', line: 13, http: 2, match: null },
    status: null,
    upstream: {
      path: '/x?y',
      authority: 'reviews:9080',
      destinations: [
        { cluster: 'outbound|9080|v1|reviews.default.svc.cluster.local', share: 100, labels: { version: 'v1' } },
      ],
    },
    redirect: null,
    considered: [
      {
        route: { name: 'testers', line: 8 },
        failed: { condition: 'header end-user is jason', expected: 'is jason', actual: 'absent' },
      },
      {
        route: { name: 'old', line: 11 },
        failed: { condition: 'path starts with /old', expected: 'starts with /old', actual: '/x' },
      },
    ],
  });
});

test('tells where a redirect leads', async () => {
  const { stdout } = await explain(
    '--format=json',
    '--request',
    'GET http://reviews:9080/old?y=1',
    '--sidecar',
    'default',
  );
  expect(JSON.parse(stdout)).toMatchObject({
    status: 301,
    upstream: null,
    redirect: { status: 301, location: 'http://reviews:9080/new?y=1' },
  });
});

test.each([
  [['--request', 'GET /x'], '"/x" names no host: write the whole URL, such as https://host/x'],
  [['--request', 'GET http://reviews:9080/', '-H', 'x'], 'the header "x" has no colon: write "name: value"'],
  [['--request', 'GET http://reviews:9080/', '--gateway', 'gw'], 'there is no Gateway "gw"'],
  [
    ['--request', 'GET http://reviews:1/', '--sidecar', 'default'],
    'a sidecar in namespace "default" has no HTTP routes on port 1; there is port 9080',
  ],
])('%j is answered with a sentence, and exit code 2', async (args, fault) => {
  expect(await explain(...args)).toEqual({ code: 2, stdout: '', stderr: `istio-yaml: ${fault}\n` });
});

test.each([
  [[], "explain needs --request, such as --request 'GET https://api.example.com/v1/x'"],
  [['--request', 'GET http://a/', '--labels', 'a=b'], '--labels needs --sidecar'],
  [['--request', 'GET http://a/', '--gateway', 'a', '--sidecar', 'b'], '--gateway and --sidecar exclude each other'],
  [['--request', 'GET http://a/', '--format', 'xml'], '--format takes text, json, not "xml"'],
  [['--port', '1'], "Unknown option '--port'"],
])('%j is wrong usage', async (args, fault) => {
  const { code, stderr } = await explain(...args);
  expect(code).toBe(2);
  expect(stderr.split('\n')[0]).toBe(`istio-yaml: ${fault}`);
});
