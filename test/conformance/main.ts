/**
 * Compares our route tables with the answers of Istio's control plane:
 * `npm run conformance -- DIR [--admission rules|answers] [--limit N]`.
 *
 * DIR holds cases in the form of `oracle.ts`, at any depth. Prints every field that differs, and a summary. Ends with 0
 * when all cases are equal, 1 when one differs, 2 when the cases cannot be read.
 */

import { parseArgs } from 'node:util';
import { BadCase, type OracleCase, readCases } from './oracle.ts';
import { type AdmissionBy, admissionDifferences, caseSnapshot, tableDifferences } from './run.ts';
import { UNKNOWABLE } from './unknowable.ts';

const USAGE = 'usage: npm run conformance -- DIR [--admission rules|answers] [--limit N]';
/** How many differing fields of one case are printed before the rest is counted. */
const DEFAULT_LIMIT = 20;

interface Options {
  readonly folder: string;
  readonly admission: AdmissionBy;
  readonly limit: number;
}

function readOptions(): Options {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { admission: { type: 'string' }, limit: { type: 'string' } },
  });
  const [folder, ...more] = positionals;
  if (folder === undefined || more.length > 0) throw new BadCase(USAGE);
  const admission = values.admission ?? 'rules';
  if (admission !== 'rules' && admission !== 'answers')
    throw new BadCase(`--admission takes rules or answers\n${USAGE}`);
  const limit = Number(values.limit ?? DEFAULT_LIMIT);
  if (!Number.isInteger(limit) || limit < 1) throw new BadCase(`--limit takes a number from 1 on\n${USAGE}`);
  return { folder, admission, limit };
}

function differencesOf(oracle: OracleCase, admission: AdmissionBy): string[] {
  try {
    const snapshot = caseSnapshot(oracle, admission);
    return [
      ...(admission === 'rules' ? admissionDifferences(oracle, snapshot) : []),
      ...tableDifferences(oracle, snapshot),
    ];
  } catch (error) {
    return [`threw ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`];
  }
}

function main(): number {
  const { folder, admission, limit } = readOptions();
  const cases = readCases(folder).filter(({ expect }) => expect.proxies.length > 0);
  if (cases.length === 0) throw new BadCase(`${folder}: holds no case with tables`);
  let different = 0;
  let proxies = 0;
  for (const oracle of cases) {
    const found = differencesOf(oracle, admission);
    proxies += oracle.expect.proxies.length;
    if (found.length === 0) {
      console.log(`equal      ${oracle.name}`);
      continue;
    }
    different++;
    console.log(`DIFFERENT  ${oracle.name}`);
    for (const line of found.slice(0, limit)) console.log(`             ${line}`);
    if (found.length > limit) console.log(`             and ${found.length - limit} more`);
  }
  console.log(`\n${cases.length - different} cases equal, ${different} different (${proxies} proxies)`);
  console.log('\nLeft out of the comparison, because no manifest says it:');
  for (const { field, reason } of UNKNOWABLE) console.log(`- ${field}: ${reason}`);
  return different === 0 ? 0 : 1;
}

try {
  process.exitCode = main();
} catch (error) {
  if (!(error instanceof Error)) throw error;
  console.error(error instanceof BadCase || error.name === 'TypeError' ? error.message : error.stack);
  process.exitCode = 2;
}
