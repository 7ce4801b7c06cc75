/**
 * Where the answers of Istio's analyzers are no model, each with its reason. `codes` and `origin` name what is set
 * aside; `case` limits it to inputs whose path ends so.
 */
export interface KnownWrong {
  readonly codes: readonly string[];
  /** `missed`: Istio says it and we do not. `extra`: we say it and Istio does not. */
  readonly side: 'missed' | 'extra';
  readonly case?: RegExp;
  /** `Kind namespace/name` */
  readonly origin?: RegExp;
  /** Of Istio's message; only for what is missed. */
  readonly message?: RegExp;
  readonly reason: string;
}

export const KNOWN_WRONG: readonly KnownWrong[] = [
  {
    codes: ['IST0101'],
    side: 'missed',
    message: /selector not found: "istio=(ingress|egress|eastwest)gateway"/,
    reason: "the gateways of Istio's own installation are in no manifest: that none is here tells nothing",
  },
  {
    codes: ['IST0101', 'IST0174'],
    side: 'missed',
    message: /(not found: "(\+v1|\*)?"$)|The host {2}defined/,
    reason: 'a name that is missing or is no name: Istio refuses it, which another rule says (one cause, one finding)',
  },
  {
    codes: ['IST0101'],
    side: 'missed',
    case: /virtualservice_destinationhosts$/,
    reason:
      'the service exists and is not exported to the namespace of the VirtualService; its clients may be elsewhere (istio/istio#39629)',
  },
  {
    codes: ['IST0101', 'IST0109', 'IST0174'],
    side: 'extra',
    case: /(invalid-one-per-resource|retries-and-timeouts-defaults|yaml-oddities)$/,
    origin: /(timeout-nounit|notaduration|yes-bool|number-header|weight-float|badversion|dr-bad-enum)$/,
    reason: 'Istio cannot parse the resource and does not analyze it; the rest of it is judged here all the same',
  },
  {
    codes: ['IST0101'],
    side: 'extra',
    case: /virtualservice_kubernetes_gateways$/,
    reason: 'Gateways of the Gateway API are not read; only with every namespace owned is their name called missing',
  },
  {
    codes: ['IST0102'],
    side: 'missed',
    reason: "a namespace without workloads and without manifests of Istio's need not be in the mesh",
  },
  {
    codes: ['IST0107'],
    side: 'missed',
    case: /misannotated$/,
    origin: /grafana-test$/,
    reason: "the document is a template of Helm's, which is not read as YAML",
  },
  {
    codes: ['IST0109'],
    side: 'missed',
    case: /(mesh-fallthrough-between-virtualservices|invalid-one-per-resource)$/,
    reason: 'the first makes no route of the kind, or only for chosen clients: the next one takes over (PILOT 4.3)',
  },
  {
    codes: ['IST0109'],
    side: 'missed',
    case: /(mesh-one-virtualservice-per-host|conflictingmeshgatewayhosts_with_exportto)$/,
    reason:
      'a wildcard beside a name or a longer wildcard under it: each service takes the most specific one (PILOT 4.3)',
  },
  {
    codes: ['IST0127'],
    side: 'missed',
    reason: 'there is no workload in the whole input: that none fits tells nothing',
  },
  {
    codes: ['IST0132'],
    side: 'missed',
    message: /not found in Gateway/,
    reason:
      'the Gateway itself does not exist, serves no HTTP, or has no server: that is the finding (one cause, one finding)',
  },
  {
    codes: ['IST0132'],
    side: 'extra',
    case: /gateway-hosts-intersection$/,
    reason: 'Istio asks only whether any of the hosts fits; each one that does not gets 404 (ANALYZERS section 4)',
  },
  {
    codes: ['IST0134'],
    side: 'missed',
    reason: 'addresses are allocated for such an entry, as Pilot does by default',
  },
  {
    codes: ['IST0134'],
    side: 'extra',
    case: /serviceentry-address-allocated$/,
    reason: 'Pilot allocates no address with resolution NONE',
  },
  {
    codes: ['IST0135'],
    side: 'extra',
    case: /deployment-multi-service$/,
    reason: 'the annotation is in a pod template, at which the analyzer does not look',
  },
  {
    codes: ['IST0138'],
    side: 'extra',
    case: /gateway-duplicate-certificate$/,
    reason: "the selector of the one is a part of the other's: both are served by the same pods, whichever way round",
  },
  {
    codes: ['IST0145'],
    side: 'extra',
    case: /virtualservice_host_not_found_gateway_with_ns_prefix/,
    reason: '"*/host" and "host" are one host for Pilot; the analyzer compares letters',
  },
  {
    codes: ['IST0151'],
    side: 'extra',
    case: /envoy-filter-remove-operation$/,
    reason: 'the analyzer stops at the first patch of its kind',
  },
  {
    codes: ['IST0157'],
    side: 'missed',
    reason: 'the settings of the mesh are not in the input: what they have as a default is not known',
  },
  {
    codes: ['IST0162'],
    side: 'missed',
    reason:
      "the pods and the Service of the default ingress gateway are those of the analyzer's test, and not in the input",
  },
  {
    codes: ['IST0173'],
    side: 'missed',
    reason:
      'no pod template of the service is in the input, or the label is one of a node: nothing tells what pods there are',
  },
  {
    codes: ['IST0174'],
    side: 'missed',
    case: /destinationrule-policy-precedence$/,
    reason: '"*.local" covers every service of the cluster',
  },
  {
    codes: ['IST0177'],
    side: 'missed',
    case: /serviceentry-missing-addresses-protocol$/,
    reason: 'it agrees with the first of its host; those that differ are named',
  },
];
