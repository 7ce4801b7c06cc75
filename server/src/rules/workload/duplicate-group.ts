import { byAge, keyOf } from '../../model/resource.ts';
import { workspaceRule } from '../rule.ts';
import { quoted } from '../words.ts';
import { areTogether, labelsText, sameLabels } from '../workloads.ts';

export const duplicateGroup = workspaceRule({
  id: 'workload/duplicate-group',
  severity: 'information',
  on: ['WorkloadGroup'],
  ignores: 'VirtualService',
  codes: ['KIA1702'],
  summary: 'Two WorkloadGroups of a namespace give their workloads the same labels.',
  why: 'Services and policies choose workloads by labels, so whatever is meant for one group is for the other as well.',
  remedy: 'Give one of them a label that the other has not, such as `version`.',
  invalid: `
apiVersion: networking.istio.io/v1
kind: WorkloadGroup
metadata: { name: reviews-a, namespace: shop }
spec: { metadata: { labels: { app: reviews } }, template: {} }
---
apiVersion: networking.istio.io/v1
kind: WorkloadGroup
metadata: { name: reviews-b, namespace: shop }
spec: { metadata: { labels: { app: reviews } }, template: {} }
`,
  valid: `
apiVersion: networking.istio.io/v1
kind: WorkloadGroup
metadata: { name: reviews-a, namespace: shop }
spec: { metadata: { labels: { app: reviews, version: a } }, template: {} }
---
apiVersion: networking.istio.io/v1
kind: WorkloadGroup
metadata: { name: reviews-b, namespace: shop }
spec: { metadata: { labels: { app: reviews, version: b } }, template: {} }
`,
  *check(group, { index }) {
    const labels = group.workloadLabels;
    const [first] = labels;
    if (first === undefined) return;
    const other = index
      .all('WorkloadGroup')
      .find(
        candidate =>
          candidate.namespace === group.namespace &&
          byAge(candidate, group) < 0 &&
          keyOf(candidate) !== keyOf(group) &&
          sameLabels(candidate.workloadLabels, labels) &&
          areTogether(candidate, group, index),
      );
    const there = other?.workloadLabels[0]?.key;
    if (other === undefined || there === undefined) return;
    yield {
      at: first.key,
      message: `WorkloadGroup ${quoted(other.name)} gives the labels ${labelsText(labels)}, too: no selector can tell the two groups apart`,
      related: [{ at: there, message: `WorkloadGroup ${quoted(other.name)}` }],
    };
  },
});
