import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { readCases } from './oracle.ts';
import { admissionDifferences, caseSnapshot, falselyDead, tableDifferences, wrongWitnesses } from './run.ts';

const cases = readCases(path.join(import.meta.dirname, '../fixtures/routing'));

describe.each(cases.map(oracle => [oracle.name, oracle] as const))('%s', (_name, oracle) => {
  const snapshot = caseSnapshot(oracle);
  test('tables and clusters are those of Istio’s control plane', () => {
    expect(tableDifferences(oracle, snapshot)).toEqual([]);
  });
  test('tables are the same when our own rules say what Istio refuses', () => {
    const own = caseSnapshot(oracle, 'rules');
    expect([...admissionDifferences(oracle, own), ...tableDifferences(oracle, own)]).toEqual([]);
  });
  test('no route that a real Envoy has reached is called unreachable', () => {
    expect(falselyDead(oracle, snapshot)).toEqual([]);
  });
  test('each witness reaches its route', () => {
    expect(wrongWitnesses(oracle, snapshot)).toEqual([]);
  });
});
