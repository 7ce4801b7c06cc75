import type { TypedResource } from '../../model/decode.ts';
import { podAnnotations } from '../namespaces.ts';
import type { LabelList } from '../workloads.ts';

/** What an annotation of Istio's belongs to (istio/api `annotation/annotations.yaml`: `resources`, `deprecated`). */
interface Annotation {
  readonly on: readonly string[];
  readonly deprecated?: true;
  /** What is to be used instead of a deprecated one. */
  readonly successor?: string;
}

const POD: Annotation = { on: ['Pod'] };
const OLD_POD: Annotation = { on: ['Pod'], deprecated: true };
const ANY: Annotation = { on: ['Any'] };

function under(domain: string, names: readonly string[], annotation: Annotation): [string, Annotation][] {
  return names.map(name => [`${domain}/${name}`, annotation]);
}

/**
 * Istio's annotations: those of istio/api's list, of the change notes since (`nativeSidecar`, `stats…Interval`,
 * `ambient.istio.io/dns-capture`) and those that Istio reads without listing them (`networking.istio.io/address-type`).
 * What an older version knew is in it as well, since the version in use is not known.
 */
export const ANNOTATIONS: ReadonlyMap<string, Annotation> = new Map<string, Annotation>([
  ['kubernetes.io/ingress.class', { on: ['Ingress'] }],
  ...under('alpha.istio.io', ['kubernetes-serviceaccounts', 'canonical-serviceaccounts'], {
    on: ['Service'],
    deprecated: true,
  }),
  ['alpha.istio.io/identity', OLD_POD],
  ...under('ambient.istio.io', ['redirection', 'bypass-inbound-capture', 'dns-capture'], POD),
  ['galley.istio.io/analyze-suppress', ANY],
  ['inject.istio.io/templates', POD],
  ...under('install.operator.istio.io', ['chart-owner', 'owner-generation', 'version'], ANY),
  ['networking.istio.io/exportTo', { on: ['Service'] }],
  // A namespace gives it to its services, a Gateway of the Gateway API to the Service that is made for it.
  ['networking.istio.io/traffic-distribution', { on: ['Service', 'ServiceEntry', 'Namespace', 'Gateway'] }],
  ...under('networking.istio.io', ['address-type', 'service-type'], { on: ['Gateway', 'Service'] }),
  ['prometheus.istio.io/merge-metrics', POD],
  ...under('proxy.istio.io', ['config', 'overrides'], POD),
  ...under(
    'readiness.status.sidecar.istio.io',
    ['initialDelaySeconds', 'periodSeconds', 'failureThreshold', 'applicationPorts'],
    POD,
  ),
  ['status.sidecar.istio.io/port', POD],
  ['sidecar.istio.io/inject', { on: ['Pod'], deprecated: true, successor: 'the label "sidecar.istio.io/inject"' }],
  ...under('sidecar.istio.io', ['statsInclusionPrefixes', 'statsInclusionSuffixes', 'statsInclusionRegexps'], OLD_POD),
  ...under('sidecar.istio.io', ['controlPlaneAuthPolicy', 'discoveryAddress', 'extraStatTags'], OLD_POD),
  ...under(
    'sidecar.istio.io',
    [
      ...[
        'status',
        'rewriteAppHTTPProbers',
        'proxyImage',
        'proxyImageType',
        'proxyCPU',
        'proxyCPULimit',
        'proxyMemory',
      ],
      ...[
        'proxyMemoryLimit',
        'interceptionMode',
        'bootstrapOverride',
        'userVolume',
        'userVolumeMount',
        'enableCoreDump',
      ],
      ...['logLevel', 'componentLogLevel', 'agentLogLevel', 'statsHistogramBuckets', 'statsCompression'],
      ...['nativeSidecar', 'statsFlushInterval', 'statsEvictionInterval'],
    ],
    POD,
  ),
  ...under(
    'traffic.sidecar.istio.io',
    [
      ...['includeOutboundIPRanges', 'excludeOutboundIPRanges', 'includeInboundPorts', 'excludeInboundPorts'],
      ...['includeOutboundPorts', 'excludeOutboundPorts', 'excludeInterfaces', 'kubevirtInterfaces'],
    ],
    POD,
  ),
]);

/** Domains of which the list holds every annotation; in others (`istio.io`, …) there are more than it knows. */
export const CLOSED_DOMAINS: readonly string[] = [
  'galley.istio.io',
  'inject.istio.io',
  'networking.istio.io',
  'prometheus.istio.io',
  'proxy.istio.io',
  'readiness.status.sidecar.istio.io',
  'status.sidecar.istio.io',
  'sidecar.istio.io',
  'traffic.sidecar.istio.io',
];

/** The annotations of an object, and those that it gives its pods. */
export interface Annotated {
  /** `Service`, `Pod` … */
  readonly kind: string;
  readonly annotations: LabelList;
  readonly labels: LabelList;
}

/** The annotations that Istio's analyzer looks at, and those of the pod template of whatever makes pods. */
export function annotatedOf(resource: TypedResource): readonly Annotated[] {
  const { kind, annotations, labels } = resource;
  const own = { kind, annotations, labels };
  if (resource.type !== 'Workload' || kind === 'Pod') return annotations.length === 0 ? [] : [own];
  return [own, { kind: 'Pod', annotations: podAnnotations(resource), labels: resource.podLabels }];
}
