import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { RULES } from '../../server/src/analysis.ts';
import { coveragePage, groupOf, readValidationList, shownIds, withOpen } from '../harness/coverage.ts';

const PAGE = path.join(import.meta.dirname, '../../docs/coverage.md');
const list = readValidationList();
const known = new Set(list.groups.flatMap(({ meanings }) => [...meanings.keys()]));
const outside = (id: string): boolean => list.notInFiles.has(id) || list.notInFiles.has(groupOf(id));
const { shown, vague: vagueRules } = shownIds();
/** The open ids as the fixtures have it. */
const open = [...known].filter(id => !shown.has(id) && !outside(id));

if (process.env['UPDATE_FIXTURES'] === '1') {
  const { path: file, text } = withOpen(list, new Set(open));
  writeFileSync(file, text);
  writeFileSync(PAGE, coveragePage(list, shown));
}

const { open: saidOpen } = readValidationList();

test('every id of Istio’s validation, and every code of an analyzer, has a rule and a fixture, is known to be open, or is in no file', () => {
  expect(open.filter(id => !saidOpen.has(id))).toEqual([]);
});

test('what is covered is open no longer, and no id is called unknowable that a rule knows', () => {
  expect([...saidOpen].filter(id => shown.has(id) || !known.has(id))).toEqual([]);
  expect([...list.notInFiles.keys()].filter(id => shown.has(id))).toEqual([]);
});

test('findings and rules carry only ids that there are', () => {
  const groups = new Set(list.groups.map(({ name }) => name));
  const claimed = RULES.flatMap(({ codes = [] }) => codes.filter(code => groups.has(groupOf(code))));
  expect([...shown.keys(), ...claimed].filter(id => !known.has(id))).toEqual([]);
});

test('an id that a rule claims is carried by a finding in one of its fixtures', () => {
  const missing = RULES.flatMap(({ id, codes = [] }) =>
    codes
      .filter(code => known.has(code) && !shown.get(code)?.some(({ rule }) => rule === id))
      .map(code => `${id}: ${code}`),
  );
  expect(missing).toEqual([]);
});

test('a rule with several ids of one group says with each finding which of them it is', () => {
  const vague = RULES.filter(({ codes = [] }) => {
    const groups = codes.filter(code => known.has(code)).map(groupOf);
    return new Set(groups).size < groups.length;
  }).filter(({ id }) => vagueRules.has(id));
  expect(vague.map(({ id }) => id)).toEqual([]);
});

test('docs/coverage.md is made from the list and the fixtures', () => {
  expect(readFileSync(PAGE, 'utf8')).toBe(coveragePage(list, shown));
});
