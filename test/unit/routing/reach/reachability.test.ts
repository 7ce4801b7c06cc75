import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { EnvoyRouteMatch } from '../../../../server/src/routing/envoy.ts';
import { type Reachability, reachabilityOf } from '../../../../server/src/routing/reach/reachability.ts';
import type { Witness } from '../../../../server/src/routing/reach/witness.ts';
import type { TableHost } from '../../../../server/src/routing/table.ts';
import { type Request, requestFits } from '../../../harness/envoy.ts';
import { anyRequest, anyTable } from './matches.ts';

const ROUTE = { origin: undefined, catchAll: false };

/** A virtual host of these matches, alone in its table. */
function hostOf(matches: readonly EnvoyRouteMatch[], domains: readonly string[] = ['a.com']): TableHost {
  return {
    name: 'a.com:80',
    domains,
    routes: matches.map(match => ({ ...ROUTE, envoy: { match: { ...match } } })),
    requireTls: false,
    services: [],
    virtualServices: [],
    servers: [],
  };
}

function judge(matches: readonly EnvoyRouteMatch[], domains?: readonly string[]): readonly Reachability[] {
  const host = hostOf(matches, domains);
  return reachabilityOf(host, { virtualHosts: [host] });
}

function requestOf({ method, scheme, authority, path, query, headers }: Witness): Request {
  return { method, scheme, authority, headers, path: query === '' ? path : `${path}?${query}` };
}

function winner(matches: readonly EnvoyRouteMatch[], request: Request): number {
  return matches.findIndex(match => requestFits(match, request));
}

