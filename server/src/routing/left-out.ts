import type { Resource } from '../model/resource.ts';
import type { Span } from '../text/range.ts';

/** Something that is written and that Pilot makes no route of, with the reason. */
export interface LeftOut {
  readonly reason: LeftOutReason;
  readonly resource: Resource;
  readonly at: Span;
  /** Name of the rule, `http[1]` without one; empty when it is about a whole resource. */
  readonly rule: string;
  /** What it lost to: the catch-all, the older VirtualService, the delegate. */
  readonly by?: { readonly resource: Resource; readonly at: Span };
  /** Where it is left out on one port only: of `tcp` and `tls` rules. */
  readonly port?: number;
  /** Names that belong to the reason: a host, a field, a gateway. */
  readonly detail?: string;
}

export type LeftOutReason =
  /** The rule names a delegate that does not exist. */
  | 'unknown-delegate'
  /** The delegate has hosts of its own, and so is none. */
  | 'delegate-with-hosts'
  /** The delegate is not exported to the namespace of the VirtualService. */
  | 'delegate-not-exported'
  /** The delegate's rule asks for something that its root's match excludes. */
  | 'delegate-conflict'
  /** A catch-all of the same VirtualService stands before it. */
  | 'after-catch-all'
  /** A `tcp` rule before it takes every connection of the port. */
  | 'after-tcp-rule'
  /** Its `port`, `gateways`, `sourceLabels` or `sourceNamespace` exclude this proxy. */
  | 'not-for-proxy'
  /** On sidecars the first VirtualService of a host owns it alone. */
  | 'shadowed'
  /** The host is no host of the server. */
  | 'host-not-in-gateway'
  /** A VirtualService of the gateway, or a DestinationRule, that is not exported to the proxy's namespace. */
  | 'not-exported'
  /** A server before it on the same port has one of its hosts. */
  | 'duplicate-host'
  /** A `tls` rule before it on the same port has one of its server names. */
  | 'duplicate-sni'
  /** Another protocol than the server before it on the same port. */
  | 'protocol-conflict'
  /** A DestinationRule for a host that is no service the proxy knows. */
  | 'unknown-host'
  /** A DestinationRule for other workloads. */
  | 'other-workload'
  /** Another DestinationRule is in force for the services that it is for. */
  | 'other-rule'
  /** A DestinationRule in a namespace that is neither the client's, nor the service's, nor the root. */
  | 'namespace-not-asked'
  /** A DestinationRule that is merged into another one, whose policy counts. */
  | 'merged-policy'
  /** Istio refuses the resource. */
  | 'refused';
