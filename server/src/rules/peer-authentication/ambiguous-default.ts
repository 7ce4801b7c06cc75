import { asPolicy, isForAll, policiesOf } from '../policies.ts';
import { workspaceRule } from '../rule.ts';
import { quoted } from '../words.ts';
import { areTogether } from '../workloads.ts';

export const ambiguousDefault = workspaceRule({
  id: 'peer-authentication/ambiguous-default',
  severity: 'warning',
  on: ['Other'],
  ignores: 'VirtualService',
  codes: ['KIA0002'],
  summary: 'A namespace has more than one PeerAuthentication without a selector.',
  why: 'Istio takes one of them, the oldest, and the others have no effect: whether plain text is accepted depends on the order in which they were applied.',
  remedy: 'Keep one for the namespace, and give the others a `selector`.',
  invalid: `
apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: { name: default, namespace: shop }
spec: { mtls: { mode: STRICT } }
---
apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: { name: other, namespace: shop }
spec: { mtls: { mode: STRICT } }
`,
  valid: `
apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: { name: default, namespace: shop }
spec: { mtls: { mode: STRICT } }
---
apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: { name: other, namespace: warehouse }
spec: { mtls: { mode: STRICT } }
`,
  *check(resource, { index }) {
    const policy = asPolicy(resource, 'PeerAuthentication');
    if (policy === undefined || !isForAll(policy)) return;
    const all = policiesOf(index, 'PeerAuthentication').filter(
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
      message: `namespace ${quoted(resource.namespace)} has ${all.length} of kind PeerAuthentication without a selector, and only the oldest counts: this one probably has no effect; keep one, or give it a selector`,
      related: others.map(other => ({
        at: other.resource.nameAt,
        message: `PeerAuthentication ${quoted(other.resource.name)}`,
      })),
    };
  },
});
