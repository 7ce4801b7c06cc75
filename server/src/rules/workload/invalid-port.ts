import { changeTo } from '../edits.ts';
import { refused, refusedByServer } from '../fields.ts';
import { isDnsLabel } from '../names.ts';
import { nearest } from '../nearest.ts';
import { type Finding, resourceRule } from '../rule.ts';
import { isProtocol } from '../service-entry/protocols.ts';
import { quoted } from '../words.ts';
import { portsOf, type WrittenPort } from './ports.ts';

/** Protocols that anybody should write. */
const OFFERED: readonly string[] = [
  'HTTP',
  'HTTPS',
  'HTTP2',
  'GRPC',
  'GRPC-WEB',
  'TCP',
  'TLS',
  'MONGO',
  'REDIS',
  'MYSQL',
];
const LARGEST = 65535;
/** Numbers beyond do not fit the type of the field; that is for the rules of the schema to say. */
const LARGEST_NUMBER = 2 ** 32 - 1;

export const invalidPort = resourceRule({
  id: 'workload/invalid-port',
  severity: 'error',
  on: ['ServiceEntry', 'WorkloadEntry', 'WorkloadGroup', 'Sidecar', 'Other'],
  refuses: true,
  codes: ['IST0106', 'COM-03', 'COM-19', 'COM-20', 'CEL-07', 'CEL-23'],
  summary: 'A port whose number, name or protocol is none.',
  why: 'Numbers of ports go from 1 to 65535, names have letters, digits and inner hyphens, and of protocols Istio knows a handful. It refuses anything else.',
  remedy: 'Correct the port. A protocol that Istio does not know is `TCP`.',
  invalid: `
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: { name: external }
spec:
  hosts: [db.example.com]
  resolution: DNS
  ports: [{ number: 443, name: secure, protocol: SSL }]
`,
  valid: `
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: { name: external }
spec:
  hosts: [db.example.com]
  resolution: DNS
  ports: [{ number: 443, name: secure, protocol: TLS }]
`,
  *check(resource) {
    for (const port of portsOf(resource)) {
      yield* numberOf(port);
      const { name, protocol, ids, isLoose } = port;
      if (
        name !== undefined &&
        !isDnsLabel(name.value) &&
        !(name.value === '' && (isLoose || resource.kind === 'Sidecar'))
      ) {
        yield {
          at: name,
          message: `${quoted(name.value)} is no name of a port: it takes letters, digits and inner hyphens, at most 63`,
          ...codes('COM-19', ids.name ?? []),
        };
      }
      if (protocol !== undefined && !isProtocol(protocol.value)) {
        const meant = nearest(protocol.value, OFFERED);
        yield {
          at: protocol,
          message: `Istio does not know the protocol ${quoted(protocol.value)}${meant === undefined ? '; what it does not know is TCP to it' : `; did you mean ${quoted(meant)}?`}`,
          fixes: meant === undefined ? [] : [{ ...changeTo(resource.document, protocol, meant), preferred: true }],
          ...refused(...(ids.protocol === undefined ? [] : [ids.protocol]), 'COM-20'),
        };
      }
    }
  },
});

function* numberOf({ number, isLoose, ids }: WrittenPort): Generator<Finding> {
  if (number === undefined || !Number.isInteger(number.value) || number.value < 0 || number.value > LARGEST_NUMBER)
    return;
  if ((number.value >= 1 && number.value <= LARGEST) || (isLoose && number.value === 0)) return;
  // Istio takes a target port of 0 as none; the API server does not.
  const isTarget = ids.number[0] === 'SE-15' && number.value === 0;
  yield {
    at: number,
    message: `${number.value} is no number of a port: they go from 1 to ${LARGEST}`,
    ...(isTarget ? refusedByServer('CEL-07') : codes('COM-03', ids.number)),
  };
}

/** Of a WorkloadGroup's template and of waypoints only the API server looks at ports. */
function codes(common: string, ids: readonly string[]): Pick<Finding, 'codes' | 'refuses'> {
  return ids.every(id => id.startsWith('CEL')) ? refusedByServer(...ids) : refused(...ids, common);
}
