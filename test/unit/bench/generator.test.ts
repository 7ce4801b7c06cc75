import { describe, expect, test } from 'vitest';
import { DESCRIPTIONS, generate, type Size } from '../../bench/generator/workspaces.ts';
import { findingsOf } from '../../harness/findings.ts';
import { snapshotOf } from '../../harness/fixtures.ts';

/** Enough files for every mistake of a folder to be planted once. */
const FILES = 200;
const CASES: readonly (readonly [Size, number])[] = [
  ['small', 106],
  ['medium', 2000],
  ['folder', 37_000],
];

describe.each(CASES)('%s', (size, lines) => {
  const options = { seed: 1, files: FILES };
  const workspace = generate(size, options);

  test('is the same for the same seed, and another one for another seed', () => {
    expect(generate(size, options)).toEqual(workspace);
    expect(generate(size, { ...options, seed: 2 })).not.toEqual(workspace);
  });

  test(`is ${DESCRIPTIONS[size]}`, () => {
    const count = workspace.files.reduce((sum, { text }) => sum + text.split('\n').length - 1, 0);
    expect(count).toBeGreaterThan(0.9 * lines);
    expect(count).toBeLessThan(1.3 * lines);
    expect(workspace.files.some(({ path }) => path === workspace.main)).toBe(true);
  });

  test('has the mistakes that were planted, and no other error', () => {
    const snapshot = snapshotOf(workspace.files);
    const found = findingsOf(snapshot).map(finding => ({ finding, place: snapshot.locate(finding.at)! }));
    const lineOf = (file: string, offset: number): number => snapshot.file(file)!.lines.position(offset).line + 1;
    const covers = (mistake: (typeof workspace.mistakes)[number], at: (typeof found)[number]): boolean => {
      const line = lineOf(at.place.file, at.place.start);
      return at.place.file === mistake.file && line >= mistake.line && line <= mistake.endLine;
    };
    expect(workspace.mistakes.filter(mistake => !found.some(at => covers(mistake, at)))).toEqual([]);
    const errors = found.filter(({ finding }) => finding.severity === 'error');
    const others = errors.filter(at => !workspace.mistakes.some(mistake => covers(mistake, at)));
    expect(
      others.map(({ finding, place }) => `${place.file}:${lineOf(place.file, place.start)} ${finding.message}`),
    ).toEqual([]);
  });
});
