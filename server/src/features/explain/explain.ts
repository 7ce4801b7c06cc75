import type {
  ConsideredView,
  ExplainAnswer,
  ExplainedRoute,
  ExplainParams,
  Explanation,
} from '../../contract/explain.ts';
import { matchText } from '../../routing/describe.ts';
import { type ConsideredRoute, type Evaluation, evaluate, type PlacedRoute } from '../../routing/explain/evaluate.ts';
import { type HttpRequest, parseRequest, requestText } from '../../routing/explain/request.ts';
import { withoutPort } from '../../routing/explain/virtual-host.ts';
import type { TableHost } from '../../routing/table.ts';
import type { Snapshot } from '../../workspace/snapshot.ts';
import type { ToPlace, ViewContext } from '../route-model.ts';
import { sourceOf } from '../route-rows.ts';
import { failureSentence, faultViews, hostReason, routeLabel } from './sentences.ts';
import { upstreamView } from './upstream.ts';
import { type AskedProxy, type ChosenTable, tableFor } from './viewpoint.ts';

/** What a proxy would do with a request that a user has typed, or what is wrong with the question. */
export function explainRequest(snapshot: Snapshot, params: ExplainParams, toPlace: ToPlace): ExplainAnswer {
  const request = parseRequest(params.request);
  return 'fault' in request ? request : explain(snapshot, request, params, toPlace);
}

/**
 * The same for a request that is one.
 *
 * @param toPlace `undefined` where nobody asks why: the answer has no places, and no routes before the winner
 */
export function explain(
  snapshot: Snapshot,
  request: HttpRequest,
  asked: AskedProxy,
  toPlace: ToPlace | undefined,
): ExplainAnswer {
  const chosen = tableFor(snapshot, request, asked);
  return 'fault' in chosen ? chosen : explanationOf(snapshot, request, chosen, toPlace);
}

function explanationOf(
  snapshot: Snapshot,
  request: HttpRequest,
  { key, reason }: ChosenTable,
  places: ToPlace | undefined,
): Explanation {
  const routing = snapshot.routing.proxy(key.proxy);
  const table = routing.table(key.table);
  const context: ViewContext = { snapshot, routing, table, toPlace: places ?? (() => undefined) };
  const evaluation = evaluate(table, request, { reasons: places !== undefined });
  const { chosen, outcome, considered, winner } = evaluation;
  const host = chosen?.host;
  const upstream =
    outcome.kind === 'forward' && winner !== undefined
      ? upstreamView(context, outcome.upstream, evaluation.faults, winner.route)
      : undefined;
  const considerations = host === undefined ? [] : considered.map(route => consideredView(context, host, route));
  const nearest = outcome.kind === 'notFound' ? outcome.nearest : undefined;
  const parts = {
    request,
    normalPath: evaluation.request.path === request.path ? undefined : evaluation.request.path,
    viewpoint: {
      id: key.id,
      kind: key.kind,
      group: key.group,
      label: key.label,
      routeConfiguration: table.name,
      port: table.port,
      namespace: key.proxy.namespace,
      labels: key.proxy.labels,
      gateways: key.gateways,
      reason,
    },
    virtualHost:
      chosen === undefined
        ? undefined
        : {
            name: chosen.host.name,
            domain: chosen.domain,
            reason: hostReason(chosen),
            routes: chosen.host.routes.length,
          },
    considered: considerations,
    route: host === undefined || winner === undefined ? undefined : routeView(context, host, winner),
    status: statusOf(evaluation, upstream),
    upstream,
    redirect: redirectOf(evaluation),
    directResponse: outcome.kind === 'directResponse' ? { status: outcome.status, body: outcome.body } : undefined,
    nearest: nearest === undefined ? undefined : considerations.find(({ order }) => order === nearest.index + 1),
    faults: faultViews(evaluation.faults),
  };
  return { ...parts, headline: headline(parts, evaluation), notes: notesOf(parts, evaluation) };
}

function routeView(context: ViewContext, host: TableHost, { index, route }: PlacedRoute): ExplainedRoute {
  return {
    id: `${host.name}/${index + 1}`,
    order: index + 1,
    name: route.envoy.name ?? '',
    source: sourceOf(context, route.origin),
    match: matchText(route.envoy.match),
  };
}

function consideredView(context: ViewContext, host: TableHost, route: ConsideredRoute): ConsideredView {
  const { condition, expected, actual } = route.failed;
  return {
    ...routeView(context, host, route),
    failed: { condition, expected, actual },
    sentence: failureSentence(route.failed),
  };
}

/** What the proxy answers by itself for certain; a fault that strikes only sometimes is told among the faults. */
function statusOf({ outcome, faults }: Evaluation, upstream: Explanation['upstream']): number | undefined {
  if (faults.abort !== undefined && faults.abort.percent >= 100) return faults.abort.status;
  if ('status' in outcome) return outcome.status;
  const lost = upstream?.destinations.every(({ problem }) => problem !== undefined) ?? false;
  return upstream !== undefined && (upstream.destinations.length === 0 || lost) ? 503 : undefined;
}

function redirectOf({ outcome }: Evaluation): Explanation['redirect'] {
  if (outcome.kind !== 'redirect') return undefined;
  const { status, location, tls } = outcome;
  return {
    status,
    location,
    reason: tls ? 'the server redirects every plain request to https' : 'the route redirects',
  };
}

function headline(parts: Omit<Explanation, 'headline' | 'notes'>, { outcome, faults }: Evaluation): string {
  const { route, upstream, request, virtualHost } = parts;
  const taker = route === undefined ? '' : `${routeLabel(route)} takes it: `;
  if (faults.abort !== undefined && faults.abort.percent >= 100)
    return `${taker}the proxy answers ${faults.abort.status} by an injected fault`;
  switch (outcome.kind) {
    case 'forward': {
      const all = upstream?.destinations ?? [];
      if (all.length === 0) return `${taker}503, for there is no destination`;
      return `${taker}${all.map(({ text }) => text).join(', ')}`;
    }
    case 'redirect':
      return `${taker}redirect ${outcome.status} to ${outcome.location}`;
    case 'directResponse':
      return `${taker}the proxy answers ${outcome.status} itself`;
    case 'preflight':
      return `${taker}the proxy answers this CORS preflight with 200 itself${outcome.originAllowed ? '' : ', and allows nothing'}`;
    case 'badRequest':
      return `the proxy answers 400: ${outcome.reason}`;
    case 'noAction':
      return `${taker}it has no action, so Envoy refuses the whole table`;
    case 'notFound':
      return virtualHost === undefined
        ? `404: no virtual host takes ${withoutPort(request.authority)}`
        : `404: none of the ${virtualHost.routes} routes of ${virtualHost.name} takes it`;
  }
}

function notesOf(parts: Omit<Explanation, 'headline' | 'notes'>, { outcome, request }: Evaluation): readonly string[] {
  const notes: string[] = [];
  if (parts.normalPath !== undefined)
    notes.push(`the path ${parts.request.path} is made ${parts.normalPath} before routes are looked at`);
  if (parts.nearest !== undefined)
    notes.push(`${routeLabel(parts.nearest)} would have been nearest: ${parts.nearest.sentence}`);
  const cluster = parts.upstream?.destinations[0]?.cluster;
  if (cluster === 'PassthroughCluster')
    notes.push(`no service is known by this name: ${requestText(request)} leaves the mesh`);
  if (outcome.kind === 'forward' && parts.considered.some(({ failed }) => failed.actual === 'no verified token'))
    notes.push('a request with a verified token may take another route');
  return notes;
}
