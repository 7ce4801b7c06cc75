/**
 * Names and data that client and server share: custom requests, settings, and the view model of the route preview.
 * Imports nothing but its own parts, so that a webview can use it.
 */

import type { ExplainAnswer, ExplainParams, RequestView } from './contract/explain.ts';

/** Custom requests and notifications. */
export const METHOD = {
  /** client → server, `RoutesParams` → `RouteModel` */
  routes: 'istio/routes',
  /** client → server, `ExportParams` → the table as text */
  exportRoutes: 'istio/exportRoutes',
  /** server → client, without parameters: a table may have changed; ask again. */
  routesChanged: 'istio/routesChanged',
  /** client → server, `ExplainParams` → `ExplainAnswer` (`contract/explain.ts`) */
  explain: 'istio/explain',
  /** client → server, `RouteTestsParams` → `RouteTestView[]` (`contract/route-tests.ts`) */
  routeTests: 'istio/routeTests',
  /** client → server, `RunRouteTestsParams` → `RouteTestResult[]` */
  runRouteTests: 'istio/runRouteTests',
  /** client → server, `CompareParams` → `CompareResult` */
  compareRoutes: 'istio/compareRoutes',
  /** client → server, without parameters → `ServerStatus` */
  status: 'istio/status',
} as const;

export interface RoutesParams {
  /** Id of the viewpoint to show; without it, or when it is gone, the one that fits `uri`, else the first. */
  readonly viewpoint?: string;
  /** The document from which the preview was opened. */
  readonly uri?: string;
  /** So many routes at most, from the top: what a window shows at first, without waiting for a long table. */
  readonly first?: number;
}

export interface ExportParams {
  /** Id of the viewpoint. */
  readonly viewpoint: string;
  /** `envoy`: the route configuration as Envoy reads it, in protobuf's JSON. */
  readonly format: 'markdown' | 'json' | 'envoy';
}

/** Texts that stood in files before: the route tables made of them are compared with those of now. */
export interface CompareParams {
  /** Only files that have changed; `null` for one that was not there. */
  readonly files: readonly { readonly uri: string; readonly text: string | null }[];
}

export interface CompareResult {
  /** Sets of requests that go somewhere else. */
  readonly changes: number;
  readonly markdown: string;
}

export interface ServerStatus {
  readonly version: string;
  readonly files: number;
  readonly resources: number;
  readonly indexing: boolean;
  /** Resident memory of the server, in bytes. */
  readonly memory: number;
  /** What of it came with the workspace and its open documents, for each resource, in bytes; 0 without resources. */
  readonly memoryPerResource: number;
  /** Milliseconds since the server started. */
  readonly uptime: number;
  readonly istioFacts: string;
  /** The slowest answers by method, in milliseconds. */
  readonly timings: readonly {
    readonly method: string;
    readonly count: number;
    readonly p50: number;
    readonly max: number;
  }[];
  readonly faults: readonly string[];
}

/** Settings below `istio.` as a client sends them; everything is optional. */
export interface ClientSettings {
  readonly defaultNamespace?: string;
  readonly ownedNamespaces?: readonly string[];
  readonly exclude?: readonly string[];
  readonly maxFileSize?: number;
  readonly maxDocuments?: number;
  readonly maxLineLength?: number;
  readonly rules?: Readonly<Record<string, 'off' | 'error' | 'warning' | 'information' | 'hint'>>;
  readonly mesh?: {
    readonly rootNamespace?: string;
    readonly clusterDomain?: string;
    readonly trustDomain?: string;
    readonly outboundTrafficPolicy?: 'ALLOW_ANY' | 'REGISTRY_ONLY';
    readonly gatewayNamespace?: string;
    readonly defaultVirtualServiceExportTo?: readonly ('*' | '.')[];
    readonly defaultServiceExportTo?: readonly ('*' | '.')[];
    readonly defaultDestinationRuleExportTo?: readonly ('*' | '.')[];
    readonly defaultHttpRetryPolicy?: {
      readonly attempts?: number;
      readonly retryOn?: string;
      readonly perTryTimeout?: string;
      readonly backoff?: string;
      readonly retryRemoteLocalities?: boolean;
      readonly retryIgnorePreviousHosts?: boolean;
    };
  };
}

/** What a client may say with the first message. */
export interface InitializationOptions {
  /** Settings, for clients that cannot be asked for them (`workspace/configuration`). */
  readonly istio?: ClientSettings;
  /** Command of the client that opens the list of completions: after a key was inserted, it offers the values. */
  readonly suggestCommand?: string;
}

/** A place in a file. Lines and columns are 1-based; columns count UTF-16 units. */
export interface Place {
  readonly uri: string;
  /** For people: relative to the workspace where possible. */
  readonly path: string;
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
}

