// Counts of tests: how many passed, failed and were skipped.
import { existsSync, readFileSync } from 'node:fs';

export const NOTHING = { passed: 0, failed: 0, skipped: 0 };

export function plus(a, b) {
  const failures = [...(a.failures ?? []), ...(b.failures ?? [])];
  return {
    passed: a.passed + b.passed,
    failed: a.failed + b.failed,
    skipped: a.skipped + b.skipped,
    ...(failures.length > 0 && { failures }),
  };
}

/** `12 passed, 0 failed`, and what was skipped where something was. */
export function sentence({ passed, failed, skipped }) {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
}

/** What failed, said once more so that nobody has to search a long log for it; the counts are the last line. */
export function summary(counts) {
  const { failures = [] } = counts;
  return [...failures.map(name => `FAILED: ${name}`), sentence(counts)].map(text => `\n${text}`).join('\n');
}

/**
 * Tests that cannot run here: skipped, and with CI=true failed.
 *
 * @param what the tests and what stands in their way
 * @param number how many they count for
 */
export function unavailable(what, number = 1) {
  if (process.env['CI'] === 'true') return { ...NOTHING, failed: number, failures: [what] };
  console.log(`Skipped: ${what}`);
  return { ...NOTHING, skipped: number };
}

/**
 * Reads the counts of a run of vitest from its JSON report. A file that could not be loaded counts as one failure, and
 * so does a run that failed for a reason which no test tells.
 */
export function vitestCounts(report, exitCode) {
  if (!existsSync(report)) return { ...NOTHING, failed: 1 };
  const { numPassedTests, numFailedTests, numPendingTests, numTodoTests, testResults } = JSON.parse(
    readFileSync(report, 'utf8'),
  );
  const broken = testResults.filter(
    ({ status, assertionResults }) =>
      status === 'failed' && assertionResults.every(({ status }) => status !== 'failed'),
  ).length;
  const failed = numFailedTests + broken;
  const failures = testResults
    .filter(({ status }) => status === 'failed')
    .flatMap(({ name, message, assertionResults }) => namesOf(name, message, assertionResults));
  return {
    passed: numPassedTests,
    failed: failed === 0 && exitCode !== 0 ? 1 : failed,
    skipped: numPendingTests + numTodoTests,
    ...(failures.length > 0 && { failures }),
  };
}

function namesOf(file, message, results) {
  const failed = results.filter(({ status }) => status === 'failed');
  if (failed.length === 0) return [`${file}: ${firstLines(message)}`];
  return failed.map(({ fullName, failureMessages = [] }) => `${file} > ${fullName}\n${firstLines(failureMessages[0])}`);
}

/** The start of a message: what was wrong, without the stack. */
function firstLines(message = '') {
  return message.split('\n').slice(0, 4).join('\n');
}
