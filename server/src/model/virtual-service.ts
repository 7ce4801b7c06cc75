import type { Located, Span } from '../text/range.ts';
import type { Entry } from './reader.ts';
import type { Resource } from './resource.ts';

export interface VirtualService extends Resource {
  readonly type: 'VirtualService';
  readonly hosts: readonly Located<string>[];
  /** As written; an empty list means `mesh`. */
  readonly gateways: readonly Located<string>[];
  readonly exportTo: readonly Located<string>[];
  readonly http: readonly HttpRoute[];
  readonly tcp: readonly TcpRoute[];
  readonly tls: readonly TlsRoute[];
}

export interface HttpRoute {
  readonly at: Span;
  /** Index in `spec.http`. */
  readonly index: number;
  readonly name: Located<string> | undefined;
  readonly match: readonly HttpMatch[];
  readonly route: readonly RouteDestination[];
  readonly routeAt: Span | undefined;
  readonly redirect: Redirect | undefined;
  readonly directResponse: DirectResponse | undefined;
  readonly delegate: Delegate | undefined;
  readonly rewrite: Rewrite | undefined;
  readonly timeout: Located<string> | undefined;
  readonly retries: Retries | undefined;
  readonly fault: Fault | undefined;
  readonly mirror: Destination | undefined;
  readonly mirrors: readonly MirrorPolicy[];
  readonly mirrorPercent: Located<number> | undefined;
  readonly mirrorPercentage: Percent | undefined;
  readonly corsPolicy: CorsPolicy | undefined;
  readonly headers: Headers | undefined;
}

export interface HttpMatch {
  readonly at: Span;
  /** Index in the rule's `match`. */
  readonly index: number;
  readonly name: Located<string> | undefined;
  readonly uri: StringMatch | undefined;
  readonly scheme: StringMatch | undefined;
  readonly method: StringMatch | undefined;
  readonly authority: StringMatch | undefined;
  readonly headers: readonly Entry<StringMatch>[];
  readonly withoutHeaders: readonly Entry<StringMatch>[];
  readonly queryParams: readonly Entry<StringMatch>[];
  readonly ignoreUriCase: Located<boolean> | undefined;
  readonly port: Located<number> | undefined;
  readonly sourceLabels: readonly Entry<Located<string>>[];
  readonly sourceNamespace: Located<string> | undefined;
  readonly gateways: readonly Located<string>[];
  readonly statPrefix: Located<string> | undefined;
}

/** `present`: written as `{}`, or as null: whatever the value is, it must be there. */
export interface StringMatch {
  readonly at: Span;
  readonly kind: 'exact' | 'prefix' | 'regex' | 'present';
  readonly value: Located<string> | undefined;
}

export interface Destination {
  readonly at: Span;
  readonly host: Located<string> | undefined;
  readonly subset: Located<string> | undefined;
  readonly port: Located<number> | undefined;
}

export interface RouteDestination {
  readonly at: Span;
  readonly destination: Destination | undefined;
  readonly weight: Located<number> | undefined;
  readonly headers: Headers | undefined;
}

export interface Percent {
  readonly at: Span;
  readonly value: Located<number> | undefined;
}

export interface MirrorPolicy {
  readonly at: Span;
  readonly destination: Destination | undefined;
  readonly percentage: Percent | undefined;
}

export interface Redirect {
  readonly at: Span;
  readonly uri: Located<string> | undefined;
  readonly prefixRewrite: Located<string> | undefined;
  readonly authority: Located<string> | undefined;
  readonly scheme: Located<string> | undefined;
  readonly port: Located<number> | undefined;
  readonly derivePort: Located<string> | undefined;
  readonly redirectCode: Located<number> | undefined;
}

export interface DirectResponse {
  readonly at: Span;
  readonly status: Located<number> | undefined;
  readonly string: Located<string> | undefined;
  /** Base64. */
  readonly bytes: Located<string> | undefined;
}

export interface Delegate {
  readonly at: Span;
  readonly name: Located<string> | undefined;
  readonly namespace: Located<string> | undefined;
}

export interface Rewrite {
  readonly at: Span;
  readonly uri: Located<string> | undefined;
  readonly authority: Located<string> | undefined;
  readonly uriRegexRewrite:
    | { readonly at: Span; readonly match: Located<string> | undefined; readonly rewrite: Located<string> | undefined }
    | undefined;
}

export interface Retries {
  readonly at: Span;
  readonly attempts: Located<number> | undefined;
  readonly perTryTimeout: Located<string> | undefined;
  readonly retryOn: Located<string> | undefined;
  readonly retryRemoteLocalities: Located<boolean> | undefined;
  readonly retryIgnorePreviousHosts: Located<boolean> | undefined;
  readonly backoff: Located<string> | undefined;
}

export interface Fault {
  readonly at: Span;
  readonly delay: FaultDelay | undefined;
  readonly abort: FaultAbort | undefined;
}

export interface FaultDelay {
  readonly at: Span;
  readonly fixedDelay: Located<string> | undefined;
  readonly percentage: Percent | undefined;
  readonly percent: Located<number> | undefined;
}

export interface FaultAbort {
  readonly at: Span;
  readonly httpStatus: Located<number> | undefined;
  readonly grpcStatus: Located<string> | undefined;
  readonly percentage: Percent | undefined;
}

export interface CorsPolicy {
  readonly at: Span;
  readonly allowOrigins: readonly StringMatch[];
  readonly allowOrigin: readonly Located<string>[];
  readonly allowMethods: readonly Located<string>[];
  readonly allowHeaders: readonly Located<string>[];
  readonly exposeHeaders: readonly Located<string>[];
  readonly maxAge: Located<string> | undefined;
  readonly allowCredentials: Located<boolean> | undefined;
  readonly unmatchedPreflights: Located<string> | undefined;
}

export interface Headers {
  readonly at: Span;
  readonly request: HeaderOperations | undefined;
  readonly response: HeaderOperations | undefined;
}

export interface HeaderOperations {
  readonly at: Span;
  readonly set: readonly Entry<Located<string>>[];
  readonly add: readonly Entry<Located<string>>[];
  readonly remove: readonly Located<string>[];
}

/** Conditions that `tcp` and `tls` routes share. */
export interface L4Match {
  readonly at: Span;
  readonly destinationSubnets: readonly Located<string>[];
  readonly port: Located<number> | undefined;
  readonly sourceLabels: readonly Entry<Located<string>>[];
  readonly sourceNamespace: Located<string> | undefined;
  readonly gateways: readonly Located<string>[];
}

export interface TcpRoute {
  readonly at: Span;
  readonly index: number;
  readonly match: readonly L4Match[];
  readonly route: readonly RouteDestination[];
  readonly routeAt: Span | undefined;
}

export interface TlsRoute {
  readonly at: Span;
  readonly index: number;
  readonly match: readonly (L4Match & { readonly sniHosts: readonly Located<string>[] })[];
  readonly route: readonly RouteDestination[];
  readonly routeAt: Span | undefined;
}
