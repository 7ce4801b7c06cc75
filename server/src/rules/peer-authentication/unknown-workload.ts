import { asPolicy } from '../policies.ts';
import { workspaceRule } from '../rule.ts';
import { emptySelector } from '../selector-words.ts';

export const unknownWorkload = workspaceRule({
  id: 'peer-authentication/unknown-workload',
  severity: 'warning',
  on: ['Other'],
  ignores: 'VirtualService',
  codes: ['KIA0004'],
  summary: 'The selector of a PeerAuthentication picks no workload.',
  why: 'Nothing takes the policy: the workloads that were meant keep the mode of their namespace or of the mesh.',
  remedy: 'Write labels that the pod template of some workload in the same namespace has.',
  invalid: `
apiVersion: apps/v1
kind: Deployment
metadata: { name: reviews, namespace: shop }
spec: { template: { metadata: { labels: { app: reviews } } } }
---
apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: { name: reviews, namespace: shop }
spec: { selector: { matchLabels: { app: reveiws } }, mtls: { mode: STRICT } }
`,
  valid: `
apiVersion: apps/v1
kind: Deployment
metadata: { name: reviews, namespace: shop }
spec: { template: { metadata: { labels: { app: reviews } } } }
---
apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: { name: reviews, namespace: shop }
spec: { selector: { matchLabels: { app: reviews } }, mtls: { mode: STRICT } }
`,
  *check(resource, snapshot) {
    const policy = asPolicy(resource, 'PeerAuthentication') ?? asPolicy(resource, 'RequestAuthentication');
    if (policy?.selector === undefined) return;
    // In the root namespace a selector is for the pods of every namespace.
    const namespace = resource.namespace === snapshot.settings.mesh.rootNamespace ? undefined : resource.namespace;
    const effect = `this ${resource.kind} has no effect`;
    const finding = emptySelector(
      snapshot,
      resource,
      { labels: policy.selector, at: policy.selectorAt, effect },
      namespace,
    );
    if (finding !== undefined) yield finding;
  },
});
