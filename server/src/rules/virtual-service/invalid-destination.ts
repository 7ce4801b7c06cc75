import { refusal } from '../codes.ts';
import type { Fields } from '../fields.ts';
import { isDnsLabel } from '../names.ts';
import { type Finding, resourceRule } from '../rule.ts';
import { quoted } from '../words.ts';
import { rulesOf } from './http-rules.ts';
import { hostFault } from './invalid-host.ts';

export const invalidDestination = resourceRule({
  id: 'virtual-service/invalid-destination',
  severity: 'error',
  on: ['VirtualService'],
  per: 'route',
  summary: 'A destination whose host, or subset, is no name.',
  why: 'Istio refuses the VirtualService.',
  remedy: 'Name a service without scheme, port or path; the port has a field of its own.',
  invalid: `
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: reviews }
spec:
  hosts: [reviews]
  http:
    - route: [{ destination: { host: "http://reviews" } }]
`,
  valid: `
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: reviews }
spec:
  hosts: [reviews]
  http:
    - route: [{ destination: { host: reviews } }]
`,
  codes: ['IST0106', 'VS-51', 'VS-52', 'VS-77', 'VS-78'],
  refuses: true,
  *check(vs) {
    for (const list of ['http', 'tls', 'tcp'] as const) {
      for (const rule of rulesOf(vs, list)) {
        for (const entry of rule.objects('route')) yield* judge(entry.object('destination'), []);
        if (list !== 'http') continue;
        yield* judge(rule.object('mirror'), ['VS-51']);
        for (const mirror of rule.objects('mirrors')) yield* judge(mirror.object('destination'), ['VS-52']);
      }
    }
  },
});

/** Istio `validateDestination`. */
function* judge(destination: Fields | undefined, ids: readonly string[]): Generator<Finding> {
  const host = destination?.string('host');
  const subset = destination?.string('subset');
  const fault =
    host?.value === '*'
      ? { reason: 'requests go to one service, which "*" does not name', id: undefined }
      : hostFault(host?.value ?? 'x', false);
  if (host !== undefined && fault !== undefined) {
    yield {
      at: host,
      message: `${quoted(host.value)} is no host to send requests to: ${fault.reason}`,
      codes: refusal(...ids, 'VS-77', ...(fault.id === undefined ? [] : [fault.id])),
    };
  }
  if (subset !== undefined && subset.value !== '' && !isDnsLabel(subset.value)) {
    yield {
      at: subset,
      message: `${quoted(subset.value)} is no name of a subset: it takes up to 63 letters, digits and inner hyphens`,
      codes: refusal(...ids, 'VS-78', 'COM-18'),
    };
  }
}
