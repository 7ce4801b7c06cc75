import { spawn } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { buildCli, type Outcome, runCli } from '../harness/cli.ts';
import { type OracleCase, readCases, synthesizedManifests } from './oracle.ts';
import { proxyDifferences } from './run.ts';

const ROOT = path.join(import.meta.dirname, '../..');
const FIXTURES = path.join(ROOT, 'test/fixtures/routing');

let folder = '';
beforeAll(async () => {
  await buildCli();
  folder = mkdtempSync(path.join(tmpdir(), 'conformance-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('npm run conformance', () => {
  test('ends with 0 on equal cases, at any depth', async () => {
    const deep = copy('equal/deeper', 'weights-odd-totals');
    const { code, stdout } = await conformance(path.dirname(deep));
    expect(stdout).toContain('equal      deeper/weights-odd-totals');
    expect(stdout).toContain('1 cases equal, 0 different');
    expect(code).toBe(0);
  });

  test('ends with 1 and names each field that differs', async () => {
    const place = copy('different', 'weights-odd-totals');
    const file = path.join(place, 'weights-odd-totals.expect.json');
    writeFileSync(file, readFileSync(file, 'utf8').replace('"weight": 200', '"weight": 201'));
    const { code, stdout } = await conformance(place);
    expect(stdout).toMatch(/DIFFERENT {2}weights-odd-totals\n +sidecar default: .*weight: 200 instead of 201/);
    expect(code).toBe(1);
  });

  test.each([
    ['a folder that is not there', 'missing', () => undefined],
    ['an answer that is no JSON', 'broken', (at: string) => writeFileSync(path.join(at, 'a.expect.json'), '{')],
    [
      'an answer without its manifests',
      'lonely',
      (at: string) => writeFileSync(path.join(at, 'a.expect.json'), '{"validation":[],"proxies":[]}'),
    ],
  ])('ends with 2 for %s', async (_what, name, fill) => {
    const place = path.join(folder, name);
    if (name !== 'missing') mkdirSync(place);
    fill(place);
    const { code, stderr } = await conformance(place);
    expect(code).toBe(2);
    expect(stderr).toContain(place);
  });
});

/** Cases of one file, of a folder, of gateways, of sidecars with labels, of tcp and tls routes. */
const THROUGH_THE_COMMAND_LINE = [
  'gateway-tls-servers',
  'match-filters-per-viewpoint',
  'tcp-and-tls-routes-in-mesh',
  'workspace-uri-matching-and-gateway',
  'destinationrule-selector-and-export',
];

test.each(THROUGH_THE_COMMAND_LINE)('istio-yaml routes --format envoy gives the proxies of %s', async name => {
  const oracle = readCases(FIXTURES).find(found => found.name === name);
  expect(oracle).toBeDefined();
  if (oracle === undefined) return;
  const files = [...oracle.files.map(file => file.path), synthesized(oracle)];
  const shown = await proxiesOf(files, []);
  for (const answer of oracle.expect.proxies) {
    const { type, namespace } = answer;
    const labels = Object.entries(answer.labels).map(([key, value]) => `${key}=${value}`);
    const isShown = type === 'router' || (labels.length === 0 && shown.some(proxy => proxy.name === answer.name));
    const more = labels.length === 0 ? [] : ['--labels', labels.join(',')];
    const proxies = isShown ? shown : await proxiesOf(files, ['--sidecar', namespace, ...more]);
    const ours = proxies.find(proxy => proxy.name === answer.name);
    expect(ours, answer.name).toBeDefined();
    if (ours !== undefined) expect(proxyDifferences(ours, answer)).toEqual([]);
  }
});

type Proxies = readonly Parameters<typeof proxyDifferences>[0][];

async function proxiesOf(files: readonly string[], args: readonly string[]): Promise<Proxies> {
  const { code, stdout, stderr } = await runCli(['routes', '--format', 'envoy', '--owns', '*', ...args, ...files]);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return (JSON.parse(stdout) as { proxies: Proxies }).proxies;
}

function synthesized(oracle: OracleCase): string {
  const file = path.join(folder, `${oracle.name}-added.yaml`);
  writeFileSync(file, synthesizedManifests(oracle.expect));
  return file;
}

function copy(to: string, name: string): string {
  const place = path.join(folder, to);
  mkdirSync(place, { recursive: true });
  for (const ending of ['.yaml', '.expect.json'])
    cpSync(path.join(FIXTURES, name + ending), path.join(place, name + ending));
  return place;
}

function conformance(place: string): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const script = path.join(ROOT, 'scripts/run-ts.mjs');
    const child = spawn(process.execPath, [script, 'test/conformance/main.ts', place], { cwd: ROOT });
    let [stdout, stderr] = ['', ''];
    child.stdout.on('data', chunk => {
      stdout += String(chunk);
    });
    child.stderr.on('data', chunk => {
      stderr += String(chunk);
    });
    child.on('error', reject);
    child.on('close', code => resolve({ code, stdout, stderr }));
  });
}
