import { type Fields, refused, refusedByServer } from '../fields.ts';
import { domainFault, isAddress, socketFault } from '../names.ts';
import { type Finding, resourceRule } from '../rule.ts';
import { quoted } from '../words.ts';
import { endpointsOf, type WrittenEndpoint } from './endpoints.ts';

const UNIX = 'unix://';

export const invalidAddress = resourceRule({
  id: 'workload/invalid-address',
  severity: 'error',
  on: ['WorkloadEntry', 'WorkloadGroup', 'ServiceEntry'],
  refuses: true,
  codes: ['IST0106', 'WE-03', 'WE-04', 'SE-20', 'SE-22', 'SE-23', 'SE-29', 'CEL-20', 'CEL-21', 'CEL-22', 'COM-16'],
  summary: 'An address of a workload at which nothing can be reached.',
  why: 'An endpoint is an IP address, a domain name where Envoy looks it up in DNS, or a Unix socket with a full path. Istio refuses anything else.',
  remedy: 'Correct the address, or take `resolution: DNS` for an endpoint that is a name.',
  invalid: `
apiVersion: networking.istio.io/v1
kind: WorkloadEntry
metadata: { name: vm }
spec:
  address: unix:///var/run/
`,
  valid: `
apiVersion: networking.istio.io/v1
kind: WorkloadEntry
metadata: { name: vm }
spec:
  address: unix:///var/run/vm.sock
`,
  *check(resource) {
    for (const endpoint of endpointsOf(resource)) yield* judge(endpoint);
  },
});

function* judge({ fields, in: kind, service }: WrittenEndpoint): Generator<Finding> {
  const address = fields.string('address');
  if (address === undefined || address.value === '') return;
  const resolution = service?.string('resolution')?.value ?? 'NONE';
  const isStatic = kind === 'WorkloadEntry' || (service !== undefined && resolution === 'STATIC');
  if (address.value.startsWith(UNIX)) {
    yield* judgeSocket(fields, address.value.slice(UNIX.length), isStatic, kind, service);
    if (!resolution.startsWith('DNS')) return;
  }
  const isName = domainFault(address.value) === undefined;
  if (isAddress(address.value)) return;
  if (kind === 'WorkloadEntry' ? isName : !isStatic && (!resolution.startsWith('DNS') || isName)) return;
  const wants =
    isStatic && kind === 'ServiceEntry'
      ? 'an IP address: with "resolution: STATIC" no name is looked up'
      : 'an IP address or a domain name';
  yield {
    at: address,
    message: `${quoted(address.value)} is not ${wants}`,
    ...refused(kind === 'WorkloadEntry' ? 'WE-04' : isStatic ? 'SE-20' : 'SE-29', 'COM-14'),
  };
}

function* judgeSocket(
  fields: Fields,
  path: string,
  isStatic: boolean,
  kind: WrittenEndpoint['in'],
  service: Fields | undefined,
): Generator<Finding> {
  const address = fields.string('address');
  if (address === undefined) return;
  const fault = socketFault(path);
  const [pathId, portsId] = kind === 'WorkloadEntry' ? ['WE-03', 'WE-03'] : ['SE-20', 'SE-22'];
  // Of a template Istio looks at nothing; the API server looks at all of them.
  const codes = (id: string, ...more: readonly string[]): Pick<Finding, 'codes' | 'refuses'> =>
    isStatic ? refused(id, ...more) : refusedByServer(...more.filter(code => code.startsWith('CEL')));
  if (fault !== undefined) {
    const ids = path.endsWith('/') ? ['CEL-22'] : ['CEL-21'];
    yield { at: address, message: `this is no Unix socket: ${fault}`, ...codes(pathId, 'COM-16', ...ids) };
  }
  if (fields.entries('ports').length > 0) {
    yield {
      at: fields.key('ports'),
      message: 'a Unix socket has no ports, so there can be no "ports" here',
      ...codes(portsId, 'CEL-20'),
    };
  }
  const ports = service?.count('ports') ?? 1;
  if (isStatic && service !== undefined && ports !== 1) {
    yield {
      at: address,
      message: `a Unix socket is one port, and the ServiceEntry has ${ports === 0 ? 'none' : ports}`,
      ...refused('SE-23'),
    };
  }
}
