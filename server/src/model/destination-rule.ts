import type { Located, Span } from '../text/range.ts';
import type { MapNode } from '../yaml/node.ts';
import type { Entry, Reader } from './reader.ts';
import type { Resource } from './resource.ts';

export interface DestinationRule extends Resource {
  readonly type: 'DestinationRule';
  readonly host: Located<string> | undefined;
  readonly trafficPolicy: TrafficPolicy | undefined;
  readonly subsets: readonly Subset[];
  readonly exportTo: readonly Located<string>[];
  /** `undefined` without a selector; a selector without labels is an empty list. */
  readonly workloadSelector: readonly Entry<Located<string>>[] | undefined;
}

export interface Subset {
  readonly at: Span;
  readonly name: Located<string> | undefined;
  readonly labels: readonly Entry<Located<string>>[];
  readonly labelsAt: Span | undefined;
  readonly trafficPolicy: TrafficPolicy | undefined;
}

/** The blocks that a subset or a port replaces as a whole. */
export interface PolicyBlocks {
  readonly at: Span;
  readonly loadBalancer: LoadBalancer | undefined;
  readonly connectionPool: ConnectionPool | undefined;
  readonly outlierDetection: OutlierDetection | undefined;
  readonly tls: ClientTls | undefined;
}

export interface TrafficPolicy extends PolicyBlocks {
  readonly portLevelSettings: readonly PortPolicy[];
  /** Carried as they are: they show in no route. */
  readonly tunnel: MapNode | undefined;
  readonly proxyProtocol: Located<string> | undefined;
}

export interface PortPolicy extends PolicyBlocks {
  readonly port: Located<number> | undefined;
}

export interface LoadBalancer {
  readonly at: Span;
  readonly simple: Located<string> | undefined;
  readonly consistentHash: ConsistentHash | undefined;
  readonly localityLbSetting: Locality | undefined;
  readonly zoneAwareLbSetting: Locality | undefined;
  readonly warmup: Warmup | undefined;
  readonly warmupDurationSecs: Located<string> | undefined;
}

export interface ConsistentHash {
  readonly at: Span;
  readonly httpHeaderName: Located<string> | undefined;
  readonly httpCookie:
    | {
        readonly at: Span;
        readonly name: Located<string> | undefined;
        readonly path: Located<string> | undefined;
        readonly ttl: Located<string> | undefined;
      }
    | undefined;
  readonly useSourceIp: Located<boolean> | undefined;
  readonly httpQueryParameterName: Located<string> | undefined;
  readonly minimumRingSize: Located<number> | undefined;
  readonly ringHash: { readonly at: Span; readonly minimumRingSize: Located<number> | undefined } | undefined;
  readonly maglev: { readonly at: Span; readonly tableSize: Located<number> | undefined } | undefined;
}

export interface Locality {
  readonly at: Span;
  readonly enabled: Located<boolean> | undefined;
  readonly failover: readonly {
    readonly from: Located<string> | undefined;
    readonly to: Located<string> | undefined;
  }[];
  readonly failoverPriority: readonly Located<string>[];
  readonly distribute: readonly {
    readonly from: Located<string> | undefined;
    readonly to: readonly Entry<Located<number>>[];
  }[];
}

export interface Warmup {
  readonly at: Span;
  readonly duration: Located<string> | undefined;
  readonly minimumPercent: Located<number> | undefined;
  readonly aggression: Located<number> | undefined;
}

export interface ConnectionPool {
  readonly at: Span;
  readonly tcp: TcpSettings | undefined;
  readonly http: HttpSettings | undefined;
}

export interface TcpSettings {
  readonly at: Span;
  readonly maxConnections: Located<number> | undefined;
  readonly connectTimeout: Located<string> | undefined;
  readonly idleTimeout: Located<string> | undefined;
  readonly maxConnectionDuration: Located<string> | undefined;
  readonly tcpKeepalive:
    | {
        readonly at: Span;
        readonly probes: Located<number> | undefined;
        readonly time: Located<string> | undefined;
        readonly interval: Located<string> | undefined;
      }
    | undefined;
}

