import type { TypedResource } from '../../model/decode.ts';
import type { Located } from '../../text/range.ts';
import { Fields } from '../fields.ts';
import { endpointsOf } from './endpoints.ts';

/** A port that a resource writes down. */
export interface WrittenPort {
  readonly name: Located<string> | undefined;
  readonly number: Located<number> | undefined;
  readonly protocol: Located<string> | undefined;
  /** Ids of the checks of name, number and protocol. */
  readonly ids: { readonly name?: readonly string[]; readonly number: readonly string[]; readonly protocol?: string };
  /** A name may be left out, and 0 means something else than a port. */
  readonly isLoose: boolean;
}

/** All ports of ServiceEntries, workloads, Sidecars, probes and extensions. */
export function portsOf(resource: TypedResource): readonly WrittenPort[] {
  return [...servicePorts(resource), ...endpointPorts(resource), ...sidecarPorts(resource), ...otherPorts(resource)];
}

function servicePorts(resource: TypedResource): readonly WrittenPort[] {
  const ports = Fields.spec(resource, 'ServiceEntry')?.objects('ports') ?? [];
  return ports.flatMap((port): WrittenPort[] => [
    {
      name: port.string('name'),
      number: port.number('number'),
      protocol: port.string('protocol'),
      ids: { name: ['SE-13'], number: ['SE-12', 'CEL-07'], protocol: 'SE-14' },
      isLoose: false,
    },
    {
      name: undefined,
      number: port.number('targetPort'),
      protocol: undefined,
      ids: { number: ['SE-15', 'CEL-07'] },
      isLoose: false,
    },
  ]);
}

function endpointPorts(resource: TypedResource): readonly WrittenPort[] {
  return endpointsOf(resource).flatMap(({ fields, in: kind, service }) => {
    const isDns = service?.string('resolution')?.value.startsWith('DNS') ?? false;
    const id = kind === 'WorkloadEntry' ? 'WE-05' : isDns ? 'SE-29' : 'SE-25';
    return fields.entries('ports').map(({ key, value }): WrittenPort => {
      const ids = kind === 'WorkloadGroup' ? [] : [id];
      return {
        name: key,
        number: fields.numberOf(value),
        protocol: undefined,
        ids: { name: [...ids, 'CEL-23'], number: [...ids, 'CEL-07'] },
        isLoose: false,
      };
    });
  });
}

function sidecarPorts(resource: TypedResource): readonly WrittenPort[] {
  const spec = Fields.spec(resource, 'Sidecar');
  if (spec === undefined) return [];
  return [
    ['ingress', 'SC-06'],
    ['egress', 'SC-26'],
  ].flatMap(([list = '', id = '']) =>
    spec.objects(list).flatMap((listener): WrittenPort[] => {
      const port = listener.object('port');
      if (port === undefined) return [];
      return [
        {
          name: port.string('name'),
          number: port.number('number'),
          protocol: port.string('protocol'),
          ids: { name: [id], number: [id], protocol: id },
          isLoose: list === 'egress',
        },
      ];
    }),
  );
}

function otherPorts(resource: TypedResource): readonly WrittenPort[] {
  const at = (fields: Fields | undefined, key: string, ...number: readonly string[]): WrittenPort => ({
    name: undefined,
    number: fields?.number(key),
    protocol: undefined,
    ids: { number },
    isLoose: false,
  });
  const probe = Fields.spec(resource, 'WorkloadGroup')?.object('probe');
  const waypoints = Fields.spec(resource, 'EnvoyFilter')?.objects('configPatches') ?? [];
  return [
    at(probe?.object('httpGet'), 'port', 'WG-08', 'CEL-07'),
    at(probe?.object('tcpSocket'), 'port', 'WG-11', 'CEL-07'),
    at(probe?.object('grpc'), 'port', 'CEL-07'),
    ...waypoints.map(patch => at(patch.object('match')?.object('waypoint'), 'portNumber', 'CEL-07')),
  ];
}
