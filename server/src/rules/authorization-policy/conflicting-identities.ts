import { type Fields, refused, refusedByServer } from '../fields.ts';
import { resourceRule } from '../rule.ts';
import { quoted } from '../words.ts';
import { policyOf } from './policy.ts';

const ACCOUNTS: readonly string[] = ['serviceAccounts', 'notServiceAccounts'];
const OTHERS: readonly string[] = ['principals', 'notPrincipals', 'namespaces', 'notNamespaces'];

export const conflictingIdentities = resourceRule({
  id: 'authorization-policy/conflicting-identities',
  severity: 'error',
  on: ['Other'],
  refuses: true,
  codes: ['IST0106', 'AP-12', 'CEL-24'],
  summary: 'Service accounts beside principals or namespaces in one source.',
  why: 'A service account already names the namespace and the identity of the caller. Istio and the API server refuse both in one source.',
  remedy: 'Keep one of them, or write two entries of `from`, of which one has to match.',
  invalid: `
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: allow }
spec:
  rules: [{ from: [{ source: { serviceAccounts: [shop/web], namespaces: [shop] } }] }]
`,
  valid: `
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: allow }
spec:
  rules: [{ from: [{ source: { serviceAccounts: [shop/web] } }] }]
`,
  *check(resource) {
    for (const source of policyOf(resource)?.rules.flatMap(rule => rule.sources) ?? []) {
      const accounts = ACCOUNTS.find(field => source.has(field));
      const other = OTHERS.find(field => source.has(field));
      if (accounts === undefined || other === undefined) continue;
      yield {
        at: source.key(other),
        message: `${quoted(other)} and ${quoted(accounts)} exclude each other: an account names its namespace already`,
        related: [{ at: source.key(accounts), message: 'names accounts' }],
        // The API server counts empty lists as well.
        ...(isFilled(source) ? refused('AP-12', 'CEL-24') : refusedByServer('CEL-24')),
      };
    }
  },
});

function isFilled(source: Fields): boolean {
  return OTHERS.some(field => source.count(field) > 0) && ACCOUNTS.some(field => source.count(field) > 0);
}
