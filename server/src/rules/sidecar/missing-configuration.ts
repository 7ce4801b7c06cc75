import { Fields, refused } from '../fields.ts';
import { resourceRule } from '../rule.ts';

const PARTS: readonly string[] = ['ingress', 'egress'];

export const missingConfiguration = resourceRule({
  id: 'sidecar/missing-configuration',
  severity: 'error',
  on: ['Sidecar'],
  refuses: true,
  codes: ['IST0106', 'SC-02'],
  summary: 'A Sidecar that configures nothing.',
  why: 'It neither limits what its workloads can call nor says what they listen to; Istio refuses it.',
  remedy: 'Add `egress` with the hosts that the workloads call, or remove the Sidecar.',
  invalid: `
apiVersion: networking.istio.io/v1
kind: Sidecar
metadata: { name: default, namespace: shop }
spec:
  workloadSelector: { labels: { app: reviews } }
`,
  valid: `
apiVersion: networking.istio.io/v1
kind: Sidecar
metadata: { name: default, namespace: shop }
spec:
  workloadSelector: { labels: { app: reviews } }
  egress: [{ hosts: ["./*", "istio-system/*"] }]
`,
  *check(sidecar) {
    const spec = Fields.spec(sidecar, 'Sidecar');
    const isEmpty = spec === undefined ? sidecar.node.entries.every(({ key }) => key.source !== 'spec') : isBare(spec);
    if (!isEmpty) return;
    yield {
      at: spec?.map.flow === false ? spec.head : sidecar.kindAt,
      message:
        'this Sidecar configures nothing: it needs "egress", "ingress", "outboundTrafficPolicy" or "inboundConnectionPool"',
      ...refused('SC-02'),
    };
  },
});

function isBare(spec: Fields): boolean {
  // An unknown field may be a misspelt one; that is said already.
  const isKnown = /^(workloadSelector|ingress|egress|outboundTrafficPolicy|inboundConnectionPool)$/;
  if (spec.map.entries.some(({ key }) => !isKnown.test(key.source))) return false;
  if (PARTS.some(part => spec.has(part) && !spec.isEmptyList(part))) return false;
  return !spec.has('outboundTrafficPolicy') && !spec.has('inboundConnectionPool');
}
