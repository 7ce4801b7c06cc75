import { refusal, warned } from '../codes.ts';
import { isAddress } from '../names.ts';
import { resourceRule } from '../rule.ts';
import { allOf, quoted } from '../words.ts';
import { hostFault } from './invalid-host.ts';

export const invalidSniHost = resourceRule({
  id: 'virtual-service/invalid-sni-host',
  severity: 'error',
  on: ['VirtualService'],
  summary: 'A host in `sniHosts` that is no name of one, or that no entry of `hosts` covers.',
  why: 'A TLS rule is for some of the hosts of its VirtualService. Istio refuses one for others, and warns of addresses, which clients do not send.',
  remedy: 'Name a host that `hosts` has, or add it there.',
  invalid: `
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: shop }
spec:
  hosts: [shop.example.com]
  gateways: [public]
  tls:
    - match: [{ sniHosts: [cart.example.com] }]
      route: [{ destination: { host: cart } }]
`,
  valid: `
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: shop }
spec:
  hosts: [shop.example.com, cart.example.com]
  gateways: [public]
  tls:
    - match: [{ sniHosts: [cart.example.com] }]
      route: [{ destination: { host: cart } }]
`,
  codes: ['IST0106', 'VS-83', 'VS-84', 'VS-85'],
  refuses: true,
  *check(vs) {
    const isForGateways = !vs.gateways.some(({ value }) => value === 'mesh');
    for (const host of vs.tls.flatMap(({ match }) => match.flatMap(({ sniHosts }) => sniHosts))) {
      const fault = hostFault(host.value, isForGateways);
      if (fault !== undefined && isAddress(host.value)) {
        yield {
          at: host,
          message: `clients send names as SNI, not addresses such as ${quoted(host.value)}, so few connections match`,
          severity: 'warning',
          refuses: false,
          codes: warned('VS-84'),
        };
      } else if (fault !== undefined) {
        yield {
          at: host,
          message: `${quoted(host.value)} is no host: ${fault.reason}`,
          codes: refusal('VS-83', fault.id),
        };
      } else if (vs.hosts.length > 0 && !vs.hosts.some(({ value }) => isSubset(host.value, value))) {
        const known = allOf(vs.hosts.map(({ value }) => quoted(value)));
        yield {
          at: host,
          message: `${quoted(host.value)} is none of the hosts of this VirtualService (${known}), so Istio refuses it`,
          codes: refusal('VS-85'),
        };
      }
    }
  },
});

/** Istio `host.Name.SubsetOf`. */
function isSubset(host: string, of: string): boolean {
  if (!of.startsWith('*')) return host === of;
  return host.startsWith('*')
    ? host.length >= of.length && host.slice(1).endsWith(of.slice(1))
    : host.endsWith(of.slice(1));
}
