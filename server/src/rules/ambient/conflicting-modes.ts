import { isAmbient, labelOf, podAnnotations } from '../namespaces.ts';
import { workspaceRule } from '../rule.ts';
import { quoted } from '../words.ts';

export const conflictingModes = workspaceRule({
  id: 'ambient/conflicting-modes',
  severity: 'warning',
  on: ['Workload'],
  codes: ['KIA1311', 'KIA1316'],
  summary: 'A workload asks for a sidecar and is in ambient mode.',
  why: 'The two take the same connections. With both labels the pod gets a sidecar, and ambient mode leaves it alone, or not, depending on the order in which they come.',
  remedy:
    'Keep one of the labels at the pods; with a sidecar in an ambient namespace add `istio.io/dataplane-mode: none`.',
  invalid: `
apiVersion: apps/v1
kind: Deployment
metadata: { name: reviews }
spec:
  template:
    metadata: { labels: { app: reviews, sidecar.istio.io/inject: 'true', istio.io/dataplane-mode: ambient } }
`,
  valid: `
apiVersion: apps/v1
kind: Deployment
metadata: { name: reviews }
spec:
  template:
    metadata: { labels: { app: reviews, istio.io/dataplane-mode: ambient } }
`,
  *check(workload, { index }) {
    const { podLabels } = workload;
    const label =
      podLabels.find(({ key }) => key.value === 'sidecar.istio.io/inject') ??
      podAnnotations(workload).find(({ key }) => key.value === 'sidecar.istio.io/inject');
    const mode = labelOf(podLabels, 'istio.io/dataplane-mode');
    if (label?.value.value !== 'true') return;
    if (mode === 'ambient') {
      yield {
        at: label.value,
        message: 'this asks for a sidecar, and "istio.io/dataplane-mode: ambient" for none; keep one of them',
        codes: ['KIA1311'],
      };
    } else if (mode === undefined && isAmbient(index, workload.namespace) === true) {
      yield {
        at: label.value,
        message: `this asks for a sidecar in namespace ${quoted(workload.namespace)}, which is in ambient mode; label the pods "istio.io/dataplane-mode: none", or leave the sidecar out`,
        codes: ['KIA1316'],
      };
    }
  },
});
