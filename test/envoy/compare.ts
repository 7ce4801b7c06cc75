import type { RouteTable } from '../../server/src/routing/table.ts';
import type { EnvoyAnswer } from './lab.ts';
import type { EnvoyRequest } from './request.ts';

/** What a case says of a request: the answer of an Envoy that had loaded the table of the real control plane. */
export interface RecordedAnswer {
  readonly proxy: number;
  readonly routeConfig: string;
  readonly request: EnvoyRequest;
  readonly status?: number;
  /** Where Envoy draws lots. */
  readonly statusOneOf?: readonly number[];
  /** `null`: no route takes the request. Absent: it was redirected to https before routes were looked at. */
  readonly route?: {
    readonly virtualHost: string;
    readonly index: number;
    readonly name?: string;
    readonly source?: string;
  } | null;
  readonly cluster?: string;
  readonly clusterOneOf?: readonly string[];
  readonly upstreamPath?: string;
  readonly upstreamHost?: string;
  readonly upstreamHeaders?: readonly (readonly [string, string])[];
  readonly location?: string;
}

/** A table that the recording Envoy has refused. */
export interface RecordedRefusal {
  readonly proxy: number;
  readonly routeConfig: string;
  readonly envoyRejects: string;
}

/** Every point in which an answer is not the recorded one. */
export function answerDifferences(recorded: RecordedAnswer, answer: EnvoyAnswer, table: RouteTable): readonly string[] {
  const differences: string[] = [];
  const equal = (name: string, ours: unknown, theirs: unknown): void => {
    const [a, b] = [JSON.stringify(ours), JSON.stringify(theirs)];
    if (a !== b) differences.push(`${name}: ${a} instead of ${b}`);
  };
  const oneOf = (name: string, ours: unknown, theirs: readonly unknown[]): void => {
    if (!theirs.includes(ours)) differences.push(`${name}: ${JSON.stringify(ours)}, none of ${JSON.stringify(theirs)}`);
  };
  if (recorded.statusOneOf === undefined) equal('status', answer.status, recorded.status);
  else oneOf('status', answer.status, recorded.statusOneOf);
  const { virtualHost, index, name, source } = recorded.route ?? {};
  equal('route', routeOf(answer, table), recorded.route ? { virtualHost, index, name, source } : undefined);
  if (recorded.clusterOneOf === undefined) equal('cluster', answer.cluster, recorded.cluster);
  else oneOf('cluster', answer.cluster, recorded.clusterOneOf);
  equal('location', answer.location, recorded.location);
  // A fault that strikes by lot keeps the request from its upstream.
  if (recorded.statusOneOf !== undefined && recorded.upstreamPath === undefined) return differences;
  equal('upstreamPath', answer.upstream?.path, recorded.upstreamPath);
  equal('upstreamHost', answer.upstream?.host, recorded.upstreamHost);
  // Not recorded where they hang on the cluster that is drawn.
  if (recorded.clusterOneOf !== undefined && recorded.upstreamHeaders === undefined) return differences;
  equal(
    'upstreamHeaders',
    (answer.upstream?.headers ?? []).map(withoutTime),
    (recorded.upstreamHeaders ?? []).map(withoutTime),
  );
  return differences;
}

/** The route that won, with the name and the VirtualService that our table says it has. */
function routeOf({ route }: EnvoyAnswer, table: RouteTable): RecordedAnswer['route'] {
  if (route === undefined) return undefined;
  const { virtualHost, index } = route;
  const found = table.virtualHosts.find(host => host.name === virtualHost)?.routes[index];
  const source = found?.origin?.virtualService.resource;
  return {
    virtualHost,
    index,
    name: found?.envoy.name,
    source: source === undefined ? undefined : `${source.namespace}/${source.name}`,
  } as RecordedAnswer['route'];
}

/** A header that holds the time of the request (`%START_TIME(%s.%3f)%`) is another one each time. */
function withoutTime([name, value]: readonly [string, string]): readonly [string, string] {
  return [name, /^\d{10}\.\d{3}$/.test(value) ? 'TIME' : value];
}
