import type {
  MissingView,
  Place,
  RouteModel,
  RoutesParams,
  Viewpoint,
  ViewpointName,
  VirtualHostView,
} from '../contract.ts';
import type { RouteTable, TableHost } from '../routing/table.ts';
import type { ProxyRouting } from '../routing/tables.ts';
import type { Span } from '../text/range.ts';
import type { Snapshot } from '../workspace/snapshot.ts';
import { destinationPolicies } from './destination-policy.ts';
import { assumptionsOf } from './route-assumptions.ts';
import { connectionViewpoints, connectionViews, listenerTable } from './route-connections.ts';
import { clustersOf, clusterView } from './route-destinations.ts';
import { leftOutViews } from './route-left-out.ts';
import { routeId, routeViews } from './route-rows.ts';
import { type ViewpointKey, viewpointFor, viewpointsOf } from './viewpoints.ts';

/** Turns places of the core into places of the client; `undefined` when they are gone. */
export type ToPlace = (span: Span) => Place | undefined;

/**
 * The view model of the route preview: all viewpoints by name, and the table of the chosen one, or of a long table the
 * first routes where only they are asked for.
 */
export function routeModel(snapshot: Snapshot, params: RoutesParams, toPlace: ToPlace): RouteModel {
  const viewpoints = [...viewpointsOf(snapshot.routing), ...connectionViewpoints(snapshot.routing)];
  const chosen = viewpoints.find(({ id }) => id === params.viewpoint) ?? viewpointFor(snapshot, viewpoints, params.uri);
  const context = chosen === undefined ? undefined : contextOf(snapshot, chosen, toPlace);
  const first = context === undefined ? undefined : firstRoutes(context.table, params.first);
  return {
    viewpoints: viewpoints.map(nameOf),
    selected: chosen === undefined || context === undefined ? undefined : viewOf(chosen, context, first?.hosts),
    stale: undefined,
    indexing: false,
    ...(first === undefined ? {} : { rest: first.rest }),
  };
}

/** The hosts of a table with its first routes, and how many routes follow; `undefined` where these are all. */
function firstRoutes(
  { virtualHosts }: RouteTable,
  first = Number.POSITIVE_INFINITY,
): { readonly hosts: readonly ShownHost[]; readonly rest: number } | undefined {
  const hosts: ShownHost[] = [];
  let room = first;
  let rest = 0;
  for (const host of virtualHosts) {
    // Before the routes of a host that demands HTTPS every request is redirected: they are not shown.
    const count = host.requireTls ? 0 : host.routes.length;
    if (room > 0) hosts.push({ host, first: Math.min(room, count) });
    rest += Math.max(0, count - Math.max(0, room));
    // A host without routes takes a line as well.
    room -= Math.max(1, count);
  }
  return rest === 0 ? undefined : { hosts, rest };
}

/** A virtual host and how many of its routes are shown; `undefined` for all. */
interface ShownHost {
  readonly host: TableHost;
  readonly first: number | undefined;
}

function nameOf({ id, kind, group, label }: ViewpointKey): ViewpointName {
  return { id, kind, group, label };
}

/** One table with everything that is to be seen of it. */
export function viewpointView(snapshot: Snapshot, key: ViewpointKey, toPlace: ToPlace): Viewpoint {
  return viewOf(key, contextOf(snapshot, key, toPlace));
}

function contextOf(snapshot: Snapshot, key: ViewpointKey, toPlace: ToPlace): ViewContext {
  const routing = snapshot.routing.proxy(key.proxy);
  const { listener } = key;
  const table = listener === undefined ? routing.table(key.table) : listenerTable(snapshot.routing, key, listener);
  return { snapshot, routing, table, toPlace };
}

function viewOf(key: ViewpointKey, context: ViewContext, shown?: readonly ShownHost[]): Viewpoint {
  const { table } = context;
  const { listener } = key;
  const hosts = shown ?? table.virtualHosts.map((host): ShownHost => ({ host, first: undefined }));
  const virtualHosts = hosts.map(({ host, first }) => hostView(context, host, first));
  return {
    ...nameOf(key),
    routeConfiguration: table.name,
    port: table.port,
    namespace: key.proxy.namespace,
    labels: key.proxy.labels,
    gateways: key.gateways,
    virtualHosts,
    ...(listener === undefined ? {} : { connections: connectionViews(context, listener) }),
    leftOut: leftOutViews(context),
    assumptions: assumptionsOf(context),
    policies: destinationPolicies(context),
    missing: missingViews(context),
  };
}

/** Destinations that do not exist, each once, with the routes that lead there. */
function missingViews(context: ViewContext): readonly MissingView[] {
  const found = new Map<string, { name: string; problem: string; routes: string[] }>();
  for (const host of context.table.virtualHosts) {
    for (const [index, { envoy }] of host.routes.entries()) {
      for (const cluster of clustersOf(envoy)) {
        const { shortHost, subset, port, problem } = clusterView(context, cluster);
        if (problem === undefined) continue;
        const name = `${shortHost}${subset === '' ? '' : ` ${subset}`} :${port}`;
        const entry = found.get(cluster) ?? { name, problem, routes: [] };
        found.set(cluster, entry);
        entry.routes.push(routeId(host, index));
      }
    }
  }
  return [...found.values()];
}

/** What the parts of a viewpoint's view are made from. */
export interface ViewContext {
  readonly snapshot: Snapshot;
  readonly routing: ProxyRouting;
  readonly table: RouteTable;
  readonly toPlace: ToPlace;
}

function hostView(context: ViewContext, host: TableHost, first: number | undefined): VirtualHostView {
  const { toPlace } = context;
  const routes = routeViews(context, host, first);
  const isCut = routes.length < host.routes.length;
  const endless = host.routes.some(({ catchAll }) => catchAll);
  return {
    name: host.name,
    domains: host.domains,
    requireTls: host.requireTls,
    server: serverView(context, host),
    virtualServices: host.virtualServices.flatMap(({ resource }) => {
      const place = toPlace(resource.nameAt);
      return place === undefined ? [] : [{ name: `${resource.namespace}/${resource.name}`, place }];
    }),
    order: orderSentence(context, host),
    routes,
    otherwise:
      endless || host.requireTls || isCut
        ? undefined
        : '404: no route takes the request, and there is no other virtual host to try',
  };
}

function serverView({ toPlace }: ViewContext, host: TableHost): VirtualHostView['server'] {
  const first = host.servers[0];
  const place = first === undefined ? undefined : toPlace(first.server.at);
  if (first === undefined || place === undefined) return undefined;
  const { port, tls } = first.server;
  const mode = tls?.mode?.value;
  const parts = [
    `${port?.protocol?.value ?? '?'} ${port?.number?.value ?? '?'} of ${first.gateway.namespace}/${first.gateway.name}`,
    ...(mode === undefined ? [] : [`TLS ${mode}`]),
    ...(tls?.credentialName === undefined ? [] : [tls.credentialName.value]),
  ];
  return { text: parts.join(', '), place };
}

/** Several VirtualServices on one gateway host: which comes first is a matter of their age. */
function orderSentence({ routing }: ViewContext, host: TableHost): string | undefined {
  if (routing.proxy.type !== 'router' || host.virtualServices.length < 2) return undefined;
  const undated = host.virtualServices.filter(({ resource }) => resource.creationTimestamp === '');
  if (undated.length < 2) return undefined;
  return 'Shown in the order of their names. In a cluster the oldest VirtualService comes first; manifests do not tell its age.';
}
