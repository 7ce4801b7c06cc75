import { missingHost } from '../host-names.ts';
import { workspaceRule } from '../rule.ts';

export const unknownHost = workspaceRule({
  id: 'destination-rule/unknown-host',
  severity: 'warning',
  on: ['DestinationRule'],
  ignores: 'VirtualService',
  codes: ['IST0174', 'KIA0202'],
  summary: 'A DestinationRule for a host that no Service and no ServiceEntry defines.',
  why: 'Its policies and subsets apply to nothing: the service that was meant goes on without them.',
  remedy:
    'Correct the name. A name without a dot means a Service in the namespace of the DestinationRule; for one elsewhere write its full name, `NAME.NAMESPACE.svc.cluster.local`.',
  invalid: `
apiVersion: v1
kind: Service
metadata: { name: reviews, namespace: shop }
spec: { ports: [{ name: http, port: 80 }] }
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: reviews, namespace: shop }
spec:
  host: review
  trafficPolicy: { loadBalancer: { simple: RANDOM } }
`,
  valid: `
apiVersion: v1
kind: Service
metadata: { name: reviews, namespace: shop }
spec: { ports: [{ name: http, port: 80 }] }
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: reviews, namespace: shop }
spec:
  host: reviews
  trafficPolicy: { loadBalancer: { simple: RANDOM } }
`,
  *check(rule, snapshot) {
    if (rule.host === undefined) return;
    const missing = missingHost(snapshot, rule.host, rule);
    if (missing === undefined) return;
    const { reason, guess, related, fixes } = missing;
    const message = `${reason}, so this DestinationRule applies to nothing${guess === '' ? '' : `; ${guess}`}`;
    yield { at: rule.host, message, related, fixes };
  },
});
