import { describe, expect, test } from 'vitest';
import { hostKey, isProblem, type Line, linesOf, routeKey } from '../../../client/src/webview/table.ts';
import { INITIAL_STATE, type ViewState } from '../../../client/src/webview/view-state.ts';
import type { Viewpoint } from '../../../server/src/contract.ts';
import { destination, gateway, host, path, route, sampleModel } from '../../e2e/preview/sample.ts';

function keys(viewpoint: Viewpoint, change: Partial<ViewState> = {}): readonly string[] {
  return linesOf(viewpoint, { ...INITIAL_STATE, ...change }).map(({ key }) => key);
}

function sample(): Viewpoint {
  const { selected } = sampleModel();
  if (selected === undefined) throw new Error('the sample has a table');
  return selected;
}

const TWO_HOSTS = gateway([
  host(
    'a:80',
    ['a.example.com'],
    [
      route(1, { conditions: [path('prefix', '/x')], destinations: [destination('reviews', 'v1', 100)] }),
      route(2, { state: 'unreachable', reason: '{route-1} takes all of its requests.' }),
    ],
  ),
  { ...host('b:80', ['b.example.com'], [route(3, { id: 'route-3' })]), otherwise: '404' },
]);

describe('the lines of a table', () => {
  test('are hosts, where they come from, routes, and what becomes of the rest', () => {
    expect(keys(TWO_HOSTS)).toEqual([
      ...['host:a:80', 'origin:a:80', 'route:route-1', 'route:route-2'],
      ...['host:b:80', 'origin:b:80', 'route:route-3', 'otherwise:b:80'],
    ]);
  });

  test('of a folded host are its heading alone', () => {
    expect(keys(TWO_HOSTS, { closed: new Set(['host:a:80']) })[1]).toBe('host:b:80');
  });

  test('of an open route are followed by its details', () => {
    expect(keys(TWO_HOSTS, { open: new Set([routeKey('route-1')]) }).slice(2, 4)).toEqual([
      'route:route-1',
      'details:route-1',
    ]);
  });

  test('that hold the words looked for are left, with their hosts', () => {
    expect(keys(TWO_HOSTS, { query: ' REVIEWS ' })).toEqual(['host:a:80', 'origin:a:80', 'route:route-1']);
    expect(keys(TWO_HOSTS, { query: 'b.example' })).toEqual(['host:b:80', 'origin:b:80', 'route:route-3']);
    expect(keys(TWO_HOSTS, { query: 'nowhere' })).toEqual([]);
  });

  test('to look at are dead routes and those that lead nowhere', () => {
    expect(keys(TWO_HOSTS, { only: 'problems' })).toEqual(['host:a:80', 'origin:a:80', 'route:route-2']);
    expect(
      sample()
        .virtualHosts.flatMap(({ routes }) => routes.filter(isProblem))
        .map(({ order }) => order),
    ).toEqual([7, 8]);
  });

  test('of a host that demands HTTPS are one redirect', () => {
    const redirecting = gateway([{ ...host('a:80', ['a'], [route(1, { state: 'unreachable' })]), requireTls: true }]);
    expect(keys(redirecting)).toEqual(['host:a:80', 'origin:a:80', 'redirected:a:80']);
    expect(keys(redirecting, { only: 'problems' })).toEqual([]);
  });

  test('join the alternatives of a rule, unless details stand between them', () => {
    const joined = (lines: readonly Line[]): readonly number[] =>
      lines.flatMap(line => (line.kind === 'route' && line.joined ? [line.route.order] : []));
    expect(joined(linesOf(sample(), INITIAL_STATE))).toEqual([4]);
    expect(joined(linesOf(sample(), { ...INITIAL_STATE, open: new Set([routeKey('route-4')]) }))).toEqual([]);
  });

  test('have keys of their own', () => {
    const viewpoint = sample();
    const all = keys(viewpoint, {
      open: new Set(viewpoint.virtualHosts.flatMap(({ routes }) => routes.map(({ id }) => routeKey(id)))),
    });
    expect(new Set(all).size).toBe(all.length);
    expect(viewpoint.virtualHosts.map(hostKey).every(key => all.includes(key))).toBe(true);
  });
});
