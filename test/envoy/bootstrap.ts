import { writeFileSync } from 'node:fs';
import path from 'node:path';

/** A route configuration to be loaded, in protobuf's JSON. */
export interface LabTable {
  /** Unique among the tables of one Envoy; letters and digits. */
  readonly id: string;
  readonly config: object;
}

/** Metadata under which a route of a table says which one it is; it changes nothing of what Envoy does. */
export const IDENTITY = 'identity';

const TYPE = 'type.googleapis.com/envoy';

interface Parts {
  readonly name: string;
  readonly virtualHosts: readonly { readonly name: string; readonly routes: readonly object[] }[];
}

/** The configuration with a name for each route. */
export function identified(config: object): object {
  const { virtualHosts, ...rest } = config as Parts;
  return {
    ...rest,
    virtualHosts: virtualHosts.map(host => ({
      ...host,
      routes: host.routes.map((route, index) => {
        const { metadata } = route as { readonly metadata?: { readonly filterMetadata?: object } };
        const filterMetadata = { ...metadata?.filterMetadata, [IDENTITY]: { virtualHost: host.name, index } };
        return { ...route, metadata: { filterMetadata } };
      }),
    })),
  };
}

/** Names of all clusters that a table may send or copy requests to. */
export function clustersIn(config: unknown): readonly string[] {
  if (Array.isArray(config)) return config.flatMap(clustersIn);
  if (typeof config !== 'object' || config === null) return [];
  return Object.entries(config).flatMap(([key, value]) => {
    if (key === 'cluster' && typeof value === 'string') return [value];
    if (key === 'weightedClusters') {
      const { clusters = [] } = value as { readonly clusters?: readonly { readonly name: string }[] };
      return clusters.map(({ name }) => name);
    }
    return clustersIn(value);
  });
}

/**
 * Writes the files of an Envoy that listens once for each table. The listeners come to it as an update, of which it can
 * refuse one and take the others.
 *
 * @returns the file to start Envoy with
 */
export function writeBootstrap(
  folder: string,
  tables: readonly LabTable[],
  ports: ReadonlyMap<string, number>,
): string {
  const type = `${TYPE}.config.listener.v3.Listener`;
  const resources = tables.map(table => ({ '@type': type, ...listener(table) }));
  const update = path.join(folder, 'listeners.json');
  writeFileSync(update, JSON.stringify({ versionInfo: '1', resources }));
  const bootstrap = {
    node: { id: 'test', cluster: 'test' },
    admin: { address: loopback(0) },
    dynamicResources: { ldsConfig: { resourceApiVersion: 'V3', pathConfigSource: { path: update } } },
    staticResources: { clusters: [...ports].map(([name, port]) => cluster(name, port)) },
  };
  const file = path.join(folder, 'bootstrap.json');
  writeFileSync(file, JSON.stringify(bootstrap));
  return file;
}

/** As the cases were asked: Istio's path normalization, and no filters but those that routes configure. */
function listener({ id, config }: LabTable): object {
  const filter = (name: string, type: string): object => ({
    name,
    typedConfig: { '@type': `${TYPE}.extensions.filters.http.${type}` },
  });
  return {
    name: id,
    address: loopback(0),
    enableReusePort: false,
    filterChains: [
      {
        filters: [
          {
            name: 'envoy.filters.network.http_connection_manager',
            typedConfig: {
              '@type': `${TYPE}.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager`,
              statPrefix: id,
              codecType: 'AUTO',
              normalizePath: true,
              routeConfig: identified(config),
              httpFilters: [
                filter('envoy.filters.http.fault', 'fault.v3.HTTPFault'),
                filter('envoy.filters.http.cors', 'cors.v3.Cors'),
                filter('envoy.filters.http.router', 'router.v3.Router'),
              ],
              accessLog: [accessLog(id)],
            },
          },
        ],
      },
    ],
  };
}

/** One line of JSON for each request, on the standard output. */
function accessLog(id: string): object {
  return {
    name: 'envoy.access_loggers.stdout',
    typedConfig: {
      '@type': `${TYPE}.extensions.access_loggers.stream.v3.StdoutAccessLog`,
      logFormat: {
        jsonFormat: {
          table: id,
          peer: '%DOWNSTREAM_DIRECT_REMOTE_ADDRESS%',
          route: `%METADATA(ROUTE:${IDENTITY})%`,
          cluster: '%UPSTREAM_CLUSTER_RAW%',
          flags: '%RESPONSE_FLAGS%',
        },
      },
    },
  };
}

function cluster(name: string, port: number): object {
  return {
    name,
    type: 'STATIC',
    connectTimeout: '5s',
    loadAssignment: {
      clusterName: name,
      endpoints: [{ lbEndpoints: [{ endpoint: { address: loopback(port) } }] }],
    },
  };
}

function loopback(port: number): object {
  return { socketAddress: { address: '127.0.0.1', portValue: port } };
}
