import { workspaceRule } from '../rule.ts';
import { emptySelector } from '../selector-words.ts';

export const unknownWorkload = workspaceRule({
  id: 'gateway/unknown-workload',
  severity: 'warning',
  on: ['Gateway'],
  ignores: 'VirtualService',
  codes: ['IST0101', 'KIA0302'],
  summary: 'The selector of a Gateway picks no workload.',
  why: 'No proxy opens the ports of the Gateway: nothing listens.',
  remedy: 'Write labels that the pods of the gateway have; with a default installation `istio: ingressgateway`.',
  invalid: `
#! ownedNamespaces: *
apiVersion: apps/v1
kind: Deployment
metadata: { name: ingress, namespace: infra }
spec: { template: { metadata: { labels: { istio: ingressgateway } } } }
---
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: { name: public, namespace: infra }
spec:
  selector: { istio: ingressgatway }
  servers:
    - port: { number: 80, name: http, protocol: HTTP }
      hosts: [shop.example.com]
`,
  valid: `
#! ownedNamespaces: *
apiVersion: apps/v1
kind: Deployment
metadata: { name: ingress, namespace: infra }
spec: { template: { metadata: { labels: { istio: ingressgateway } } } }
---
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: { name: public, namespace: infra }
spec:
  selector: { istio: ingressgateway }
  servers:
    - port: { number: 80, name: http, protocol: HTTP }
      hosts: [shop.example.com]
`,
  *check(gateway, snapshot) {
    const selector = {
      labels: gateway.selector,
      at: gateway.selectorAt,
      effect: 'no proxy opens the ports of this Gateway',
    };
    // Gateways of a namespace select pods of any other.
    const finding = emptySelector(snapshot, gateway, selector, undefined);
    if (finding !== undefined) yield finding;
  },
});
