import { asPolicy } from '../policies.ts';
import { workspaceRule } from '../rule.ts';
import { emptySelector } from '../selector-words.ts';

export const unknownWorkload = workspaceRule({
  id: 'telemetry/unknown-workload',
  severity: 'warning',
  on: ['Other'],
  ignores: 'VirtualService',
  codes: ['IST0101'],
  summary: 'The selector of a Telemetry picks no workload of its namespace.',
  why: 'No proxy takes the resource: metrics, logs and traces stay as they were.',
  remedy: 'Write labels that the pod template of some workload in the same namespace has.',
  invalid: `
apiVersion: apps/v1
kind: Deployment
metadata: { name: reviews, namespace: shop }
spec: { template: { metadata: { labels: { app: reviews } } } }
---
apiVersion: telemetry.istio.io/v1
kind: Telemetry
metadata: { name: reviews, namespace: shop }
spec: { selector: { matchLabels: { app: reveiws } }, tracing: [{ randomSamplingPercentage: 10 }] }
`,
  valid: `
apiVersion: apps/v1
kind: Deployment
metadata: { name: reviews, namespace: shop }
spec: { template: { metadata: { labels: { app: reviews } } } }
---
apiVersion: telemetry.istio.io/v1
kind: Telemetry
metadata: { name: reviews, namespace: shop }
spec: { selector: { matchLabels: { app: reviews } }, tracing: [{ randomSamplingPercentage: 10 }] }
`,
  *check(resource, snapshot) {
    const policy = asPolicy(resource, 'Telemetry');
    if (policy?.selector === undefined) return;
    const selector = { labels: policy.selector, at: policy.selectorAt, effect: 'this Telemetry has no effect' };
    const namespace = resource.namespace === snapshot.settings.mesh.rootNamespace ? undefined : resource.namespace;
    const finding = emptySelector(snapshot, resource, selector, namespace);
    if (finding !== undefined) yield finding;
  },
});
