import { warned } from '../codes.ts';
import { changeTo } from '../edits.ts';
import { domainFault, isDnsLabel } from '../names.ts';
import { resourceRule } from '../rule.ts';
import { quoted } from '../words.ts';
import { gatewayNames } from './gateway-names.ts';

export const deprecatedGatewayName = resourceRule({
  id: 'virtual-service/deprecated-gateway-name',
  severity: 'warning',
  on: ['VirtualService'],
  per: 'route',
  summary: 'A gateway is named by a host name.',
  why: 'Istio still reads `public.istio-system.svc.cluster.local`, takes the first two words of it, and warns: the name is not that of a host, and whatever stands behind them is ignored.',
  remedy: 'Write `istio-system/public`.',
  invalid: `
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: shop }
spec:
  hosts: [shop.example.com]
  gateways: [public.istio-system.svc.cluster.local]
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
  codes: ['IST0133', 'VS-05', 'KIA1108'],
  *check(vs) {
    for (const { name, isUnread } of gatewayNames(vs)) {
      if (name.value.includes('/') || !name.value.includes('.') || domainFault(name.value) !== undefined) continue;
      const [own = '', namespace = ''] = name.value.split('.');
      const meant = `${namespace}/${own}`;
      const isName = isDnsLabel(own) && isDnsLabel(namespace);
      yield {
        at: name,
        message: `${quoted(name.value)} is the old form of a gateway's name, which Istio reads as ${quoted(meant)}`,
        deprecated: true,
        fixes: isName ? [{ ...changeTo(vs.document, name, meant), preferred: true }] : [],
        ...(isUnread ? { severity: 'hint', codes: [] } : { codes: [...warned('VS-05'), 'KIA1108'] }),
      };
    }
  },
});
