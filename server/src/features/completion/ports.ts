import { resolveGatewayName } from '../../model/host.ts';
import type { Workload } from '../../model/kubernetes.ts';
import type { MeshService } from '../../routing/mesh.ts';
import { type Context, nearest } from './context.ts';
import type { Offer } from './offer.ts';
import { detail, fileOf } from './where.ts';

/**
 * Ports by what they belong to: those of the chosen host, of the Gateways and hosts of a VirtualService, of the pods
 * of a namespace; where a port is defined, the usual ones.
 */
export function portOffers(context: Context, type: string | undefined): readonly Offer[] {
  switch (type) {
    case 'PortSelector':
      return hostPorts(context);
    case 'HTTPMatchRequest':
    case 'L4MatchAttributes':
    case 'TLSMatchAttributes':
      return listenerPorts(context);
    case 'ServerPort':
    case 'ServicePort':
      return usualPorts();
    case 'SidecarPort':
      return context.path.includes('ingress') ? podPorts(context) : namespacePorts(context);
    case 'Operation':
    case 'WorkloadPort':
    case 'PeerAuthenticationSpec':
    case 'HTTPHealthCheckConfig':
    case 'TCPHealthCheckConfig':
    case 'GrpcHealthCheckConfig':
      return podPorts(context);
    default:
      return [];
  }
}

function hostPorts(context: Context): readonly Offer[] {
  const host = nearest(context, 'host');
  if (host === undefined) return [];
  const { references, index } = context.snapshot;
  const full = references.fullHost(host, context.namespace).toLowerCase();
  return (index.services.get(full) ?? []).flatMap(servicePorts);
}

function servicePorts({ ports, resource }: MeshService): readonly Offer[] {
  return ports.map(({ number, name, protocol }) => ({
    label: String(number),
    kind: 'reference',
    detail: detail(name, protocol, fileOf(resource)),
  }));
}

/** The ports on which a VirtualService can get requests: of its Gateways' servers, and of its hosts. */
function listenerPorts({ snapshot, resource, namespace }: Context): readonly Offer[] {
  if (resource?.type !== 'VirtualService') return [];
  const servers = resource.gateways.flatMap(({ value }) => {
    const gateway = snapshot.index.gateway(resolveGatewayName(value, namespace));
    return (gateway?.servers ?? []).flatMap(({ port }): Offer[] =>
      port?.number === undefined
        ? []
        : [
            {
              label: String(port.number.value),
              kind: 'reference',
              detail: detail(port.protocol?.value ?? '', `Gateway ${value}`),
            },
          ],
    );
  });
  const hosts = resource.hosts.flatMap(({ value }) =>
    (snapshot.index.services.get(snapshot.references.fullHost(value, namespace).toLowerCase()) ?? []).flatMap(
      servicePorts,
    ),
  );
  return [...servers, ...hosts];
}

function namespacePorts({ snapshot, namespace }: Context): readonly Offer[] {
  const services = snapshot.index.all('Service').filter(service => service.namespace === namespace);
  return services.flatMap(service =>
    service.ports.flatMap(({ number, name }): Offer[] =>
      number === undefined
        ? []
        : [
            {
              label: String(number.value),
              kind: 'reference',
              detail: detail(name?.value ?? '', `Service ${service.name}`),
            },
          ],
    ),
  );
}

/** Ports of pods: policies and sidecars see these, not those of services. */
export function podPorts({ snapshot, namespace }: Context): readonly Offer[] {
  const workloads = snapshot.index.all('Workload').filter(workload => workload.namespace === namespace);
  return workloads.flatMap((workload: Workload) =>
    workload.containerPorts.flatMap(({ port, name }): Offer[] =>
      port === undefined
        ? []
        : [
            {
              label: String(port.value),
              kind: 'reference',
              detail: detail(name?.value ?? '', `${workload.kind} ${workload.name}`),
            },
          ],
    ),
  );
}

function usualPorts(): readonly Offer[] {
  return [
    { label: '80', kind: 'value', detail: 'HTTP' },
    { label: '443', kind: 'value', detail: 'HTTPS' },
    { label: '8080', kind: 'value', detail: 'HTTP, without privileges' },
    { label: '15443', kind: 'value', detail: 'TLS between clusters' },
  ];
}
