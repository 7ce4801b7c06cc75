/** What client and server say to each other about one request: the question of a user, and what a proxy would do. */

import type { SourceView, ViewpointName } from '../contract.ts';

/** A header field; names are compared without case. */
export type HeaderView = readonly [name: string, value: string];

export interface ExplainParams {
  readonly request: {
    readonly method: string;
    readonly url: string;
    readonly headers: readonly HeaderView[];
  };
  /** Id of the viewpoint that is asked, whatever host and port the URL names. */
  readonly viewpoint?: string;
  /** `namespace/name`, or a name in any namespace. */
  readonly gateway?: string;
  /** Namespace of the sidecar. */
  readonly sidecar?: string;
  /** Labels of the sidecar's workload. */
  readonly labels?: Readonly<Record<string, string>>;
}

/** What is wrong with a question, in one sentence; else the whole answer. */
export type ExplainAnswer = { readonly fault: string } | Explanation;

/** A request in the form in which a route's witness is given. */
export interface RequestView {
  readonly method: string;
  readonly scheme: string;
  readonly authority: string;
  /** Without the query. */
  readonly path: string;
  /** Without `?`; empty where there is none. */
  readonly query: string;
  readonly headers: readonly HeaderView[];
}

export interface Explanation {
  /** As it was asked. */
  readonly request: RequestView;
  /** The path as routes see it, where normalisation has changed it. */
  readonly normalPath: string | undefined;
  readonly viewpoint: ViewpointName & {
    readonly routeConfiguration: string;
    readonly port: number;
    readonly namespace: string;
    readonly labels: Readonly<Record<string, string>>;
    readonly gateways: readonly string[];
    /** Why this table was looked at. */
    readonly reason: string;
  };
  readonly virtualHost:
    | {
        readonly name: string;
        readonly domain: string;
        /** Why this one. */
        readonly reason: string;
        /** How many routes it has. */
        readonly routes: number;
      }
    | undefined;
  /** The routes before the winner, or all, in order. */
  readonly considered: readonly ConsideredView[];
  readonly route: ExplainedRoute | undefined;
  /** What comes of the request, in one sentence. */
  readonly headline: string;
  /** The status that the proxy answers by itself; `undefined` where a service answers. */
  readonly status: number | undefined;
  readonly upstream: UpstreamView | undefined;
  readonly redirect: { readonly status: number; readonly location: string; readonly reason: string } | undefined;
  readonly directResponse: { readonly status: number; readonly body: string } | undefined;
  /** The route that would have matched nearest, where none does. */
  readonly nearest: ConsideredView | undefined;
  readonly faults: readonly FaultView[];
  /** What else is to be known, a sentence each. */
  readonly notes: readonly string[];
}

export interface ExplainedRoute {
  /** Id of its row in the preview. */
  readonly id: string;
  /** 1-based place in the virtual host. */
  readonly order: number;
  readonly name: string;
  readonly source: SourceView | undefined;
  /** The match in words. */
  readonly match: string;
}

export interface ConsideredView extends ExplainedRoute {
  /** The first condition that the request does not meet. */
  readonly failed: { readonly condition: string; readonly expected: string; readonly actual: string };
  /** The same in one sentence. */
  readonly sentence: string;
}

export interface UpstreamView {
  /** Path and query that the service gets. */
  readonly path: string;
  readonly authority: string;
  readonly destinations: readonly UpstreamDestinationView[];
  readonly mirrors: readonly { readonly cluster: string; readonly percent: number; readonly text: string }[];
  readonly headers: readonly HeaderChangeView[];
  readonly timeout: TimeoutView;
}

export interface UpstreamDestinationView {
  readonly cluster: string;
  /** Percent, 0 to 100. */
  readonly share: number;
  readonly host: string;
  readonly subset: string;
  readonly port: number;
  /** Labels of the subset. */
  readonly labels: Readonly<Record<string, string>>;
  readonly authority: string;
  /** The headers that the service gets; values that are known only at run time stand as they are written. */
  readonly headers: readonly HeaderView[];
  /** Why requests get 503 there. */
  readonly problem: string | undefined;
  /** In words: `90% reviews v2:9080 (version=v2)`. */
  readonly text: string;
}

export interface HeaderChangeView {
  readonly on: 'request' | 'response';
  readonly operation: 'set' | 'add' | 'remove';
  readonly name: string;
  readonly value: string;
  /** The value for this request, where it differs from what is written and follows from the request. */
  readonly becomes: string | undefined;
  /** What its command operators stand for. */
  readonly operators: readonly { readonly name: string; readonly meaning: string }[];
  /** The cluster to which alone it applies, where there are several. */
  readonly cluster: string | undefined;
  readonly text: string;
}

export interface TimeoutView {
  /** Milliseconds; `undefined`: none. */
  readonly timeout: number | undefined;
  readonly retries: number;
  readonly perTryTimeout: number | undefined;
  readonly retryOn: string;
  /** The longest that a client waits, in milliseconds; `undefined`: there is no limit. */
  readonly worstCase: number | undefined;
  readonly text: string;
}

export interface FaultView {
  readonly kind: 'delay' | 'abort';
  /** Percent, 0 to 100. */
  readonly percent: number;
  readonly text: string;
}
