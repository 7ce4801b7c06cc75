import { keyOf } from '../model/resource.ts';
import type { Listener } from '../routing/listeners.ts';
import type { MeshProxy } from '../routing/mesh.ts';
import type { ProxyRouting, Routing } from '../routing/tables.ts';
import type { FileId } from '../text/range.ts';
import type { Snapshot } from '../workspace/snapshot.ts';

/** A table that can be looked at: of which proxy, and which of its route configurations. */
export interface ViewpointKey {
  readonly id: string;
  readonly kind: 'gateway' | 'sidecar';
  readonly group: string;
  readonly label: string;
  readonly proxy: MeshProxy;
  /** Name of the route configuration. */
  readonly table: string;
  readonly port: number;
  /** On a gateway: the Gateways whose servers it has, as `namespace/name`. */
  readonly gateways: readonly string[];
  /** Where connections are decided on, not requests: the listener; it has no route configuration. */
  readonly listener?: Listener;
}

const whole = new WeakMap<Routing, readonly ViewpointKey[]>();

/** All tables of a mesh, or of some of its proxies: gateways first, then sidecars by namespace. */
export function viewpointsOf(routing: Routing, proxies?: readonly MeshProxy[]): readonly ViewpointKey[] {
  if (proxies !== undefined) return keysOf(routing, proxies);
  const known = whole.get(routing) ?? keysOf(routing, routing.proxies());
  whole.set(routing, known);
  return known;
}

function keysOf(routing: Routing, proxies: readonly MeshProxy[]): readonly ViewpointKey[] {
  const all = proxies.flatMap(proxy => {
    const own = routing.proxy(proxy);
    return own.names.map(name => (proxy.type === 'router' ? gatewayKey(routing, own, name) : sidecarKey(own, name)));
  });
  const byPort = (a: ViewpointKey, b: ViewpointKey): number => a.port - b.port;
  const gateways = all.filter(({ kind }) => kind === 'gateway');
  const sidecars = all.filter(({ kind }) => kind === 'sidecar');
  return [
    ...gateways.sort(byPort),
    ...sidecars.sort((a, b) => (a.group < b.group ? -1 : a.group > b.group ? 1 : byPort(a, b))),
  ];
}

function gatewayKey({ mesh }: Routing, { proxy, servers }: ProxyRouting, table: string): ViewpointKey {
  const own = servers.filter(server => server.tableName === table);
  const gateways = [...new Set(own.map(({ gateway }) => keyOf(gateway)))];
  const port = own[0]?.port ?? 0;
  const protocol = own[0]?.server.port?.protocol?.value ?? '';
  const assumed = gateways.every(name => mesh.assumedGateways.has(name));
  const selector = Object.entries(proxy.labels).map(([key, value]) => `${key}=${value}`);
  return {
    id: `gateway ${selector.join(',')} ${table}`,
    kind: 'gateway',
    group: 'Gateways',
    label: assumed
      ? `${gateways.join(', ')}: not in the workspace, taken as HTTP on port 80`
      : `${gateways.join(', ')}: ${port} ${protocol}`,
    proxy,
    table,
    port,
    gateways,
  };
}

function sidecarKey({ proxy }: ProxyRouting, table: string): ViewpointKey {
  const colon = table.lastIndexOf(':');
  const port = Number(table.slice(colon + 1));
  return {
    id: `sidecar ${proxy.namespace} ${table}`,
    kind: 'sidecar',
    group: `Sidecars in ${proxy.namespace}`,
    label: colon < 0 ? `port ${port}` : `${table.slice(0, colon)}, port ${port} (protocol found out at run time)`,
    proxy,
    table,
    port,
    gateways: [],
  };
}

/** How many tables are made in search of the one that shows a file. */
const TABLES_TRIED = 30;

/** The table in which a file shows most directly: one with routes of its VirtualServices, or of its Gateways. */
export function viewpointFor(
  snapshot: Snapshot,
  viewpoints: readonly ViewpointKey[],
  file: FileId | undefined,
): ViewpointKey | undefined {
  const resources = file === undefined ? [] : (snapshot.file(file)?.resources ?? []);
  const names = new Set(resources.map(resource => keyOf(resource)));
  const gateways = new Set(resources.filter(({ type }) => type === 'Gateway').map(keyOf));
  const namespaces = new Set(resources.map(({ namespace }) => namespace));
  const virtualServices = resources.filter(({ type }) => type === 'VirtualService');
  if (virtualServices.length > 0) {
    const likely = viewpoints.filter(({ kind, proxy }) => kind === 'gateway' || namespaces.has(proxy.namespace));
    const shown = likely.slice(0, TABLES_TRIED).find(({ proxy, table, listener }) =>
      listener !== undefined
        ? listener.chains.some(({ origin }) => origin?.rule.virtualService.document.file === file)
        : snapshot.routing
            .proxy(proxy)
            .table(table)
            // Before the routes of a host that demands HTTPS every request is redirected: they show nothing there.
            .virtualHosts.some(
              host =>
                !host.requireTls &&
                host.virtualServices.some(
                  ({ resource }) => names.has(keyOf(resource)) && resource.document.file === file,
                ),
            ),
    );
    if (shown !== undefined) return shown;
  }
  return (
    viewpoints.find(viewpoint => viewpoint.gateways.some(name => gateways.has(name))) ??
    viewpoints.find(({ kind, proxy }) => kind === 'sidecar' && namespaces.has(proxy.namespace)) ??
    viewpoints[0]
  );
}
