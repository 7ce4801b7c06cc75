import { acceptedWithWarning, Fields } from '../fields.ts';
import { resourceRule } from '../rule.ts';
import { quoted } from '../words.ts';

export const missingAddress = resourceRule({
  id: 'service-entry/missing-address',
  severity: 'warning',
  on: ['ServiceEntry'],
  codes: ['IST0134', 'IST0133', 'SE-16'],
  summary: 'A TCP port of a ServiceEntry to which no address leads.',
  why: 'Plain TCP carries no host name. Without an address of its own, given or allocated by Istio, such a port takes all traffic to that port number, whatever it was meant for.',
  remedy:
    'Name the `addresses`, or let Istio allocate one: with a `resolution` other than `NONE` and without the label that switches it off.',
  invalid: `
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: { name: external }
spec:
  hosts: [db.example.com]
  resolution: NONE
  ports: [{ number: 5432, name: tcp, protocol: TCP }]
`,
  valid: `
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: { name: external }
spec:
  hosts: [db.example.com]
  resolution: DNS
  ports: [{ number: 5432, name: tcp, protocol: TCP }]
`,
  *check(entry) {
    const spec = Fields.spec(entry, 'ServiceEntry');
    if (spec === undefined || spec.count('addresses') > 0) return;
    const optOut = entry.labels.find(({ key }) => key.value === 'networking.istio.io/enable-autoallocate-ip');
    const isNone = (spec.string('resolution')?.value ?? 'NONE') === 'NONE';
    const isOff = optOut?.value.value.toLowerCase() === 'false';
    if (!isNone && !isOff) return;
    for (const port of spec.objects('ports')) {
      const protocol = port.string('protocol');
      // Istio compares the text as it is written here.
      if (protocol !== undefined && protocol.value !== '' && protocol.value !== 'TCP') continue;
      const what =
        protocol === undefined ? 'a port without "protocol"' : `a port of the protocol ${quoted(protocol.value)}`;
      const why = isNone ? 'with "resolution: NONE"' : 'with that label';
      yield {
        at: protocol ?? port.head,
        message: `${what} takes all traffic to its number, since Istio allocates no address ${why}: name the "addresses"`,
        ...acceptedWithWarning('IST0134', 'SE-16'),
      };
    }
  },
});
