import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type OracleCase, readCases } from '../conformance/oracle.ts';
import { type CaseTable, proxiesOf, tableFor, tablesOf } from './cases.ts';
import { answerDifferences, type RecordedAnswer, type RecordedRefusal } from './compare.ts';
import { EnvoyLab } from './lab.ts';

/** Requests that are under way at one time. */
const AT_ONCE = 32;

/** Where Envoy draws lots, what becomes of a request may hang on them: how often it is sent until they fall as recorded. */
const DRAWS = 50;

interface Case {
  readonly name: string;
  readonly tables: readonly CaseTable[];
  readonly requests: readonly Asked[];
  readonly refused: readonly Asked<RecordedRefusal>[];
}

interface Asked<T = RecordedAnswer> {
  readonly recorded: T;
  /** `undefined` when our core makes no such table. */
  readonly table: CaseTable | undefined;
}

const cases = readCases(path.join(import.meta.dirname, '../fixtures/routing')).map(prepared);
const answers = new Map<RecordedAnswer, readonly string[]>();
let lab: EnvoyLab;

beforeAll(async () => {
  lab = await EnvoyLab.start(cases.flatMap(({ tables }) => tables));
  const all = cases.flatMap(({ requests }) => requests);
  const next = all.values();
  const work = async (): Promise<void> => {
    for (const asked of next) answers.set(asked.recorded, await differencesOf(asked));
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
});

afterAll(async () => {
  await lab?.stop();
  const requests = sum(cases.map(own => own.requests.length));
  const refused = sum(cases.map(own => own.refused.length));
  const tables = sum(cases.map(own => own.tables.length));
  const different = [...answers.values()].filter(({ length }) => length > 0).length;
  console.log(
    `${cases.length} cases, ${tables} tables in one Envoy: ${requests} requests compared, ${different} different; ${refused} tables that it must refuse`,
  );
});

describe.each(cases.map(own => [own.name, own] as const))('%s', (_name, { requests, refused, tables }) => {
  if (requests.length > 0)
    test('requests take the recorded way', () => {
      const found = requests.flatMap(({ recorded }) =>
        (answers.get(recorded) ?? ['was not asked']).map(
          line => `${recorded.request.method} ${recorded.request.host}${recorded.request.path}: ${line}`,
        ),
      );
      expect(found).toEqual([]);
    });

  test('Envoy takes every table but those that it has refused before', () => {
    const expected = new Set(refused.map(({ table }) => table?.id));
    const wrong = tables
      .filter(({ id }) => lab.refusals.has(id) !== expected.has(id))
      .map(({ id, table }) => `${table.name}: ${lab.refusals.get(id) ?? 'taken'}`);
    expect(wrong).toEqual([]);
    for (const { recorded, table } of refused) {
      expect(lab.refusals.get(table?.id ?? '')).toContain(lastConstraint(recorded.envoyRejects));
    }
  });
});

async function differencesOf({ recorded, table }: Asked): Promise<readonly string[]> {
  if (table === undefined) return [`there is no table ${recorded.routeConfig}`];
  if (lab.refusals.has(table.id)) return [`Envoy refuses the table: ${lab.refusals.get(table.id)}`];
  const byLot = recorded.clusterOneOf !== undefined || recorded.statusOneOf !== undefined;
  try {
    let found: readonly string[] = [];
    for (let draws = byLot ? DRAWS : 1; draws > 0; draws--) {
      found = answerDifferences(recorded, await lab.ask(table.id, recorded.request), table.table);
      if (found.length === 0) break;
    }
    return found;
  } catch (error) {
    return [String(error)];
  }
}

function prepared(oracle: OracleCase, index: number): Case {
  const tables = tablesOf(oracle, `c${index}`);
  const proxies = proxiesOf(oracle);
  const recorded = (oracle.expect.requests ?? []) as unknown as readonly RecordedAnswer[];
  const refusals = (oracle.expect as { readonly envoyRejects?: readonly RecordedRefusal[] }).envoyRejects ?? [];
  const asked = <T extends RecordedAnswer | RecordedRefusal>(entry: T): Asked<T> => {
    const proxy = proxies[entry.proxy];
    return {
      recorded: entry,
      table: proxy === undefined ? undefined : tableFor(tables, { proxy, routeConfig: entry.routeConfig }),
    };
  };
  return { name: oracle.name, tables, requests: recorded.map(asked), refused: refusals.map(asked) };
}

/** The end of a chain of Envoy's complaints: the field that is wrong, and how. */
function lastConstraint(complaint: string): string {
  return complaint.split(' > ').at(-1) ?? complaint;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
