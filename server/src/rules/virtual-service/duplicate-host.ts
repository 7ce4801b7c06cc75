import { hostsOverlap } from '../../model/host.ts';
import type { VirtualService } from '../../model/virtual-service.ts';
import type { Located } from '../../text/range.ts';
import { listOf, removeItem } from '../edits.ts';
import { isAddress } from '../names.ts';
import { type Fix, resourceRule } from '../rule.ts';
import { quoted } from '../words.ts';
import { hostFault, isMesh, takesSni } from './invalid-host.ts';

export const duplicateHost = resourceRule({
  id: 'virtual-service/duplicate-host',
  severity: 'error',
  on: ['VirtualService'],
  summary: 'Two hosts of a VirtualService are the same, or one covers the other.',
  why: 'Envoy takes a table of routes only if no host stands twice in it. Istio refuses the VirtualService.',
  remedy: 'Keep the wider of them.',
  invalid: `
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: shop }
spec:
  hosts: ["*.example.com", shop.example.com]
  gateways: [public]
  http:
    - route: [{ destination: { host: shop } }]
`,
  valid: `
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: shop }
spec:
  hosts: ["*.example.com"]
  gateways: [public]
  http:
    - route: [{ destination: { host: shop } }]
`,
  codes: ['IST0106', 'VS-11'],
  refuses: true,
  *check(vs) {
    // Istio asks this only of hosts that are all good ones.
    const isForMesh = isMesh(vs);
    const isForSni = takesSni(vs);
    if (
      vs.hosts.some(
        ({ value }) => (value === '*' && isForMesh) || (hostFault(value, isForSni) !== undefined && !isAddress(value)),
      )
    )
      return;
    for (const { host, other } of overlaps(vs.hosts)) {
      const [wide, narrow] =
        host.value.startsWith('*') && host.value.length <= other.value.length ? [host, other] : [other, host];
      const message =
        host.value === other.value
          ? `${quoted(host.value)} stands twice in "hosts", so Istio refuses the VirtualService`
          : `${quoted(wide.value)} covers ${quoted(narrow.value)} in the same "hosts", so Istio refuses the VirtualService`;
      yield { at: host, message, related: [{ at: other, message: 'the first one' }], fixes: removal(vs, narrow) };
    }
  },
});

/** Each host that has a name in common with one before it, with the first such one. */
function* overlaps(hosts: VirtualService['hosts']): Iterable<{ host: Located<string>; other: Located<string> }> {
  const places = new Map<string, number>();
  const wildcards: number[] = [];
  for (const [place, host] of hosts.entries()) {
    const isWide = host.value.startsWith('*');
    const overlap = (before: number): boolean => hostsOverlap(hosts[before]?.value ?? '', host.value);
    // Of thousands of names only the same one and the wildcards are looked at.
    const found = isWide
      ? hosts.findIndex((_, before) => before >= place || overlap(before))
      : Math.min(places.get(host.value) ?? place, wildcards.find(overlap) ?? place);
    const other = hosts[found];
    if (found < place && other !== undefined) yield { host, other };
    if (isWide) wildcards.push(place);
    if (!places.has(host.value)) places.set(host.value, place);
  }
}

function removal(vs: VirtualService, host: Located<string>): readonly Fix[] {
  const found = listOf(vs.document, host);
  const edit = found === undefined ? undefined : removeItem(vs.document, found.list, found.index);
  return edit === undefined ? [] : [{ title: `Remove "${host.value}"`, edits: [edit] }];
}
