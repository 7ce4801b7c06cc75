import { workspaceRule } from '../rule.ts';
import { emptySelector } from '../selector-words.ts';

export const unknownWorkload = workspaceRule({
  id: 'sidecar/unknown-workload',
  severity: 'warning',
  on: ['Sidecar'],
  ignores: 'VirtualService',
  codes: ['IST0101', 'KIA0004'],
  summary: 'The selector of a Sidecar picks no workload of its namespace.',
  why: 'No proxy takes the Sidecar: its pods keep that of the namespace, or see the whole mesh.',
  remedy: 'Write labels that the pod template of some workload in the same namespace has.',
  invalid: `
apiVersion: apps/v1
kind: Deployment
metadata: { name: reviews, namespace: shop }
spec: { template: { metadata: { labels: { app: reviews } } } }
---
apiVersion: networking.istio.io/v1
kind: Sidecar
metadata: { name: reviews, namespace: shop }
spec: { workloadSelector: { labels: { app: reveiws } }, egress: [{ hosts: ['./*'] }] }
`,
  valid: `
apiVersion: apps/v1
kind: Deployment
metadata: { name: reviews, namespace: shop }
spec: { template: { metadata: { labels: { app: reviews } } } }
---
apiVersion: networking.istio.io/v1
kind: Sidecar
metadata: { name: reviews, namespace: shop }
spec: { workloadSelector: { labels: { app: reviews } }, egress: [{ hosts: ['./*'] }] }
`,
  *check(sidecar, snapshot) {
    const labels = sidecar.workloadSelector ?? [];
    const finding = emptySelector(
      snapshot,
      sidecar,
      { labels, at: undefined, effect: 'this Sidecar has no effect' },
      sidecar.namespace,
    );
    if (finding !== undefined) yield finding;
  },
});
