import type { Viewpoint } from '../contract.ts';
import type { MeshProxy } from '../routing/mesh.ts';
import type { Snapshot } from '../workspace/snapshot.ts';
import { type EnvoyProxy, envoyProxy } from './envoy-json.ts';
import { connectionViewpoints } from './route-connections.ts';
import { type ToPlace, viewpointView } from './route-model.ts';
import { type ViewpointKey, viewpointsOf } from './viewpoints.ts';

/** Which tables are wanted; `undefined` fields do not restrict. */
export interface RouteSelection {
  /** `namespace/name`, or a name in any namespace. */
  readonly gateway: string | undefined;
  readonly sidecar: string | undefined;
  /** Labels of the sidecar's workload. */
  readonly labels: Readonly<Record<string, string>> | undefined;
  /** A domain, or a part of one. */
  readonly host: string | undefined;
  readonly port: number | undefined;
}

/** The views that a selection asks for; hosts that do not fit are left out, and tables without any host. */
export function selectedViews(
  snapshot: Snapshot,
  selection: RouteSelection,
  toPlace: ToPlace,
): readonly { readonly key: ViewpointKey; readonly view: Viewpoint }[] {
  return keysOf(snapshot, selection).flatMap((key): readonly { key: ViewpointKey; view: Viewpoint }[] => {
    const view = viewpointView(snapshot, key, toPlace);
    const hosts = view.virtualHosts.filter(({ domains }) => fitsHost(domains, selection.host));
    const connections = view.connections?.filter(
      ({ serverNames }) => selection.host === undefined || fitsHost(serverNames, selection.host),
    );
    if (connections !== undefined) return connections.length === 0 ? [] : [{ key, view: { ...view, connections } }];
    return hosts.length === 0 && selection.host !== undefined ? [] : [{ key, view: { ...view, virtualHosts: hosts } }];
  });
}

function keysOf(snapshot: Snapshot, { gateway, sidecar, labels, port }: RouteSelection): readonly ViewpointKey[] {
  const { routing } = snapshot;
  const proxies: readonly MeshProxy[] =
    sidecar === undefined ? routing.proxies() : [{ type: 'sidecar', namespace: sidecar, labels: labels ?? {} }];
  return [...viewpointsOf(routing, proxies), ...connectionViewpoints(routing, proxies)].filter(
    key =>
      (gateway === undefined || key.gateways.some(name => fitsGateway(name, gateway))) &&
      (sidecar === undefined || (key.kind === 'sidecar' && key.proxy.namespace === sidecar)) &&
      (port === undefined || key.port === port),
  );
}

function fitsGateway(name: string, wanted: string): boolean {
  return wanted.includes('/') ? name === wanted : name.endsWith(`/${wanted}`);
}

function fitsHost(domains: readonly string[], wanted: string | undefined): boolean {
  if (wanted === undefined) return true;
  const lower = wanted.toLowerCase();
  return (
    domains.some(domain => domain.toLowerCase() === lower) ||
    domains.some(domain => domain.toLowerCase().startsWith(`${lower}.`))
  );
}

/**
 * The proxies that a selection asks for, as Envoy gets them: every gateway, and a sidecar without labels of each
 * namespace of the input and of the default one; a sidecar that is asked for by name is there in any case.
 */
export function selectedProxies(snapshot: Snapshot, selection: RouteSelection): readonly EnvoyProxy[] {
  const { routing } = snapshot;
  const { gateway, sidecar, labels, host, port } = selection;
  const asked: readonly MeshProxy[] =
    sidecar !== undefined
      ? [{ type: 'sidecar', namespace: sidecar, labels: labels ?? {} }]
      : routing.proxies({
          assumed: false,
          namespaces: [...snapshot.index.namespaces(), snapshot.settings.defaultNamespace],
        });
  const keys = new Set(keysOf(snapshot, selection).map(key => `${JSON.stringify(key.proxy)} ${key.table}`));
  return asked
    .filter(proxy => gateway === undefined || proxy.type === 'router')
    .map(proxy => ({ proxy, envoy: envoyProxy(routing, proxy) }))
    .map(({ proxy, envoy }) => {
      if (gateway === undefined && port === undefined && host === undefined) return envoy;
      const tables = routing.tables(proxy).tables.filter(({ name }) => keys.has(`${JSON.stringify(proxy)} ${name}`));
      const names = new Set(
        tables
          .filter(({ virtualHosts }) => virtualHosts.some(({ domains }) => fitsHost(domains, host)))
          .map(({ name }) => name),
      );
      return {
        ...envoy,
        routeConfigs: envoy.routeConfigs.filter(config => names.has((config as { name: string }).name)),
      };
    })
    .filter(
      envoy => envoy.routeConfigs.length > 0 || (gateway === undefined && port === undefined && host === undefined),
    );
}
