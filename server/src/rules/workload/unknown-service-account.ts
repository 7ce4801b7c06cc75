import { Reader } from '../../model/reader.ts';
import { changeTo } from '../edits.ts';
import { workspaceRule } from '../rule.ts';
import { missingServiceAccount } from '../service-accounts.ts';
import { orMeant, quoted } from '../words.ts';

export const unknownServiceAccount = workspaceRule({
  id: 'workload/unknown-service-account',
  severity: 'warning',
  on: ['WorkloadGroup'],
  ignores: 'VirtualService',
  codes: ['KIA1701'],
  summary: 'A WorkloadGroup names a service account that does not exist.',
  why: 'Its machines join the mesh with a token of this service account, which nobody can make.',
  remedy: 'Correct the name, or create the ServiceAccount in the namespace of the group.',
  invalid: `
#! ownedNamespaces: shop
apiVersion: v1
kind: ServiceAccount
metadata: { name: reviews, namespace: shop }
---
apiVersion: networking.istio.io/v1
kind: WorkloadGroup
metadata: { name: reviews, namespace: shop }
spec:
  metadata: { labels: { app: reviews } }
  template: { serviceAccount: review }
`,
  valid: `
#! ownedNamespaces: shop
apiVersion: v1
kind: ServiceAccount
metadata: { name: reviews, namespace: shop }
---
apiVersion: networking.istio.io/v1
kind: WorkloadGroup
metadata: { name: reviews, namespace: shop }
spec:
  metadata: { labels: { app: reviews } }
  template: { serviceAccount: reviews }
`,
  *check(group, snapshot) {
    const read = new Reader(group.document);
    const account = read.string(read.map(group.spec, 'template'), 'serviceAccount');
    if (account === undefined) return;
    const missing = missingServiceAccount(account.value, group.namespace, group, snapshot);
    if (missing === undefined) return;
    const { guess } = missing;
    yield {
      at: account,
      message: `there is no service account ${quoted(account.value)} in ${quoted(group.namespace)}, so no machine of the group can join${orMeant(guess)}`,
      fixes: guess === undefined ? [] : [changeTo(group.document, account, guess)],
    };
  },
});
