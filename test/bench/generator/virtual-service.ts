import type { Random } from './random.ts';
import { header, type Name, NETWORKING, PORT } from './resources.ts';
import { type FileWriter, padded } from './writer.ts';

type MatchKind = 'exact' | 'prefix' | 'regex';

/** One match of a rule. Kept as data, so that a rule that it covers can be derived from it. */
export interface Match {
  readonly uri?: { readonly kind: MatchKind; readonly value: string };
  readonly header?: { readonly name: string; readonly kind: MatchKind; readonly value: string };
  readonly method?: string;
  readonly query?: { readonly name: string; readonly value: string };
}

export interface Destination {
  readonly host: string;
  readonly subset?: string;
  readonly weight?: number;
}

/** A mistake in a rule; each is at most once in it. */
export type RouteMistake = 'unknown-field' | 'wrong-type' | 'invalid-regex' | 'invalid-duration';

export interface WrittenRoute {
  readonly name: string;
  readonly start: number;
  readonly end: number;
  readonly matches: readonly Match[];
  readonly destinationLines: readonly { readonly host: number; readonly subset: number | undefined }[];
}

const METHODS = ['GET', 'POST', 'PUT', 'DELETE', 'PATCH'];
export const WORDS = ['orders', 'cart', 'users', 'search', 'billing', 'catalog', 'reviews', 'ratings', 'media', 'auth'];

/** A match that only paths of `token` can meet. */
export function randomMatch(random: Random, token: string, index: number): Match {
  const word = random.pick(WORDS);
  const kind = random.pick(['exact', 'prefix', 'regex'] as const);
  const value = {
    exact: `/${token}/${word}/${index}`,
    prefix: `/${token}/${word}-${index}/`,
    regex: `/${token}/${word}-${index}/[0-9]+(/.*)?`,
  }[kind];
  return {
    uri: { kind, value },
    ...(random.chance(0.35) && {
      header: {
        name: random.pick(['x-tenant', 'x-env', 'x-user-group']),
        kind: random.pick(['exact', 'prefix'] as const),
        value: `t${random.int(1, 99)}x`,
      },
    }),
    ...(random.chance(0.3) && { method: random.pick(METHODS) }),
    ...(random.chance(0.2) && {
      query: { name: random.pick(['debug', 'beta', 'lang']), value: random.pick(['yes', 'on', 'en']) },
    }),
  };
}

/** Matches that a request meets only when it meets the first of an earlier rule. */
export function coveredBy(
  random: Random,
  earlier: readonly Match[],
): { readonly how: string; readonly matches: readonly Match[] } {
  const [first] = earlier;
  const uri = first?.uri;
  if (uri === undefined || Object.keys(first ?? {}).length > 1) return { how: 'the same matches', matches: earlier };
  const { value } = uri;
  if (uri.kind === 'prefix') {
    return random.pick([
      { how: 'an exact path below a prefix', matches: [{ uri: { kind: 'exact', value: `${value}item` } as const }] },
      { how: 'a longer prefix', matches: [{ uri: { kind: 'prefix', value: `${value}sub/` } as const }] },
      {
        how: 'a prefix and a header',
        matches: [{ uri, header: { name: 'x-canary', kind: 'exact', value: 'always' } as const }],
      },
    ]);
  }
  if (uri.kind === 'exact') return { how: 'an exact path and a method', matches: [{ uri, method: 'GET' }] };
  return { how: 'the same matches', matches: earlier };
}

export interface RouteOptions {
  readonly name: string;
  readonly matches: readonly Match[];
  readonly destinations: readonly Destination[];
  /** Optional parts are added until the file has about so many lines. */
  readonly untilLine: number;
  readonly mistake?: RouteMistake | undefined;
}

/** Writes one rule below `http:`. */
export function putRoute(file: FileWriter, random: Random, options: RouteOptions): WrittenRoute {
  const { name, matches, destinations, untilLine, mistake } = options;
  const start = file.put(4, `- name: ${name}`);
  file.put(6, 'match:');
  for (const [index, match] of matches.entries()) putMatch(file, match, index === 0 ? mistake : undefined);
  const isInvalid = mistake === 'invalid-duration';
  if (isInvalid) file.mistake('invalid-duration', file.put(6, 'timeout: 5 seconds'), '“5 seconds” is no duration');
  const needed = 1 + destinations.length * 6;
  for (const extra of random.shuffle(isInvalid ? EXTRAS.slice(1) : EXTRAS)) {
    if (file.lineCount + needed < untilLine) extra(file, random);
  }
  file.put(6, 'route:');
  const destinationLines = destinations.map((destination, index) =>
    putDestination(file, destination, index === 0 && mistake === 'wrong-type'),
  );
  return { name, start, end: file.lineCount, matches, destinationLines };
}

function putMatch(file: FileWriter, match: Match, mistake: RouteMistake | undefined): void {
  let dash = '- ';
  const key = (text: string): void => {
    file.put(8, `${dash}${text}`);
    dash = '  ';
  };
  if (match.uri !== undefined) {
    key('uri:');
    const { kind, value } = match.uri;
    const line = file.put(
      12,
      `${mistake === 'unknown-field' ? `${kind}es` : kind}: ${/[[\](){}*+?\\|]/.test(value) ? `"${value}"` : value}`,
    );
    if (mistake === 'unknown-field') file.mistake('unknown-field', line, `${kind}es is no field of a string match`);
    if (mistake === 'invalid-regex') file.mistake('invalid-regex', line, 'a group is not closed');
  }
  if (match.header !== undefined) {
    key('headers:');
    file.put(12, `${match.header.name}:`);
    file.put(14, `${match.header.kind}: ${match.header.value}`);
  }
  if (match.method !== undefined) {
    key('method:');
    file.put(12, `exact: ${match.method}`);
  }
  if (match.query !== undefined) {
    key('queryParams:');
    file.put(12, `${match.query.name}:`);
    file.put(14, `exact: "${match.query.value}"`);
  }
}

