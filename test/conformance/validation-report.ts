/**
 * `npm run conformance:validation -- DIR…`: compares our findings with Istio's verdicts on every case below some folders,
 * in the form of `test/fixtures/routing`, and prints recall and precision, what was missed and what was wrongly said.
 * Ends with 1 while there is any.
 */

import { readCases } from './oracle.ts';
import { compareCase, emptyComparison, reportOf } from './validation.ts';

const folders = process.argv.slice(2);
if (folders.length === 0) {
  console.error('usage: npm run conformance:validation -- DIR…   (folders of NAME.yaml beside NAME.expect.json)');
  process.exit(2);
}
let complete = true;
for (const folder of folders) {
  const cases = readCases(folder);
  const comparison = emptyComparison();
  for (const oracle of cases) compareCase(oracle, comparison);
  console.log(`# ${folder}: ${cases.length} cases\n\n${reportOf(comparison, true)}\n`);
  if (comparison.missed.length + comparison.wrong.length > 0 || cases.length === 0) complete = false;
}
process.exit(complete ? 0 : 1);
