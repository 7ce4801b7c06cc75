import { changeTo } from '../edits.ts';
import { asPolicy, authorizationRules } from '../policies.ts';
import { resourceRule } from '../rule.ts';
import { quoted } from '../words.ts';

const METHODS: readonly string[] = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'CONNECT', 'TRACE'];

export const ineffectiveMethod = resourceRule({
  id: 'authorization-policy/ineffective-method',
  severity: 'warning',
  on: ['Other'],
  codes: ['KIA0102'],
  summary: 'A policy asks for a method that no request has.',
  why: 'Methods are compared letter by letter, and requests have them in capitals. Methods of gRPC are paths for HTTP: such a request is a POST to `/package.Service/Method`.',
  remedy: 'Write the method in capitals; for gRPC write the full name of the method into `paths`.',
  invalid: `
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: reviews }
spec:
  rules: [{ to: [{ operation: { methods: [get] } }] }]
`,
  valid: `
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: reviews }
spec:
  rules: [{ to: [{ operation: { methods: [GET] } }] }]
`,
  *check(resource) {
    const policy = asPolicy(resource, 'AuthorizationPolicy');
    if (policy === undefined) return;
    for (const { to } of authorizationRules(policy)) {
      for (const { key, value } of to.flatMap(operation => operation.fields)) {
        if (key.value !== 'methods' && key.value !== 'notMethods') continue;
        for (const method of value) {
          const upper = method.value.toUpperCase();
          if (METHODS.includes(upper) && upper !== method.value) {
            yield {
              at: method,
              message: `requests have the method ${quoted(upper)} in capitals, so ${quoted(method.value)} never matches`,
              fixes: [{ ...changeTo(resource.document, method, upper), preferred: true }],
            };
          } else if (/^\/?[\w.]+\/\w+$/.test(method.value)) {
            yield {
              at: method,
              message: `${quoted(method.value)} is a path for HTTP, whose method is always POST with gRPC: write it into "paths"`,
            };
          }
        }
      }
    }
  },
});
