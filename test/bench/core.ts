/**
 * Times the core alone, stage by stage, on the files of the bench, and the routing core on a large mesh:
 * `npm run bench:core -- [--sizes LIST] [--files N] [--runs N] [--seed N] [--json]`.
 */

import path from 'node:path';
import { parseArgs } from 'node:util';
import { parseDocument as parseWithLibrary } from 'yaml';
import {
  createHost,
  DEFAULT_SETTINGS,
  drain,
  fileFindings,
  mayHoldResources,
  RULES,
  type Rule,
  type Snapshot,
} from '../../server/src/analysis.ts';
import { decodeDocument, type TypedResource } from '../../server/src/model/decode.ts';
import { loadSchemas } from '../../server/src/node/schemas.ts';
import { schemaProblems } from '../../server/src/rules/schema/problems.ts';
import type { YamlDocument } from '../../server/src/yaml/document.ts';
import { parseDocument } from '../../server/src/yaml/parse.ts';
import { splitDocuments } from '../../server/src/yaml/split.ts';
import { generate, SIZES, type Size } from './generator/workspaces.ts';
import type { Workspace } from './generator/writer.ts';
import { machine } from './machine.ts';
import { brief, Measures } from './measure.ts';
import { timeHostile, timeReachability } from './reachability.ts';
import { timeRequests } from './requests.ts';
import { timeRouting } from './routing.ts';

const { values } = parseArgs({
  options: {
    sizes: { type: 'string', default: 'small,medium,large' },
    files: { type: 'string', default: '300' },
    runs: { type: 'string', default: '7' },
    seed: { type: 'string', default: '1' },
    json: { type: 'boolean', default: false },
  },
});
const runs = Number(values.runs);
const seed = Number(values.seed);
const schemas = loadSchemas(path.resolve('out/data'));
const WARM_UP = 2;
const DEAREST = 10;
/** All rules together may cost so many times the bare parse of what they judge. */
const MOST_FOR_RULES = 2;

const results: Record<string, Measures> = {};
const print = (text: string): void => {
  if (!values.json) console.log(text);
};
print(`# The core alone\n\n${machine()}\n`);
for (const name of values.sizes.split(',')) {
  const size = SIZES.find(known => known === name);
  if (size === undefined) throw new Error(`there is no size "${name}": ${SIZES.join(', ')}`);
  results[size] = timeStages(size);
}
for (const { name, measures } of timeRouting({ seed, runs: Math.min(runs, 5), schemas })) results[name] = measures;
results['reachability: one virtual host with 1,000 routes'] = timeReachability(seed, Math.min(runs, 5), 1000);
results['reachability: one virtual host with 5,000 routes'] = timeReachability(seed, 1, 5000);
results['reachability: patterns that explode'] = timeHostile();
results['requests: one virtual host with 1,000 routes'] = timeRequests({ seed, runs, routes: 1000, schemas });
for (const [name, measures] of Object.entries(results)) print(tableOf(name, measures));
if (values.json) console.log(JSON.stringify({ machine: machine(), results }, undefined, 2));

/** All stages on the files of one size, on fresh trees in each run, so that nothing is kept from the run before. */
function timeStages(size: Size): Measures {
  const workspace = generate(size, { seed, files: Number(values.files) });
  let measures = new Measures();
  for (let run = -WARM_UP; run < runs; run++) {
    if (run === 0) measures = new Measures();
    timeOnce(workspace, measures);
  }
  return measures;
}

function timeOnce({ files }: Workspace, measures: Measures): void {
  const time = <T>(stage: string, work: () => T): T => {
    const start = performance.now();
    const result = work();
    measures.add(stage, performance.now() - start);
    return result;
  };
  const wanted = files.filter(({ isIstio }) => isIstio);
  const pieces = time('split', () =>
    wanted.map(({ text }) => splitDocuments(text).map(({ start, end }) => text.slice(start, end))),
  ).flat();
  time('test of the text', () => pieces.filter(mayHoldResources));
  time('bare parse', () => pieces.map(text => parseWithLibrary(text)));
  const documents: readonly YamlDocument[] = time('parse and convert', () =>
    pieces.map(text => parseDocument('bench', text)),
  );
  const options = { namespace: DEFAULT_SETTINGS.defaultNamespace };
  const resources = time('decode', () => documents.flatMap(document => decodeDocument(document, options)));
  time('schema', () => {
    for (const resource of resources) schemaProblems(resource, schemas);
  });
  const host = createHost(schemas);
  time('read as files', () => host.apply({ files: new Map(files.map(file => [file.path, file.text])) }));
  const snapshot = host.snapshot();
  time('index', () => snapshot.index.services);
  const known = [...snapshot.files.values()].flatMap(file => file.resources);
  for (const resource of known) schemaProblems(resource, schemas);
  for (const rule of RULES) timeRule(rule, snapshot, known, measures);
  time('all findings, rules done before', () => {
    for (const id of snapshot.files.keys()) drain(fileFindings(snapshot, id, { severities: {}, onFault: rethrow }));
  });
  timeWhole(files, time);
}