describe('reachability', () => {
  test('an authority that evades a rule is one of the virtual host, whatever other hosts have made of the same match', () => {
    const matches: EnvoyRouteMatch[] = [
      { prefix: '/', headers: [{ name: ':authority', stringMatch: { prefix: 'a' } }] },
      { prefix: '/' },
    ];
    const virtualHosts = [hostOf(matches, ['a.com']), hostOf(matches, ['b.com']), hostOf(matches, ['*.com'])];
    const authorities = virtualHosts.map(host => {
      const reach = reachabilityOf(host, { virtualHosts })[1];
      return reach?.state === 'live' ? reach.witness.authority : reach?.state;
    });
    expect(authorities).toEqual(['A.com', 'b.com', 'www.com']);
  });

  test('no request reaches a route called unreachable, and each witness reaches its route', () => {
    let undecided = 0;
    let dead = 0;
    let together = 0;
    fc.assert(
      fc.property(anyTable, fc.array(anyRequest, { minLength: 20, maxLength: 40 }), (matches, requests) => {
        const verdicts = judge(matches);
        for (const request of requests) {
          const won = winner(matches, request);
          if (won >= 0) expect(verdicts[won]?.state, JSON.stringify(request)).not.toBe('unreachable');
        }
        for (const [place, verdict] of verdicts.entries()) {
          if (verdict.state === 'live') expect(winner(matches, requestOf(verdict.witness))).toBe(place);
          else if (verdict.state === 'undecided') undecided++;
          else {
            dead++;
            if (verdict.by.length > 1) together++;
            expect(verdict.by.every(by => by < place)).toBe(true);
          }
        }
      }),
      { numRuns: 400 },
    );
    // It must say something: all kinds of answers occur, and hardly any stays open.
    expect(dead).toBeGreaterThan(60);
    expect(together).toBeGreaterThan(10);
    expect(undecided).toBeLessThan(dead / 10);
  });

  test('after any edits of a long table the answers are those of the table read from scratch', () => {
    let live = 0;
    let dead = 0;
    const longTable = fc.array(anyTable, { minLength: 12, maxLength: 20 }).map(tables => tables.flat());
    const edit = fc.record({ at: fc.nat(), removed: fc.nat(2), added: anyTable });
    fc.assert(
      fc.property(longTable, fc.array(edit, { minLength: 1, maxLength: 4 }), (first, edits) => {
        const states = [first];
        for (const { at, removed, added } of edits) {
          const before = states.at(-1) ?? [];
          states.push(before.toSpliced(at % before.length, removed, ...added.slice(0, 2)));
        }
        const answers = states.map(matches => {
          // The same objects, as they are where only some rules were edited.
          const host = { ...hostOf([]), routes: matches.map(match => ({ ...ROUTE, envoy: { match } })) };
          return reachabilityOf(host, { virtualHosts: [host] });
        });
        for (const [step, matches] of states.entries()) {
          const scratch = judge(matches.map(match => structuredClone(match)));
          for (const [place, verdict] of (answers[step] ?? []).entries()) {
            const other = scratch[place];
            if (verdict.state === 'undecided' || other?.state === 'undecided') continue;
            expect(verdict.state).toBe(other?.state);
            if (verdict.state === 'live') {
              live++;
              expect(winner(matches, requestOf(verdict.witness))).toBe(place);
            } else {
              dead++;
              expect(verdict.by.every(by => by < place)).toBe(true);
              const own = matches[place];
              const named = verdict.by.flatMap(by => matches[by] ?? []);
              if (own !== undefined) expect(judge([...named, own]).at(-1)?.state).toBe('unreachable');
            }
          }
        }
      }),
      { numRuns: 15 },
    );
    expect(Math.min(live, dead)).toBeGreaterThan(100);
  });

  test('the routes that are named take everything by themselves, and each of them is needed', () => {
    fc.assert(
      fc.property(anyTable, matches => {
        for (const [place, verdict] of judge(matches).entries()) {
          if (verdict.state !== 'unreachable') continue;
          const own = matches[place];
          if (own === undefined) continue;
          const named = verdict.by.flatMap(by => matches[by] ?? []);
          expect(judge([...named, own]).at(-1)?.state).toBe('unreachable');
          for (const one of named) {
            const others = named.filter(other => other !== one);
            expect(judge([...others, own]).at(-1)?.state).not.toBe('unreachable');
          }
        }
      }),
      { numRuns: 200 },
    );
  });

  test('conditions that exclude each other only in their sum end in an answer, and never in a wrong one', () => {
    // Each match takes what lacks three of thirty headers, or has them: whether something is left is a hard riddle.
    const numbers = fc.sample(fc.nat(29), { seed: 7, numRuns: 130 * 3 });
    const signs = fc.sample(fc.boolean(), { seed: 7, numRuns: 130 * 3 });
    const riddle = Array.from({ length: 130 }, (_, match): EnvoyRouteMatch => {
      const places = [0, 1, 2].map(place => match * 3 + place);
      const headers = places.map(place => ({
        name: `h${numbers[place]}`,
        presentMatch: true as const,
        ...(signs[place] === true ? { invertMatch: true as const } : {}),
      }));
      return { prefix: '/', headers };
    });
    const matches = [...riddle, { prefix: '/' }];
    const verdict = judge(matches).at(-1);
    if (verdict?.state === 'live') expect(winner(matches, requestOf(verdict.witness))).toBe(130);
    expect(['live', 'undecided', 'unreachable']).toContain(verdict?.state);
    // All combinations of eight headers, each taken by one match: proved, however many there are.
    const all = Array.from(
      { length: 256 },
      (_, bits): EnvoyRouteMatch => ({
        prefix: '/',
        headers: Array.from({ length: 8 }, (_unused, bit) => ({
          name: `h${bit}`,
          presentMatch: true as const,
          ...((bits >> bit) % 2 === 0 ? {} : { invertMatch: true as const }),
        })),
      }),
    );
    expect(judge([...all, { prefix: '/' }]).at(-1)?.state).toBe('unreachable');
    expect(judge([...all.slice(1), { prefix: '/' }]).at(-1)?.state).toBe('live');
  });
});
