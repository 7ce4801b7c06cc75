import { Reader } from '../../model/reader.ts';
import { keyAt } from '../edits.ts';
import { workspaceRule } from '../rule.ts';
import { quoted } from '../words.ts';

export const misplacedSelector = workspaceRule({
  id: 'sidecar/misplaced-selector',
  severity: 'warning',
  on: ['Sidecar'],
  ignores: 'VirtualService',
  codes: ['KIA1006'],
  summary: 'A Sidecar in the root namespace has a workload selector.',
  why: 'Only a Sidecar without selector is the default of the mesh. With a selector it is for pods of the root namespace itself, where hardly any run.',
  remedy: 'Leave the selector out, or move the Sidecar to the namespace of the workloads.',
  invalid: `
apiVersion: networking.istio.io/v1
kind: Sidecar
metadata: { name: default, namespace: istio-system }
spec: { workloadSelector: { labels: { app: reviews } }, egress: [{ hosts: ['./*'] }] }
`,
  valid: `
apiVersion: networking.istio.io/v1
kind: Sidecar
metadata: { name: default, namespace: istio-system }
spec: { egress: [{ hosts: ['./*'] }] }
`,
  *check(sidecar, { settings }) {
    const { rootNamespace } = settings.mesh;
    if (sidecar.namespace !== rootNamespace || (sidecar.workloadSelector?.length ?? 0) === 0) return;
    const read = new Reader(sidecar.document);
    const at = read.keyAt(sidecar.spec, 'workloadSelector') ?? keyAt(sidecar.document, sidecar.at);
    yield {
      at,
      message: `with a selector this Sidecar is for pods in ${quoted(rootNamespace)} only; the default of the mesh has no "workloadSelector"`,
    };
  },
});
