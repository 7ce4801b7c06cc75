import type { RouteTable } from '../routing/table.ts';
import type { Snapshot } from '../workspace/snapshot.ts';
import { listenerJson } from './listener-json.ts';
import { connectionViewpoints } from './route-connections.ts';
import { viewpointsOf } from './viewpoints.ts';

/** Name under which a route's metadata says what it was made of; Envoy looks at no metadata that no filter asks for. */
const ORIGIN = 'istio-yaml';

/**
 * A table as Envoy itself reads it: a `RouteConfiguration` in protobuf's JSON, with nothing abbreviated. Ports in host
 * names are ignored, as Istio configures it (`PILOT.md` 1). A route made of a VirtualService names it in its metadata.
 */
export function routeConfiguration({ name, virtualHosts }: RouteTable): object {
  return {
    name,
    ignorePortInHostMatching: true,
    virtualHosts: virtualHosts.map(host => ({
      name: host.name,
      domains: host.domains,
      ...(host.requireTls ? { requireTls: 'ALL' } : {}),
      routes: host.routes.map(({ envoy, origin }) => {
        const source = origin?.virtualService.resource;
        return source === undefined
          ? envoy
          : { ...envoy, metadata: { filterMetadata: { [ORIGIN]: { source: `${source.namespace}/${source.name}` } } } };
      }),
    })),
  };
}

/**
 * What Envoy gets of a viewpoint: its route configuration, or the short form of a listener that decides on connections.
 * `undefined` when there is no such viewpoint.
 */
export function viewpointConfiguration(snapshot: Snapshot, viewpoint: string): object | undefined {
  const { routing } = snapshot;
  const keys = [...viewpointsOf(routing), ...connectionViewpoints(routing)];
  const key = keys.find(({ id }) => id === viewpoint);
  if (key === undefined) return undefined;
  const { listener, proxy, table } = key;
  return listener === undefined ? routeConfiguration(routing.proxy(proxy).table(table)) : listenerJson(listener);
}
