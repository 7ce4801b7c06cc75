import type { ClientTls, ConnectionPool, LoadBalancer, OutlierDetection } from '../model/destination-rule.ts';
import { parseDuration } from '../model/duration.ts';
import { keyOf } from '../model/resource.ts';
import type { ServiceEntry } from '../model/service-entry.ts';
import type { Located } from '../text/range.ts';
import {
  type DestinationRuleIndex,
  destinationRuleFor,
  effectivePolicy,
  type MergedRule,
} from './destination-rules.ts';
import { clusterName, protoDuration } from './envoy.ts';
import type { MeshPort, MeshProxy, MeshService } from './mesh.ts';
import { isHttp, type Protocol } from './protocol.ts';

/** What a DestinationRule decides of a cluster; Istio's defaults are left out. */
export interface ClusterDigest {
  readonly name: string;
  readonly type: 'EDS' | 'STRICT_DNS' | 'LOGICAL_DNS' | 'ORIGINAL_DST';
  /** `namespace/name` of the rule in force. */
  readonly destinationRule?: string;
  readonly subset?: string;
  readonly [setting: string]: unknown;
}

export const DEFAULT_CONNECT_TIMEOUT = '10s';
const HTTP_OPTIONS = 'envoy.extensions.upstreams.http.v3.HttpProtocolOptions';
const DEFAULT_RING_SIZE = 1024;
/** Envoy wants a key of at least one character; Pilot writes this one. */
const RUNTIME_KEY = '(';

/** The outbound clusters of a proxy, sorted by name (`PILOT.md` 8.7, 8.9): for each port the service and its subsets. */
export function clustersOf(
  services: readonly MeshService[],
  rules: DestinationRuleIndex,
  proxy: MeshProxy,
): readonly ClusterDigest[] {
  const clusters: ClusterDigest[] = [];
  for (const service of services) {
    if (service.aliasOf !== undefined) continue;
    const rule = destinationRuleFor(rules, proxy, service);
    for (const port of service.ports) {
      if (port.protocol === 'UDP') continue;
      clusters.push(clusterDigest(service, port, '', rule));
      for (const { name } of rule?.subsets ?? []) {
        if (name !== undefined) clusters.push(clusterDigest(service, port, name.value, rule));
      }
    }
  }
  return clusters.sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
}

function clusterDigest(
  service: MeshService,
  port: MeshPort,
  subset: string,
  rule: MergedRule | undefined,
): ClusterDigest {
  const { blocks, passthrough } = effectivePolicy(rule, port.number, subset);
  const { loadBalancer, connectionPool, outlierDetection, tls } = blocks;
  const original =
    passthrough || loadBalancer?.simple?.value === 'PASSTHROUGH' || service.resolution === 'ORIGINAL_DST';
  const type = original
    ? 'ORIGINAL_DST'
    : service.resolution === 'ALIAS' || service.resolution === 'DYNAMIC'
      ? 'EDS'
      : service.resolution;
  const owner = rule?.from[0];
  return {
    name: clusterName(port.number, subset, service.host),
    type,
    ...(owner === undefined ? {} : { destinationRule: keyOf(owner) }),
    ...(subset === '' ? {} : { subset }),
    ...(original ? { lbPolicy: 'CLUSTER_PROVIDED' } : loadBalancing(loadBalancer)),
    ...pool(connectionPool),
    ...outliers(outlierDetection),
    ...commonBalancing(loadBalancer, outlierDetection),
    ...protocolOptions(port.protocol, connectionPool, tls),
    ...(type === 'STRICT_DNS' || type === 'LOGICAL_DNS' ? { endpoints: endpoints(service, port) } : {}),
    ...tlsContext(tls, clusterSni(port.number, subset, service.host), isHttp2(port.protocol, connectionPool)),
  };
}

function loadBalancing(loadBalancer: LoadBalancer | undefined): Record<string, unknown> {
  const hash = loadBalancer?.consistentHash;
  if (hash?.maglev !== undefined) {
    const size = hash.maglev.tableSize?.value ?? 0;
    return { lbPolicy: 'MAGLEV', ...(size === 0 ? {} : { maglevLbConfig: { tableSize: String(size) } }) };
  }
  if (hash !== undefined) {
    // Without the block the deprecated field beside it counts; inside the block nothing is filled in.
    const size =
      hash.ringHash === undefined
        ? hash.minimumRingSize?.value || DEFAULT_RING_SIZE
        : (hash.ringHash.minimumRingSize?.value ?? 0);
    return { lbPolicy: 'RING_HASH', ...(size === 0 ? {} : { ringHashLbConfig: { minimumRingSize: String(size) } }) };
  }
  const simple = loadBalancer?.simple?.value;
  const slowStart = warmup(loadBalancer);
  if (simple === 'ROUND_ROBIN') {
    return {
      lbPolicy: 'ROUND_ROBIN',
      ...(slowStart === undefined ? {} : { roundRobinLbConfig: { slowStartConfig: slowStart } }),
    };
  }
  if (simple === 'RANDOM') return { lbPolicy: 'RANDOM' };
  return slowStart === undefined ? {} : { leastRequestLbConfig: { slowStartConfig: slowStart } };
}

