import { refusal } from '../codes.ts';
import type { Fields } from '../fields.ts';
import { type Finding, resourceRule } from '../rule.ts';
import { rulesOf } from './http-rules.ts';

export const invalidPrefix = resourceRule({
  id: 'virtual-service/invalid-prefix',
  severity: 'error',
  on: ['VirtualService'],
  per: 'route',
  summary: 'A condition on an empty prefix.',
  why: 'Everything begins with nothing, so the condition asks for nothing. Istio refuses it, except for paths.',
  remedy: 'Remove the condition. To ask that a header is there, whatever its value, write `{}`.',
  invalid: `
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: reviews }
spec:
  hosts: [reviews]
  http:
    - match: [{ headers: { end-user: { prefix: "" } } }]
      route: [{ destination: { host: reviews } }]
`,
  valid: `
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: reviews }
spec:
  hosts: [reviews]
  http:
    - match: [{ headers: { end-user: {} } }]
      route: [{ destination: { host: reviews } }]
`,
  codes: ['IST0106', 'COM-25', 'VS-27', 'VS-29', 'VS-30'],
  refuses: true,
  *check(vs) {
    for (const rule of rulesOf(vs, 'http')) {
      for (const match of rule.objects('match')) {
        for (const field of ['scheme', 'method', 'authority']) yield* judge(match.object(field), 'VS-29');
        for (const [field, id] of [
          ['headers', 'VS-27'],
          ['withoutHeaders', 'VS-27'],
          ['queryParams', 'VS-30'],
        ] as const) {
          for (const { value } of match.entries(field)) yield* judge(match.fieldsOf(value), id);
        }
      }
    }
  },
});

function* judge(condition: Fields | undefined, id: string): Generator<Finding> {
  const prefix = condition?.string('prefix');
  if (condition === undefined || prefix?.value !== '') return;
  yield {
    at: prefix,
    message: 'every value begins with an empty prefix, and Istio refuses such a condition',
    codes: refusal(id, 'COM-25'),
  };
}
