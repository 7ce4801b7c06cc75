import { asPolicy, isForAll, policiesOf } from '../policies.ts';
import { workspaceRule } from '../rule.ts';
import { quoted } from '../words.ts';
import { areTogether } from '../workloads.ts';

export const ambiguousDefault = workspaceRule({
  id: 'telemetry/ambiguous-default',
  severity: 'error',
  on: ['Other'],
  ignores: 'VirtualService',
  codes: ['IST0160'],
  summary: 'A namespace has more than one Telemetry without a selector.',
  why: 'Istio takes one of them, the oldest, and the others have no effect: metrics, logs and traces depend on the order in which they were applied.',
  remedy: 'Keep one for the namespace, and give the others a `selector`.',
  invalid: `
apiVersion: telemetry.istio.io/v1
kind: Telemetry
metadata: { name: default, namespace: shop }
spec: { tracing: [{ randomSamplingPercentage: 10 }] }
---
apiVersion: telemetry.istio.io/v1
kind: Telemetry
metadata: { name: other, namespace: shop }
spec: { tracing: [{ randomSamplingPercentage: 10 }] }
`,
  valid: `
apiVersion: telemetry.istio.io/v1
kind: Telemetry
metadata: { name: default, namespace: shop }
spec: { tracing: [{ randomSamplingPercentage: 10 }] }
---
apiVersion: telemetry.istio.io/v1
kind: Telemetry
metadata: { name: other, namespace: warehouse }
spec: { tracing: [{ randomSamplingPercentage: 10 }] }
`,
  *check(resource, { index }) {
    const policy = asPolicy(resource, 'Telemetry');
    if (policy === undefined || !isForAll(policy)) return;
    const all = policiesOf(index, 'Telemetry').filter(
      other =>
        isForAll(other) &&
        other.resource.namespace === resource.namespace &&
        areTogether(other.resource, resource, index),
    );
    const others = all.filter(other => other.resource.name !== resource.name);
    const [first] = all;
    // What comes first in Pilot's order is left alone: each of the others is one that has no effect.
    if (first === undefined || first.resource.name === resource.name || others.length === 0) return;
    yield {
      at: resource.nameAt,
      message: `namespace ${quoted(resource.namespace)} has ${all.length} of kind Telemetry without a selector, and only the oldest counts: this one probably has no effect; keep one, or give it a selector`,
      related: others.map(other => ({
        at: other.resource.nameAt,
        message: `Telemetry ${quoted(other.resource.name)}`,
      })),
    };
  },
});
