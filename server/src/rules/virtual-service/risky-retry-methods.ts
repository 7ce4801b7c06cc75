import type { HttpRoute } from '../../model/virtual-service.ts';
import type { Span } from '../../text/range.ts';
import { resourceRule } from '../rule.ts';
import { allOf, oneOf, quoted } from '../words.ts';
import { methodsOf, REPEATED_WITH_HARM } from './methods.ts';

/** Conditions that also hold when the service has done its work and only the answer was lost or an error. */
const MAYBE_PROCESSED: readonly string[] = ['5xx', 'gateway-error', 'reset'];

export const riskyRetryMethods = resourceRule({
  id: 'virtual-service/risky-retry-methods',
  severity: 'hint',
  on: ['VirtualService'],
  per: 'route',
  summary: 'Retries that can repeat a POST, PATCH or DELETE which the service has already processed.',
  why: 'After a 5xx, a reset or a timeout nobody knows whether the request took effect. Sent again, it may order or pay twice.',
  remedy:
    'Route these methods by a rule of their own with `retries: { attempts: 0 }`, retry only what was never processed (`connect-failure,refused-stream`), or make the service recognize repeated requests.',
  invalid: `
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: orders }
spec:
  hosts: [orders]
  http:
    - match: [{ method: { exact: POST } }]
      retries: { attempts: 2, retryOn: 5xx }
      route: [{ destination: { host: orders } }]
`,
  valid: `
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: orders }
spec:
  hosts: [orders]
  http:
    - match: [{ method: { exact: GET } }]
      retries: { attempts: 2, retryOn: 5xx }
      route: [{ destination: { host: orders } }]
    - retries: { attempts: 2, retryOn: 'connect-failure,refused-stream' }
      route: [{ destination: { host: orders } }]
`,
  *check(vs) {
    for (const rule of vs.http) {
      const { retries } = rule;
      if (retries?.retryOn === undefined || (retries.attempts?.value ?? 0) < 1 || rule.delegate !== undefined) continue;
      const conditions = retries.retryOn.value.split(',').map(word => word.trim());
      const harmful = [...new Set(conditions.filter(isHarmful))];
      const found = riskyMethods(rule);
      if (found === undefined) continue;
      const { at = retries.retryOn, methods } = found;
      // Of 503 alone, without a method, another rule speaks at the word itself.
      const reasons = methods === 'any' ? harmful.filter(condition => condition !== '503') : harmful;
      if (reasons.length === 0) continue;
      const subject =
        methods === 'any'
          ? `this rule is for all methods, so ${allOf(REPEATED_WITH_HARM)} are`
          : `${allOf(methods)} ${methods.length === 1 ? 'is' : 'are'}`;
      yield {
        at,
        message: `${subject} sent again after ${oneOf(reasons.map(quoted))}, when the service may already have processed the request`,
        ...(at === retries.retryOn
          ? {}
          : { related: [{ at: retries.retryOn, message: 'the conditions for retries' }] }),
      };
    }
  },
});

function isHarmful(condition: string): boolean {
  return MAYBE_PROCESSED.includes(condition) || /^5\d\d$/.test(condition);
}

/** The methods that must not be repeated and that a rule names, else whether it lets all methods through. */
function riskyMethods({ match }: HttpRoute): { at: Span | undefined; methods: readonly string[] | 'any' } | undefined {
  for (const { method } of match) {
    const named = methodsOf(method);
    if (typeof named === 'string') continue;
    const methods = named.filter(name => REPEATED_WITH_HARM.includes(name));
    if (methods.length > 0) return { at: method?.value, methods };
  }
  const isOpen = match.length === 0 || match.some(({ method }) => methodsOf(method) === 'any');
  return isOpen ? { at: undefined, methods: 'any' } : undefined;
}
