import type { Snapshot } from '../../server/src/analysis.ts';
import { type Evaluation, evaluate, type UpstreamDestination } from '../../server/src/routing/explain/evaluate.ts';
import type { HttpRequest } from '../../server/src/routing/explain/request.ts';
import type { OracleCase } from './oracle.ts';

/** What a real Envoy answered to one request. */
interface Answer {
  readonly proxy: number;
  readonly routeConfig: string;
  readonly request: {
    readonly method: string;
    readonly host: string;
    readonly path: string;
    readonly scheme?: string;
    readonly headers?: Readonly<Record<string, string>>;
  };
  readonly status?: number;
  readonly statusOneOf?: readonly number[];
  readonly route?: { readonly virtualHost: string; readonly index: number } | null;
  readonly cluster?: string;
  readonly clusterOneOf?: readonly string[];
  readonly upstreamPath?: string;
  readonly upstreamHost?: string;
  readonly upstreamHeaders?: readonly (readonly [string, string])[];
  readonly location?: string;
}

/** The service behind the real Envoy was an echo that always answers so. */
const ECHO = 200;

/** Every place where our evaluation of a case's requests is not what a real Envoy did. */
export function requestDifferences(oracle: OracleCase, snapshot: Snapshot): string[] {
  return ((oracle.expect.requests ?? []) as readonly Answer[]).flatMap(answer => {
    const proxy = oracle.expect.proxies[answer.proxy];
    if (proxy === undefined) return [`there is no proxy ${answer.proxy}`];
    const { type, namespace, labels } = proxy;
    const table = snapshot.routing.proxy({ type, namespace, labels }).table(answer.routeConfig);
    const { method, host, path } = answer.request;
    return differencesOf(answer, evaluate(table, requestOf(answer))).map(
      line => `${answer.routeConfig} ${method} ${host}${path}: ${line}`,
    );
  });
}

export function requestOf({ request }: Pick<Answer, 'request'>): HttpRequest {
  const [path = '', ...query] = request.path.split('?');
  return {
    method: request.method,
    scheme: request.scheme ?? 'http',
    authority: request.host,
    path,
    query: query.join('?'),
    headers: Object.entries(request.headers ?? {}).map(([name, value]) => [name.toLowerCase(), value] as const),
  };
}

function differencesOf(answer: Answer, evaluation: Evaluation): string[] {
  const { winner, chosen, outcome } = evaluation;
  const found: string[] = [];
  const compare = (what: string, ours: unknown, theirs: unknown): void => {
    const [a, b] = [JSON.stringify(ours), JSON.stringify(theirs)];
    if (a !== b) found.push(`${what} is ${a ?? 'nothing'} instead of ${b ?? 'nothing'}`);
  };
  if (answer.route !== undefined) {
    const theirs = answer.route === null ? 'none' : `${answer.route.virtualHost}[${answer.route.index}]`;
    compare('route', winner === undefined ? 'none' : `${chosen?.host.name}[${winner.index}]`, theirs);
  }
  compare('status', statuses(evaluation), [...(answer.statusOneOf ?? [answer.status ?? 0])].sort());
  compare('location', outcome.kind === 'redirect' ? outcome.location : undefined, answer.location);
  const destinations = outcome.kind === 'forward' ? outcome.upstream.destinations : [];
  const theirClusters = answer.clusterOneOf ?? (answer.cluster === undefined ? [] : [answer.cluster]);
  compare(
    'clusters',
    [...new Set(destinations.map(({ cluster }) => cluster))].sort(),
    [...new Set(theirClusters)].sort(),
  );
  if (answer.upstreamPath !== undefined)
    compare('path', outcome.kind === 'forward' ? outcome.upstream.path : undefined, answer.upstreamPath);
  if (answer.upstreamHost !== undefined) {
    const hosts = destinations.map(({ authority }) => authority);
    if (!hosts.includes(answer.upstreamHost)) compare('host', hosts, answer.upstreamHost);
  }
  const expected = (answer.upstreamHeaders ?? []).filter(([name]) => !isCodec(answer, name));
  // Where lots are drawn, the answer leaves out what differs from draw to draw.
  const isCertain = (answer.clusterOneOf ?? []).length < 2;
  if (
    isCertain &&
    answer.upstreamPath !== undefined &&
    !destinations.some(one => sameHeaders(added(one, answer), expected))
  )
    compare(
      'headers',
      destinations.map(one => added(one, answer)),
      expected,
    );
  return found;
}

/** The client has sent no body, and Envoy's HTTP/1 codec says so for methods that may have one. */
function isCodec({ request }: Answer, name: string): boolean {
  return name === 'content-length' && request.method !== 'GET';
}

function statuses({ outcome, faults }: Evaluation): number[] {
  const own = 'status' in outcome ? outcome.status : outcome.kind === 'forward' ? ECHO : 0;
  const { abort } = faults;
  if (abort === undefined || abort.percent === 0) return [own];
  return abort.percent === 100 ? [abort.status] : [...new Set([own, abort.status])].sort();
}

/** Headers that the service gets and the client has not sent so. */
function added({ headers }: UpstreamDestination, { request }: Answer): readonly (readonly [string, string])[] {
  const sent = new Map(Object.entries(request.headers ?? {}).map(([name, value]) => [name.toLowerCase(), value]));
  return headers.filter(([name, value]) => sent.get(name) !== value);
}

function sameHeaders(
  ours: readonly (readonly [string, string])[],
  theirs: readonly (readonly [string, string])[],
): boolean {
  const sorted = (list: typeof ours): typeof ours => [...list].sort(([a], [b]) => (a < b ? -1 : 1));
  // An operator that finds nothing leaves no header: nobody showed a certificate.
  const there = ours.filter(([name, value]) => !isOperator(value) || theirs.some(([other]) => other === name));
  const [a, b] = [sorted(there), sorted(theirs)];
  return a.length === b.length && a.every(([name, value], i) => b[i]?.[0] === name && fits(value, b[i][1]));
}

function isOperator(value: string): boolean {
  return /^%[A-Z][A-Z0-9_]*(?:\([^)]*\))?(?::\d+)?%$/.test(value);
}

/** What is known at run time only may be anything; the rest of the value has to stand. */
function fits(ours: string, theirs: string): boolean {
  const parts = ours.split(/%[A-Z][A-Z0-9_]*(?:\([^)]*\))?(?::\d+)?%/);
  if (parts.length === 1) return ours === theirs;
  return theirs.startsWith(parts[0] ?? '') && theirs.endsWith(parts.at(-1) ?? '');
}
