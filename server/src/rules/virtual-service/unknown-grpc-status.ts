import { refusal } from '../codes.ts';
import { changeTo } from '../edits.ts';
import { nearest } from '../nearest.ts';
import { resourceRule } from '../rule.ts';
import { quoted } from '../words.ts';
import { rulesOf } from './http-rules.ts';

/** Names of gRPC's status codes, by number. */
const STATUSES: readonly string[] = [
  'OK',
  'CANCELLED',
  'UNKNOWN',
  'INVALID_ARGUMENT',
  'DEADLINE_EXCEEDED',
  'NOT_FOUND',
  'ALREADY_EXISTS',
  'PERMISSION_DENIED',
  'RESOURCE_EXHAUSTED',
  'FAILED_PRECONDITION',
  'ABORTED',
  'OUT_OF_RANGE',
  'UNIMPLEMENTED',
  'INTERNAL',
  'UNAVAILABLE',
  'DATA_LOSS',
  'UNAUTHENTICATED',
];

export const unknownGrpcStatus = resourceRule({
  id: 'virtual-service/unknown-grpc-status',
  severity: 'error',
  on: ['VirtualService'],
  per: 'route',
  summary: 'A status of an abort that gRPC does not have.',
  why: 'Istio takes the names of the status codes, in capital letters, and no numbers. It refuses the VirtualService.',
  remedy: 'Write the name, such as `UNAVAILABLE`.',
  invalid: `
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: reviews }
spec:
  hosts: [reviews]
  http:
    - fault: { abort: { grpcStatus: "14", percentage: { value: 10 } } }
      route: [{ destination: { host: reviews } }]
`,
  valid: `
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: reviews }
spec:
  hosts: [reviews]
  http:
    - fault: { abort: { grpcStatus: UNAVAILABLE, percentage: { value: 10 } } }
      route: [{ destination: { host: reviews } }]
`,
  codes: ['IST0106', 'VS-43'],
  refuses: true,
  *check(vs) {
    for (const rule of rulesOf(vs, 'http')) {
      const status = rule.object('fault')?.object('abort')?.string('grpcStatus');
      if (status === undefined || STATUSES.includes(status.value)) continue;
      const meant = meantStatus(status.value);
      yield {
        at: status,
        message: `${quoted(status.value)} is no status of gRPC${meant === undefined ? ', which are names such as "UNAVAILABLE"' : `; did you mean ${quoted(meant)}?`}`,
        fixes: meant === undefined ? [] : [{ ...changeTo(vs.document, status, meant), preferred: true }],
        codes: refusal('VS-43'),
      };
    }
  },
});

/** The name of a number, or the name that is meant by one written in another way. */
function meantStatus(text: string): string | undefined {
  if (/^\d{1,2}$/.test(text)) return STATUSES[Number(text)];
  const upper = text
    .replace(/([a-z])([A-Z])/g, '$1_$2')
    .replaceAll(/[\s-]/g, '_')
    .toUpperCase();
  return STATUSES.includes(upper) ? upper : nearest(upper, STATUSES);
}
