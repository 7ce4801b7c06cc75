import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { buildCli, runCli } from '../harness/cli.ts';

const GOOD = `apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: reviews}
spec:
  hosts: [reviews]
  http:
    - match: [{uri: {prefix: /api}}]
      route:
        - {destination: {host: reviews, subset: v1}, weight: 75}
        - {destination: {host: reviews, subset: v2}, weight: 25}
    - route: [{destination: {host: reviews, subset: v1}}]
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: reviews}
spec: {host: reviews, subsets: [{name: v1, labels: {version: v1}}, {name: v2, labels: {version: v2}}]}
`;
const BAD = GOOD.replace('prefix: /api', 'prefxi: /api');

let folder = '';

beforeAll(async () => {
  await buildCli();
  folder = mkdtempSync(path.join(tmpdir(), 'istio-yaml-'));
  mkdirSync(path.join(folder, 'good'));
  mkdirSync(path.join(folder, 'bad/nested'), { recursive: true });
  writeFileSync(path.join(folder, 'good/reviews.yaml'), GOOD);
  writeFileSync(path.join(folder, 'good/notes.txt'), 'no YAML');
  writeFileSync(path.join(folder, 'good/compose.yml'), 'services: {web: {image: nginx}}\n');
  writeFileSync(path.join(folder, 'bad/nested/reviews.yml'), BAD);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const inFolder = (args: readonly string[], stdin = '') => runCli(args, { cwd: folder, stdin });

describe('check', () => {
  test('ends with 0 and counts, where nothing is wrong', async () => {
    const { code, stdout, stderr } = await inFolder(['check', 'good']);
    expect({ code, stdout, stderr }).toEqual({
      code: 0,
      stdout: '1 file: 0 errors, 0 warnings, 0 information, 0 hints\n',
      stderr: '',
    });
  });

  test('ends with 1 and names place, severity and rule', async () => {
    const { code, stdout } = await inFolder(['check', 'bad']);
    expect(code).toBe(1);
    expect(stdout).toBe(
      [
        'bad/nested/reviews.yml',
        '  7:22    error        unknown field "prefxi" in "uri"; did you mean "prefix"?  schema/unknown-field',
        '',
        '1 file: 1 error, 0 warnings, 0 information, 0 hints',
        '',
      ].join('\n'),
    );
  });

  test('files past the limits that hold without settings are told, and the others are checked', async () => {
    const limits = path.join(folder, 'limits');
    mkdirSync(limits);
    writeFileSync(path.join(limits, 'a.yaml'), `${BAD}${'---\n'.repeat(10_000)}`);
    writeFileSync(path.join(limits, 'b.yaml'), `${BAD}# ${'x'.repeat(2_000_000)}\n`);
    writeFileSync(path.join(limits, 'c.yaml'), BAD);
    const { code, stdout } = await inFolder(['check', '--format', 'json', 'limits']);
    rmSync(limits, { recursive: true });
    expect(code).toBe(1);
    const found = JSON.parse(stdout) as readonly { path: string; line: number; rule: string }[];
    expect(found.map(({ path: file, line, rule }) => [file, line, rule])).toEqual([
      ['limits/a.yaml', 1, 'file/unread-documents'],
      ['limits/b.yaml', 17, 'file/unread-long-line'],
      ['limits/c.yaml', 7, 'schema/unknown-field'],
    ]);
  });

  test('--format json is an array of findings with 1-based places', async () => {
    const { code, stdout } = await inFolder(['check', '--format', 'json', 'bad/nested/reviews.yml']);
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toEqual([
      {
        path: 'bad/nested/reviews.yml',
        line: 7,
        column: 22,
        endLine: 7,
        endColumn: 28,
        severity: 'error',
        rule: 'schema/unknown-field',
        codes: ['CRD-01'],
        message: 'unknown field "prefxi" in "uri"; did you mean "prefix"?',
      },
    ]);
  });

  test('- reads standard input', async () => {
    const { code, stdout } = await inFolder(['check', '-', '--format=json'], BAD);
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject([{ path: '<stdin>', line: 7, rule: 'schema/unknown-field' }]);
  });

  test('without a path takes the current folder', async () => {
    const { code, stdout } = await inFolder(['check']);
    expect(code).toBe(1);
    expect(stdout).toContain('2 files: 1 error');
  });

  test('--exclude leaves files out', async () => {
    const { code } = await inFolder(['check', '--exclude', 'bad/**']);
    expect(code).toBe(0);
  });

  test('reads what it can and ends with 2 when a path cannot be read', async () => {
    const { code, stdout, stderr } = await inFolder(['check', 'missing.yaml', 'good']);
    expect(code).toBe(2);
    expect(stderr).toBe('istio-yaml: missing.yaml: there is no such file or folder\n');
    expect(stdout).toContain('1 file: 0 errors');
  });

  test('a binary and an empty file are no reason to fail', async () => {
    writeFileSync(path.join(folder, 'odd.yaml'), Buffer.from([0, 255, 1, 2, 0, 97]));
    writeFileSync(path.join(folder, 'empty.yaml'), '');
    const { code, stderr } = await inFolder(['check', 'odd.yaml', 'empty.yaml']);
    expect(stderr).toBe('');
    expect(code).not.toBe(2);
    rmSync(path.join(folder, 'odd.yaml'));
    rmSync(path.join(folder, 'empty.yaml'));
  });

  test.runIf(process.getuid?.() !== 0)('a file that may not be read is a fault', async () => {
    const secret = path.join(folder, 'secret.yaml');
    writeFileSync(secret, GOOD);
    chmodSync(secret, 0);
    const { code, stderr } = await inFolder(['check', 'secret.yaml']);
    expect({ code, stderr }).toEqual({ code: 2, stderr: 'istio-yaml: secret.yaml: it may not be read\n' });
    rmSync(secret);
  });
});

describe('routes', () => {
  test('takes settings of the mesh from --mesh, and from a mesh config among the paths', async () => {
    mkdirSync(path.join(folder, 'mesh'), { recursive: true });
    writeFileSync(
      path.join(folder, 'mesh/values.yaml'),
      'meshConfig: {outboundTrafficPolicy: {mode: REGISTRY_ONLY}}\n',
    );
    const found = await inFolder(['routes', 'good', 'mesh', '--format', 'envoy']);
    expect(found.stdout).toContain('"block_all"');
    const set = await inFolder([
      'routes',
      'good',
      'mesh',
      '--format=envoy',
      '--mesh',
      'outboundTrafficPolicy=ALLOW_ANY',
    ]);
    expect(set.stdout).not.toContain('"block_all"');
    const alone = await inFolder(['routes', 'good', '--format=envoy', '--mesh', 'clusterDomain=corp.example']);
    expect(alone.stdout).toContain('outbound|80|v1|reviews.default.svc.corp.example');
    for (const wrong of ['outboundTrafficPolicy=DENY', 'nothing=1', 'rootNamespace']) {
      const { code, stderr } = await inFolder(['routes', 'good', '--mesh', wrong]);
      expect({ wrong, code }).toEqual({ wrong, code: 2 });
      expect(stderr).toContain('--mesh');
    }
    rmSync(path.join(folder, 'mesh'), { recursive: true });
  });

  test('prints a table for people', async () => {
    const { code, stdout } = await inFolder(['routes', 'good', '--sidecar', 'default', '--host', 'reviews']);
    expect(code).toBe(0);
    expect(stdout).toContain('Sidecar in default port 80');
    expect(stdout).toMatch(
      /1 {5}path starts with \/api {2}→ 75% reviews v1:80, 25% reviews v2:80 +good\/reviews\.yaml:7 default\/reviews/,
    );
    expect(stdout).toMatch(/2 {5}every request +→ reviews v1:80/);
    expect(stdout).not.toContain('any other host');
  });

  test('--format markdown is a table for a document', async () => {
    const { stdout } = await inFolder(['routes', 'good', '--format', 'markdown']);
    expect(stdout).toContain('| # | When | Then | Source |');
    expect(stdout).toContain(
      '| 1 | path starts with /api | 75% reviews v1:80, 25% reviews v2:80 | good/reviews.yaml:7 |',
    );
  });

  test('--format json names resource, place and indices of each route', async () => {
    const { stdout } = await inFolder(['routes', 'good', '--format', 'json']);
    const { viewpoints } = JSON.parse(stdout);
    expect(viewpoints).toHaveLength(1);
    expect(viewpoints[0]).toMatchObject({ kind: 'sidecar', namespace: 'default', port: 80 });
    const host = viewpoints[0].virtualHosts.find(
      (h: { name: string }) => h.name === 'reviews.default.svc.cluster.local:80',
    );
    expect(host.domains[0]).toBe('reviews.default.svc.cluster.local');
    expect(host.routes[0]).toMatchObject({
      order: 1,
      name: '',
      resource: 'default/reviews',
      path: 'good/reviews.yaml',
      line: 7,
      http: 0,
      match: 0,
      state: 'live',
      coveredBy: [],
      text: { match: 'path starts with /api', action: '75% reviews v1:80, 25% reviews v2:80' },
      destinations: [
        {
          cluster: 'outbound|80|v1|reviews.default.svc.cluster.local',
          host: 'reviews.default.svc.cluster.local',
          subset: 'v1',
          port: 80,
          weight: 75,
          share: 75,
        },
        { cluster: 'outbound|80|v2|reviews.default.svc.cluster.local', subset: 'v2', port: 80, weight: 25, share: 25 },
      ],
    });
    expect(host.routes[1]).toMatchObject({ order: 2, http: 1, match: null });
  });

  test('--format envoy prints what Envoy gets', async () => {
    const file = path.join(import.meta.dirname, '../fixtures/routing/workspace-uri-matching-and-gateway');
    const { stdout } = await inFolder(['routes', file, '--format', 'envoy']);
    const expected = JSON.parse(readFileSync(`${file}.expect.json`, 'utf8'));
    const { proxies } = JSON.parse(stdout);
    expect(
      proxies.map((p: { type: string; namespace: string; labels: object }) => [p.type, p.namespace, p.labels]),
    ).toEqual(
      expected.proxies.map((p: { type: string; namespace: string; labels: object }) => [p.type, p.namespace, p.labels]),
    );
    expect(proxies[0].routeConfigs).toEqual(expected.proxies[0].routeConfigs);
  });

  test('--gateway chooses tables by name, with or without namespace', async () => {
    const file = path.join(import.meta.dirname, '../fixtures/routing/shop-front-delegates.yaml');
    for (const name of ['public', 'edge/public']) {
      const { viewpoints } = JSON.parse(
        (await inFolder(['routes', file, '--format', 'json', '--gateway', name])).stdout,
      );
      expect(viewpoints).toMatchObject([{ kind: 'gateway', name: 'public', namespace: 'edge', port: 80 }]);
    }
    const { viewpoints } = JSON.parse(
      (await inFolder(['routes', file, '--format', 'json', '--gateway', 'other/public'])).stdout,
    );
    expect(viewpoints).toEqual([]);
  });

  test('--sidecar with --labels is another proxy', async () => {
    const file = path.join(import.meta.dirname, '../fixtures/routing/source-labels-canary.yaml');
    const routesOf = async (args: readonly string[]): Promise<object> => {
      const { proxies } = JSON.parse(
        (await inFolder(['routes', file, '--format', 'envoy', '--sidecar', 'core', ...args])).stdout,
      );
      return proxies[0].routeConfigs[0].virtualHosts[0].routes;
    };
    expect(await routesOf(['--labels', 'app=mobile,track=canary'])).not.toEqual(await routesOf([]));
  });
});

describe('arguments', () => {
  test.each([
    [[], 'a command is missing'],
    [['fly'], 'unknown command "fly"'],
    [['check', '--format', 'xml'], '--format takes text, json, not "xml"'],
    [['routes', '--port', 'http'], '--port takes a port number, not "http"'],
    [['routes', '--gateway', 'a', '--sidecar', 'b'], 'exclude each other'],
    [['check', '--gateway', 'a'], '--gateway belongs to routes'],
    [['check', '--colour'], "Unknown option '--colour'"],
  ])('%j is explained and ends with 2', async (args, message) => {
    const { code, stdout, stderr } = await inFolder(args);
    expect(code).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toContain(message);
    expect(stderr).toContain('usage: istio-yaml check');
  });

  test('--help and --version answer on standard output', async () => {
    const { code, stdout } = await inFolder(['--help']);
    expect(code).toBe(0);
    expect(stdout).toContain('usage: istio-yaml check');
    const { version } = JSON.parse(readFileSync(path.join(import.meta.dirname, '../../package.json'), 'utf8'));
    expect((await inFolder(['--version'])).stdout).toBe(`${version}\n`);
  });
});
