import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { buildCli, runCli } from '../harness/cli.ts';

const manifest = (rules: string): string => `apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: shop, namespace: shop}
spec:
  hosts: [shop]
  http:
${rules}`;
const BEFORE = manifest(`    - match: [{uri: {prefix: /api}}]
      route: [{destination: {host: api}}]
    - match: [{uri: {prefix: /cart}}]
      route: [{destination: {host: cart}}]
    - route: [{destination: {host: shop}}]
`);
const REORDERED = manifest(`    - match: [{uri: {exact: /cart}}, {uri: {regex: "/cart.+"}}]
      route: [{destination: {host: cart}}]
    - match: [{uri: {prefix: /api}}]
      route: [{destination: {host: api}}]
    - route: [{destination: {host: shop}}]
`);
const CHANGED = BEFORE.replace('prefix: /api', 'prefix: /api/');

let folder = '';
const inFolder = (...args: string[]) => runCli(args, { cwd: folder });

beforeAll(async () => {
  await buildCli();
  folder = mkdtempSync(path.join(tmpdir(), 'istio-yaml-diff-'));
  for (const [name, text] of Object.entries({ before: BEFORE, reordered: REORDERED, changed: CHANGED })) {
    mkdirSync(path.join(folder, name));
    writeFileSync(path.join(folder, name, 'shop.yaml'), text);
  }
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('istio-yaml diff', () => {
  test('rules in another order and in other words are no change', async () => {
    const { code, stdout, stderr } = await inFolder('diff', 'before', 'reordered', '--exit-code');
    expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: 'No request goes anywhere else\n', stderr: '' });
  });

  test('a narrower prefix: which requests fall through, and where they go', async () => {
    const { code, stdout } = await inFolder('diff', 'before', 'changed', '--exit-code', '--format', 'json');
    expect(code).toBe(1);
    const { changes, undecided } = JSON.parse(stdout) as { changes: readonly object[]; undecided: number };
    expect(undecided).toBe(0);
    expect(changes).toHaveLength(1);
    expect(changes[0]).toMatchObject({
      witness: { method: 'GET', scheme: 'http', path: '/api', query: '', headers: {} },
      before: {
        action: 'api:80',
        source: { resource: 'shop/shop', path: 'before/shop.yaml', line: 7, http: 0, match: 0 },
      },
      after: {
        action: 'shop:80',
        source: { resource: 'shop/shop', path: 'changed/shop.yaml', line: 11, http: 2, match: null },
      },
    });
  });

  test('without --exit-code a change is no failure', async () => {
    const { code, stdout } = await inFolder('diff', 'before', 'changed');
    expect(code).toBe(0);
    expect(stdout).toContain('GET http://shop.shop.svc.cluster.local/api\n  before  api:80');
    expect(stdout).toContain('1 set of requests goes somewhere else');
  });

  test('as Markdown for a pull request', async () => {
    const { stdout } = await inFolder('diff', 'before', 'changed', '--format', 'markdown');
    expect(stdout).toContain(
      '| `GET http://shop.shop.svc.cluster.local/api` | api:80 (shop/shop http[0], before/shop.yaml:7) |',
    );
    expect(stdout).toContain('curl http://shop.shop.svc.cluster.local/api');
  });

  test('since a revision of git', async () => {
    const repository = path.join(folder, 'repository');
    mkdirSync(path.join(repository, 'mesh'), { recursive: true });
    const git = (...args: string[]): void => {
      const identity = ['-c', 'user.name=test', '-c', 'user.email=test@example.com', '-c', 'commit.gpgsign=false'];
      execFileSync('git', ['-C', repository, ...identity, ...args], { stdio: 'ignore' });
    };
    git('init');
    writeFileSync(path.join(repository, 'mesh/shop.yaml'), BEFORE);
    git('add', '.');
    git('commit', '-m', 'before');
    const same = await runCli(['diff', '--git', 'HEAD', '--exit-code'], { cwd: repository });
    expect(same).toEqual({ code: 0, stdout: 'No request goes anywhere else\n', stderr: '' });
    writeFileSync(path.join(repository, 'mesh/shop.yaml'), CHANGED);
    const changed = await runCli(['diff', '--git', 'HEAD', 'mesh', '--exit-code'], { cwd: repository });
    expect(changed.code).toBe(1);
    expect(changed.stdout).toContain('before  api:80 (shop/shop http[0], mesh/shop.yaml:7)');
    const unknown = await runCli(['diff', '--git', 'nowhere'], { cwd: repository });
    expect(unknown).toMatchObject({
      code: 2,
      stdout: '',
      stderr: 'istio-yaml: . in nowhere: there is no such revision\n',
    });
  });

  test.each([
    [['diff', 'before'], 'diff takes two files or folders, BEFORE and AFTER, or --git REV'],
    [['diff', '--git', '--output=x'], '--git'],
    [['diff', 'before', 'nowhere'], 'nowhere: there is no such file or folder'],
  ])('%s ends with a sentence', async (args, sentence) => {
    const { code, stdout, stderr } = await inFolder(...args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(sentence);
  });
});
