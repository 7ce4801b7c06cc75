/**
 * `npm run conformance:analysis -- DIR…`: what our rules say beside what Istio's analyzers say, for each of their codes
 * that a file can decide. A case is a manifest with the answers beside it (`NAME.expect.json`, see `oracle.ts`).
 *
 * One code at one object counts once. Exits with 1 when something is missed or too much that `known-wrong.ts` does not
 * explain.
 */

import path from 'node:path';
import { createHost, DEFAULT_SETTINGS, drain, fileFindings, RULES, type Snapshot } from '../../server/src/analysis.ts';
import { loadSchemas } from '../../server/src/node/schemas.ts';
import { KNOWN_WRONG } from './known-wrong.ts';
import { type OracleCase, readCases } from './oracle.ts';

interface Said {
  readonly code: string;
  /** `Kind namespace/name` */
  readonly origin: string;
  readonly message: string;
  /** Of our findings: the message and the notes of other places. */
  readonly about?: string;
}

/** Conflicts: Istio repeats the same at every object that takes part; we say it once and name the others. */
const ONCE: readonly string[] = [
  'IST0109',
  'IST0110',
  'IST0111',
  'IST0138',
  'IST0145',
  'IST0159',
  'IST0160',
  'IST0177',
];

interface Tally {
  agreed: number;
  readonly missed: string[];
  readonly extra: string[];
  readonly excused: Map<string, number>;
}

const schemas = loadSchemas(path.join(process.cwd(), 'out/data'));
const OWN = new Set(RULES.flatMap(rule => rule.codes ?? []).filter(code => /^IST\d/.test(code)));
/** Codes that only single findings of a rule carry. */
OWN.add('IST0002').add('IST0129');
/** Of the resource by itself: those are compared by `conformance:validation`. */
const VALIDATION: readonly string[] = ['IST0106', 'IST0133', 'IST0130', 'IST0131'];

function theirs({ expect }: OracleCase): readonly Said[] {
  return [...(expect.analysis ?? []), ...(expect.analysisRuntime ?? [])];
}

function ours(snapshot: Snapshot): readonly Said[] {
  const said: Said[] = [];
  for (const [id, file] of snapshot.files) {
    const findings = drain(
      fileFindings(snapshot, id, {
        severities: {},
        onFault: (rule, fault) => {
          throw new Error(`${rule.id} threw`, { cause: fault });
        },
      }),
    );
    for (const { rule, codes, at, message, related = [] } of findings) {
      const resource = file.resources.find(
        ({ at: whole }) => whole.anchor === at.anchor && whole.start <= at.start && at.start <= whole.end,
      );
      if (resource === undefined) continue;
      const name = resource.namespace === '' ? resource.name : `${resource.namespace}/${resource.name}`;
      const about = [message, ...related.map(note => note.message)].join('\n');
      for (const code of codes ?? rule.codes ?? [])
        if (/^IST\d/.test(code)) said.push({ code, origin: `${resource.kind} ${name}`, message, about });
    }
  }
  return said;
}

/** One of our findings of the same code names the object. */
function isNamed(mine: readonly Said[], { code, origin }: Said): boolean {
  const name = origin.slice(origin.search(/[^ /]+$/));
  return ONCE.includes(code) && mine.some(said => said.code === code && said.about?.includes(`"${name}"`));
}

function excuse(side: 'missed' | 'extra', name: string, said: Said): string | undefined {
  return KNOWN_WRONG.find(
    entry =>
      entry.side === side &&
      entry.codes.includes(said.code) &&
      (entry.case?.test(name) ?? true) &&
      (entry.origin?.test(said.origin) ?? true) &&
      (entry.message?.test(said.message) ?? true),
  )?.reason;
}

function compare(cases: readonly OracleCase[]): Map<string, Tally> {
  const tallies = new Map<string, Tally>();
  const tallyOf = (code: string): Tally => {
    const known = tallies.get(code) ?? { agreed: 0, missed: [], extra: [], excused: new Map<string, number>() };
    tallies.set(code, known);
    return known;
  };
  for (const oracle of cases) {
    const host = createHost(schemas);
    // The analyzers know nothing but their input: what is not in it does not exist.
    host.apply({
      settings: { ...DEFAULT_SETTINGS, ownedNamespaces: ['*'] },
      files: new Map(oracle.files.map(file => [file.path, file.text])),
    });
    const snapshot = host.snapshot();
    const [mine, istio] = [ours(snapshot), theirs(oracle)];
    const key = ({ code, origin }: Said): string => `${code} ${origin}`;
    const [known, wanted] = [new Set(mine.map(key)), new Set(istio.map(key))];
    const seen = new Set<string>();
    const note = (side: 'missed' | 'extra', said: Said): void => {
      const reason = excuse(side, oracle.name, said);
      const tally = tallyOf(said.code);
      if (reason === undefined) tally[side].push(`${oracle.name}: ${said.origin}: ${said.message}`);
      else tally.excused.set(reason, (tally.excused.get(reason) ?? 0) + 1);
    };
    for (const said of istio) {
      if (seen.has(key(said))) continue;
      seen.add(key(said));
      if (known.has(key(said)) || isNamed(mine, said)) tallyOf(said.code).agreed++;
      else note('missed', said);
    }
    for (const said of mine) {
      if (wanted.has(key(said)) || seen.has(key(said))) continue;
      seen.add(key(said));
      note('extra', said);
    }
  }
  return tallies;
}

function report(tallies: ReadonlyMap<string, Tally>): number {
  let unexplained = 0;
  const left: string[] = [];
  for (const [code, { agreed, missed, extra, excused }] of [...tallies].sort(([a], [b]) => (a < b ? -1 : 1))) {
    if (VALIDATION.includes(code)) continue;
    if (!OWN.has(code)) {
      left.push(`${code} (${missed.length + [...excused.values()].reduce((sum, count) => sum + count, 0)})`);
      continue;
    }
    const set = [...excused.values()].reduce((sum, count) => sum + count, 0);
    console.log(`${code}: ${agreed} agreed, ${missed.length} missed, ${extra.length} extra, ${set} set aside`);
    for (const line of missed) console.log(`  missed ${line}`);
    for (const line of extra) console.log(`  extra  ${line}`);
    for (const [reason, count] of excused) console.log(`  ${count} set aside: ${reason}`);
    unexplained += missed.length + extra.length;
  }
  if (left.length > 0) console.log(`without a rule of ours: ${left.join(', ')}`);
  return unexplained;
}

const folders = process.argv.slice(2);
if (folders.length === 0) {
  console.error('usage: npm run conformance:analysis -- DIR…');
  process.exit(2);
}
const cases = folders.flatMap(folder => readCases(folder));
const unexplained = report(compare(cases));
console.log(`${cases.length} cases, ${unexplained} differences without a reason`);
process.exitCode = unexplained === 0 ? 0 : 1;