/** What an editor waits for at the first open: text to findings, nothing known before. */
function timeWhole(files: Workspace['files'], time: <T>(stage: string, work: () => T) => T): void {
  time('text to findings', () => {
    const host = createHost(schemas);
    host.apply({ files: new Map(files.map(file => [file.path, file.text])) });
    const snapshot = host.snapshot();
    for (const id of snapshot.files.keys()) drain(fileFindings(snapshot, id, { severities: {}, onFault: rethrow }));
  });
}

/** One rule on everything. What several rules share is counted for the first of them. */
function timeRule(rule: Rule, snapshot: Snapshot, resources: readonly TypedResource[], measures: Measures): void {
  const start = performance.now();
  const count = (found: Iterable<unknown>): void => void [...found].length;
  switch (rule.scope) {
    case 'file':
      for (const file of snapshot.files.values()) count(rule.check(file));
      break;
    case 'document':
      for (const file of snapshot.files.values())
        for (const { document } of file.documents) count(rule.check(document));
      break;
    case 'resource':
      for (const resource of resources) if (rule.on.includes(resource.type)) count(rule.check(resource, { schemas }));
      break;
    case 'workspace':
      for (const resource of resources) if (rule.on.includes(resource.type)) count(rule.check(resource, snapshot));
      break;
  }
  measures.add(`rule ${rule.id}`, performance.now() - start);
}

function rethrow(rule: Rule, fault: unknown): never {
  throw new Error(`${rule.id} threw`, { cause: fault });
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

function rulesTarget(ratio: number): string {
  const verdict = ratio < MOST_FOR_RULES ? 'met' : 'MISSED';
  return `Target: all rules together cost less than ${MOST_FOR_RULES} × the bare parse: × ${brief(ratio)}, ${verdict}`;
}

/** The stages, the rules by group, whether all rules together are cheap enough, and the dearest rules. */
function tableOf(name: string, measures: Measures): string {
  const all = Object.entries(measures.toJSON()).map(([stage, samples]) => ({ stage, p50: samples.p50 ?? 0, samples }));
  const stages = all.filter(({ stage }) => !stage.startsWith('rule '));
  const rules = all.filter(({ stage }) => stage.startsWith('rule ')).sort((a, b) => b.p50 - a.p50);
  const groups = new Map<string, number>();
  for (const { stage, p50 } of rules) {
    const group = stage.slice('rule '.length, stage.indexOf('/'));
    groups.set(group, (groups.get(group) ?? 0) + p50);
  }
  const bare = measures.of('bare parse').p50;
  const ratio = (ms: number): string => (bare === undefined ? '' : `× ${brief(ms / bare)}`);
  const row = (label: string, ms: number, p95: number | undefined): string =>
    `| ${label} | ${brief(ms)} | ${brief(p95)} | ${ratio(ms)} |`;
  return [
    `## ${name}`,
    '',
    '| ms | p50 | p95 | p50 to bare parse |',
    '| --- | ---: | ---: | ---: |',
    ...stages.map(({ stage, p50, samples }) => row(stage, p50, samples.p95)),
    ...[...groups].map(([group, ms]) => row(`rules of ${group}`, ms, undefined)),
    ...(rules.length === 0 ? [] : [row('all rules together', sum(rules.map(({ p50 }) => p50)), undefined)]),
    '',
    ...(rules.length === 0 || bare === undefined ? [] : [rulesTarget(sum(rules.map(({ p50 }) => p50)) / bare), '']),
    ...(rules.length === 0 ? [] : ['The dearest rules; what several share is counted for the first one:', '']),
    ...(rules.length === 0 ? [] : ['| ms | p50 | p95 | p50 to bare parse |', '| --- | ---: | ---: | ---: |']),
    ...rules.slice(0, DEAREST).map(({ stage, p50, samples }) => row(stage.slice('rule '.length), p50, samples.p95)),
    '',
  ].join('\n');
}
