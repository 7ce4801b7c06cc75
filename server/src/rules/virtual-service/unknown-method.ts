import { refusal } from '../codes.ts';
import { changeTo } from '../edits.ts';
import { nearest } from '../nearest.ts';
import { resourceRule } from '../rule.ts';
import { oneOf, quoted } from '../words.ts';
import { rulesOf } from './http-rules.ts';

const METHODS: readonly string[] = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'CONNECT', 'OPTIONS', 'TRACE'];

export const unknownMethod = resourceRule({
  id: 'virtual-service/unknown-method',
  severity: 'error',
  on: ['VirtualService'],
  per: 'route',
  summary: 'A method in `allowMethods` that HTTP does not have.',
  why: 'Methods are written in capital letters. Istio refuses the VirtualService.',
  remedy: 'Write the method in capital letters, or `*` for all of them.',
  invalid: `
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: reviews }
spec:
  hosts: [reviews]
  http:
    - corsPolicy: { allowOrigins: [{ exact: https://example.com }], allowMethods: [get] }
      route: [{ destination: { host: reviews } }]
`,
  valid: `
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: reviews }
spec:
  hosts: [reviews]
  http:
    - corsPolicy: { allowOrigins: [{ exact: https://example.com }], allowMethods: [GET] }
      route: [{ destination: { host: reviews } }]
`,
  codes: ['IST0106', 'VS-37'],
  refuses: true,
  *check(vs) {
    for (const rule of rulesOf(vs, 'http')) {
      for (const method of rule.object('corsPolicy')?.strings('allowMethods') ?? []) {
        if (method.value === '*' || METHODS.includes(method.value)) continue;
        const upper = method.value.toUpperCase();
        const meant = METHODS.includes(upper) ? upper : nearest(upper, METHODS);
        yield {
          at: method,
          message: `${quoted(method.value)} is no method of HTTP: ${meant === undefined ? `it takes ${oneOf(METHODS)}` : `did you mean ${quoted(meant)}?`}`,
          fixes: meant === undefined ? [] : [{ ...changeTo(vs.document, method, meant), preferred: true }],
          codes: refusal('VS-37'),
        };
      }
    }
  },
});
