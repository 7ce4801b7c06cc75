import type { ServiceEntry } from '../../model/service-entry.ts';
import { workspaceRule } from '../rule.ts';
import { quoted } from '../words.ts';
import { olderOf } from './entries.ts';

export const duplicatePort = workspaceRule({
  id: 'service-entry/duplicate-port',
  severity: 'information',
  on: ['ServiceEntry'],
  ignores: 'VirtualService',
  codes: ['KIA1211'],
  summary: 'Two ServiceEntries define one port of a host.',
  why: 'A proxy that sees both takes the resolution, the addresses and the location of one of them: of its own namespace, else the older. What differs in the other one does not count.',
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
  resolution: NONE
  ports: [{ number: 443, name: https, protocol: HTTPS }]
`,
  valid: `
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: { name: a, namespace: shop }
spec:
  hosts: [api.example.com]
  resolution: DNS
  exportTo: ['.']
  ports: [{ number: 443, name: https, protocol: HTTPS }]
---
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: { name: b, namespace: front }
spec:
  hosts: [api.example.com]
  resolution: NONE
  exportTo: ['.']
  ports: [{ number: 443, name: https, protocol: HTTPS }]
`,
  *check(entry, { index }) {
    for (const { number, protocol } of entry.ports) {
      if (number === undefined) continue;
      for (const host of entry.hosts) {
        const other = olderOf(
          entry,
          host.value,
          index,
          older => !shareEndpoints(older, entry) && older.ports.some(port => port.number?.value === number.value),
        );
        const theirs = other?.ports.find(port => port.number?.value === number.value);
        // Another protocol is a finding of its own, and a worse one.
        const isAlike = theirs?.protocol?.value.toUpperCase() === protocol?.value.toUpperCase();
        if (other === undefined || theirs?.number === undefined || !isAlike) continue;
        yield {
          at: number,
          message: `ServiceEntry ${quoted(other.name)} defines port ${number.value} of ${quoted(host.value)}, too: a proxy that sees both goes by one of them`,
          related: [{ at: theirs.number, message: `ServiceEntry ${quoted(other.name)}` }],
        };
        break;
      }
    }
  },
});

/** In one namespace the endpoints of several ServiceEntries add up; they may be cut in pieces on purpose. */
function shareEndpoints(a: ServiceEntry, b: ServiceEntry): boolean {
  const lists = (entry: ServiceEntry): boolean => entry.endpoints.length > 0 || entry.workloadSelector !== undefined;
  return a.namespace === b.namespace && (lists(a) || lists(b));
}
