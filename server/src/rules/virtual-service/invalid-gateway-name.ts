import { refusal } from '../codes.ts';
import { domainFault, isDnsLabel } from '../names.ts';
import { resourceRule } from '../rule.ts';
import { quoted } from '../words.ts';
import { gatewayNames } from './gateway-names.ts';

export const invalidGatewayName = resourceRule({
  id: 'virtual-service/invalid-gateway-name',
  severity: 'error',
  on: ['VirtualService'],
  per: 'route',
  summary: 'The name of a gateway is not written as one.',
  why: 'A Gateway is named by its name, with its namespace before a slash where that is another: `istio-system/public`. Istio refuses other forms.',
  remedy: 'Write `namespace/name`, or the name alone for a Gateway of the same namespace.',
  invalid: `
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: shop }
spec:
  hosts: [shop.example.com]
  gateways: [istio-system/]
  http:
    - route: [{ destination: { host: shop } }]
`,
  valid: `
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: shop }
spec:
  hosts: [shop.example.com]
  gateways: [istio-system/public]
  http:
    - route: [{ destination: { host: shop } }]
`,
  codes: ['IST0106', 'VS-04', 'VS-06', 'VS-07', 'VS-88'],
  refuses: true,
  *check(vs) {
    for (const { name, ids, isUnread } of gatewayNames(vs)) {
      const fault = gatewayNameFault(name.value);
      if (fault === undefined || isUnread) continue;
      yield {
        at: name,
        message: `${quoted(name.value)} is no name of a gateway: ${fault.reason}`,
        codes: refusal(fault.id, ...ids),
      };
    }
  },
});

/** Why a text is no name of a gateway (Istio `validateGatewayNames`). */
export function gatewayNameFault(name: string): { readonly reason: string; readonly id: string } | undefined {
  const slash = name.indexOf('/');
  if (slash < 0) {
    const fault = domainFault(name);
    return fault === undefined ? undefined : { reason: fault.reason, id: 'VS-04' };
  }
  const [namespace, own] = [name.slice(0, slash), name.slice(slash + 1)];
  if (namespace === '') return { reason: 'the namespace before the slash is missing', id: 'VS-06' };
  if (own === '') return { reason: 'the name behind the slash is missing', id: 'VS-06' };
  const part = [namespace, own].find(text => !isDnsLabel(text));
  if (part === undefined) return undefined;
  return { reason: `${quoted(part)} has characters other than letters, digits and inner hyphens`, id: 'VS-07' };
}
