import { isAmbient } from '../namespaces.ts';
import { workspaceRule } from '../rule.ts';
import { quoted } from '../words.ts';

export const ineffectiveAmbient = workspaceRule({
  id: 'sidecar/ineffective-ambient',
  severity: 'warning',
  on: ['Sidecar'],
  ignores: 'VirtualService',
  codes: ['IST0167'],
  summary: 'A Sidecar in a namespace in ambient mode.',
  why: 'Ambient mode has no sidecars: nobody reads the resource.',
  remedy: 'Remove it, or take the namespace out of ambient mode.',
  invalid: `
apiVersion: v1
kind: Namespace
metadata: { name: shop, labels: { istio.io/dataplane-mode: ambient } }
---
apiVersion: networking.istio.io/v1
kind: Sidecar
metadata: { name: default, namespace: shop }
spec: { egress: [{ hosts: ['./*'] }] }
`,
  valid: `
apiVersion: v1
kind: Namespace
metadata: { name: shop, labels: { istio-injection: enabled } }
---
apiVersion: networking.istio.io/v1
kind: Sidecar
metadata: { name: default, namespace: shop }
spec: { egress: [{ hosts: ['./*'] }] }
`,
  *check(sidecar, { index }) {
    if (isAmbient(index, sidecar.namespace) !== true) return;
    yield {
      at: sidecar.kindAt,
      message: `namespace ${quoted(sidecar.namespace)} is in ambient mode, where no proxy reads a Sidecar: it has no effect`,
    };
  },
});
