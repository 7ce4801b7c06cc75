import { isDnsLabel } from '../names.ts';
import { resourceRule } from '../rule.ts';
import { quoted } from '../words.ts';

export const invalidName = resourceRule({
  id: 'gateway/invalid-name',
  severity: 'error',
  on: ['Gateway'],
  summary: 'The name of a Gateway has dots.',
  why: 'VirtualServices name a Gateway as `namespace/name`, and a dot would read as the old form with a host name. Kubernetes takes such a name, Istio refuses the Gateway.',
  remedy: 'Use letters, digits and inner hyphens.',
  invalid: `
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: { name: shop.example.com }
spec:
  selector: { istio: ingressgateway }
  servers:
    - port: { number: 80, name: http, protocol: HTTP }
      hosts: [shop.example.com]
`,
  valid: `
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: { name: shop }
spec:
  selector: { istio: ingressgateway }
  servers:
    - port: { number: 80, name: http, protocol: HTTP }
      hosts: [shop.example.com]
`,
  codes: ['IST0106', 'GW-01'],
  refuses: true,
  *check(gateway) {
    // Without a name Kubernetes makes one, or the rules of the schema speak.
    if (gateway.name === '' || isDnsLabel(gateway.name)) return;
    yield {
      at: gateway.nameAt,
      message: `${quoted(gateway.name)} is no name of a Gateway: it takes up to 63 letters, digits and inner hyphens, without dots`,
    };
  },
});
