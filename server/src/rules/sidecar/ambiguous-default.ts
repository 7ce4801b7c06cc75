import type { Sidecar } from '../../model/sidecar.ts';
import { isAmbient } from '../namespaces.ts';
import { workspaceRule } from '../rule.ts';
import { quoted } from '../words.ts';
import { areTogether } from '../workloads.ts';

export const ambiguousDefault = workspaceRule({
  id: 'sidecar/ambiguous-default',
  severity: 'error',
  on: ['Sidecar'],
  ignores: 'VirtualService',
  codes: ['IST0111', 'KIA0002'],
  summary: 'A namespace has more than one Sidecar without a workload selector.',
  why: 'Proxies take one of them, the oldest, and the others have no effect: after an apply in another order the mesh behaves differently.',
  remedy: 'Keep one Sidecar for the namespace, and give the others a `workloadSelector`.',
  invalid: `
apiVersion: networking.istio.io/v1
kind: Sidecar
metadata: { name: default, namespace: shop }
spec: { egress: [{ hosts: ['./*'] }] }
---
apiVersion: networking.istio.io/v1
kind: Sidecar
metadata: { name: narrow, namespace: shop }
spec: { workloadSelector: { labels: { app: reviews } }, egress: [{ hosts: ['./*'] }] }
---
apiVersion: networking.istio.io/v1
kind: Sidecar
metadata: { name: wide, namespace: shop }
spec: { egress: [{ hosts: ['*/*'] }] }
`,
  valid: `
apiVersion: networking.istio.io/v1
kind: Sidecar
metadata: { name: default, namespace: shop }
spec: { egress: [{ hosts: ['./*'] }] }
---
apiVersion: networking.istio.io/v1
kind: Sidecar
metadata: { name: narrow, namespace: shop }
spec: { workloadSelector: { labels: { app: reviews } }, egress: [{ hosts: ['./*'] }] }
`,
  *check(sidecar, { index }) {
    if (isAmbient(index, sidecar.namespace) === true) return;
    const all = index
      .all('Sidecar')
      .filter(other => isDefault(other) && other.namespace === sidecar.namespace && areTogether(other, sidecar, index));
    const others = all.filter(({ name }) => name !== sidecar.name);
    const [first] = all;
    // What comes first in Pilot's order is left alone: each of the others is one that has no effect.
    if (!isDefault(sidecar) || first === undefined || first.name === sidecar.name || others.length === 0) return;
    yield {
      at: sidecar.nameAt,
      message: `namespace ${quoted(sidecar.namespace)} has ${all.length} Sidecars without "workloadSelector", and proxies take only the oldest: this one probably has no effect; keep one, or give it a selector`,
      related: others.map(({ nameAt, name }) => ({ at: nameAt, message: `Sidecar ${quoted(name)}` })),
    };
  },
});

/** It is for all workloads of its namespace. */
function isDefault({ workloadSelector }: Sidecar): boolean {
  return (workloadSelector?.length ?? 0) === 0;
}
