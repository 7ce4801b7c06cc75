import path from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { EnvoyRouteMatch } from '../../server/src/routing/envoy.ts';
import { reachabilityOf } from '../../server/src/routing/reach/reachability.ts';
import type { RouteTable, TableHost } from '../../server/src/routing/table.ts';
import { readCases } from '../conformance/oracle.ts';
import type { Request } from '../harness/envoy.ts';
import { anyRequest, anyTable } from '../unit/routing/reach/matches.ts';
import { tablesOf } from './cases.ts';
import { EnvoyLab } from './lab.ts';
import type { EnvoyRequest } from './request.ts';

/** Requests that are under way at one time. */
const AT_ONCE = 32;
const SEED = 20261125;
const RANDOM_TABLES = 80;
const REQUESTS_OF_A_TABLE = 25;

interface Asked {
  readonly table: string;
  readonly name: string;
  readonly request: EnvoyRequest;
  /** Host and 0-based place that must win. */
  readonly route?: { readonly virtualHost: string; readonly index: number };
  /** Routes of which nothing may be heard. */
  readonly dead?: readonly number[];
}

const cases = readCases(path.join(import.meta.dirname, '../fixtures/routing')).map((oracle, index) => ({
  name: oracle.name,
  tables: tablesOf(oracle, `w${index}`),
}));
const random = fc
  .sample(anyTable, { seed: SEED, numRuns: RANDOM_TABLES })
  .map((matches, index) => randomTable(matches, `r${index}`));
const requests = fc.sample(anyRequest, { seed: SEED, numRuns: REQUESTS_OF_A_TABLE });
const answers = new Map<Asked, string>();
let lab: EnvoyLab;

beforeAll(async () => {
  lab = await EnvoyLab.start([...cases.flatMap(({ tables }) => tables), ...random]);
});
afterAll(() => lab?.stop());

describe('in a real Envoy', () => {
  test('the witness of every route of every case reaches exactly this route', async () => {
    const asked = cases.flatMap(({ name, tables }) =>
      tables
        .filter(({ id }) => !lab.refusals.has(id))
        .flatMap(({ id, table }) => witnessesOf(id, `${name} ${table.name}`, table)),
    );
    expect(asked.length).toBeGreaterThan(300);
    expect(await differencesOf(asked)).toEqual([]);
  }, 120_000);

  test('so does that of every route of random tables, and no request reaches a route called unreachable', async () => {
    const taken = random.filter(({ id }) => !lab.refusals.has(id));
    expect(taken.length).toBeGreaterThan(RANDOM_TABLES / 2);
    const asked = taken.flatMap(({ id, table }) => {
      const host = table.virtualHosts[0];
      const dead =
        host === undefined
          ? []
          : reachabilityOf(host, table).flatMap(({ state }, place) => (state === 'unreachable' ? [place] : []));
      const others = requests.map((request): Asked => ({ table: id, name: id, request: requestOf(request), dead }));
      return [...witnessesOf(id, id, table), ...others];
    });
    expect(await differencesOf(asked)).toEqual([]);
  }, 120_000);
});

async function differencesOf(asked: readonly Asked[]): Promise<readonly string[]> {
  const next = asked.values();
  const work = async (): Promise<void> => {
    for (const one of next) {
      const { route: won } = await lab.ask(one.table, one.request);
      const wrong =
        one.route === undefined
          ? one.dead?.includes(won?.index ?? -1) === true
          : won?.index !== one.route.index || won.virtualHost !== one.route.virtualHost;
      if (wrong)
        answers.set(
          one,
          `${one.name} ${JSON.stringify(one.request)}: ${JSON.stringify(won)} instead of ${JSON.stringify(one.route ?? 'another one')}`,
        );
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return asked.flatMap(one => answers.get(one) ?? []);
}

/** What needs a token cannot be sent here. */
function witnessesOf(id: string, name: string, table: RouteTable): readonly Asked[] {
  return table.virtualHosts.flatMap(host => {
    if (host.requireTls || host.routes.some(({ envoy }) => envoy.match.dynamicMetadata !== undefined)) return [];
    return reachabilityOf(host, table).flatMap((reach, index): Asked[] => {
      if (reach.state !== 'live') return [];
      const { path: own, query, ...witness } = reach.witness;
      const request = { ...witness, path: query === '' ? own : `${own}?${query}` };
      return [
        {
          table: id,
          name: `${name} ${host.name}`,
          request: requestOf(request),
          route: { virtualHost: host.name, index },
        },
      ];
    });
  });
}

/** Over HTTP/2 where HTTP/1 would not take the method, or another scheme is asked for. */
function requestOf({ method, authority, path: own, headers, scheme }: Request): EnvoyRequest {
  const plain = /^(GET|POST|PUT|DELETE|PATCH|HEAD|OPTIONS)$/.test(method) && scheme === 'http';
  return { method, host: authority, path: own, headers, ...(plain ? {} : { http2: true, scheme }) };
}

function randomTable(matches: readonly EnvoyRouteMatch[], id: string) {
  const routes = matches.map(match => ({
    envoy: { match, directResponse: { status: 200 } },
    origin: undefined,
    catchAll: false,
  }));
  const host: TableHost = {
    ...{ name: 'a.com:80', domains: ['a.com'], routes, requireTls: false },
    ...{ services: [], virtualServices: [], servers: [] },
  };
  const table: RouteTable = { name: id, port: 80, virtualHosts: [host], leftOut: [] };
  const config = {
    name: id,
    ignorePortInHostMatching: true,
    virtualHosts: [{ name: host.name, domains: host.domains, routes: routes.map(({ envoy }) => envoy) }],
  };
  return { id, table, config };
}
