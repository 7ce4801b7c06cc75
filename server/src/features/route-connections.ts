import type { ConnectionView, DestinationView, Place } from '../contract.ts';
import { keyOf } from '../model/resource.ts';
import { connectionChains, type FilterChain, type Listener } from '../routing/listeners.ts';
import type { MeshProxy } from '../routing/mesh.ts';
import type { RouteTable } from '../routing/table.ts';
import type { Routing } from '../routing/tables.ts';
import { destinationView } from './route-destinations.ts';
import type { ViewContext } from './route-model.ts';
import type { ViewpointKey } from './viewpoints.ts';

/**
 * The listeners that decide on connections, not on requests: those of a gateway for TCP and for TLS that passes through,
 * and those of a sidecar for which some `tcp` or `tls` rule is written.
 */
export function connectionViewpoints(
  routing: Routing,
  proxies: readonly MeshProxy[] = routing.proxies(),
): readonly ViewpointKey[] {
  const anyRule = routing.mesh.virtualServices.some(({ tcp, tls }) => tcp.length > 0 || tls.length > 0);
  const asked = anyRule ? proxies : proxies.filter(({ type }) => type === 'router');
  return asked.flatMap(proxy =>
    routing
      .proxy(proxy)
      .connections()
      .listeners.filter(listener => isShown(listener, proxy))
      .map(listener => keyFor(listener, proxy)),
  );
}

function isShown(listener: Listener, { type }: MeshProxy): boolean {
  const chains = connectionChains(listener);
  return type === 'router' ? chains.length > 0 : chains.some(({ origin }) => origin !== undefined);
}

function keyFor(listener: Listener, proxy: MeshProxy): ViewpointKey {
  const { name, port } = listener;
  const chains = connectionChains(listener);
  const gateways = [...new Set(chains.flatMap(({ server }) => (server === undefined ? [] : [keyOf(server.gateway)])))];
  const base = { proxy, table: name, port, gateways, listener };
  if (proxy.type === 'router') {
    const selector = Object.entries(proxy.labels).map(([key, value]) => `${key}=${value}`);
    const label = `${gateways.join(', ')}: ${port}, connections`;
    return { ...base, id: `gateway ${selector.join(',')} listener ${name}`, kind: 'gateway', group: 'Gateways', label };
  }
  const services = [...new Set(chains.flatMap(({ service }) => (service === undefined ? [] : [service.host])))];
  return {
    ...base,
    id: `sidecar ${proxy.namespace} listener ${name}`,
    kind: 'sidecar',
    group: `Sidecars in ${proxy.namespace}`,
    label: `port ${port}, connections to ${services.join(', ')}`,
  };
}

/** A listener as a table without virtual hosts, with the `tcp` and `tls` rules that lost. */
export function listenerTable(routing: Routing, { proxy, port }: ViewpointKey, listener: Listener): RouteTable {
  const leftOut = routing
    .proxy(proxy)
    .connections()
    .leftOut.filter(note => note.port === undefined || note.port === port);
  return { name: listener.name, port, virtualHosts: [], leftOut };
}

/** The filter chains of a listener as rows. What routes requests is in tables of its own. */
export function connectionViews(context: ViewContext, { chains }: Listener): readonly ConnectionView[] {
  return chains.map((chain, index): ConnectionView => {
    const total = chain.clusters.reduce((sum, { weight }) => sum + (weight ?? 0), 0);
    const destinations = chain.clusters.map(({ cluster, weight }) =>
      withoutStatus(destinationView(context, cluster, weight, weight === undefined ? 100 : (weight / total) * 100)),
    );
    return {
      order: index + 1,
      match: matchText(chain),
      serverNames: chain.serverNames,
      ranges: chain.ranges,
      isDefault: chain.isDefault,
      action: actionText(chain, destinations),
      routeConfiguration: chain.routeConfig,
      destinations,
      source: sourceOf(context, chain),
    };
  });
}

function matchText(chain: FilterChain): string {
  const { serverNames, ranges, sniffsHttp, tls, isDefault } = chain;
  if (sniffsHttp) return 'plain HTTP';
  const parts = [
    ...(serverNames.length > 0 ? [`TLS for ${serverNames.join(', ')}`] : tls === undefined ? [] : ['TLS']),
    ...(ranges.length > 0 ? [`to ${ranges.join(', ')}`] : []),
  ];
  return parts.length > 0 ? parts.join(' ') : isDefault ? 'any other connection' : 'every connection';
}

function actionText({ routeConfig, clusters, tls }: FilterChain, destinations: readonly DestinationView[]): string {
  const ended = tls === undefined ? '' : 'TLS ends here, ';
  if (routeConfig !== undefined) return `${ended}requests by ${routeConfig}`;
  if (clusters.some(({ cluster }) => cluster === 'BlackHoleCluster')) return 'closed';
  const names = destinations.map(({ shortHost, subset, port, weight, share, problem, cluster }) => {
    if (port === 0) return cluster === 'PassthroughCluster' ? shortHost : cluster;
    const of = weight === undefined ? '' : `${share}% `;
    return `${of}${shortHost}${subset === '' ? '' : ` ${subset}`}:${port}${problem === undefined ? '' : ` (${problem})`}`;
  });
  return ended + names.join(', ');
}

/** Nobody answers a connection with a status: the proxy closes it. */
function withoutStatus(view: DestinationView): DestinationView {
  return { ...view, problem: view.problem?.replace(/^503: /, 'closed: ') };
}

function sourceOf({ toPlace }: ViewContext, { origin }: FilterChain): ConnectionView['source'] {
  if (origin === undefined) return undefined;
  const { rule, match } = origin;
  const place: Place | undefined = toPlace(match?.at ?? rule.source.at);
  return place === undefined
    ? undefined
    : { virtualService: keyOf(rule.virtualService), rule: `${rule.kind}[${rule.source.index}]`, place };
}
