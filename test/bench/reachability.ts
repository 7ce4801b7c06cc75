/** Times what decides which routes of a large virtual host are reached: cold, and after one edit. */

import type { EnvoyRouteMatch } from '../../server/src/routing/envoy.ts';
import { reachabilityOf } from '../../server/src/routing/reach/reachability.ts';
import type { TableHost } from '../../server/src/routing/table.ts';
import { type Random, random } from './generator/random.ts';
import { brief, Measures, type Samples } from './measure.ts';

/** Three matches for each route, as they are in large VirtualServices: mostly apart, some within others, one for the rest. */
export function realisticMatches(seed: number, routes: number): readonly EnvoyRouteMatch[] {
  const numbers = random(seed);
  const matches: EnvoyRouteMatch[] = [];
  for (let route = 0; route < routes; route++) {
    for (let place = 0; place < 3; place++)
      matches.push({ ...realisticMatch(numbers, seed, route), caseSensitive: true });
  }
  return [...matches, { prefix: '/' }];
}

function realisticMatch(numbers: Random, seed: number, route: number): EnvoyRouteMatch {
  const base = `/team-${seed}-${route % 40}/service-${route}`;
  const item = numbers.pick(['items', 'orders', 'users', 'carts', 'search', 'admin']);
  const header = { name: 'x-canary', stringMatch: { exact: numbers.pick(['always', 'never', `group-${route % 7}`]) } };
  switch (
    numbers.pick([
      'exact',
      'exact',
      'prefix',
      'prefix',
      'prefix-header',
      'regex',
      'optional',
      'method',
      'query',
      'wide',
    ])
  ) {
    case 'exact':
      return { path: `${base}/${item}` };
    case 'prefix':
      return { prefix: `${base}/${item}/` };
    case 'prefix-header':
      return { prefix: base, headers: [header] };
    case 'regex':
      return { safeRegex: { regex: `${base}/${item}/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}` } };
    case 'optional':
      return { safeRegex: { regex: `${base}/v[0-9]+/${item}(/.*)?` } };
    case 'method':
      return { prefix: `${base}/${item}`, headers: [{ name: ':method', stringMatch: { exact: 'POST' } }] };
    case 'query':
      return { path: `${base}/${item}`, queryParameters: [{ name: 'version', stringMatch: { exact: 'v2' } }] };
    default:
      return {
        prefix: `/team-${seed}-${route % 40}/`,
        headers: [
          { ...header, name: 'x-tenant' },
          { name: 'x-debug', presentMatch: true },
        ],
      };
  }
}

/** Patterns that explode, as nobody writes them on purpose. */
export function hostileMatches(routes: number): readonly EnvoyRouteMatch[] {
  return Array.from({ length: routes }, (_, index) => ({
    safeRegex: {
      regex:
        [
          `/x${index}(a|b|c|d|e){1000}`,
          `/.*a.{${15 + (index % 9)}}x${index}`,
          `/((a{0,30}){0,30}b?){1,1}${index}`,
          `/(\\pL|[[:alpha:]]|\\p{Greek}|.){1,500}${index}`,
          `/(.*a){1,20}(.*b){1,20}.*c.{9}${index}`,
        ][index % 5] ?? '',
    },
  }));
}

function hostOf(matches: readonly EnvoyRouteMatch[]): TableHost {
  return {
    name: 'bench.example.com:80',
    domains: ['bench.example.com'],
    routes: matches.map(match => ({ envoy: { match }, origin: undefined, catchAll: false })),
    requireTls: false,
    services: [],
    virtualServices: [],
    servers: [],
  };
}

export function timeReachability(seed: number, runs: number, routes: number): Measures {
  let measures = new Measures();
  for (let run = -1; run < runs; run++) {
    if (run === 0) measures = new Measures();
    // Another text in each run, so that nothing is known from the run before.
    const matches = realisticMatches(seed * 1000 + routes + run, routes);
    const judge = (name: string, list: readonly EnvoyRouteMatch[]): void => {
      const host = hostOf(list);
      const start = performance.now();
      const verdicts = reachabilityOf(host, { virtualHosts: [host] });
      measures.add(name, performance.now() - start);
      measures.add(`${name}: undecided (number)`, verdicts.filter(({ state }) => state === 'undecided').length);
      measures.add(`${name}: unreachable (number)`, verdicts.filter(({ state }) => state === 'unreachable').length);
    };
    judge(`${routes} routes with 3 matches each, cold`, matches);
    // As in the server: what was not edited is the same object.
    const edited = matches.with(Math.floor(matches.length / 2), { prefix: `/edited-${run}/` });
    judge(`${routes} routes with 3 matches each, after one edit`, edited);
  }
  return measures;
}

export function timeHostile(): Measures {
  const measures = new Measures();
  const host = hostOf(hostileMatches(200));
  const start = performance.now();
  const verdicts = reachabilityOf(host, { virtualHosts: [host] });
  measures.add('200 patterns that explode', performance.now() - start);
  measures.add(
    '200 patterns that explode: undecided (number)',
    verdicts.filter(({ state }) => state === 'undecided').length,
  );
  return measures;
}

/** Everything of this file, as `npm run bench` shows it. */
export function reachabilityResults(seed: number): Readonly<Record<string, Samples>> {
  const all = [timeReachability(seed, 5, 1000), timeReachability(seed, 1, 5000), timeHostile()];
  return Object.assign({}, ...all.map(measures => measures.toJSON())) as Readonly<Record<string, Samples>>;
}

export function reachabilityText(results: Readonly<Record<string, Samples>>): string {
  const rows = Object.entries(results)
    .filter(([name]) => !name.endsWith('(number)'))
    .map(([name, { p50 }]) => {
      const number = (what: string): string => brief(results[`${name}: ${what} (number)`]?.p50 ?? 0);
      return `| ${name} | ${brief(p50)} | ${number('unreachable')} | ${number('undecided')} |`;
    });
  const head = [
    '## Which routes are reached',
    '',
    '| ms | p50 | unreachable | undecided |',
    '| --- | ---: | ---: | ---: |',
  ];
  return `${[...head, ...rows].join('\n')}\n`;
}
