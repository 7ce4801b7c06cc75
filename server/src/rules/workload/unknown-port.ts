import { changeTo } from '../edits.ts';
import { refused } from '../fields.ts';
import { isDnsLabel } from '../names.ts';
import { nearest } from '../nearest.ts';
import { resourceRule } from '../rule.ts';
import { oneOf, quoted } from '../words.ts';
import { endpointsOf } from './endpoints.ts';

export const unknownPort = resourceRule({
  id: 'workload/unknown-port',
  severity: 'error',
  on: ['ServiceEntry'],
  refuses: true,
  codes: ['IST0106', 'SE-24', 'SE-29'],
  summary: 'A port of an endpoint that the ServiceEntry does not have.',
  why: '`ports` of an endpoint says by name where it listens for each port of the service; Istio refuses a name that the service does not have.',
  remedy: 'Take the name of a port of the ServiceEntry.',
  invalid: `
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: { name: external }
spec:
  hosts: [db.example.com]
  resolution: STATIC
  ports: [{ number: 443, name: tls, protocol: TLS }]
  endpoints: [{ address: 192.0.2.7, ports: { https: 8443 } }]
`,
  valid: `
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: { name: external }
spec:
  hosts: [db.example.com]
  resolution: STATIC
  ports: [{ number: 443, name: tls, protocol: TLS }]
  endpoints: [{ address: 192.0.2.7, ports: { tls: 8443 } }]
`,
  *check(resource) {
    for (const { fields, service } of endpointsOf(resource)) {
      const resolution = service?.string('resolution')?.value ?? 'NONE';
      if (service === undefined || !['STATIC', 'DNS', 'DNS_ROUND_ROBIN'].includes(resolution)) continue;
      const names = service.objects('ports').flatMap(port => port.string('name')?.value ?? []);
      for (const { key } of fields.entries('ports')) {
        if (names.includes(key.value) || !isDnsLabel(key.value)) continue;
        const taken = new Set(fields.entries('ports').map(other => other.key.value));
        const free = names.filter(name => !taken.has(name));
        const meant = nearest(key.value, free) ?? (free.length === 1 ? free[0] : undefined);
        yield {
          at: key,
          message: `the ServiceEntry has no port ${quoted(key.value)}${names.length === 0 ? '' : `, only ${oneOf(names.map(quoted))}`}`,
          fixes: meant === undefined ? [] : [{ ...changeTo(fields.document, key, meant), preferred: true }],
          ...refused(resolution === 'STATIC' ? 'SE-24' : 'SE-29'),
        };
      }
    }
  },
});
