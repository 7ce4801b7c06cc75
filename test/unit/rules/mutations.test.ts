import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import { applyFix, findingsOf } from '../../harness/findings.ts';
import { parseFixture } from '../../harness/fixture.ts';
import { snapshotOf } from '../../harness/fixtures.ts';

const FOLDER = path.join(import.meta.dirname, '../../fixtures');

/** The documents of fixtures that can be read, as plain data; those of rules and those of Istio's verdicts. */
const DOCUMENTS: readonly unknown[] = ['rules', 'routing'].flatMap(folder =>
  readdirSync(path.join(FOLDER, folder), { recursive: true, encoding: 'utf8' })
    .filter(file => file.endsWith('.yaml'))
    .sort()
    .flatMap(file => parseFixture(readFileSync(path.join(FOLDER, folder, file), 'utf8')).files)
    .flatMap(({ text }) => text.split(/^---\n/m))
    .filter(text => text.length < 2500)
    .map(readObject)
    .filter(object => object !== undefined),
);

type Holder = Record<string, unknown> | unknown[];
type Mutation = (holder: Holder, key: string) => void;

const MUTATIONS: Readonly<Record<string, Mutation>> = {
  'a key is deleted': (holder, key) => {
    if (Array.isArray(holder)) holder.splice(Number(key), 1);
    else delete holder[key];
  },
  'a value is of another type': (holder, key) => {
    const old = get(holder, key);
    const other =
      typeof old === 'string' ? 17 : typeof old === 'number' ? [old] : typeof old === 'object' ? 'text' : {};
    set(holder, key, other);
  },
  'a value is nothing': (holder, key) => set(holder, key, null),
  'a value stands twice': (holder, key) => {
    const old = get(holder, key);
    if (Array.isArray(holder)) holder.push(structuredClone(old));
    else set(holder, key, [old, structuredClone(old)]);
  },
  'a value is nested in itself': (holder, key) => set(holder, key, { [key]: get(holder, key) }),
};

describe('a fixture in which', () => {
  test.each(Object.entries(MUTATIONS).map(([name, mutation], rank) => [name, mutation, rank] as const))(
    '%s is judged without a fault',
    (_, mutation, rank) => {
      let tried = 0;
      for (const [number, object] of DOCUMENTS.entries()) {
        // Each document has one mutation at one place, the same in each run, so that all are tried in a few seconds.
        if (number % 5 !== rank) continue;
        const changed = structuredClone(object);
        const places = placesOf(changed);
        const place = places[(number * 7) % Math.max(1, places.length)];
        if (place === undefined) continue;
        mutation(...place);
        judge(stringify(changed));
        tried++;
      }
      expect(tried).toBeGreaterThan(100);
    },
    // A machine that is busy with other tests may take its time.
    120_000,
  );

  test('the text ends in the middle is judged without a fault', () => {
    for (const [number, object] of DOCUMENTS.entries()) {
      if (number % 4 !== 0) continue;
      const text = stringify(object);
      judge(text.slice(0, Math.floor((text.length * (1 + (number % 9))) / 10)));
    }
  });
});

/** Runs all rules and makes every repair; a rule that throws fails the test. */
function judge(text: string): void {
  const snapshot = snapshotOf([{ path: 'file.yaml', text }]);
  for (const { at, fixes = [] } of findingsOf(snapshot)) {
    const range = snapshot.locate(at);
    if (range === undefined || range.start < 0 || range.end < range.start || range.end > text.length)
      expect({ range, text }).toBe('a place in the text');
    for (const fix of fixes) applyFix(snapshot, fix);
  }
}

function placesOf(root: unknown): [Holder, string][] {
  if (typeof root !== 'object' || root === null) return [];
  return Object.entries(root).flatMap(([key, child]) => [
    [root as Holder, key] as [Holder, string],
    ...placesOf(child),
  ]);
}

function get(holder: Holder, key: string): unknown {
  return (holder as Record<string, unknown>)[key];
}

function set(holder: Holder, key: string, value: unknown): void {
  (holder as Record<string, unknown>)[key] = value;
}

function readObject(text: string): object | undefined {
  try {
    const value: unknown = parse(text, { logLevel: 'silent', maxAliasCount: 1000 });
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}
