import { workspaceRule } from '../rule.ts';
import { quoted } from '../words.ts';
import { olderOf } from './entries.ts';

export const conflictingProtocol = workspaceRule({
  id: 'service-entry/conflicting-protocol',
  severity: 'warning',
  on: ['ServiceEntry'],
  ignores: 'VirtualService',
  codes: ['IST0177', 'KIA1212'],
  summary: 'Two ServiceEntries define one port of a host with different protocols.',
  why: 'A proxy has one listener for a port of a host: the older ServiceEntry decides how it treats the bytes, and connections of the other kind break.',
  remedy: 'Define each port of a host once, or limit the two with `exportTo`.',
  invalid: `
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: { name: a, namespace: shop }
spec:
  hosts: [api.example.com]
  resolution: DNS
  ports: [{ number: 443, name: https, protocol: HTTPS }]
---
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: { name: b, namespace: shop }
spec:
  hosts: [api.example.com]
  resolution: DNS
  ports: [{ number: 443, name: http, protocol: HTTP }]
`,
  valid: `
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: { name: a, namespace: shop }
spec:
  hosts: [api.example.com]
  resolution: DNS
  ports: [{ number: 443, name: https, protocol: HTTPS }]
---
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: { name: b, namespace: shop }
spec:
  hosts: [api.example.com]
  resolution: DNS
  ports: [{ number: 80, name: http, protocol: HTTP }]
`,
  *check(entry, { index }) {
    for (const { number, protocol, at } of entry.ports) {
      if (number === undefined) continue;
      const own = (protocol?.value ?? '').toUpperCase();
      for (const host of entry.hosts) {
        const other = olderOf(entry, host.value, index, older =>
          older.ports.some(
            port => port.number?.value === number.value && (port.protocol?.value ?? '').toUpperCase() !== own,
          ),
        );
        const theirs = other?.ports.find(port => port.number?.value === number.value);
        if (other === undefined || theirs === undefined) continue;
        const named = (text: string): string => (text === '' ? 'none' : quoted(text));
        yield {
          at: protocol ?? number ?? at,
          message: `port ${number.value} of ${quoted(host.value)} has the protocol ${named(own)} here and ${named((theirs.protocol?.value ?? '').toUpperCase())} in ServiceEntry ${quoted(other.name)}: the older one decides, and connections of the other kind break`,
          related: [{ at: theirs.protocol ?? theirs.at, message: `ServiceEntry ${quoted(other.name)}` }],
        };
        break;
      }
    }
  },
});