function putDestination(
  file: FileWriter,
  { host, subset, weight }: Destination,
  hasWrongType: boolean,
): WrittenRoute['destinationLines'][number] {
  file.put(8, '- destination:');
  const hostLine = file.put(12, `host: ${host}`);
  const subsetLine = subset === undefined ? undefined : file.put(12, `subset: ${subset}`);
  file.put(12, 'port:');
  const portLine = file.put(14, `number: ${hasWrongType ? 'http' : PORT}`);
  if (hasWrongType) file.mistake('wrong-type', portLine, 'a port number is a number');
  if (weight !== undefined) file.put(10, `weight: ${weight}`);
  return { host: hostLine, subset: subsetLine };
}

/** Optional parts of a rule, the timeout first. */
const EXTRAS: readonly ((file: FileWriter, random: Random) => void)[] = [
  (file, random) => file.put(6, `timeout: ${random.int(10, 30)}s`),
  (file, random) => {
    file.put(6, 'retries:');
    file.put(8, `attempts: ${random.int(1, 3)}`);
    file.put(8, `perTryTimeout: ${random.int(1, 2)}s`);
    file.put(8, 'retryOn: reset,connect-failure');
  },
  (file, random) => {
    file.put(6, 'headers:');
    file.put(8, 'request:');
    file.put(10, 'set:');
    file.put(12, `x-route-id: r${random.int(1, 9999)}`);
  },
  (file, random) => {
    file.put(6, 'fault:');
    file.put(8, 'delay:');
    file.put(10, 'percentage:');
    file.put(12, `value: ${random.int(1, 20) / 10}`);
    file.put(10, `fixedDelay: ${random.int(1, 5)}s`);
  },
  (file, random) => {
    file.put(6, 'corsPolicy:');
    file.put(8, 'allowOrigins:');
    file.put(10, `- exact: https://app-${random.int(1, 99)}.example.com`);
    file.put(8, 'allowMethods:');
    file.put(10, '- GET');
    file.put(10, '- POST');
    file.put(8, 'maxAge: 24h');
  },
];

export interface VirtualServiceOptions extends Name {
  readonly hosts: readonly string[];
  readonly gateways: readonly { readonly name: string; readonly isMissing: boolean }[];
  readonly routes: number;
  readonly linesPerRoute: number;
  readonly destinations: (route: number) => readonly Destination[];
  /** How many of each are planted. */
  readonly mistakes: { readonly unreachable: number; readonly others: readonly RouteMistake[] };
}

/** Writes a VirtualService whose rules have one to three matches each. */
export function putVirtualService(file: FileWriter, random: Random, options: VirtualServiceOptions): void {
  const { name, namespace, hosts, gateways, routes, linesPerRoute, mistakes } = options;
  header(file, NETWORKING, 'VirtualService', { name, namespace });
  file.put(0, 'spec:');
  file.put(2, 'hosts:');
  for (const host of hosts) file.put(4, `- ${host}`);
  if (gateways.length > 0) file.put(2, 'gateways:');
  for (const gateway of gateways) {
    const line = file.put(4, `- ${gateway.name}`);
    if (gateway.isMissing) file.mistake('missing-gateway', line, `there is no Gateway ${gateway.name}`);
  }
  file.put(2, 'http:');
  const base = file.lineCount;
  const unreachable = new Set<number>();
  while (unreachable.size < mistakes.unreachable) unreachable.add(random.int(Math.min(5, routes - 1), routes - 1));
  const others = new Map<number, RouteMistake>();
  for (const mistake of mistakes.others) {
    let route = random.int(0, routes - 1);
    while (unreachable.has(route) || others.has(route)) route = random.int(0, routes - 1);
    others.set(route, mistake);
  }
  const sound: WrittenRoute[] = [];
  for (let route = 0; route < routes; route++) {
    const untilLine = base + Math.round((route + 1) * linesPerRoute);
    const common = { name: `route-${padded(route, 4)}`, destinations: options.destinations(route), untilLine };
    const earlier = unreachable.has(route) && sound.length > 0 ? random.pick(sound) : undefined;
    if (earlier !== undefined) {
      const { how, matches } = coveredBy(random, earlier.matches);
      const written = putRoute(file, random, { ...common, matches });
      file.mistake(
        'unreachable-route',
        written.start,
        `${how} as ${earlier.name} in line ${earlier.start}`,
        written.end,
      );
      continue;
    }
    const mistake = others.get(route);
    const token = `${name}-${padded(route, 4)}`;
    const matches = Array.from({ length: random.pick([1, 1, 2, 2, 3]) }, (_, index) =>
      randomMatch(random, token, index),
    );
    if (mistake === 'unknown-field') matches[0] = { ...matches[0], uri: { kind: 'prefix', value: `/${token}/x/` } };
    if (mistake === 'invalid-regex')
      matches[0] = { ...matches[0], uri: { kind: 'regex', value: `/${token}/(unclosed` } };
    const written = putRoute(file, random, { ...common, matches, mistake });
    if (mistake === undefined) sound.push(written);
  }
}