// ---------------------------------------------------------------- the route preview

export interface RouteModel {
  /** All tables there are, gateways first. */
  readonly viewpoints: readonly ViewpointName[];
  readonly selected: Viewpoint | undefined;
  /** Set while a file is broken: the model is the last good one. */
  readonly stale: Stale | undefined;
  /** The background index is not complete yet. */
  readonly indexing: boolean;
  /** How many routes follow, where only the first were asked for and there are more. */
  readonly rest?: number;
}

export interface Stale {
  readonly place: Place;
  readonly message: string;
}

export interface ViewpointName {
  readonly id: string;
  readonly kind: 'gateway' | 'sidecar';
  /** Gateways, or `Sidecars in <namespace>`. */
  readonly group: string;
  readonly label: string;
}

/** One route configuration of one proxy. */
export interface Viewpoint extends ViewpointName {
  readonly routeConfiguration: string;
  readonly port: number;
  readonly namespace: string;
  readonly labels: Readonly<Record<string, string>>;
  /** On a gateway: the Gateways whose servers it has, as `namespace/name`. */
  readonly gateways: readonly string[];
  readonly virtualHosts: readonly VirtualHostView[];
  /** Of a listener that decides on connections: it has no virtual hosts. */
  readonly connections?: readonly ConnectionView[];
  readonly leftOut: readonly LeftOutView[];
  readonly assumptions: readonly { readonly term: string; readonly value: string }[];
  /** What is in force on the destinations, by cluster. */
  readonly policies: Readonly<Record<string, DestinationPolicyView>>;
  /** What routes refer to and nobody defines. */
  readonly missing: readonly MissingView[];
}

export interface MissingView {
  /** For people: `reviews v4 :8080`. */
  readonly name: string;
  readonly problem: string;
  /** Ids of the routes that lead there. */
  readonly routes: readonly string[];
}

/** What becomes of the connections that one filter chain takes; the most specific chain takes them. */
export interface ConnectionView {
  /** 1-based place in the listener. */
  readonly order: number;
  /** Which connections, in words. */
  readonly match: string;
  readonly serverNames: readonly string[];
  /** Destination addresses as `address/bits`. */
  readonly ranges: readonly string[];
  /** What fits no other chain. */
  readonly isDefault: boolean;
  /** Where they go, in words. */
  readonly action: string;
  /** Its requests are routed by this table. */
  readonly routeConfiguration: string | undefined;
  readonly destinations: readonly DestinationView[];
  readonly source: { readonly virtualService: string; readonly rule: string; readonly place: Place } | undefined;
}

export interface VirtualHostView {
  readonly name: string;
  readonly domains: readonly string[];
  readonly requireTls: boolean;
  /** What serves it on a gateway, for example `HTTPS 443, TLS SIMPLE, shop-cert`. */
  readonly server: { readonly text: string; readonly place: Place } | undefined;
  readonly virtualServices: readonly { readonly name: string; readonly place: Place }[];
  /** Set where the order of its routes depends on the age of several VirtualServices. */
  readonly order: string | undefined;
  readonly routes: readonly RouteView[];
  /** What becomes of a request that no route takes. */
  readonly otherwise: string | undefined;
}

export interface RouteView {
  /** Unique in the viewpoint and stable while the rule stays where it is. */
  readonly id: string;
  /** 1-based place in the virtual host. */
  readonly order: number;
  readonly name: string;
  readonly source: SourceView | undefined;
  /** Empty: takes everything. */
  readonly conditions: readonly ConditionView[];
  readonly state: 'live' | 'unreachable';
  /** Why it cannot be reached; `{id}` stands for another route. */
  readonly reason: string | undefined;
  /** Ids of the routes that take its requests, one or several together; none where no request fulfils its conditions. */
  readonly coveredBy: readonly string[];
  /** A request that reaches exactly this route; `undefined` for one that is not reached, or of which it is not known. */
  readonly witness: WitnessView | undefined;
  /** Whether it is reached could not be found out; it is taken as live. */
  readonly undecided: boolean;
  /** A further alternative of the rule of the route with this id. */
  readonly sameAs: string | undefined;
  readonly action: 'route' | 'redirect' | 'directResponse' | 'none';
  readonly destinations: readonly DestinationView[];
  readonly badges: readonly BadgeView[];
  readonly redirect: { readonly code: number; readonly text: string } | undefined;
  readonly directResponse: { readonly status: number; readonly body: string } | undefined;
  /** Names and values for the details: Envoy's names, header changes. */
  readonly details: readonly { readonly term: string; readonly value: string }[];
  /** Timeout and retries; what holds for a destination stands in the viewpoint's `policies`. */
  readonly policy: readonly SettingView[];
  /** The whole row in words, for screen readers and export. */
  readonly text: { readonly match: string; readonly action: string };
}

