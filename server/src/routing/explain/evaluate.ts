import { CORS, type EnvoyClusterWeight, type EnvoyFault, type EnvoyRoute, FAULT } from '../envoy.ts';
import { percentOf } from '../faults.ts';
import { compilePattern } from '../pattern.ts';
import type { TableRoute } from '../routes.ts';
import type { RouteTable, TableHost } from '../table.ts';
import { type FailedCondition, failureCount, firstFailure } from './conditions.ts';
import { type HeaderChange, headerChanges, upstreamHeaders } from './headers.ts';
import { normalPath } from './path.ts';
import { fullPath, type HeaderField, type HttpRequest, headerValue } from './request.ts';
import { redirectLocation, redirectStatus, rewrittenPath } from './rewrite.ts';
import { routeIndexOf } from './route-index.ts';
import { type Timing, timingOf } from './timing.ts';
import { type ChosenHost, chooseHost } from './virtual-host.ts';

/** What a proxy does with one request. */
export interface Evaluation {
  /** As the routes see it: with a normal path, and the scheme in lower case. */
  readonly request: HttpRequest;
  readonly chosen: ChosenHost | undefined;
  /** The routes before the winner, or all of them, each with what failed; none where nobody asks why. */
  readonly considered: readonly ConsideredRoute[];
  readonly winner: PlacedRoute | undefined;
  readonly outcome: Outcome;
  /** What the fault filter does before the action. */
  readonly faults: Faults;
}

/** A route and its 0-based place in the virtual host. */
export interface PlacedRoute {
  readonly index: number;
  readonly route: TableRoute;
}

export interface ConsideredRoute extends PlacedRoute {
  readonly failed: FailedCondition;
}

export type Outcome =
  | { readonly kind: 'forward'; readonly upstream: Upstream }
  | { readonly kind: 'redirect'; readonly status: number; readonly location: string; readonly tls: boolean }
  | { readonly kind: 'directResponse'; readonly status: number; readonly body: string }
  /** The CORS filter answers a preflight itself. */
  | { readonly kind: 'preflight'; readonly status: 200; readonly originAllowed: boolean }
  | { readonly kind: 'notFound'; readonly status: 404; readonly nearest: ConsideredRoute | undefined }
  | { readonly kind: 'badRequest'; readonly status: 400; readonly reason: string }
  /** The route has no action: Envoy refuses the whole table. */
  | { readonly kind: 'noAction' };

/** The request that goes on to a service. */
export interface Upstream {
  /** Path and query. */
  readonly path: string;
  readonly destinations: readonly UpstreamDestination[];
  readonly mirrors: readonly { readonly cluster: string; readonly percent: number }[];
  readonly timing: Timing;
}

export interface UpstreamDestination {
  readonly cluster: string;
  /** Percent, 0 to 100. */
  readonly share: number;
  /** The `:authority` that the service sees. */
  readonly authority: string;
  readonly changes: readonly HeaderChange[];
  readonly headers: readonly HeaderField[];
}

export interface Faults {
  readonly delay: { readonly duration: string; readonly percent: number } | undefined;
  readonly abort:
    | { readonly status: number; readonly grpcStatus: number | undefined; readonly percent: number }
    | undefined;
}

const NO_FAULTS: Faults = { delay: undefined, abort: undefined };

/**
 * Walks a route table as Envoy does: virtual host, routes from the top, action.
 *
 * @param options `reasons: false` leaves out why the routes before the winner were passed over
 */
export function evaluate(
  table: Pick<RouteTable, 'virtualHosts'>,
  request: HttpRequest,
  options: { readonly reasons: boolean } = { reasons: true },
): Evaluation {
  const normal = normalPath(request.path);
  const none = { considered: [], winner: undefined, faults: NO_FAULTS };
  if ('fault' in normal) {
    const outcome: Outcome = { kind: 'badRequest', status: 400, reason: normal.fault };
    return { request, chosen: undefined, ...none, outcome };
  }
  const seen: HttpRequest = { ...request, path: normal.path, scheme: request.scheme.toLowerCase() };
  const chosen = chooseHost(table.virtualHosts, request.authority);
  if (chosen === undefined) {
    return { request: seen, chosen, ...none, outcome: { kind: 'notFound', status: 404, nearest: undefined } };
  }
  if (chosen.host.requireTls && seen.scheme !== 'https') {
    const location = `https://${seen.authority}${fullPath(seen)}`;
    return { request: seen, chosen, ...none, outcome: { kind: 'redirect', status: 301, location, tls: true } };
  }
  const { considered, winner } = options.reasons ? firstTaking(chosen.host, seen) : winnerOf(chosen.host, seen);
  if (winner === undefined) {
    const outcome: Outcome = { kind: 'notFound', status: 404, nearest: nearestOf(considered, seen) };
    return { request: seen, chosen, considered, winner, outcome, faults: NO_FAULTS };
  }
  const { envoy } = winner.route;
  return {
    request: seen,
    chosen,
    considered,
    winner,
    outcome: preflight(envoy, seen) ?? actionOf(envoy, seen),
    faults: faultsOf(envoy.typedPerFilterConfig?.[FAULT]),
  };
}

