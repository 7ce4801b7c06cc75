import { changeTo } from '../edits.ts';
import { missingNamespace } from '../missing-namespace.ts';
import { asPolicy, authorizationRules } from '../policies.ts';
import { workspaceRule } from '../rule.ts';
import { orMeant, quoted } from '../words.ts';

export const unknownNamespace = workspaceRule({
  id: 'authorization-policy/unknown-namespace',
  severity: 'warning',
  on: ['Other'],
  codes: ['IST0101', 'KIA0101'],
  summary: 'A policy names a namespace that does not exist.',
  why: 'No request comes from there: an ALLOW rule lets in nobody, and one with `notNamespaces` leaves nobody out.',
  remedy: 'Correct the name. A `*` at the beginning or at the end stands for any text.',
  invalid: `
apiVersion: v1
kind: Namespace
metadata: { name: storefront, labels: { istio-injection: enabled } }
---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: reviews, namespace: storefront }
spec:
  rules: [{ from: [{ source: { namespaces: [storefornt] } }] }]
`,
  valid: `
apiVersion: v1
kind: Namespace
metadata: { name: storefront, labels: { istio-injection: enabled } }
---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: reviews, namespace: storefront }
spec:
  rules: [{ from: [{ source: { namespaces: [storefront] } }] }]
`,
  *check(resource, snapshot) {
    const policy = asPolicy(resource, 'AuthorizationPolicy');
    if (policy === undefined) return;
    for (const { from, when } of authorizationRules(policy)) {
      const fields = from
        .flatMap(source => source.fields)
        .filter(({ key }) => key.value === 'namespaces' || key.value === 'notNamespaces');
      const keys = when.filter(({ key }) => key?.value === 'source.namespace');
      for (const name of [
        ...fields.flatMap(({ value }) => value),
        ...keys.flatMap(({ values, notValues }) => [...values, ...notValues]),
      ]) {
        const missing = missingNamespace(name.value, snapshot);
        if (missing === undefined) continue;
        const { guess } = missing;
        yield {
          at: name,
          message: `there is no namespace ${quoted(name.value)}, so no request comes from it${orMeant(guess)}`,
          fixes: guess === undefined ? [] : [changeTo(resource.document, name, guess)],
        };
      }
    }
  },
});
