import { changeTo } from '../edits.ts';
import { resourceRule } from '../rule.ts';
import { quoted } from '../words.ts';

const METHODS: readonly string[] = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'CONNECT', 'TRACE'];

export const ineffectiveMethod = resourceRule({
  id: 'virtual-service/ineffective-method',
  severity: 'warning',
  on: ['VirtualService'],
  per: 'route',
  summary: 'A method in lower case letters.',
  why: 'Methods are compared letter by letter, and requests have them in capitals: the match never fits.',
  remedy: 'Write the method in capitals.',
  invalid: `
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: reviews }
spec:
  hosts: [reviews]
  http:
    - match: [{ method: { exact: post } }]
      route: [{ destination: { host: reviews } }]
`,
  valid: `
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: reviews }
spec:
  hosts: [reviews]
  http:
    - match: [{ method: { exact: POST } }]
      route: [{ destination: { host: reviews } }]
`,
  *check(vs) {
    for (const { match } of vs.http) {
      for (const { method } of match) {
        const value = method?.value;
        if (value === undefined || (method?.kind !== 'exact' && method?.kind !== 'prefix')) continue;
        const upper = value.value.toUpperCase();
        const isMethod =
          method.kind === 'exact'
            ? METHODS.includes(upper)
            : METHODS.some(name => upper !== '' && name.startsWith(upper));
        if (upper === value.value || !isMethod) continue;
        yield {
          at: value,
          message: `requests have the method ${quoted(upper)} in capitals, so ${quoted(value.value)} never matches`,
          fixes: [{ ...changeTo(vs.document, value, upper), preferred: true }],
        };
      }
    }
  },
});
