import { refusal } from '../codes.ts';
import { Fields } from '../fields.ts';
import { resourceRule } from '../rule.ts';

export const missingMatch = resourceRule({
  id: 'virtual-service/missing-match',
  severity: 'error',
  on: ['VirtualService'],
  summary: 'A TLS rule whose list of matches, or of host names, is empty.',
  why: 'A connection is known by the host name that the client asks for before anything is decrypted. Istio refuses a TLS rule without one.',
  remedy: 'Name the hosts in `sniHosts`, or write the rule as one of `tcp`.',
  invalid: `
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: shop }
spec:
  hosts: [shop.example.com]
  gateways: [public]
  tls:
    - match: [{ sniHosts: [] }]
      route: [{ destination: { host: shop } }]
`,
  valid: `
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: shop }
spec:
  hosts: [shop.example.com]
  gateways: [public]
  tls:
    - match: [{ sniHosts: [shop.example.com] }]
      route: [{ destination: { host: shop } }]
`,
  codes: ['IST0106', 'VS-80', 'VS-82'],
  refuses: true,
  *check(vs) {
    for (const rule of Fields.spec(vs, 'VirtualService')?.objects('tls') ?? []) {
      if (rule.isEmptyList('match')) {
        const message =
          'this TLS rule has no match, so Istio refuses the VirtualService: name the hosts that it is for in "sniHosts"';
        yield { at: rule.key('match'), message, codes: refusal('VS-80') };
      }
      for (const match of rule.objects('match')) {
        if (!match.isEmptyList('sniHosts')) continue;
        yield {
          at: match.key('sniHosts'),
          message: '"sniHosts" is empty, so Istio refuses the VirtualService',
          codes: refusal('VS-82'),
        };
      }
    }
  },
});