export interface HttpSettings {
  readonly at: Span;
  readonly http1MaxPendingRequests: Located<number> | undefined;
  readonly http2MaxRequests: Located<number> | undefined;
  readonly maxRequestsPerConnection: Located<number> | undefined;
  readonly maxRetries: Located<number> | undefined;
  readonly idleTimeout: Located<string> | undefined;
  readonly h2UpgradePolicy: Located<string> | undefined;
  readonly useClientProtocol: Located<boolean> | undefined;
  readonly maxConcurrentStreams: Located<number> | undefined;
}

export interface OutlierDetection {
  readonly at: Span;
  readonly consecutive5xxErrors: Located<number> | undefined;
  readonly consecutiveGatewayErrors: Located<number> | undefined;
  readonly consecutiveErrors: Located<number> | undefined;
  readonly consecutiveLocalOriginFailures: Located<number> | undefined;
  readonly splitExternalLocalOriginErrors: Located<boolean> | undefined;
  readonly interval: Located<string> | undefined;
  readonly baseEjectionTime: Located<string> | undefined;
  readonly maxEjectionPercent: Located<number> | undefined;
  readonly minHealthPercent: Located<number> | undefined;
}

export interface ClientTls {
  readonly at: Span;
  readonly mode: Located<string> | undefined;
  readonly clientCertificate: Located<string> | undefined;
  readonly privateKey: Located<string> | undefined;
  readonly caCertificates: Located<string> | undefined;
  readonly credentialName: Located<string> | undefined;
  readonly subjectAltNames: readonly Located<string>[];
  readonly sni: Located<string> | undefined;
  readonly insecureSkipVerify: Located<boolean> | undefined;
}

export function decodeDestinationRule(resource: Resource, read: Reader): DestinationRule {
  const { spec } = resource;
  const selector = read.map(spec, 'workloadSelector');
  return {
    ...resource,
    type: 'DestinationRule',
    host: read.string(spec, 'host'),
    trafficPolicy: trafficPolicy(spec, read),
    subsets: read.list(spec, 'subsets', (node, at) => ({
      at,
      name: read.string(node, 'name'),
      labels: read.stringMap(node, 'labels'),
      labelsAt: read.keyAt(node, 'labels'),
      trafficPolicy: trafficPolicy(node, read),
    })),
    exportTo: read.strings(spec, 'exportTo'),
    workloadSelector: selector === undefined ? undefined : read.stringMap(selector, 'matchLabels'),
  };
}

function trafficPolicy(parent: MapNode | undefined, read: Reader): TrafficPolicy | undefined {
  return read.object(parent, 'trafficPolicy', (node, at) => ({
    ...blocks(node, at, read),
    portLevelSettings: read.list(node, 'portLevelSettings', (item, itemAt) => ({
      ...blocks(item, itemAt, read),
      port: read.number(read.map(item, 'port'), 'number'),
    })),
    tunnel: read.map(node, 'tunnel'),
    proxyProtocol: read.string(read.map(node, 'proxyProtocol'), 'version'),
  }));
}

function blocks(node: MapNode, at: Span, read: Reader): PolicyBlocks {
  return {
    at,
    loadBalancer: read.object(node, 'loadBalancer', (m, mAt) => loadBalancer(m, mAt, read)),
    connectionPool: read.object(node, 'connectionPool', (m, mAt) => ({
      at: mAt,
      tcp: read.object(m, 'tcp', (x, xAt) => tcpSettings(x, xAt, read)),
      http: read.object(m, 'http', (x, xAt) => httpSettings(x, xAt, read)),
    })),
    outlierDetection: read.object(node, 'outlierDetection', (m, mAt) => ({
      at: mAt,
      consecutive5xxErrors: read.number(m, 'consecutive5xxErrors'),
      consecutiveGatewayErrors: read.number(m, 'consecutiveGatewayErrors'),
      consecutiveErrors: read.number(m, 'consecutiveErrors'),
      consecutiveLocalOriginFailures: read.number(m, 'consecutiveLocalOriginFailures'),
      splitExternalLocalOriginErrors: read.boolean(m, 'splitExternalLocalOriginErrors'),
      interval: read.string(m, 'interval'),
      baseEjectionTime: read.string(m, 'baseEjectionTime'),
      maxEjectionPercent: read.number(m, 'maxEjectionPercent'),
      minHealthPercent: read.number(m, 'minHealthPercent'),
    })),
    tls: read.object(node, 'tls', (m, mAt) => ({
      at: mAt,
      mode: read.string(m, 'mode'),
      clientCertificate: read.string(m, 'clientCertificate'),
      privateKey: read.string(m, 'privateKey'),
      caCertificates: read.string(m, 'caCertificates'),
      credentialName: read.string(m, 'credentialName'),
      subjectAltNames: read.strings(m, 'subjectAltNames'),
      sni: read.string(m, 'sni'),
      insecureSkipVerify: read.boolean(m, 'insecureSkipVerify'),
    })),
  };
}

