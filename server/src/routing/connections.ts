import { resolveGatewayName, resolveHost } from '../model/host.ts';
import { bindsMesh } from '../model/references.ts';
import type { L4Match, RouteDestination, TcpRoute, TlsRoute, VirtualService } from '../model/virtual-service.ts';
import { withValue } from '../text/range.ts';
import { destinationCluster, type RouteContext } from './action.ts';
import type { LeftOut } from './left-out.ts';
import { type MeshProxy, selects } from './mesh.ts';

/** A `tcp` or `tls` rule of a VirtualService with its names resolved (`PILOT.md` 10). */
export interface ConnectionRule {
  readonly kind: 'tcp' | 'tls';
  readonly virtualService: VirtualService;
  readonly source: TcpRoute | TlsRoute;
  readonly match: readonly ConnectionMatch[];
  readonly route: readonly RouteDestination[];
}

export interface ConnectionMatch {
  readonly at: L4Match['at'];
  readonly port: number;
  /** `namespace/name` or `mesh`; empty: no condition. */
  readonly gateways: readonly string[];
  readonly sourceLabels: Readonly<Record<string, string>>;
  readonly sourceNamespace: string;
  readonly destinationSubnets: readonly string[];
  /** Of `tls` rules. */
  readonly sniHosts: readonly string[];
}

/** One of the clusters that a connection is given to; a lone one has no weight. */
export interface ClusterShare {
  readonly cluster: string;
  readonly weight: number | undefined;
}

interface ResolvedRules {
  readonly clusterDomain: string;
  readonly rules: readonly ConnectionRule[];
}

const resolved = new WeakMap<VirtualService, ResolvedRules>();

/** The `tcp` and `tls` rules of one VirtualService, names resolved in its own namespace. */
export function connectionRules(vs: VirtualService, clusterDomain: string): readonly ConnectionRule[] {
  const known = resolved.get(vs);
  if (known?.clusterDomain === clusterDomain) return known.rules;
  const rules = [
    ...vs.tcp.map((rule): ConnectionRule => connectionRule(vs, 'tcp', rule, clusterDomain)),
    ...vs.tls.map((rule): ConnectionRule => connectionRule(vs, 'tls', rule, clusterDomain)),
  ];
  resolved.set(vs, { clusterDomain, rules });
  return rules;
}

function connectionRule(
  virtualService: VirtualService,
  kind: ConnectionRule['kind'],
  source: TcpRoute | TlsRoute,
  clusterDomain: string,
): ConnectionRule {
  const { namespace } = virtualService;
  return {
    kind,
    virtualService,
    source,
    match: source.match.map((match: L4Match & { readonly sniHosts?: readonly { readonly value: string }[] }) => ({
      at: match.at,
      port: match.port?.value ?? 0,
      gateways: match.gateways.map(({ value }) => resolveGatewayName(value, namespace)),
      sourceLabels: Object.fromEntries(match.sourceLabels.map(({ key, value }) => [key.value, value.value])),
      sourceNamespace: match.sourceNamespace?.value ?? '',
      destinationSubnets: match.destinationSubnets.map(({ value }) => value),
      sniHosts: (match.sniHosts ?? []).map(({ value }) => value),
    })),
    route: source.route.map(entry => ({
      ...entry,
      destination:
        entry.destination?.host === undefined
          ? entry.destination
          : {
              ...entry.destination,
              host: withValue(
                resolveHost(entry.destination.host.value, namespace, clusterDomain),
                entry.destination.host,
              ),
            },
    })),
  };
}

/**
 * The condition of a match that excludes connections of a sidecar; `undefined` when it takes them. Unlike in `http` all
 * conditions count together, also beside `gateways` (Istio `matchTCP`, `matchTLS`).
 */
export function exclusionOnSidecar(
  match: ConnectionMatch,
  vs: VirtualService,
  proxy: MeshProxy,
  port: number,
): string | undefined {
  if (match.port !== 0 && match.port !== port) return 'port';
  if (match.gateways.length > 0 ? !match.gateways.includes('mesh') : !bindsMesh(vs)) return 'gateways';
  if (!selects(match.sourceLabels, proxy.labels)) return 'sourceLabels';
  return match.sourceNamespace === '' || match.sourceNamespace === proxy.namespace ? undefined : 'sourceNamespace';
}

/** The same for a gateway's server, where port and gateway alone count (Istio `l4SingleMatch`). */
export function exclusionOnServer(match: ConnectionMatch, gateway: string, port: number): string | undefined {
  if (match.port !== 0 && match.port !== port) return 'port';
  return match.gateways.length === 0 || match.gateways.includes(gateway) ? undefined : 'gateways';
}

/** A match that a viewpoint's conditions exclude. */
export function excluded(rule: ConnectionRule, match: ConnectionMatch, detail: string, port: number): LeftOut {
  return { reason: 'not-for-proxy', resource: rule.virtualService, at: match.at, rule: nameOfRule(rule), detail, port };
}

/** A rule behind the one that takes every connection of the port. */
export function behind(rule: ConnectionRule, winner: ConnectionRule, port: number): LeftOut {
  const by = { resource: winner.virtualService, at: winner.source.at };
  const { virtualService: resource, source } = rule;
  return { reason: 'after-tcp-rule', resource, at: source.at, rule: nameOfRule(rule), by, port };
}

/** `tcp[0]` */
export function nameOfRule({ kind, source }: ConnectionRule): string {
  return `${kind}[${source.index}]`;
}

/**
 * The clusters of a rule. Of several destinations those without weight are dropped; a lone one gets everything
 * (Istio `buildOutboundNetworkFilters`).
 */
export function clusterShares(
  rule: ConnectionRule,
  context: Pick<RouteContext, 'port' | 'service'>,
): readonly ClusterShare[] {
  const entries = rule.route.filter(entry => entry.destination !== undefined);
  return entries.flatMap(({ destination, weight }): ClusterShare[] => {
    if (destination === undefined) return [];
    const cluster = destinationCluster(destination, context);
    if (entries.length === 1) return [{ cluster, weight: undefined }];
    return weight === undefined || weight.value <= 0 ? [] : [{ cluster, weight: weight.value }];
  });
}
