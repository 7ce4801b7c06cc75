import { resourceRule } from '../rule.ts';
import { quoted } from '../words.ts';
import { annotatedOf } from './annotations.ts';

export const invalidAnnotation = resourceRule({
  id: 'metadata/invalid-annotation',
  severity: 'warning',
  on: ['Workload'],
  codes: ['IST0125'],
  summary: 'A value that Istio’s injector refuses for an annotation.',
  why: 'The injector fails on such a pod: it is not created, or comes up without a sidecar.',
  remedy: 'Write a value of the right form: ports and IP ranges are comma lists, numbers have no unit.',
  invalid: `
apiVersion: apps/v1
kind: Deployment
metadata: { name: reviews }
spec:
  template:
    metadata: { labels: { app: reviews }, annotations: { traffic.sidecar.istio.io/excludeInboundPorts: http } }
`,
  valid: `
apiVersion: apps/v1
kind: Deployment
metadata: { name: reviews }
spec:
  template:
    metadata: { labels: { app: reviews }, annotations: { traffic.sidecar.istio.io/excludeInboundPorts: '8081,8082' } }
`,
  *check(resource) {
    for (const { kind, annotations } of annotatedOf(resource)) {
      if (kind !== 'Pod') continue;
      for (const { key, value } of annotations) {
        const reason = FORMS.get(key.value)?.(value.value);
        if (reason === undefined) continue;
        yield {
          at: value,
          message: `${quoted(value.value)} is no value for ${quoted(key.value)}: ${reason}; the injector refuses the pod`,
        };
      }
    }
  },
});

/** Says what is wrong with a value, or nothing. */
type Form = (value: string) => string | undefined;

const isPort = (text: string): boolean => /^\d+$/.test(text) && Number(text) <= 65_535;

/** Istio `validateUInt32`: no blanks, no sign. */
const number: Form = value =>
  /^\d+$/.test(value) && Number(value) <= 0xff_ff_ff_ff ? undefined : 'it has to be a whole number';
/** Istio `validateStatusPort`, `parsePort`. */
const port: Form = value => (isPort(value.trim()) ? undefined : 'it has to be a port number');
/** Istio `validateBool`: what Go reads as a boolean. */
const flag: Form = value =>
  /^(1|t|T|true|TRUE|True|0|f|F|false|FALSE|False)$/.test(value) ? undefined : 'it has to be true or false';
/** Istio `validateInterceptionMode`. */
const mode: Form = value =>
  ['REDIRECT', 'TPROXY', 'NONE'].includes(value) ? undefined : 'it has to be REDIRECT, TPROXY or NONE';

/** Istio `parsePorts`: blanks around a port do no harm, an empty entry does; an empty list is one without ports. */
function ports(star: boolean): Form {
  return value => {
    if ((star && value === '*') || value.trim() === '') return undefined;
    const bad = value.split(',').find(item => !isPort(item.trim()));
    if (bad === undefined) return undefined;
    return bad.trim() === '' ? 'there is a comma too many' : `${quoted(bad.trim())} is no port number`;
  };
}

/** Istio `validateCIDRList`, which takes no blanks. */
function ranges(star: boolean): Form {
  return value => {
    if ((star && value === '*') || value === '') return undefined;
    const bad = value.split(',').find(item => !isRange(item));
    if (bad === undefined) return undefined;
    if (bad === '') return 'there is a comma too many';
    return isRange(bad.trim())
      ? `there is a blank beside ${quoted(bad.trim())}`
      : `${quoted(bad.trim())} is no IP range such as 10.0.0.0/8`;
  };
}

/** A CIDR as Go's `netip.ParsePrefix` reads it, coarsely for IPv6. */
function isRange(text: string): boolean {
  const [, address = '', length = ''] = /^([^/]+)\/(0|[1-9]\d{0,2})$/.exec(text) ?? [];
  if (address.includes(':')) return /^[\da-f:.]+$/i.test(address) && Number(length) <= 128;
  const bytes = address.split('.');
  return (
    bytes.length === 4 &&
    bytes.every(byte => /^(0|[1-9]\d{0,2})$/.test(byte) && Number(byte) <= 255) &&
    Number(length) <= 32
  );
}

/**
 * The annotations that the injector checks (Istio `pkg/kube/inject/validate.go`, `AnnotationValidation`). It takes every
 * value of the others, and YAML with settings of the proxy in `proxy.istio.io/config` is not looked into here.
 */
const FORMS: ReadonlyMap<string, Form> = new Map<string, Form>([
  ['sidecar.istio.io/interceptionMode', mode],
  ['status.sidecar.istio.io/port', port],
  ['readiness.status.sidecar.istio.io/initialDelaySeconds', number],
  ['readiness.status.sidecar.istio.io/periodSeconds', number],
  ['readiness.status.sidecar.istio.io/failureThreshold', number],
  ['traffic.sidecar.istio.io/includeOutboundIPRanges', ranges(true)],
  ['traffic.sidecar.istio.io/excludeOutboundIPRanges', ranges(false)],
  ['traffic.sidecar.istio.io/includeInboundPorts', ports(true)],
  ['traffic.sidecar.istio.io/excludeInboundPorts', ports(false)],
  ['traffic.sidecar.istio.io/excludeOutboundPorts', ports(false)],
  ['prometheus.istio.io/merge-metrics', flag],
]);
