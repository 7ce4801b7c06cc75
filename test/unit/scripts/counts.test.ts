import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { NOTHING, plus, sentence, summary, vitestCounts } from '../../../scripts/counts.mjs';

const folder = mkdtempSync(path.join(tmpdir(), 'counts-'));
afterAll(() => rmSync(folder, { recursive: true }));

interface Report {
  readonly passed?: number;
  readonly failed?: number;
  readonly pending?: number;
  readonly files?: readonly {
    readonly name?: string;
    readonly status: string;
    readonly message?: string;
    readonly assertionResults: readonly {
      readonly status: string;
      readonly fullName?: string;
      readonly failureMessages?: readonly string[];
    }[];
  }[];
}

function counts({ passed = 0, failed = 0, pending = 0, files = [] }: Report, exitCode: number) {
  const file = path.join(folder, 'report.json');
  const numbers = { numPassedTests: passed, numFailedTests: failed, numPendingTests: pending, numTodoTests: 0 };
  writeFileSync(file, JSON.stringify({ ...numbers, testResults: files }));
  return vitestCounts(file, exitCode);
}

describe('counts of tests', () => {
  test('are those of the report', () => {
    expect(counts({ passed: 5, failed: 2, pending: 1 }, 1)).toEqual({ passed: 5, failed: 2, skipped: 1 });
  });

  test('take a file that could not be loaded as a failure', () => {
    const files = [{ status: 'failed', assertionResults: [] }];
    expect(counts({ passed: 5, files }, 1).failed).toBe(1);
  });

  test('take a failed test in a file once', () => {
    const files = [{ status: 'failed', assertionResults: [{ status: 'failed' }] }];
    expect(counts({ failed: 1, files }, 1).failed).toBe(1);
  });

  test('take a run that failed without a failed test as a failure', () => {
    expect(counts({ passed: 5 }, 1).failed).toBe(1);
    expect(vitestCounts(path.join(folder, 'none.json'), 0).failed).toBe(1);
  });

  test('name what failed, with the start of the reason', () => {
    const test = { status: 'failed', fullName: 'a route is live', failureMessages: ['one\ntwo\n at x\n at y\n at z'] };
    const broken = { name: 'b.test.ts', status: 'failed', message: 'no such module', assertionResults: [] };
    const files = [{ name: 'a.test.ts', status: 'failed', assertionResults: [test] }, broken];
    const sum = plus(counts({ passed: 5, failed: 1, files }, 1), { ...NOTHING, failed: 1, failures: ['Types'] });
    expect(summary(sum).split('\n\n')).toEqual([
      '\nFAILED: a.test.ts > a route is live\none\ntwo\n at x\n at y',
      'FAILED: b.test.ts: no such module',
      'FAILED: Types',
      '5 passed, 3 failed',
    ]);
  });

  test('are said in one line', () => {
    const sum = plus({ passed: 1, failed: 0, skipped: 0 }, { passed: 2, failed: 3, skipped: 0 });
    expect(sentence(sum)).toBe('3 passed, 3 failed');
    expect(sentence(plus(NOTHING, { passed: 1, failed: 0, skipped: 2 }))).toBe('1 passed, 0 failed, 2 skipped');
  });
});
