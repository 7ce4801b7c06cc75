import { refused } from '../fields.ts';
import { isAddress, isPrefix } from '../names.ts';
import { resourceRule } from '../rule.ts';
import { quoted } from '../words.ts';

export const invalidAddress = resourceRule({
  id: 'service-entry/invalid-address',
  severity: 'error',
  on: ['ServiceEntry'],
  refuses: true,
  codes: ['IST0106', 'SE-07', 'SE-08'],
  summary: 'An address of a ServiceEntry that is neither an IP address nor a range of them.',
  why: '`addresses` are what applications connect to; Istio refuses anything but IP addresses and CIDR ranges there, and ranges only where Envoy does not have to look up the host.',
  remedy:
    'Write an address such as `192.0.2.7` or a range such as `192.0.2.0/24`; names belong in `hosts` and `endpoints`.',
  invalid: `
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: { name: external }
spec:
  hosts: [db.example.com]
  addresses: [192.0.2.300]
  resolution: NONE
  ports: [{ number: 5432, name: tcp, protocol: TCP }]
`,
  valid: `
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: { name: external }
spec:
  hosts: [db.example.com]
  addresses: [192.0.2.0/24]
  resolution: NONE
  ports: [{ number: 5432, name: tcp, protocol: TCP }]
`,
  *check(entry) {
    const resolution = entry.resolution?.value ?? 'NONE';
    for (const address of entry.addresses) {
      // What is longer than an address can be, the schema says.
      if (address.value.length > 64) continue;
      const isRange = address.value.split('/').length === 2;
      if (isRange ? !isPrefix(address.value) : !isAddress(address.value)) {
        yield {
          at: address,
          message: `${quoted(address.value)} is ${isRange ? 'no range of IP addresses such as "192.0.2.0/24"' : 'no IP address'}`,
          ...refused('SE-07', isRange ? 'COM-15' : 'COM-14'),
        };
      } else if (isRange && !['NONE', 'STATIC', 'DYNAMIC_DNS'].includes(resolution)) {
        yield {
          at: address,
          message: `${quoted(address.value)} is a range, and with "resolution: ${resolution}" an address has to be a single one`,
          ...refused('SE-08', 'CEL-14'),
        };
      }
    }
  },
});
