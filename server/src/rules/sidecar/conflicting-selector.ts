import { workspaceRule } from '../rule.ts';
import { allOf, quoted } from '../words.ts';
import { areTogether, sameLabels, workloadsWith } from '../workloads.ts';

export const conflictingSelector = workspaceRule({
  id: 'sidecar/conflicting-selector',
  severity: 'error',
  on: ['Sidecar'],
  ignores: 'VirtualService',
  codes: ['IST0110', 'KIA0003'],
  summary: 'Two Sidecars select the same workload.',
  why: 'A proxy takes one Sidecar, the oldest whose selector fits: the other has no effect on this workload.',
  remedy: 'Merge the two, or make their selectors exclude each other.',
  invalid: `
apiVersion: networking.istio.io/v1
kind: Sidecar
metadata: { name: a, namespace: shop }
spec: { workloadSelector: { labels: { app: reviews } }, egress: [{ hosts: ['./*'] }] }
---
apiVersion: networking.istio.io/v1
kind: Sidecar
metadata: { name: b, namespace: shop }
spec: { workloadSelector: { labels: { app: reviews } }, egress: [{ hosts: ['*/*'] }] }
`,
  valid: `
apiVersion: networking.istio.io/v1
kind: Sidecar
metadata: { name: a, namespace: shop }
spec: { workloadSelector: { labels: { app: reviews } }, egress: [{ hosts: ['./*'] }] }
---
apiVersion: networking.istio.io/v1
kind: Sidecar
metadata: { name: b, namespace: shop }
spec: { workloadSelector: { labels: { app: ratings } }, egress: [{ hosts: ['*/*'] }] }
`,
  *check(sidecar, { index }) {
    const { workloadSelector: own = [], namespace } = sidecar;
    if (own.length === 0) return;
    for (const other of index.all('Sidecar')) {
      const { workloadSelector: theirs = [] } = other;
      // In Pilot's order: what comes first counts, and is left alone.
      if (other === sidecar) return;
      if (
        other.namespace !== namespace ||
        theirs.length === 0 ||
        other.name === sidecar.name ||
        !areTogether(other, sidecar, index)
      )
        continue;
      const both = workloadsWith(index, [...own, ...theirs]).filter(workload => workload.namespace === namespace);
      if (both.length === 0 && !sameLabels(own, theirs)) continue;
      const whom =
        both.length === 0
          ? 'the same workloads'
          : allOf(both.slice(0, 3).map(({ kind, name }) => `${kind} ${quoted(name)}`));
      yield {
        at: own[0]?.value ?? sidecar.nameAt,
        message: `Sidecar ${quoted(other.name)} selects ${whom}, too, and a proxy takes only the oldest: this one probably has no effect there`,
        related: [{ at: other.nameAt, message: `Sidecar ${quoted(other.name)}` }],
      };
    }
  },
});
