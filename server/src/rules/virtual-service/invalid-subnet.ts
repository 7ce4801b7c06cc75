import { refusal } from '../codes.ts';
import { isAddress, isPrefix } from '../names.ts';
import { resourceRule } from '../rule.ts';
import { quoted } from '../words.ts';

export const invalidSubnet = resourceRule({
  id: 'virtual-service/invalid-subnet',
  severity: 'error',
  on: ['VirtualService'],
  summary: 'A destination subnet that is neither an address nor a range of addresses.',
  why: 'Istio refuses the VirtualService.',
  remedy: 'Write an address, or a range such as `10.1.0.0/16`.',
  invalid: `
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: database }
spec:
  hosts: [database]
  tcp:
    - match: [{ destinationSubnets: [10.1.0.0/33] }]
      route: [{ destination: { host: database } }]
`,
  valid: `
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: database }
spec:
  hosts: [database]
  tcp:
    - match: [{ destinationSubnets: [10.1.0.0/16] }]
      route: [{ destination: { host: database } }]
`,
  codes: ['IST0106', 'COM-14', 'COM-15', 'VS-86'],
  refuses: true,
  *check(vs) {
    for (const { destinationSubnets } of [...vs.tcp, ...vs.tls].flatMap(({ match }) => match)) {
      for (const subnet of destinationSubnets) {
        const isRange = subnet.value.split('/').length === 2;
        if (isRange ? isPrefix(subnet.value) : isAddress(subnet.value)) continue;
        yield {
          at: subnet,
          message: `${quoted(subnet.value)} is no ${isRange ? 'range of addresses such as "10.1.0.0/16"' : 'address, and no range of addresses'}`,
          codes: refusal('VS-86', isRange ? 'COM-15' : 'COM-14'),
        };
      }
    }
  },
});
