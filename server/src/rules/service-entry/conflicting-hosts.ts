import { acceptedWithWarning, Fields, refused } from '../fields.ts';
import { resourceRule } from '../rule.ts';
import { quoted } from '../words.ts';
import { isHttp, isTcp, isTls } from './protocols.ts';

export const conflictingHosts = resourceRule({
  id: 'service-entry/conflicting-hosts',
  severity: 'error',
  on: ['ServiceEntry'],
  refuses: true,
  codes: ['IST0106', 'IST0133', 'SE-30', 'SE-38'],
  summary: 'Several hosts behind a port that cannot tell them apart.',
  why: 'HTTP names the host in each request and TLS in its greeting; plain TCP does neither. Istio refuses several hosts there.',
  remedy: 'Write one ServiceEntry for each host, or correct the protocol of the port.',
  invalid: `
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: { name: external }
spec:
  hosts: [a.example.com, b.example.com]
  resolution: DNS
  ports: [{ number: 5432, name: db, protocol: TCP }]
`,
  valid: `
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: { name: external }
spec:
  hosts: [a.example.com, b.example.com]
  resolution: DNS
  ports: [{ number: 443, name: tls, protocol: TLS }]
`,
  *check(entry) {
    const spec = Fields.spec(entry, 'ServiceEntry');
    const resolution = spec?.string('resolution')?.value ?? 'NONE';
    if (spec === undefined || resolution === 'NONE' || spec.count('hosts') < 2) return;
    const ports = spec.objects('ports').map(port => ({ port, protocol: port.string('protocol') }));
    const blind = ports.find(({ protocol }) => !isHttp(protocol?.value ?? '') && !isTls(protocol?.value ?? ''));
    if (blind !== undefined) {
      const name = blind.protocol === undefined ? 'no "protocol"' : `the protocol ${quoted(blind.protocol.value)}`;
      yield {
        at: blind.protocol ?? blind.port.head,
        message: `a port with ${name} cannot tell the ${spec.count('hosts')} hosts apart: only HTTP and TLS name the host`,
        related: [{ at: spec.key('hosts'), message: 'the hosts' }],
        ...refused('SE-38'),
      };
      return;
    }
    const first = ports.find(({ protocol }) => isTcp(protocol?.value ?? ''));
    if (!['DNS', 'DNS_ROUND_ROBIN'].includes(resolution) || spec.count('addresses') === 0 || first === undefined)
      return;
    yield {
      at: first.protocol ?? first.port.head,
      message: `with "addresses" a port of the protocol ${quoted(first.protocol?.value ?? '')} should serve one host: all hosts share the addresses`,
      ...acceptedWithWarning('SE-30'),
    };
  },
});
