import { asPolicy, policiesOf } from '../policies.ts';
import { workspaceRule } from '../rule.ts';
import { allOf, quoted } from '../words.ts';
import { areTogether, sameLabels, workloadsWith } from '../workloads.ts';

export const conflictingSelector = workspaceRule({
  id: 'telemetry/conflicting-selector',
  severity: 'error',
  on: ['Other'],
  ignores: 'VirtualService',
  codes: ['IST0159'],
  summary: 'Two of kind Telemetry select the same workload.',
  why: 'A workload takes only the oldest whose selector fits: the other has no effect there.',
  remedy: 'Merge the two, or make their selectors exclude each other.',
  invalid: `
apiVersion: telemetry.istio.io/v1
kind: Telemetry
metadata: { name: a, namespace: shop }
spec: { selector: { matchLabels: { app: reviews } }, tracing: [{ randomSamplingPercentage: 10 }] }
---
apiVersion: telemetry.istio.io/v1
kind: Telemetry
metadata: { name: b, namespace: shop }
spec: { selector: { matchLabels: { app: reviews } }, tracing: [{ randomSamplingPercentage: 10 }] }
`,
  valid: `
apiVersion: telemetry.istio.io/v1
kind: Telemetry
metadata: { name: a, namespace: shop }
spec: { selector: { matchLabels: { app: reviews } }, tracing: [{ randomSamplingPercentage: 10 }] }
---
apiVersion: telemetry.istio.io/v1
kind: Telemetry
metadata: { name: b, namespace: shop }
spec: { selector: { matchLabels: { app: ratings } }, tracing: [{ randomSamplingPercentage: 10 }] }
`,
  *check(resource, { index }) {
    const own = asPolicy(resource, 'Telemetry')?.selector ?? [];
    if (own.length === 0) return;
    for (const { resource: other, selector: theirs = [] } of policiesOf(index, 'Telemetry')) {
      // In Pilot's order: what comes first counts, and is left alone.
      if (other === resource) return;
      if (
        other.namespace !== resource.namespace ||
        theirs.length === 0 ||
        other.name === resource.name ||
        !areTogether(other, resource, index)
      )
        continue;
      const both = workloadsWith(index, [...own, ...theirs]).filter(
        ({ namespace }) => namespace === resource.namespace,
      );
      if (both.length === 0 && !sameLabels(own, theirs)) continue;
      const names = both.slice(0, 3).map(({ kind, name }) => `${kind} ${quoted(name)}`);
      yield {
        at: own[0]?.value ?? resource.nameAt,
        message: `Telemetry ${quoted(other.name)} selects ${names.length === 0 ? 'the same workloads' : allOf(names)}, too, and only the oldest counts: this one probably has no effect there`,
        related: [{ at: other.nameAt, message: `Telemetry ${quoted(other.name)}` }],
      };
    }
  },
});
