import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { EnvoyRoute, EnvoyRouteMatch } from '../../../../server/src/routing/envoy.ts';
import { diffTables } from '../../../../server/src/routing/reach/diff.ts';
import { sameAction } from '../../../../server/src/routing/reach/same-action.ts';
import type { TableHost } from '../../../../server/src/routing/table.ts';
import { type Request, requestFits } from '../../../harness/envoy.ts';
import { anyMatch, anyRequest } from './matches.ts';

interface Rule {
  readonly match: EnvoyRouteMatch;
  readonly cluster: string;
}

function tableOf(
  rules: readonly Rule[],
  domains: readonly string[] = ['a.com'],
): { virtualHosts: readonly TableHost[] } {
  const routes = rules.map(({ match, cluster }) => ({
    envoy: { match, route: { cluster, timeout: '0s', maxGrpcTimeout: '0s' } },
    origin: undefined,
    catchAll: false,
  }));
  const host = { name: 'a.com:80', domains, routes, requireTls: false, services: [], virtualServices: [], servers: [] };
  return { virtualHosts: [host] };
}

function winner(rules: readonly Rule[], request: Request): number | undefined {
  const place = rules.findIndex(({ match }) => requestFits(match, request));
  return place < 0 ? undefined : place;
}

const rule = fc.record({ match: anyMatch, cluster: fc.constantFrom('v1', 'v2', 'v3') });
const rules = fc.array(rule, { minLength: 1, maxLength: 6 });

describe('diffTables', () => {
  test('finds every pair of routes between which a request changes, each with a request that does', () => {
    fc.assert(
      fc.property(
        rules,
        rules,
        rules,
        fc.array(anyRequest, { minLength: 30, maxLength: 40 }),
        (a, b, common, requests) => {
          const [before, after] = [
            [...common, ...a],
            [...common, ...b],
          ];
          const { changes, undecided } = diffTables(tableOf(before), tableOf(after), 'http');
          const pairs = new Set(changes.map(change => `${change.before.route} ${change.after.route}`));
          for (const request of requests) {
            const [old, next] = [winner(before, request), winner(after, request)];
            const cluster = (list: readonly Rule[], place: number | undefined): string | undefined =>
              list[place ?? -1]?.cluster;
            if (cluster(before, old) === cluster(after, next)) continue;
            if (undecided === 0) expect(pairs, JSON.stringify(request)).toContain(`${old} ${next}`);
          }
          for (const { witness, before: old, after: next } of changes) {
            const { query, path } = witness;
            const request = { ...witness, path: query === '' ? path : `${path}?${query}` };
            expect([winner(before, request), winner(after, request)]).toEqual([old.route, next.route]);
            expect(before[old.route ?? -1]?.cluster).not.toBe(after[next.route ?? -1]?.cluster);
          }
        },
      ),
      { numRuns: 60 },
    );
  });

  test('an order that changes nothing, and other words for the same, are no change', () => {
    const before: Rule[] = [
      { match: { prefix: '/a' }, cluster: 'a' },
      { match: { path: '/b' }, cluster: 'b' },
      { match: { prefix: '/c', headers: [{ name: 'h', presentMatch: true }] }, cluster: 'c' },
      { match: { prefix: '/c' }, cluster: 'c' },
    ];
    const after: Rule[] = [
      { match: { safeRegex: { regex: '/c.*' } }, cluster: 'c' },
      { match: { safeRegex: { regex: '^/b$' } }, cluster: 'b' },
      { match: { prefix: '/a/' }, cluster: 'a' },
      { match: { prefix: '/a' }, cluster: 'a' },
    ];
    expect(diffTables(tableOf(before), tableOf(after), 'http')).toEqual({ changes: [], undecided: 0 });
  });

  test('a domain that moves to another virtual host', () => {
    const old = tableOf([{ match: { prefix: '/' }, cluster: 'a' }], ['*.com']);
    const next = tableOf([{ match: { prefix: '/' }, cluster: 'a' }], ['*.com']);
    const own = tableOf([{ match: { prefix: '/' }, cluster: 'own' }], ['x.com']);
    const { changes } = diffTables(old, { virtualHosts: [...next.virtualHosts, ...own.virtualHosts] }, 'http');
    expect(changes.map(({ witness }) => witness.authority)).toEqual(['x.com']);
  });
});

describe('sameAction', () => {
  const rewriting = (match: EnvoyRouteMatch, prefixRewrite: string): EnvoyRoute => ({
    match,
    route: { cluster: 'a', timeout: '0s', maxGrpcTimeout: '0s', prefixRewrite },
  });
  test.each<[string, EnvoyRoute, EnvoyRoute, boolean]>([
    [
      'a longer prefix with the rest in its rewrite',
      rewriting({ prefix: '/api' }, '/v2'),
      rewriting({ prefix: '/api/' }, '/v2/'),
      true,
    ],
    ['an exact path within', rewriting({ prefix: '/api' }, '/v2'), rewriting({ path: '/api' }, '/v2'), true],
    ['another rest', rewriting({ prefix: '/api' }, '/v2'), rewriting({ prefix: '/api/' }, '/v2'), false],
    [
      'a pattern replaces the whole path',
      rewriting({ prefix: '/api' }, '/v2'),
      rewriting({ safeRegex: { regex: '/api.*' } }, '/v2'),
      false,
    ],
  ])('%s', (_name, a, b, expected) => {
    expect(sameAction(a, b)).toBe(expected);
    expect(sameAction(b, a)).toBe(expected);
  });

  test('shares count, not weights and their order', () => {
    const weighted = (...clusters: [string, number][]): EnvoyRoute => ({
      match: { prefix: '/' },
      route: {
        weightedClusters: { clusters: clusters.map(([name, weight]) => ({ name, weight })) },
        timeout: '0s',
        maxGrpcTimeout: '0s',
      },
    });
    expect(sameAction(weighted(['a', 50], ['b', 50]), weighted(['b', 1], ['a', 1]))).toBe(true);
    expect(sameAction(weighted(['a', 50], ['b', 50]), weighted(['a', 60], ['b', 40]))).toBe(false);
  });
});
