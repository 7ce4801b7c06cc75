import type { Located } from '../../text/range.ts';
import type { Snapshot } from '../../workspace/snapshot.ts';
import { changeTo } from '../edits.ts';
import { asPolicy, authorizationRules } from '../policies.ts';
import { workspaceRule } from '../rule.ts';
import { missingServiceAccount } from '../service-accounts.ts';
import { orMeant, quoted } from '../words.ts';

const PRINCIPAL = /^([^/*]+)\/ns\/([^/*]+)\/sa\/([^/*]+)$/;
const SHORT = /^(?:([^/*]+)\/)?([^/*]+)$/;
/** The fields that hold service accounts, and whether they hold them as principals. */
const FIELDS: ReadonlyMap<string, 'principal' | 'short'> = new Map([
  ['principals', 'principal'],
  ['notPrincipals', 'principal'],
  ['serviceAccounts', 'short'],
  ['notServiceAccounts', 'short'],
]);
const KEYS: ReadonlyMap<string, 'principal' | 'short'> = new Map([
  ['source.principal', 'principal'],
  ['source.serviceAccount', 'short'],
]);

export const unknownServiceAccount = workspaceRule({
  id: 'authorization-policy/unknown-service-account',
  severity: 'warning',
  on: ['Other'],
  ignores: 'VirtualService',
  codes: ['KIA0106'],
  summary: 'A policy names a service account that does not exist.',
  why: 'No pod has this identity: an ALLOW rule lets in nobody, and one that is to leave it out leaves nobody out.',
  remedy:
    'Correct the name: it is that of the ServiceAccount, which pods name in `serviceAccountName`, not that of the Service or the Deployment.',
  invalid: `
#! ownedNamespaces: shop
apiVersion: v1
kind: ServiceAccount
metadata: { name: storefront, namespace: shop }
---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: reviews, namespace: shop }
spec:
  rules: [{ from: [{ source: { principals: [cluster.local/ns/shop/sa/storefornt] } }] }]
`,
  valid: `
#! ownedNamespaces: shop
apiVersion: v1
kind: ServiceAccount
metadata: { name: storefront, namespace: shop }
---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: reviews, namespace: shop }
spec:
  rules: [{ from: [{ source: { principals: [cluster.local/ns/shop/sa/storefront] } }] }]
`,
  *check(resource, snapshot) {
    const policy = asPolicy(resource, 'AuthorizationPolicy');
    if (policy === undefined) return;
    for (const { from, when } of authorizationRules(policy)) {
      const named = [
        ...from.flatMap(({ fields }) => fields.map(({ key, value }) => ({ form: FIELDS.get(key.value), value }))),
        ...when.map(({ key, values, notValues }) => ({
          form: KEYS.get(key?.value ?? ''),
          value: [...values, ...notValues],
        })),
      ];
      for (const { form, value } of named) {
        if (form === undefined) continue;
        for (const text of value) {
          const account = accountOf(text, form, resource.namespace, snapshot);
          if (account === undefined) continue;
          const missing = missingServiceAccount(account.name, account.namespace, resource, snapshot);
          if (missing === undefined) continue;
          const { guess } = missing;
          const meant = guess === undefined ? undefined : text.value.slice(0, -account.name.length) + guess;
          yield {
            at: text,
            message: `there is no service account ${quoted(account.name)} in ${quoted(account.namespace)}, so nobody has this identity${orMeant(guess)}`,
            fixes: meant === undefined ? [] : [changeTo(resource.document, text, meant)],
          };
        }
      }
    }
  },
});

/** The service account that a text names; `undefined` for patterns and for identities of other meshes. */
function accountOf(
  { value }: Located<string>,
  form: 'principal' | 'short',
  namespace: string,
  { settings }: Snapshot,
): { readonly name: string; readonly namespace: string } | undefined {
  if (form === 'short') {
    const [, place = namespace, name] = SHORT.exec(value) ?? [];
    return name === undefined ? undefined : { name, namespace: place };
  }
  const [, domain, place, name] = PRINCIPAL.exec(value) ?? [];
  if (place === undefined || name === undefined) return undefined;
  return domain === 'cluster.local' || domain === settings.mesh.trustDomain ? { name, namespace: place } : undefined;
}
