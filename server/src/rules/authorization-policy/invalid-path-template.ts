import { refused } from '../fields.ts';
import { resourceRule } from '../rule.ts';
import { quoted } from '../words.ts';
import { policyOf } from './policy.ts';

export const invalidPathTemplate = resourceRule({
  id: 'authorization-policy/invalid-path-template',
  severity: 'error',
  on: ['Other'],
  refuses: true,
  codes: ['IST0106', 'AP-21'],
  summary: 'A path with braces that is no path template.',
  why: 'In a path `{*}` stands for one part and `{**}`, as the last of them, for any number of parts. Istio refuses braces with anything else in them.',
  remedy: 'Write `{*}` for a part that varies, whatever it is called: `/users/{*}/orders`.',
  invalid: `
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: allow }
spec:
  rules: [{ to: [{ operation: { paths: ["/users/{id}/orders"] } }] }]
`,
  valid: `
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: allow }
spec:
  rules: [{ to: [{ operation: { paths: ["/users/{*}/orders"] } }] }]
`,
  *check(resource) {
    for (const operation of policyOf(resource)?.rules.flatMap(rule => rule.operations) ?? []) {
      for (const path of [...operation.strings('paths'), ...operation.strings('notPaths')]) {
        const reason = fault(path.value);
        if (reason !== undefined)
          yield { at: path, message: `${quoted(path.value)} is no path template: ${reason}`, ...refused('AP-21') };
      }
    }
  },
});

const LITERAL = /^[a-zA-Z0-9\-._~%!$&'()+,;:@=]+$/;

/** Istio `security.CheckValidPathTemplate`. */
function fault(path: string): string | undefined {
  const isTemplate = path.includes('{*}') || path.includes('{**}');
  let isClosed = false;
  for (const part of path.replace(/^\/+|\/+$/g, '').split('/')) {
    const isWild = part === '{*}' || part === '{**}';
    if (isWild && isClosed) return '"{**}" has to be the last of its wildcards';
    if (part === '{**}') isClosed = true;
    if (isWild) continue;
    if (/[{}]/.test(part))
      return `braces hold a star, "{*}" or "{**}", and nothing stands beside them, unlike in ${quoted(part)}`;
    if (isTemplate && !LITERAL.test(part)) {
      return part === ''
        ? 'two slashes stand side by side'
        : `${quoted(part)} has characters that a path with "{*}" does not take`;
    }
  }
  return undefined;
}
