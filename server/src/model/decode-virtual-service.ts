import { type Span, span } from '../text/range.ts';
import { type MapNode, resolve, type YamlNode } from '../yaml/node.ts';
import { asMap, type Entry, type Reader } from './reader.ts';
import type { Resource } from './resource.ts';
import type {
  Destination,
  Fault,
  HeaderOperations,
  Headers,
  HttpMatch,
  HttpRoute,
  L4Match,
  Percent,
  RouteDestination,
  StringMatch,
  VirtualService,
} from './virtual-service.ts';

/** A VirtualService with all its rules. */
export function decodeVirtualService(resource: Resource, read: Reader): VirtualService {
  const { spec } = resource;
  return {
    ...resource,
    type: 'VirtualService',
    hosts: read.strings(spec, 'hosts'),
    gateways: read.strings(spec, 'gateways'),
    exportTo: read.strings(spec, 'exportTo'),
    http: read.kept(spec, 'http', (node, at, index) => httpRoute(node, at, index, read)),
    tcp: read.kept(spec, 'tcp', (node, at, index) => ({
      at,
      index,
      match: read.list(node, 'match', (m, mAt) => l4Match(m, mAt, read)),
      route: destinations(node, read),
      routeAt: read.keyAt(node, 'route'),
    })),
    tls: read.kept(spec, 'tls', (node, at, index) => ({
      at,
      index,
      match: read.list(node, 'match', (m, mAt) => ({
        ...l4Match(m, mAt, read),
        sniHosts: read.strings(m, 'sniHosts'),
      })),
      route: destinations(node, read),
      routeAt: read.keyAt(node, 'route'),
    })),
  };
}

function httpRoute(node: MapNode, at: Span, index: number, read: Reader): HttpRoute {
  return {
    at,
    index,
    name: read.string(node, 'name'),
    match: read.list(node, 'match', (m, mAt, i) => httpMatch(m, mAt, i, read)),
    route: destinations(node, read),
    routeAt: read.keyAt(node, 'route'),
    redirect: read.object(node, 'redirect', (m, mAt) => ({
      at: mAt,
      uri: read.string(m, 'uri'),
      prefixRewrite: read.string(m, 'prefixRewrite'),
      authority: read.string(m, 'authority'),
      scheme: read.string(m, 'scheme'),
      port: read.number(m, 'port'),
      derivePort: read.string(m, 'derivePort'),
      redirectCode: read.number(m, 'redirectCode'),
    })),
    directResponse: read.object(node, 'directResponse', (m, mAt) => ({
      at: mAt,
      status: read.number(m, 'status'),
      string: read.string(read.map(m, 'body'), 'string'),
      bytes: read.string(read.map(m, 'body'), 'bytes'),
    })),
    delegate: read.object(node, 'delegate', (m, mAt) => ({
      at: mAt,
      name: read.string(m, 'name'),
      namespace: read.string(m, 'namespace'),
    })),
    rewrite: read.object(node, 'rewrite', (m, mAt) => ({
      at: mAt,
      uri: read.string(m, 'uri'),
      authority: read.string(m, 'authority'),
      uriRegexRewrite: read.object(m, 'uriRegexRewrite', (x, xAt) => ({
        at: xAt,
        match: read.string(x, 'match'),
        rewrite: read.string(x, 'rewrite'),
      })),
    })),
    timeout: read.string(node, 'timeout'),
    retries: read.object(node, 'retries', (m, mAt) => ({
      at: mAt,
      attempts: read.number(m, 'attempts'),
      perTryTimeout: read.string(m, 'perTryTimeout'),
      retryOn: read.string(m, 'retryOn'),
      retryRemoteLocalities: read.boolean(m, 'retryRemoteLocalities'),
      retryIgnorePreviousHosts: read.boolean(m, 'retryIgnorePreviousHosts'),
      backoff: read.string(m, 'backoff'),
    })),
    fault: read.object(node, 'fault', (m, mAt) => fault(m, mAt, read)),
    mirror: destination(node, 'mirror', read),
    mirrors: read.list(node, 'mirrors', (m, mAt) => ({
      at: mAt,
      destination: destination(m, 'destination', read),
      percentage: percent(m, read),
    })),
    mirrorPercent: read.number(node, 'mirrorPercent'),
    mirrorPercentage: percent(node, read, 'mirrorPercentage'),
    corsPolicy: read.object(node, 'corsPolicy', (m, mAt) => ({
      at: mAt,
      allowOrigins: read.list(m, 'allowOrigins', x => stringMatch(x, read)),
      allowOrigin: read.strings(m, 'allowOrigin'),
      allowMethods: read.strings(m, 'allowMethods'),
      allowHeaders: read.strings(m, 'allowHeaders'),
      exposeHeaders: read.strings(m, 'exposeHeaders'),
      maxAge: read.string(m, 'maxAge'),
      allowCredentials: read.boolean(m, 'allowCredentials'),
      unmatchedPreflights: read.string(m, 'unmatchedPreflights'),
    })),
    headers: headers(node, read),
  };
}

