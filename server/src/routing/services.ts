import { serviceHost } from '../model/host.ts';
import type { Service } from '../model/kubernetes.ts';
import { annotation } from '../model/resource.ts';
import type { ServiceEntry } from '../model/service-entry.ts';
import type { MeshPort, MeshService } from './mesh.ts';
import { parseProtocol, portProtocol } from './protocol.ts';

const EXPORT_TO = 'networking.istio.io/exportTo';

const ofService = new WeakMap<Service, { readonly clusterDomain: string; readonly made: MeshService }>();
const ofEntry = new WeakMap<ServiceEntry, readonly MeshService[]>();

/** The host of a Kubernetes Service (Istio `kube.ConvertService`); the same object as long as the Service is. */
export function meshService(service: Service, clusterDomain: string): MeshService {
  const known = ofService.get(service);
  if (known?.clusterDomain === clusterDomain) return known.made;
  const made = convertedService(service, clusterDomain);
  ofService.set(service, { clusterDomain, made });
  return made;
}

function convertedService(service: Service, clusterDomain: string): MeshService {
  const headless = service.clusterIp === 'None';
  const alias = service.serviceType === 'ExternalName' ? service.externalName?.value : undefined;
  const ports: MeshPort[] = [];
  for (const port of service.ports) {
    if (port.number === undefined) continue;
    const name = port.name?.value ?? '';
    const transport = port.protocol?.value ?? 'TCP';
    const protocol = portProtocol({ number: port.number.value, name, transport, appProtocol: port.appProtocol?.value });
    ports.push({ number: port.number.value, name, protocol });
  }
  const exportTo =
    annotation(service, EXPORT_TO)
      ?.value.split(',')
      .map(word => word.trim()) ?? [];
  return {
    host: serviceHost(service.name, service.namespace, clusterDomain),
    name: service.name,
    namespace: service.namespace,
    ports,
    registry: 'Kubernetes',
    resource: service,
    resolution: alias !== undefined ? 'ALIAS' : headless ? 'ORIGINAL_DST' : 'EDS',
    headless,
    addresses: headless || service.clusterIp === '' ? [] : [service.clusterIp],
    aliasOf: alias,
    exportTo,
    creationTimestamp: service.creationTimestamp,
    meshExternal: alias !== undefined,
  };
}

const RESOLUTIONS: Readonly<Record<string, MeshService['resolution']>> = {
  NONE: 'ORIGINAL_DST',
  STATIC: 'EDS',
  DNS: 'STRICT_DNS',
  DNS_ROUND_ROBIN: 'LOGICAL_DNS',
  DYNAMIC_DNS: 'DYNAMIC',
};

/**
 * One service for each host of a ServiceEntry (Istio `serviceentry.convertServices`); the same objects as long as the
 * ServiceEntry is.
 */
export function serviceEntryServices(entry: ServiceEntry): readonly MeshService[] {
  const known = ofEntry.get(entry) ?? convertedEntry(entry);
  ofEntry.set(entry, known);
  return known;
}

function convertedEntry(entry: ServiceEntry): readonly MeshService[] {
  const ports: MeshPort[] = [];
  for (const { number, name, protocol } of entry.ports) {
    if (number === undefined) continue;
    ports.push({ number: number.value, name: name?.value ?? '', protocol: parseProtocol(protocol?.value ?? '') });
  }
  return entry.hosts.map(({ value }) => ({
    host: value.toLowerCase(),
    name: '',
    namespace: entry.namespace,
    ports,
    registry: 'External',
    resource: entry,
    resolution: RESOLUTIONS[entry.resolution?.value ?? 'NONE'] ?? 'ORIGINAL_DST',
    headless: false,
    addresses: entry.addresses.map(address => address.value),
    aliasOf: undefined,
    exportTo: entry.exportTo.map(word => word.value),
    creationTimestamp: entry.creationTimestamp,
    meshExternal: entry.location?.value !== 'MESH_INTERNAL',
  }));
}

/** A service that manifests refer to and that is taken to exist, with HTTP ports. */
export function assumedService(host: string, name: string, namespace: string, ports: readonly number[]): MeshService {
  return {
    host,
    name,
    namespace,
    ports: ports.map(number => ({ number, name: `http-${number}`, protocol: 'HTTP' })),
    registry: 'assumed',
    resource: undefined,
    resolution: name === '' ? 'STRICT_DNS' : 'EDS',
    headless: false,
    addresses: [],
    aliasOf: undefined,
    exportTo: [],
    creationTimestamp: '',
    meshExternal: name === '',
  };
}

type Ports = { readonly ports: readonly number[]; readonly aliasOf: string | undefined };
const portNumbers = new WeakMap<MeshService, Ports>();

/** What decides on the cluster of a destination that names no port: the service's port numbers, and its other name. */
export function portsOf(service: MeshService | undefined): Ports | undefined {
  if (service === undefined) return undefined;
  const known = portNumbers.get(service);
  if (known !== undefined) return known;
  const made = { ports: service.ports.map(({ number }) => number), aliasOf: service.aliasOf };
  portNumbers.set(service, made);
  return made;
}
