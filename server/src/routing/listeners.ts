import type { Gateway, Server } from '../model/gateway.ts';
import type { ClusterShare, ConnectionMatch, ConnectionRule } from './connections.ts';
import type { MeshService } from './mesh.ts';

/** An address and port on which a proxy takes connections, and what it does with them (`PILOT.md` 10). */
export interface Listener {
  /** `0.0.0.0_443`; unique in a proxy. */
  readonly name: string;
  /** `undefined` where a cluster allocates it: a Service without `clusterIP`, the pods of a headless one. */
  readonly address: string | undefined;
  readonly port: number;
  /** In the order in which Envoy gets them; the most specific match wins, whatever the order. */
  readonly chains: readonly FilterChain[];
}

export interface FilterChain {
  /** What fits no other chain. */
  readonly isDefault: boolean;
  /** Names of TLS's server name indication; empty: no condition. */
  readonly serverNames: readonly string[];
  /** Destination ranges as `address/bits`; empty: no condition. */
  readonly ranges: readonly string[];
  /** Only plain HTTP, found out from the first bytes. */
  readonly sniffsHttp: boolean;
  /** The server of a gateway that ends TLS. */
  readonly tls: Server['tls'];
  /** Requests are routed by this route configuration; without one the connection goes to `clusters`. */
  readonly routeConfig: string | undefined;
  readonly clusters: readonly ClusterShare[];
  /** MongoDB's filter stands before the proxying one. */
  readonly isMongo: boolean;
  /** The rule and match it was made of; `undefined` for what Istio makes by itself. */
  readonly origin: { readonly rule: ConnectionRule; readonly match: ConnectionMatch | undefined } | undefined;
  readonly service: MeshService | undefined;
  readonly server: { readonly gateway: Gateway; readonly server: Server } | undefined;
}

export const WILDCARD = '0.0.0.0';

const EMPTY: FilterChain = {
  isDefault: false,
  serverNames: [],
  ranges: [],
  sniffsHttp: false,
  tls: undefined,
  routeConfig: undefined,
  clusters: [],
  isMongo: false,
  origin: undefined,
  service: undefined,
  server: undefined,
};

/** A chain without any condition, with some parts set. */
export function filterChain(parts: Partial<FilterChain>): FilterChain {
  return { ...EMPTY, ...parts };
}

/** Whether a chain takes only some connections. */
export function hasMatch({ serverNames, ranges, sniffsHttp }: FilterChain): boolean {
  return serverNames.length > 0 || ranges.length > 0 || sniffsHttp;
}

/** The condition of a chain as text: two chains with one condition cannot stand in one listener. */
export function matchKey({ serverNames, ranges, sniffsHttp }: FilterChain): string {
  return JSON.stringify([[...serverNames].sort(), [...ranges].sort(), sniffsHttp]);
}

/** The names a chain asks for: a lone `*` among them takes every connection. */
export function serverNames(hosts: readonly string[]): readonly string[] {
  return hosts.includes('*') ? [] : hosts;
}

/** Name of the listener of an address and a port. */
export function listenerName(address: string, port: number): string {
  return `${address}_${port}`;
}

/** Chains that are about connections, not about requests: those that a table of routes does not show. */
export function connectionChains(listener: Listener): readonly FilterChain[] {
  return listener.chains.filter(
    ({ routeConfig, clusters }) => routeConfig === undefined && clusters.some(({ cluster }) => cluster.includes('|')),
  );
}
