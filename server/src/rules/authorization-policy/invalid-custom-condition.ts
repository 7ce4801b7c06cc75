import { refused } from '../fields.ts';
import { resourceRule } from '../rule.ts';
import { quoted } from '../words.ts';
import { policyOf } from './policy.ts';

/** What Envoy does not know yet at the point where it asks the provider. */
const SOURCES: readonly string[] = [
  'namespaces',
  'notNamespaces',
  'serviceAccounts',
  'notServiceAccounts',
  'trustDomains',
  'notTrustDomains',
  'principals',
  'notPrincipals',
  'requestPrincipals',
  'notRequestPrincipals',
];
const KEYS: readonly string[] = ['source.namespace', 'source.serviceAccount', 'source.trustDomain', 'source.principal'];

export const invalidCustomCondition = resourceRule({
  id: 'authorization-policy/invalid-custom-condition',
  severity: 'error',
  on: ['Other'],
  refuses: true,
  codes: ['IST0106', 'AP-04', 'AP-05'],
  summary: 'A condition on who calls, in a policy with the action CUSTOM.',
  why: 'The provider is asked before the caller is identified, so identities and claims cannot decide whether to ask. Istio refuses such a policy.',
  remedy:
    'Choose requests by host, path, method, header or address, and leave the caller to the provider or to a second policy.',
  invalid: `
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: ask }
spec:
  action: CUSTOM
  provider: { name: oauth }
  rules: [{ from: [{ source: { namespaces: [shop] } }] }]
`,
  valid: `
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: ask }
spec:
  action: CUSTOM
  provider: { name: oauth }
  rules: [{ to: [{ operation: { paths: [/admin*] } }] }]
`,
  *check(resource) {
    const policy = policyOf(resource);
    if (policy?.action !== 'CUSTOM') return;
    for (const { sources, conditions } of policy.rules) {
      for (const source of sources) {
        for (const field of SOURCES) {
          if (source.count(field) === 0) continue;
          const message = `${quoted(field)} cannot decide whether a CUSTOM provider is asked: the caller is not identified yet`;
          yield { at: source.key(field), message, ...refused('AP-04') };
        }
      }
      for (const condition of conditions) {
        const key = condition.string('key');
        if (key === undefined || !(KEYS.includes(key.value) || key.value.startsWith('request.auth.'))) continue;
        const message = `${quoted(key.value)} cannot decide whether a CUSTOM provider is asked: the caller is not identified yet`;
        yield { at: key, message, ...refused('AP-05') };
      }
    }
  },
});
