import path from 'node:path';
import { expect, test } from 'vitest';
import { readCases } from './oracle.ts';
import { compareCase, emptyComparison } from './validation.ts';

const comparison = emptyComparison();
for (const oracle of readCases(path.join(import.meta.dirname, '../fixtures/routing'))) compareCase(oracle, comparison);

test('a resource that Istio refuses has an error, and each warning its warning', () => {
  expect(comparison.refused).toBeGreaterThan(100);
  expect(comparison.missed).toEqual([]);
});

test('a resource that Istio accepts without a word has no error, and no warning of its validation', () => {
  expect(comparison.silent).toBeGreaterThan(300);
  expect(comparison.wrong).toEqual([]);
});
