import { isSystemNamespace, labelOf } from '../namespaces.ts';
import { workspaceRule } from '../rule.ts';
import { quoted } from '../words.ts';
import { workloadsIn } from '../workloads.ts';

/** Labels that say how the pods of a namespace get into the mesh, or that they do not. */
const LABELS: readonly string[] = [
  'istio-injection',
  'istio.io/rev',
  'istio.io/dataplane-mode',
  'topology.istio.io/network',
];

export const missingInjection = workspaceRule({
  id: 'namespace/missing-injection',
  severity: 'information',
  on: ['Namespace'],
  ignores: 'VirtualService',
  codes: ['IST0102'],
  summary: 'A namespace with workloads that no label brings into the mesh.',
  why: 'Without a sidecar and without ambient mode, routes, policies and mTLS have no effect on the pods of the namespace.',
  remedy:
    'Label the namespace `istio-injection: enabled` (or `istio.io/rev`, or `istio.io/dataplane-mode: ambient`); with `istio-injection: disabled` it stays out on purpose.',
  invalid: `
apiVersion: v1
kind: Namespace
metadata: { name: shop }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: reviews, namespace: shop }
spec: { template: { metadata: { labels: { app: reviews } } } }
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: reviews, namespace: shop }
spec: { host: reviews, trafficPolicy: { loadBalancer: { simple: RANDOM } } }
`,
  valid: `
apiVersion: v1
kind: Namespace
metadata: { name: shop, labels: { istio-injection: enabled } }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: reviews, namespace: shop }
spec: { template: { metadata: { labels: { app: reviews } } } }
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: reviews, namespace: shop }
spec: { host: reviews, trafficPolicy: { loadBalancer: { simple: RANDOM } } }
`,
  *check(namespace, { index, settings }) {
    const { name, labels } = namespace;
    if (name === settings.mesh.rootNamespace || isSystemNamespace(name)) return;
    if (LABELS.some(key => labelOf(labels, key) !== undefined)) return;
    // Only where somebody means it to be in the mesh: it has workloads, and Istio's manifests beside them.
    const workloads = workloadsIn(index, name);
    const isMeant =
      index.all('DestinationRule').some(rule => rule.namespace === name) ||
      index.all('Sidecar').some(s => s.namespace === name) ||
      index.all('Other').some(other => other.namespace === name && other.group === 'security.istio.io');
    const isOwn = workloads.every(({ podLabels }) => labelOf(podLabels, 'sidecar.istio.io/inject') === undefined);
    if (workloads.length === 0 || !isMeant || !isOwn) return;
    yield {
      at: namespace.nameAt,
      message: `no label brings the pods of namespace ${quoted(name)} into the mesh: Istio's manifests for it have no effect on them; label it "istio-injection: enabled"`,
    };
  },
});
