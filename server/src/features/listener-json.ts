import type { ServerTls } from '../model/gateway.ts';
import type { FilterChain, Listener } from '../routing/listeners.ts';

/**
 * The listeners whose address is known, in a short form of Envoy's own: for each filter chain its match, TLS settings,
 * filters, and the route configuration or the clusters.
 */
export function listenersJson(listeners: readonly Listener[]): readonly object[] {
  return listeners.filter(({ address }) => address !== undefined).map(listenerJson);
}

/** One listener in that form; an address that only a cluster allocates is left out. */
export function listenerJson({ name, address, port, chains }: Listener): object {
  return {
    name,
    ...(address === undefined ? { port } : { address: `${address}:${port}` }),
    filterChains: chains.map(chainJson),
  };
}

function chainJson(chain: FilterChain): object {
  const match = matchJson(chain);
  const { tls, isDefault, isMongo, routeConfig, clusters } = chain;
  return {
    ...(match === undefined ? {} : { match }),
    ...(tls === undefined ? {} : { tls: tlsJson(tls) }),
    ...(isDefault ? { default: true } : {}),
    filters:
      routeConfig === undefined ? [...(isMongo ? ['mongo_proxy'] : []), 'tcp_proxy'] : ['http_connection_manager'],
    ...(routeConfig === undefined ? { tcp: clustersText(clusters) } : { routeConfig }),
  };
}

/** `outbound|443||a@30 + outbound|443||b@70`; a lone cluster without weight. */
function clustersText(clusters: FilterChain['clusters']): string {
  return clusters.map(({ cluster, weight }) => (weight === undefined ? cluster : `${cluster}@${weight}`)).join(' + ');
}

function matchJson({ serverNames, ranges, sniffsHttp }: FilterChain): object | undefined {
  if (sniffsHttp) return { applicationProtocols: ['http/1.1', 'h2c'], transportProtocol: 'raw_buffer' };
  if (serverNames.length === 0 && ranges.length === 0) return undefined;
  return {
    ...(serverNames.length === 0 ? {} : { serverNames }),
    ...(ranges.length === 0 ? {} : { prefixRanges: ranges.map(rangeJson) }),
  };
}

function rangeJson(range: string): object {
  const [addressPrefix, bits] = range.split('/');
  return { addressPrefix, prefixLen: Number(bits) };
}

/** Names of secrets as Istio asks for them (`PILOT.md` 10); files keep their paths. */
function tlsJson(tls: ServerTls): object {
  const mode = tls.mode?.value;
  const name = tls.credentialName?.value ?? '';
  const mutual = mode === 'MUTUAL' || mode === 'OPTIONAL_MUTUAL';
  const files = `file-cert:${tls.serverCertificate?.value ?? ''}~${tls.privateKey?.value ?? ''}`;
  const names = [...(name === '' ? [] : [name]), ...tls.credentialNames.map(({ value }) => value)];
  const certificates = names.length > 0 ? names.map(secret => `kubernetes://${secret}`) : [files];
  const ca = tls.caCertCredentialName?.value || `${name}-cacert`;
  const minimum = protocolVersion(tls.minProtocolVersion?.value);
  const maximum = protocolVersion(tls.maxProtocolVersion?.value);
  return {
    requireClientCertificate: mode === 'MUTUAL' || mode === 'ISTIO_MUTUAL',
    certificates: mode === 'ISTIO_MUTUAL' ? ['default'] : certificates,
    ...(mode === 'ISTIO_MUTUAL'
      ? { ca: 'ROOTCA' }
      : mutual
        ? { ca: names.length > 0 ? `kubernetes://${ca}` : `file-root:${tls.caCertificates?.value ?? ''}` }
        : {}),
    ...(minimum === undefined && maximum === undefined
      ? {}
      : {
          tlsParams: {
            ...(minimum === undefined ? {} : { tlsMinimumProtocolVersion: minimum }),
            ...(maximum === undefined ? {} : { tlsMaximumProtocolVersion: maximum }),
          },
        }),
    alpn: ['h2', 'http/1.1'],
  };
}

/** `TLSV1_2` in Istio, `TLSv1_2` in Envoy. */
function protocolVersion(version: string | undefined): string | undefined {
  return version === undefined || version === 'TLS_AUTO' ? undefined : version.replace('TLSV', 'TLSv');
}
