import { asPolicy, isForAll } from '../policies.ts';
import { workspaceRule } from '../rule.ts';
import { emptySelector } from '../selector-words.ts';
import { quoted } from '../words.ts';
import { workloadsIn } from '../workloads.ts';

export const unknownWorkload = workspaceRule({
  id: 'authorization-policy/unknown-workload',
  severity: 'warning',
  on: ['Other'],
  ignores: 'VirtualService',
  codes: ['IST0127', 'KIA0004'],
  summary: 'The selector of an AuthorizationPolicy picks no workload.',
  why: 'The policy protects nothing: the workloads that were meant take requests as if it did not exist.',
  remedy: 'Write labels that the pod template of some workload in the same namespace has.',
  invalid: `
apiVersion: apps/v1
kind: Deployment
metadata: { name: reviews, namespace: shop }
spec: { template: { metadata: { labels: { app: reviews } } } }
---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: reviews, namespace: shop }
spec: { selector: { matchLabels: { app: reveiws } }, rules: [{ from: [{ source: { namespaces: [shop] } }] }] }
`,
  valid: `
apiVersion: apps/v1
kind: Deployment
metadata: { name: reviews, namespace: shop }
spec: { template: { metadata: { labels: { app: reviews } } } }
---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: reviews, namespace: shop }
spec: { selector: { matchLabels: { app: reviews } }, rules: [{ from: [{ source: { namespaces: [shop] } }] }] }
`,
  *check(resource, snapshot) {
    const policy = asPolicy(resource, 'AuthorizationPolicy');
    if (policy === undefined) return;
    const { index, settings } = snapshot;
    if (isForAll(policy) && resource.namespace !== settings.mesh.rootNamespace) {
      const isEmpty =
        index.owns(resource.namespace) && !index.hasTemplates && workloadsIn(index, resource.namespace).length === 0;
      const isKnown = index.all('Workload').length > 0;
      if (isEmpty && isKnown)
        yield {
          at: resource.nameAt,
          message: `there is no workload in namespace ${quoted(resource.namespace)}, so the policy protects nothing`,
        };
    }
    if (policy.selector === undefined) return;
    // In the root namespace a selector is for the pods of every namespace.
    const namespace = resource.namespace === settings.mesh.rootNamespace ? undefined : resource.namespace;
    const selector = { labels: policy.selector, at: policy.selectorAt, effect: 'the policy protects nothing' };
    const finding = emptySelector(snapshot, resource, selector, namespace);
    if (finding !== undefined) yield finding;
  },
});
