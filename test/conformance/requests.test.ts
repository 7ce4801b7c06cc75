import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { readCases } from './oracle.ts';
import { requestDifferences } from './requests.ts';
import { caseSnapshot } from './run.ts';

const cases = readCases(path.join(import.meta.dirname, '../fixtures/routing')).filter(
  oracle => (oracle.expect.requests ?? []).length > 0,
);

test('there are answers of a real Envoy to compare with', () => {
  const all = cases.flatMap(({ expect: { requests = [] } }) => requests);
  expect(all.length).toBeGreaterThan(500);
});

describe.each(cases.map(oracle => [oracle.name, oracle] as const))('%s', (_name, oracle) => {
  test('each request goes where a real Envoy has sent it', () => {
    expect(requestDifferences(oracle, caseSnapshot(oracle))).toEqual([]);
  });
});