function warmup(loadBalancer: LoadBalancer | undefined): Record<string, unknown> | undefined {
  const window = parseDuration(loadBalancer?.warmup?.duration?.value ?? loadBalancer?.warmupDurationSecs?.value ?? '');
  if (window === undefined) return undefined;
  const { aggression, minimumPercent } = loadBalancer?.warmup ?? {};
  return {
    slowStartWindow: protoDuration(window),
    ...(aggression === undefined ? {} : { aggression: { defaultValue: aggression.value, runtimeKey: RUNTIME_KEY } }),
    ...(minimumPercent === undefined ? {} : { minWeightPercent: { value: minimumPercent.value } }),
  };
}

function pool(connectionPool: ConnectionPool | undefined): Record<string, unknown> {
  const { tcp, http } = connectionPool ?? {};
  const limits = positive({
    maxConnections: tcp?.maxConnections,
    maxPendingRequests: http?.http1MaxPendingRequests,
    maxRequests: http?.http2MaxRequests,
    maxRetries: http?.maxRetries,
  });
  const connect = parseDuration(tcp?.connectTimeout?.value ?? '');
  const connectTimeout = connect === undefined ? DEFAULT_CONNECT_TIMEOUT : protoDuration(connect);
  const keepalive = tcp?.tcpKeepalive;
  return {
    ...(connectTimeout === DEFAULT_CONNECT_TIMEOUT ? {} : { connectTimeout }),
    ...(Object.keys(limits).length === 0 ? {} : { circuitBreakers: limits }),
    ...(keepalive === undefined
      ? {}
      : {
          upstreamConnectionOptions: {
            tcpKeepalive: {
              ...positive({ keepaliveProbes: keepalive.probes }),
              ...seconds('keepaliveTime', keepalive.time),
              ...seconds('keepaliveInterval', keepalive.interval),
            },
          },
        }),
  };
}

/** Limits of 0 and below mean “not set”. */
function positive(values: Readonly<Record<string, Located<number> | undefined>>): Record<string, number> {
  const set = Object.entries(values).flatMap(([name, at]): [string, number][] =>
    at !== undefined && at.value > 0 ? [[name, at.value]] : [],
  );
  return Object.fromEntries(set);
}

function seconds(name: string, duration: Located<string> | undefined): Record<string, number> {
  const milliseconds = parseDuration(duration?.value ?? '');
  return milliseconds === undefined ? {} : { [name]: Math.trunc(milliseconds / 1000) };
}

function outliers(outlier: OutlierDetection | undefined): Record<string, unknown> {
  if (outlier === undefined) return {};
  const detection: Record<string, unknown> = { enforcingSuccessRate: 0 };
  const counter = (name: string, enforcing: string, at: Located<number> | undefined): void => {
    if (at === undefined) return;
    detection[name] = at.value;
    detection[enforcing] = at.value > 0 ? 100 : 0;
  };
  counter('consecutive5xx', 'enforcingConsecutive5xx', outlier.consecutive5xxErrors);
  counter('consecutiveGatewayFailure', 'enforcingConsecutiveGatewayFailure', outlier.consecutiveGatewayErrors);
  for (const [name, at] of [
    ['interval', outlier.interval],
    ['baseEjectionTime', outlier.baseEjectionTime],
  ] as const) {
    const milliseconds = parseDuration(at?.value ?? '');
    if (milliseconds !== undefined) detection[name] = protoDuration(milliseconds);
  }
  Object.assign(detection, positive({ maxEjectionPercent: outlier.maxEjectionPercent }));
  if (outlier.splitExternalLocalOriginErrors?.value === true) {
    detection['splitExternalLocalOriginErrors'] = true;
    detection['enforcingLocalOriginSuccessRate'] = 0;
    const failures = outlier.consecutiveLocalOriginFailures?.value ?? 0;
    if (failures > 0) {
      detection['consecutiveLocalOriginFailure'] = failures;
      detection['enforcingConsecutiveLocalOriginFailure'] = 100;
    }
  }
  return { outlierDetection: detection };
}

/**
 * The panic threshold, and weights of localities: those are on with `distribute`, and with a failover where outlier
 * detection tells which endpoints are ill (Istio `applyLocalityLoadBalancer`).
 */
function commonBalancing(
  loadBalancer: LoadBalancer | undefined,
  outlier: OutlierDetection | undefined,
): Record<string, unknown> {
  const health = outlier?.minHealthPercent?.value ?? 0;
  const setting = loadBalancer?.localityLbSetting;
  const locality = setting?.enabled?.value === false ? undefined : setting;
  const failover = (locality?.failover.length ?? 0) > 0 || (locality?.failoverPriority.length ?? 0) > 0;
  const weighted = (locality?.distribute.length ?? 0) > 0 || (failover && outlier !== undefined);
  if (health <= 0 && !weighted) return {};
  return {
    commonLbConfig: {
      ...(health > 0 ? { healthyPanicThreshold: { value: health } } : {}),
      ...(weighted ? { localityWeightedLbConfig: {} } : {}),
    },
  };
}

