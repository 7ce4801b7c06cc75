import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { RULES } from '../../server/src/analysis.ts';
import { parseFixture } from '../harness/fixture.ts';

const ROOT = path.join(import.meta.dirname, '../..');
const FIXTURES = path.join(ROOT, 'test/fixtures/rules');

/** First halves of the words that may begin the second part of an id; each is explained in `rules/rule.ts`. */
const WORDS =
  readFileSync(path.join(ROOT, 'server/src/rules/rule.ts'), 'utf8')
    .match(/`([a-z]+)-` /g)
    ?.map(word => word.slice(1, -3)) ?? [];

test('the registry is generated from the folder', () => {
  execFileSync(process.execPath, ['scripts/generate-rules.mjs', '--check'], { cwd: ROOT });
});

test('the pages are generated from the rules', () => {
  execFileSync(process.execPath, ['scripts/run-ts.mjs', 'scripts/rule-pages.ts', '--check'], { cwd: ROOT });
});

test('ids are unique', () => {
  const ids = RULES.map(({ id }) => id);
  expect(ids).toEqual([...new Set(ids)]);
});

describe.each(RULES.map(rule => [rule.id, rule] as const))('%s', (id, rule) => {
  test('is named like its file, in the words of the vocabulary', () => {
    const [group = '', name = ''] = id.split('/');
    const text = readFileSync(path.join(ROOT, 'server/src/rules', group, `${name}.ts`), 'utf8');
    const camel = name.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
    expect(text).toMatch(new RegExp(`^export const ${camel} = `, 'm'));
    expect(WORDS).toContain(name.split('-')[0]);
  });

  test('says what, why and what to do in whole sentences', () => {
    for (const text of [rule.summary, rule.why, rule.remedy]) expect(text).toMatch(/^[A-Z`“].*[.!?]$/s);
  });

  test('has a fixture with a finding of its own and one without', () => {
    const folder = path.join(FIXTURES, id);
    const texts = readdirSync(folder)
      .filter(file => file.endsWith('.yaml'))
      .map(file => readFileSync(path.join(folder, file), 'utf8'));
    const mark = new RegExp(`^#(<--|\\s*\\^+) (${['error', 'warning', 'information', 'hint'].join('|')}): `, 'm');
    expect(texts.some(text => mark.test(text))).toBe(true);
    expect(texts.every(text => parseFixture(text).files.length > 0)).toBe(true);
  });
});

test('every folder of rule fixtures belongs to a rule', () => {
  const folders = readdirSync(FIXTURES, { recursive: true, encoding: 'utf8' })
    .filter(folder => folder.includes(path.sep) && statSync(path.join(FIXTURES, folder)).isDirectory())
    .map(folder => folder.split(path.sep).join('/'));
  const known = new Set(RULES.map(({ id }) => id));
  expect(folders.filter(folder => !known.has(folder))).toEqual([]);
  expect(existsSync(FIXTURES)).toBe(true);
});