function httpMatch(node: MapNode, at: Span, index: number, read: Reader): HttpMatch {
  const match = (key: string): StringMatch | undefined => {
    const value = read.value(node, key);
    return value === undefined ? undefined : stringMatch(value, read);
  };
  const matches = (key: string): readonly Entry<StringMatch>[] => read.entries(node, key, v => stringMatch(v, read));
  return {
    at,
    index,
    name: read.string(node, 'name'),
    uri: match('uri'),
    scheme: match('scheme'),
    method: match('method'),
    authority: match('authority'),
    headers: matches('headers'),
    withoutHeaders: matches('withoutHeaders'),
    queryParams: matches('queryParams'),
    ignoreUriCase: read.boolean(node, 'ignoreUriCase'),
    port: read.number(node, 'port'),
    sourceLabels: read.stringMap(node, 'sourceLabels'),
    sourceNamespace: read.string(node, 'sourceNamespace'),
    gateways: read.strings(node, 'gateways'),
    statPrefix: read.string(node, 'statPrefix'),
  };
}

/** Of several kinds the last one by name counts, as in Istio's decoder, which gets sorted keys; the schema reports them. */
function stringMatch(source: YamlNode, read: Reader): StringMatch {
  const node = resolve(source) ?? source;
  const at = span(read.anchor, node);
  if (asMap(node) !== undefined) {
    for (const kind of ['regex', 'prefix', 'exact'] as const) {
      const value = read.string(node, kind);
      if (value !== undefined) return { at, kind, value };
    }
  }
  return { at, kind: 'present', value: undefined };
}

function destination(node: MapNode, key: string, read: Reader): Destination | undefined {
  return read.object(node, key, (m, at) => ({
    at,
    host: read.string(m, 'host'),
    subset: read.string(m, 'subset'),
    port: read.number(read.map(m, 'port'), 'number'),
  }));
}

function destinations(node: MapNode, read: Reader): readonly RouteDestination[] {
  return read.list(node, 'route', (m, at) => ({
    at,
    destination: destination(m, 'destination', read),
    weight: read.number(m, 'weight'),
    headers: headers(m, read),
  }));
}

function percent(node: MapNode, read: Reader, key = 'percentage'): Percent | undefined {
  return read.object(node, key, (m, at) => ({ at, value: read.number(m, 'value') }));
}

function fault(node: MapNode, at: Span, read: Reader): Fault {
  return {
    at,
    delay: read.object(node, 'delay', (m, mAt) => ({
      at: mAt,
      fixedDelay: read.string(m, 'fixedDelay'),
      percentage: percent(m, read),
      percent: read.number(m, 'percent'),
    })),
    abort: read.object(node, 'abort', (m, mAt) => ({
      at: mAt,
      httpStatus: read.number(m, 'httpStatus'),
      grpcStatus: read.string(m, 'grpcStatus'),
      percentage: percent(m, read),
    })),
  };
}

function headers(node: MapNode, read: Reader): Headers | undefined {
  const operations = (map: MapNode, at: Span): HeaderOperations => ({
    at,
    set: read.stringMap(map, 'set'),
    add: read.stringMap(map, 'add'),
    remove: read.strings(map, 'remove'),
  });
  return read.object(node, 'headers', (m, at) => ({
    at,
    request: read.object(m, 'request', operations),
    response: read.object(m, 'response', operations),
  }));
}

function l4Match(node: MapNode, at: Span, read: Reader): L4Match {
  return {
    at,
    destinationSubnets: read.strings(node, 'destinationSubnets'),
    port: read.number(node, 'port'),
    sourceLabels: read.stringMap(node, 'sourceLabels'),
    sourceNamespace: read.string(node, 'sourceNamespace'),
    gateways: read.strings(node, 'gateways'),
  };
}
