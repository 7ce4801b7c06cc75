import { type ClusterDigest, clustersOf } from '../routing/clusters.ts';
import type { EnvoyHeaderMatcher, EnvoyRoute } from '../routing/envoy.ts';
import type { MeshProxy } from '../routing/mesh.ts';
import { isDefaultRetryPolicy } from '../routing/retries.ts';
import type { TableRoute } from '../routing/routes.ts';
import type { Routing } from '../routing/tables.ts';
import { listenersJson } from './listener-json.ts';

/** Route configurations and clusters of one proxy, as Envoy gets them from Istio. */
export interface EnvoyProxy {
  /** `sidecar default`, `router {"istio":"ingressgateway"}` */
  readonly name: string;
  readonly type: MeshProxy['type'];
  readonly namespace: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly routeConfigs: readonly object[];
  /** What a proxy does with connections; addresses that a cluster allocates are not there. */
  readonly listeners: readonly object[];
  readonly clusters: readonly ClusterDigest[];
}

/**
 * The tables of a proxy as protobuf's JSON. Beside Envoy's own fields a route has `source`, the VirtualService it was
 * made of, and `defaultRetry: true` in the place of Istio's default retry policy; header matchers are sorted by name.
 */
export function envoyProxy(routing: Routing, proxy: MeshProxy): EnvoyProxy {
  const { tables, services } = routing.tables(proxy);
  return {
    name: proxyName(proxy),
    type: proxy.type,
    namespace: proxy.namespace,
    labels: proxy.labels,
    routeConfigs: tables.map(({ name, virtualHosts }) => ({
      name,
      virtualHosts: virtualHosts.map(host => ({
        name: host.name,
        domains: host.domains,
        ...(host.requireTls ? { requireTls: 'ALL' } : {}),
        routes: host.routes.map(routeJson),
      })),
    })),
    listeners: listenersJson(routing.proxy(proxy).connections().listeners),
    clusters: clustersOf(services, routing.rules, proxy),
  };
}

function proxyName({ type, namespace, labels }: MeshProxy): string {
  const keys = Object.keys(labels).length === 0 ? '' : JSON.stringify(labels);
  return type === 'router' ? `router ${keys || 'null'}` : `sidecar ${namespace}${keys === '' ? '' : ` ${keys}`}`;
}

function routeJson({ envoy, origin }: TableRoute): object {
  const { name, route, ...rest } = envoy;
  const source = origin?.virtualService.resource;
  return {
    ...(name === undefined ? {} : { name }),
    ...(source === undefined ? {} : { source: `${source.namespace}/${source.name}` }),
    ...rest,
    match: { ...envoy.match, ...(envoy.match.headers === undefined ? {} : { headers: sorted(envoy.match.headers) }) },
    ...routeAction(route),
  };
}

function routeAction(route: EnvoyRoute['route']): object {
  if (route?.retryPolicy === undefined || !isDefaultRetryPolicy(route.retryPolicy))
    return route === undefined ? {} : { route };
  const { retryPolicy: _default, ...rest } = route;
  return { route: rest, defaultRetry: true };
}

/** By name, then by content: Istio's own order of matchers with one name is that of a hash map. */
function sorted(headers: readonly EnvoyHeaderMatcher[]): readonly EnvoyHeaderMatcher[] {
  const key = (header: EnvoyHeaderMatcher): string => `${header.name} ${JSON.stringify(Object.entries(header).sort())}`;
  return [...headers].sort((a, b) => (key(a) < key(b) ? -1 : 1));
}