function protocolOptions(
  protocol: Protocol,
  connectionPool: ConnectionPool | undefined,
  tls: ClientTls | undefined,
): Record<string, unknown> {
  const { http, tcp } = connectionPool ?? {};
  const idle = parseDuration(http?.idleTimeout?.value ?? tcp?.idleTimeout?.value ?? '');
  const lifetime = parseDuration(tcp?.maxConnectionDuration?.value ?? '');
  const common = {
    ...(lifetime === undefined ? {} : { maxConnectionDuration: protoDuration(lifetime) }),
    ...(idle === undefined ? {} : { idleTimeout: protoDuration(idle) }),
    ...positive({ maxRequestsPerConnection: http?.maxRequestsPerConnection }),
  };
  const http2 = isHttp2(protocol, connectionPool);
  const automatic = needsAutoSni(tls);
  const useDownstream = protocol === 'unsupported' || (http?.useClientProtocol?.value === true && isHttp(protocol));
  const hasCommon = Object.keys(common).length > 0;
  if (!http2 && !automatic && !useDownstream && !hasCommon) return {};
  return {
    typedExtensionProtocolOptions: {
      [HTTP_OPTIONS]: {
        '@type': `type.googleapis.com/${HTTP_OPTIONS}`,
        ...(hasCommon ? { commonHttpProtocolOptions: common } : {}),
        ...(automatic
          ? {
              upstreamHttpProtocolOptions: {
                autoSni: true,
                ...(tls?.subjectAltNames.length === 0 ? { autoSanValidation: true } : {}),
              },
            }
          : {}),
        ...(useDownstream
          ? { useDownstreamProtocolConfig: { httpProtocolOptions: {}, http2ProtocolOptions: {} } }
          : {
              explicitHttpConfig: http2
                ? { http2ProtocolOptions: streams(protocol, http?.maxConcurrentStreams) }
                : { httpProtocolOptions: {} },
            }),
      },
    },
  };
}

/** The limit counts where the port itself speaks HTTP/2, not where a policy upgrades it. */
function streams(protocol: Protocol, limit: Located<number> | undefined): Record<string, number> {
  return isHttp2(protocol, undefined) ? positive({ maxConcurrentStreams: limit }) : {};
}

/** A policy that upgrades says that the port speaks HTTP, whatever its name (Istio `shouldH2Upgrade`). */
function isHttp2(protocol: Protocol, connectionPool: ConnectionPool | undefined): boolean {
  const upgraded = connectionPool?.http?.h2UpgradePolicy?.value === 'UPGRADE';
  return protocol === 'HTTP2' || protocol === 'GRPC' || protocol === 'GRPC-Web' || upgraded;
}

function needsAutoSni(tls: ClientTls | undefined): boolean {
  const mode = tls?.mode?.value;
  return (mode === 'SIMPLE' || mode === 'MUTUAL') && (tls?.sni?.value ?? '') === '';
}

function tlsContext(tls: ClientTls | undefined, istioSni: string, http2: boolean): Record<string, unknown> {
  const mode = tls?.mode?.value;
  const name = 'envoy.transport_sockets.tls';
  if (tls === undefined || mode === undefined || mode === 'DISABLE') return {};
  if (mode === 'ISTIO_MUTUAL') {
    const sni = tls.sni?.value || istioSni;
    return {
      tls: {
        name,
        sni,
        alpn: ['istio-peer-exchange', 'istio', ...(http2 ? ['h2'] : [])],
        certificates: ['default'],
        ca: 'ROOTCA',
      },
    };
  }
  const credential = tls.credentialName?.value;
  const ca = credential ? `kubernetes://${credential}-cacert` : `file-root:${tls.caCertificates?.value || 'system'}`;
  const certificate = credential
    ? `kubernetes://${credential}`
    : `file-cert:${tls.clientCertificate?.value ?? ''}~${tls.privateKey?.value ?? ''}`;
  return {
    tls: {
      name,
      ...(tls.sni?.value ? { sni: tls.sni.value } : {}),
      ...(http2 ? { alpn: ['h2'] } : {}),
      ...(mode === 'MUTUAL' ? { certificates: [certificate] } : {}),
      ca,
    },
  };
}

function clusterSni(port: number, subset: string, host: string): string {
  return `outbound_.${port}_.${subset || '_'}_.${host}`.replace('_.__.', '_._.');
}

/** The addresses that a DNS cluster resolves: of its endpoints, else its own host. */
function endpoints(service: MeshService, port: MeshPort): readonly string[] {
  const entry = service.resource?.type === 'ServiceEntry' ? (service.resource as ServiceEntry) : undefined;
  const target = entry?.ports.find(({ number }) => number?.value === port.number)?.targetPort?.value ?? port.number;
  if (entry === undefined || entry.endpoints.length === 0) return [`${service.host}:${target}`];
  return entry.endpoints.map(endpoint => {
    const own = endpoint.ports.find(({ key }) => key.value === port.name)?.value.value;
    return `${endpoint.address?.value ?? ''}:${own ?? target}`;
  });
}
