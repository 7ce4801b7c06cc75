/** The parts of Envoy's route and cluster configuration that Pilot fills, in the form of protobuf's JSON. */

export interface EnvoyRouteConfiguration {
  readonly name: string;
  readonly virtualHosts: readonly EnvoyVirtualHost[];
}

export interface EnvoyVirtualHost {
  readonly name: string;
  readonly domains: readonly string[];
  readonly routes: readonly EnvoyRoute[];
  readonly requireTls?: 'ALL';
}

export interface EnvoyRoute {
  readonly name?: string;
  readonly match: EnvoyRouteMatch;
  readonly route?: EnvoyRouteAction;
  readonly redirect?: EnvoyRedirectAction;
  readonly directResponse?: EnvoyDirectResponse;
  readonly statPrefix?: string;
  readonly typedPerFilterConfig?: { readonly [FAULT]?: EnvoyFault; readonly [CORS]?: EnvoyCors };
  readonly requestHeadersToAdd?: readonly EnvoyHeaderValueOption[];
  readonly requestHeadersToRemove?: readonly string[];
  readonly responseHeadersToAdd?: readonly EnvoyHeaderValueOption[];
  readonly responseHeadersToRemove?: readonly string[];
}

export const FAULT = 'envoy.filters.http.fault';
export const CORS = 'envoy.filters.http.cors';

export interface EnvoyRouteMatch {
  readonly prefix?: string;
  readonly path?: string;
  readonly safeRegex?: { readonly regex: string };
  readonly caseSensitive?: boolean;
  readonly headers?: readonly EnvoyHeaderMatcher[];
  readonly queryParameters?: readonly EnvoyQueryMatcher[];
  readonly dynamicMetadata?: readonly EnvoyMetadataMatcher[];
}

export interface EnvoyStringMatcher {
  readonly exact?: string;
  readonly prefix?: string;
  readonly safeRegex?: { readonly regex: string };
}

export interface EnvoyHeaderMatcher {
  readonly name: string;
  readonly stringMatch?: EnvoyStringMatcher;
  readonly presentMatch?: true;
  readonly invertMatch?: true;
  readonly treatMissingHeaderAsEmpty?: true;
}

export interface EnvoyQueryMatcher {
  readonly name: string;
  readonly stringMatch?: EnvoyStringMatcher;
  readonly presentMatch?: true;
}

export interface EnvoyMetadataMatcher {
  readonly filter: string;
  readonly path: readonly { readonly key: string }[];
  readonly value: object;
  readonly invert?: true;
}

export interface EnvoyRouteAction {
  readonly cluster?: string;
  readonly weightedClusters?: { readonly clusters?: readonly EnvoyClusterWeight[] };
  readonly timeout: string;
  readonly maxGrpcTimeout: string;
  readonly retryPolicy?: EnvoyRetryPolicy;
  readonly prefixRewrite?: string;
  readonly regexRewrite?: { readonly pattern: { readonly regex: string }; readonly substitution: string };
  readonly hostRewriteLiteral?: string;
  readonly requestMirrorPolicies?: readonly EnvoyMirrorPolicy[];
  readonly hashPolicy?: readonly EnvoyHashPolicy[];
}

export interface EnvoyClusterWeight {
  readonly name: string;
  readonly weight: number;
  readonly hostRewriteLiteral?: string;
  readonly requestHeadersToAdd?: readonly EnvoyHeaderValueOption[];
  readonly requestHeadersToRemove?: readonly string[];
  readonly responseHeadersToAdd?: readonly EnvoyHeaderValueOption[];
  readonly responseHeadersToRemove?: readonly string[];
}

export interface EnvoyHeaderValueOption {
  readonly header: { readonly key: string; readonly value: string };
  readonly appendAction?: 'OVERWRITE_IF_EXISTS_OR_ADD';
}

export interface EnvoyRetryPolicy {
  readonly retryOn: string;
  readonly numRetries: number;
  readonly perTryTimeout?: string;
  readonly retriableStatusCodes?: readonly number[];
  readonly retryHostPredicate?: readonly EnvoyExtension[];
  readonly retryPriority?: EnvoyExtension;
  readonly hostSelectionRetryMaxAttempts: string;
  readonly retryBackOff?: { readonly baseInterval: string };
}

export interface EnvoyExtension {
  readonly name: string;
  readonly typedConfig: Readonly<Record<string, unknown>>;
}

export interface EnvoyFractionalPercent {
  readonly numerator?: number;
  /** Absent: of a hundred. */
  readonly denominator?: 'MILLION';
}

export interface EnvoyMirrorPolicy {
  readonly cluster: string;
  readonly runtimeFraction: { readonly defaultValue: EnvoyFractionalPercent };
  readonly traceSampled: false;
  readonly disableShadowHostSuffixAppend: true;
}

export interface EnvoyHashPolicy {
  readonly header?: { readonly headerName: string };
  readonly cookie?: { readonly name: string; readonly ttl?: string; readonly path?: string };
  readonly connectionProperties?: { readonly sourceIp: true };
  readonly queryParameter?: { readonly name: string };
}

export interface EnvoyRedirectAction {
  readonly hostRedirect?: string;
  readonly pathRedirect?: string;
  readonly prefixRewrite?: string;
  readonly schemeRedirect?: string;
  readonly portRedirect?: number;
  readonly responseCode?: 'FOUND' | 'SEE_OTHER' | 'TEMPORARY_REDIRECT' | 'PERMANENT_REDIRECT';
}

export interface EnvoyDirectResponse {
  readonly status: number;
  readonly body?: { readonly inlineString?: string; readonly inlineBytes?: string };
}

export interface EnvoyFault {
  readonly '@type': string;
  readonly delay?: { readonly fixedDelay: string; readonly percentage: EnvoyFractionalPercent };
  readonly abort?: {
    readonly httpStatus?: number;
    readonly grpcStatus?: number;
    readonly percentage?: EnvoyFractionalPercent;
  };
}

export interface EnvoyCors {
  readonly '@type': string;
  readonly allowOriginStringMatch?: readonly EnvoyStringMatcher[];
  readonly allowMethods?: string;
  readonly allowHeaders?: string;
  readonly exposeHeaders?: string;
  readonly maxAge?: string;
  readonly allowCredentials?: boolean;
  readonly forwardNotMatchingPreflights: boolean;
  readonly filterEnabled: { readonly defaultValue: EnvoyFractionalPercent };
}

/** A duration as protobuf writes it: seconds with no, three, six or nine decimals. */
export function protoDuration(milliseconds: number): string {
  const nanos = Math.round(milliseconds * 1_000_000);
  const seconds = Math.trunc(nanos / 1_000_000_000);
  const rest = Math.abs(nanos % 1_000_000_000);
  if (rest === 0) return `${seconds}s`;
  const digits = String(rest).padStart(9, '0');
  const kept = digits.endsWith('000000') ? digits.slice(0, 3) : digits.endsWith('000') ? digits.slice(0, 6) : digits;
  return `${seconds}.${kept}s`;
}

/** `outbound|80|v1|reviews.default.svc.cluster.local` */
export function clusterName(port: number, subset: string, host: string): string {
  return `outbound|${port}|${subset}|${host}`;
}

/** The parts of a cluster's name, or `undefined` for a cluster that is no outbound one. */
export function parseClusterName(name: string): { port: number; subset: string; host: string } | undefined {
  const [direction, port, subset, host] = name.split('|');
  if (direction !== 'outbound' || subset === undefined || host === undefined) return undefined;
  return { port: Number(port), subset, host };
}
