import { changeTo } from '../edits.ts';
import { asPolicy, authorizationRules } from '../policies.ts';
import { resourceRule } from '../rule.ts';
import { quoted } from '../words.ts';

/** Istio puts it in front of every principal but `*` (`pilot/pkg/security/authz`: `srcPrincipalGenerator`, `StringMatcherWithPrefix`). */
const SCHEME = 'spiffe://';

export const ineffectivePrincipal = resourceRule({
  id: 'authorization-policy/ineffective-principal',
  severity: 'warning',
  on: ['Other'],
  summary: 'A principal with the scheme `spiffe://`.',
  why: 'Istio puts the scheme in front by itself and compares with `spiffe://spiffe://…`, which nobody is: an ALLOW rule lets nobody in, a DENY rule keeps nobody out.',
  remedy: 'Write the principal without it: `TRUST-DOMAIN/ns/NAMESPACE/sa/SERVICE-ACCOUNT`.',
  invalid: `
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: reviews }
spec:
  rules: [{ from: [{ source: { principals: ['spiffe://cluster.local/ns/shop/sa/front'] } }] }]
`,
  valid: `
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: reviews }
spec:
  rules: [{ from: [{ source: { principals: [cluster.local/ns/shop/sa/front] } }] }]
`,
  *check(resource) {
    const policy = asPolicy(resource, 'AuthorizationPolicy');
    if (policy === undefined) return;
    for (const { from, when } of authorizationRules(policy)) {
      const fields = from
        .flatMap(source => source.fields)
        .filter(({ key }) => key.value === 'principals' || key.value === 'notPrincipals');
      const keys = when.filter(({ key }) => key?.value === 'source.principal');
      for (const principal of [
        ...fields.flatMap(({ value }) => value),
        ...keys.flatMap(({ values, notValues }) => [...values, ...notValues]),
      ]) {
        if (!principal.value.startsWith(SCHEME)) continue;
        const text = principal.value.slice(SCHEME.length);
        yield {
          at: principal,
          message: `Istio adds "spiffe://" itself, so ${quoted(principal.value)} is nobody: write it without`,
          fixes: [{ ...changeTo(resource.document, principal, text), preferred: true }],
        };
      }
    }
  },
});
