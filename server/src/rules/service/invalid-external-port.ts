import { portProtocol } from '../../routing/protocol.ts';
import { resourceRule } from '../rule.ts';
import { quoted } from '../words.ts';

export const invalidExternalPort = resourceRule({
  id: 'service/invalid-external-port',
  severity: 'warning',
  on: ['Service'],
  codes: ['IST0150'],
  summary: 'A port of an ExternalName Service that is TCP, or of a protocol that Istio does not know.',
  why: 'An ExternalName has no address of its own: a TCP port of it makes sidecars take all connections to that port number, to whatever address, for this service.',
  remedy: 'Name the port after its real protocol (`http-…`, `https-…`, `tls-…`), or leave the ports out.',
  invalid: `
apiVersion: v1
kind: Service
metadata: { name: payments }
spec:
  type: ExternalName
  externalName: payments.example.com
  ports: [{ name: tcp, port: 443 }]
`,
  valid: `
apiVersion: v1
kind: Service
metadata: { name: payments }
spec:
  type: ExternalName
  externalName: payments.example.com
  ports: [{ name: tls-payments, port: 443 }]
`,
  *check(service) {
    if (service.serviceType !== 'ExternalName') return;
    for (const { name, number, protocol, appProtocol } of service.ports) {
      if (number === undefined) continue;
      const found = portProtocol({
        number: number.value,
        name: name?.value ?? '',
        transport: protocol?.value ?? 'TCP',
        appProtocol: appProtocol?.value,
      });
      if (found !== 'unsupported' && !(name?.value === 'tcp')) continue;
      const what =
        name === undefined
          ? `port ${number.value} of an ExternalName tells no protocol`
          : `the port name ${quoted(name.value)} of an ExternalName ${found === 'unsupported' ? 'tells no protocol' : 'means plain TCP'}`;
      yield {
        at: name ?? number,
        message: `${what}: sidecars then take every connection to port ${number.value} for it; name it "http-…", "https-…" or "tls-…"`,
      };
    }
  },
});
