import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
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
    - name: everybody
      route: [{destination: {host: reviews, subset: v1}}]
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
const GOOD = `- name: testers see the next version
  request:
    url: http://reviews:9080/1
    headers: {end-user: jason}
  expect: {subset: v2}
`;
const FAILING = `- name: everybody <sees> the next version
  request: GET http://reviews:9080/1
  expect:
    subset: v2
`;
const BROKEN = `- name: no request
  request: GET /1
  expect: {status: 404}
`;

let folder = '';

beforeAll(async () => {
  await buildCli();
  folder = mkdtempSync(path.join(tmpdir(), 'istio-yaml-'));
  for (const [name, tests] of [
    ['good', GOOD],
    ['failing', GOOD + FAILING],
    ['broken', FAILING + BROKEN],
  ] as const) {
    mkdirSync(path.join(folder, name));
    writeFileSync(path.join(folder, name, 'reviews.yaml'), REVIEWS);
    writeFileSync(path.join(folder, name, 'reviews.routes.test.yaml'), tests);
  }
  mkdirSync(path.join(folder, 'none'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const run = (...args: readonly string[]) => runCli(['test', ...args], { cwd: folder });

test('ends with 0 where all tests hold', async () => {
  expect(await run('good')).toEqual({
    code: 0,
    stdout: 'good/reviews.routes.test.yaml\n  ✓ testers see the next version\n\n1 test: 1 passed, 0 failed\n',
    stderr: '',
  });
});

test('a file of tests is run against the manifests beside it', async () => {
  const { code, stdout } = await run('good/reviews.routes.test.yaml');
  expect(code).toBe(0);
  expect(stdout).toContain('1 passed');
});

test('ends with 1 where one fails, and says what came instead', async () => {
  const { code, stdout } = await run('failing');
  expect(code).toBe(1);
  expect(stdout).toBe(
    [
      'failing/reviews.routes.test.yaml',
      '  ✓ testers see the next version',
      '  ✗ everybody <sees> the next version (line 6)',
      '      9: expected subset v2, but it goes to subset v1',
      '      → #2 everybody takes it: reviews:9080 subset v1 (version=v1)',
      '',
      '2 tests: 1 passed, 1 failed',
      '',
    ].join('\n'),
  );
});

test('ends with 2 where one cannot be run, and where there are none', async () => {
  const { code, stdout } = await run('broken');
  expect(code).toBe(2);
  expect(stdout).toContain('  ! no request (line 5)\n      6: "/1" names no host');
  expect(stdout).toContain('2 tests: 0 passed, 1 failed, 1 error');
  expect(await run('none')).toEqual({
    code: 2,
    stdout: '',
    stderr: 'istio-yaml: there is no file *.routes.test.yaml; --generate writes one\n',
  });
  expect((await run('missing')).code).toBe(2);
});

test('check finds what is wrong with a file of tests', async () => {
  const { code, stdout } = await runCli(['check', 'broken'], { cwd: folder });
  expect(code).toBe(1);
  expect(stdout).toContain('  6:12    error        "/1" names no host');
  expect(stdout).toContain('route-test/invalid-request');
});

test('--format json has every test with its failures', async () => {
  const { code, stdout } = await run('failing', '--format', 'json');
  expect(code).toBe(1);
  expect(JSON.parse(stdout)).toMatchObject({
    passed: 1,
    failed: 1,
    errors: 0,
    problems: [],
    tests: [
      {
        path: 'failing/reviews.routes.test.yaml',
        line: 1,
        name: 'testers see the next version',
        status: 'passed',
        failures: [],
      },
      {
        line: 6,
        status: 'failed',
        failures: [{ line: 9, expected: 'subset v2', actual: 'it goes to subset v1' }],
      },
    ],
  });
});

test('--format junit is what build servers read', async () => {
  const { code, stdout } = await run('broken', '--format=junit');
  expect(code).toBe(2);
  expect(stdout.split('\n').slice(0, 4)).toEqual([
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<testsuites name="istio-yaml" tests="2" failures="1" errors="1">',
    '  <testsuite name="broken/reviews.routes.test.yaml" tests="2" failures="1" errors="1">',
    '    <testcase classname="broken/reviews.routes.test.yaml" name="everybody &lt;sees&gt; the next version" file="broken/reviews.routes.test.yaml" line="1">',
  ]);
  expect(stdout).toContain('<failure message="expected subset v2, but it goes to subset v1">');
  expect(stdout).toContain('<error message="&quot;/1&quot; names no host');
});

test('--generate writes a test for each live route, and all of them hold', async () => {
  const { code, stdout, stderr } = await run('--generate', 'good');
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).toContain('- name: reviews testers, from pods in default\n');
  mkdirSync(path.join(folder, 'made'));
  writeFileSync(path.join(folder, 'made/reviews.yaml'), REVIEWS);
  writeFileSync(path.join(folder, 'made/made.routes.test.yaml'), stdout);
  expect(await run('made')).toMatchObject({ code: 0, stdout: expect.stringContaining('2 passed, 0 failed') as string });
});

test('--export and --import speak the form of router_check_tool', async () => {
  const { code, stdout, stderr } = await run('--export', 'good');
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(JSON.parse(stdout)).toMatchObject({
    tests: [
      {
        test_name: 'testers see the next version',
        input: { authority: 'reviews:9080', path: '/1', method: 'GET' },
        validate: { cluster_name: 'outbound|9080|v2|reviews.default.svc.cluster.local' },
      },
    ],
  });
  writeFileSync(path.join(folder, 'tool.json'), stdout);
  const imported = await run('--import', 'tool.json');
  expect(imported).toMatchObject({ code: 0, stderr: '' });
  expect(imported.stdout).toContain('    destination: reviews.default.svc.cluster.local:9080\n    subset: v2\n');
  expect(await run('--import', 'none.json')).toMatchObject({ code: 2, stdout: '' });
});

test.each([
  [['--generate', '--export'], '--generate, --export and --import exclude each other'],
  [['--generate', '--format', 'json'], '--format belongs to running tests'],
  [['--import', 'a', 'b'], '--import takes one file and no PATH'],
  [['--format', 'xml'], '--format takes text, json, junit, not "xml"'],
])('%j is wrong usage', async (args, message) => {
  const { code, stderr } = await run(...args);
  expect(code).toBe(2);
  expect(stderr.split('\n')[0]).toBe(`istio-yaml: ${message}`);
});