function winnerOf(host: TableHost, request: HttpRequest): Pick<Evaluation, 'considered' | 'winner'> {
  const index = routeIndexOf(host).first(request);
  const route = host.routes[index];
  return { considered: [], winner: route === undefined ? undefined : { index, route } };
}

function firstTaking(host: TableHost, request: HttpRequest): Pick<Evaluation, 'considered' | 'winner'> {
  const considered: ConsideredRoute[] = [];
  for (const [index, route] of host.routes.entries()) {
    const failed = firstFailure(route.envoy.match, request);
    if (failed === undefined) return { considered, winner: { index, route } };
    considered.push({ index, route, failed });
  }
  return { considered, winner: undefined };
}

/** The route of which the fewest conditions fail; of several one whose path fits, then the first. */
function nearestOf(considered: readonly ConsideredRoute[], request: HttpRequest): ConsideredRoute | undefined {
  let best: { readonly route: ConsideredRoute; readonly distance: number } | undefined;
  for (const route of considered) {
    const failures = failureCount(route.route.envoy.match, request);
    const distance = failures * 2 + (route.failed.field === 'uri' ? 1 : 0);
    if (best === undefined || distance < best.distance) best = { route, distance };
  }
  return best?.route;
}

function actionOf(envoy: EnvoyRoute, request: HttpRequest): Outcome {
  const { redirect, directResponse, route } = envoy;
  if (redirect !== undefined) {
    const location = redirectLocation(redirect, envoy.match, request);
    return { kind: 'redirect', status: redirectStatus(redirect), location, tls: false };
  }
  if (directResponse !== undefined) {
    const { inlineString, inlineBytes } = directResponse.body ?? {};
    return { kind: 'directResponse', status: directResponse.status, body: inlineString ?? inlineBytes ?? '' };
  }
  if (route === undefined) return { kind: 'noAction' };
  return { kind: 'forward', upstream: upstreamOf(envoy, route, request) };
}

function upstreamOf(envoy: EnvoyRoute, route: NonNullable<EnvoyRoute['route']>, request: HttpRequest): Upstream {
  const path = rewrittenPath(envoy, request.path);
  const weights = route.weightedClusters?.clusters ?? [];
  const total = weights.reduce((sum, { weight }) => sum + weight, 0);
  const destination = (cluster: string, share: number, own: Partial<EnvoyClusterWeight>): UpstreamDestination => {
    const changes = headerChanges([own, envoy], request);
    return {
      cluster,
      share,
      authority: own.hostRewriteLiteral ?? route.hostRewriteLiteral ?? request.authority,
      changes,
      headers: upstreamHeaders(request, changes),
    };
  };
  return {
    path: fullPath({ path, query: request.query }),
    destinations:
      route.cluster !== undefined
        ? [destination(route.cluster, 100, {})]
        : weights.map(own => destination(own.name, (own.weight / total) * 100, own)),
    mirrors: (route.requestMirrorPolicies ?? []).map(({ cluster, runtimeFraction }) => ({
      cluster,
      percent: percentOf(runtimeFraction.defaultValue),
    })),
    timing: timingOf(route),
  };
}

/** The answer of Envoy's CORS filter to a preflight; it looks only at routes that go on to a service. */
function preflight({ route, typedPerFilterConfig }: EnvoyRoute, request: HttpRequest): Outcome | undefined {
  const cors = typedPerFilterConfig?.[CORS];
  const origin = headerValue(request, 'origin') ?? '';
  if (cors === undefined || route === undefined || request.method !== 'OPTIONS' || origin === '') return undefined;
  if ((headerValue(request, 'access-control-request-method') ?? '') === '') return undefined;
  const originAllowed = (cors.allowOriginStringMatch ?? []).some(({ exact, prefix, safeRegex }) => {
    if (exact !== undefined) return exact === '*' || exact === origin;
    if (prefix !== undefined) return origin.startsWith(prefix);
    const pattern = compilePattern(safeRegex?.regex ?? '');
    return 'matches' in pattern && (pattern.matches('*') || pattern.matches(origin));
  });
  if (!originAllowed && cors.forwardNotMatchingPreflights) return undefined;
  return { kind: 'preflight', status: 200, originAllowed };
}

function faultsOf(fault: EnvoyFault | undefined): Faults {
  if (fault === undefined) return NO_FAULTS;
  const { delay, abort } = fault;
  return {
    delay: delay && { duration: delay.fixedDelay, percent: percentOf(delay.percentage) },
    abort: abort && {
      // A gRPC status travels in a header of an answer whose HTTP status is 200.
      status: abort.httpStatus ?? 200,
      grpcStatus: abort.grpcStatus,
      percent: percentOf(abort.percentage ?? {}),
    },
  };
}
