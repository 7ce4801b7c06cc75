import { replaceWith } from '../edits.ts';
import { type Fix, resourceRule } from '../rule.ts';
import { oneOf } from '../words.ts';

/** What Envoy can answer a redirect with. */
const CODES: readonly number[] = [301, 302, 303, 307, 308];

export const invalidRedirectCode = resourceRule({
  id: 'virtual-service/invalid-redirect-code',
  severity: 'warning',
  on: ['VirtualService'],
  per: 'route',
  summary: 'A redirect code that Istio takes and Envoy does not know.',
  why: 'The route then has no action, and Envoy refuses the whole route configuration: every route of that port stays as it was before, of all VirtualServices, and a new proxy has none at all.',
  remedy: 'Write 301, 302, 303, 307 or 308.',
  invalid: `
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: reviews }
spec:
  hosts: [reviews]
  http:
    - redirect: { uri: /v2, redirectCode: 304 }
`,
  valid: `
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: reviews }
spec:
  hosts: [reviews]
  http:
    - redirect: { uri: /v2, redirectCode: 302 }
`,
  *check(vs) {
    for (const { redirect } of vs.http) {
      const code = redirect?.redirectCode;
      // What is outside of 300 to 399 Istio refuses itself.
      if (code === undefined || code.value < 300 || code.value > 399 || CODES.includes(code.value)) continue;
      const fix = (to: number): Fix => ({ title: `Change to ${to}`, edits: [replaceWith(code, String(to))] });
      yield {
        at: code,
        message: `Envoy knows no redirect with ${code.value} and refuses the routes of all VirtualServices on this port; write ${oneOf(CODES.map(String))}`,
        fixes: [fix(302), fix(301)],
      };
    }
  },
});