/** A request as one would send it. */
export interface WitnessView {
  readonly method: string;
  readonly scheme: string;
  /** Host, with a port only where a route asks for it. */
  readonly authority: string;
  /** Without the query. */
  readonly path: string;
  /** Without `?`; empty without parameters. */
  readonly query: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Claims that a JWT of the request has to fulfil. */
  readonly claims: readonly string[];
  /** The request as a command for a shell. */
  readonly curl: string;
}

export interface SourceView {
  readonly virtualService: string;
  readonly rule: string;
  /** Index of the rule in `spec.http`. */
  readonly http: number;
  /** Index of the match in the rule; `undefined` for a rule without any. */
  readonly match: number | undefined;
  /** What one would edit to change the row: the match, or the rule where it has none. */
  readonly place: Place;
  /** The whole rule. */
  readonly extent: Place;
  readonly delegatedBy: { readonly name: string; readonly place: Place } | undefined;
}

export interface ConditionView {
  readonly field:
    | 'uri'
    | 'method'
    | 'authority'
    | 'scheme'
    | 'header'
    | 'withoutHeader'
    | 'query'
    | 'claim'
    | 'withoutClaim';
  readonly kind: 'exact' | 'prefix' | 'regex' | 'present';
  /** Name of the header, parameter or claim. */
  readonly name: string;
  readonly value: string;
  readonly ignoreCase: boolean;
}

export interface DestinationView {
  readonly cluster: string;
  readonly host: string;
  /** Short form of the host, for reading. */
  readonly shortHost: string;
  readonly subset: string;
  readonly port: number;
  readonly weight: number | undefined;
  /** Real share in percent. */
  readonly share: number;
  /** Labels of the subset. */
  readonly labels: Readonly<Record<string, string>>;
  /** What is missing and what follows; requests get 503 then. */
  readonly problem: string | undefined;
  /** The service is not in the workspace and is taken to exist. */
  readonly assumed: boolean;
}

export interface BadgeView {
  readonly kind: 'rewrite' | 'mirror' | 'fault' | 'timeout' | 'retries' | 'headers' | 'cors' | 'hash' | 'error';
  readonly text: string;
  /** Istio's default, which nobody wrote. */
  readonly isDefault: boolean;
  readonly detail: string;
}

/** A setting, and where its value comes from. */
export interface SettingView {
  /** `timeout`, `retries`; of a destination as in a DestinationRule below `trafficPolicy`. */
  readonly setting: string;
  readonly value: string;
  /** `Istio default`, `VirtualService`, `DestinationRule`, `subset v1`, `port 8080` … */
  readonly level: string;
  readonly place: Place | undefined;
  /** The value of a level below, which would hold without this one. */
  readonly lost: { readonly value: string; readonly why: string; readonly place: Place | undefined } | undefined;
}

/** What DestinationRules decide of a cluster. */
export interface DestinationPolicyView {
  /** The rules in force, merged in this order; empty where nobody wrote one. */
  readonly rules: readonly { readonly name: string; readonly place: Place }[];
  /** Why these: half a sentence. Empty without rules. */
  readonly found: string;
  readonly settings: readonly SettingView[];
}

export interface LeftOutView {
  /** Name of the reason, for programs: `shadowed`, `after-catch-all`, `refused` … */
  readonly kind?: string;
  readonly name: string;
  /** The sentence that says why. */
  readonly reason: string;
  readonly place: Place;
  /** What it lost to. */
  readonly by: { readonly name: string; readonly place: Place } | undefined;
}

// ---------------------------------------------------------------- messages of the preview

export type ToWebview =
  | { readonly type: 'model'; readonly model: RouteModel }
  /** No table can be had: the sentence that says why. */
  | { readonly type: 'failed'; readonly message: string }
  /** Mark the row that was made of this place. */
  | { readonly type: 'reveal'; readonly uri: string; readonly line: number }
  | { readonly type: 'command'; readonly command: 'next' | 'previous' | 'filter' }
  /** Show the form for a request, filled where one is given. */
  | { readonly type: 'explain'; readonly request?: RequestView }
  /** The answer to the question with this number. */
  | { readonly type: 'explained'; readonly id: number; readonly answer: ExplainAnswer };

export type FromWebview =
  | { readonly type: 'ready' }
  | { readonly type: 'open'; readonly place: Place; readonly beside: boolean }
  | { readonly type: 'viewpoint'; readonly id: string }
  | { readonly type: 'copy'; readonly text: string }
  | { readonly type: 'explain'; readonly id: number; readonly params: ExplainParams }
  | { readonly type: 'export'; readonly format: ExportParams['format']; readonly to: 'clipboard' | 'editor' };