function loadBalancer(node: MapNode, at: Span, read: Reader): LoadBalancer {
  const locality = (m: MapNode, mAt: Span): Locality => ({
    at: mAt,
    enabled: read.boolean(m, 'enabled'),
    failover: read.list(m, 'failover', x => ({ from: read.string(x, 'from'), to: read.string(x, 'to') })),
    failoverPriority: read.strings(m, 'failoverPriority'),
    distribute: read.list(m, 'distribute', x => ({
      from: read.string(x, 'from'),
      to: read.entries(x, 'to', value => read.asNumber(value)),
    })),
  });
  return {
    at,
    simple: read.string(node, 'simple'),
    consistentHash: read.object(node, 'consistentHash', (m, mAt) => ({
      at: mAt,
      httpHeaderName: read.string(m, 'httpHeaderName'),
      httpCookie: read.object(m, 'httpCookie', (x, xAt) => ({
        at: xAt,
        name: read.string(x, 'name'),
        path: read.string(x, 'path'),
        ttl: read.string(x, 'ttl'),
      })),
      useSourceIp: read.boolean(m, 'useSourceIp'),
      httpQueryParameterName: read.string(m, 'httpQueryParameterName'),
      minimumRingSize: read.number(m, 'minimumRingSize'),
      ringHash: read.object(m, 'ringHash', (x, xAt) => ({
        at: xAt,
        minimumRingSize: read.number(x, 'minimumRingSize'),
      })),
      maglev: read.object(m, 'maglev', (x, xAt) => ({ at: xAt, tableSize: read.number(x, 'tableSize') })),
    })),
    localityLbSetting: read.object(node, 'localityLbSetting', locality),
    zoneAwareLbSetting: read.object(node, 'zoneAwareLbSetting', locality),
    warmup: read.object(node, 'warmup', (m, mAt) => ({
      at: mAt,
      duration: read.string(m, 'duration'),
      minimumPercent: read.number(m, 'minimumPercent'),
      aggression: read.number(m, 'aggression'),
    })),
    warmupDurationSecs: read.string(node, 'warmupDurationSecs'),
  };
}

function tcpSettings(node: MapNode, at: Span, read: Reader): TcpSettings {
  return {
    at,
    maxConnections: read.number(node, 'maxConnections'),
    connectTimeout: read.string(node, 'connectTimeout'),
    idleTimeout: read.string(node, 'idleTimeout'),
    maxConnectionDuration: read.string(node, 'maxConnectionDuration'),
    tcpKeepalive: read.object(node, 'tcpKeepalive', (m, mAt) => ({
      at: mAt,
      probes: read.number(m, 'probes'),
      time: read.string(m, 'time'),
      interval: read.string(m, 'interval'),
    })),
  };
}

function httpSettings(node: MapNode, at: Span, read: Reader): HttpSettings {
  return {
    at,
    http1MaxPendingRequests: read.number(node, 'http1MaxPendingRequests'),
    http2MaxRequests: read.number(node, 'http2MaxRequests'),
    maxRequestsPerConnection: read.number(node, 'maxRequestsPerConnection'),
    maxRetries: read.number(node, 'maxRetries'),
    idleTimeout: read.string(node, 'idleTimeout'),
    h2UpgradePolicy: read.string(node, 'h2UpgradePolicy'),
    useClientProtocol: read.boolean(node, 'useClientProtocol'),
    maxConcurrentStreams: read.number(node, 'maxConcurrentStreams'),
  };
}
