import type { Located, Span } from '../text/range.ts';
import { child, entriesOf, itemsOf, type MapNode } from '../yaml/node.ts';
import { asMap, type Entry, type Reader } from './reader.ts';
import type { Resource } from './resource.ts';

/** Kubernetes' own kinds are read for names, labels and ports; they are not validated. */
export interface Service extends Resource {
  readonly type: 'Service';
  readonly ports: readonly KubernetesPort[];
  readonly selector: readonly Entry<Located<string>>[];
  /** `ClusterIP`, `ExternalName` … */
  readonly serviceType: string;
  readonly clusterIp: string;
  readonly externalName: Located<string> | undefined;
}

export interface KubernetesPort {
  readonly at: Span;
  readonly name: Located<string> | undefined;
  readonly number: Located<number> | undefined;
  readonly targetPort: Located<number> | Located<string> | undefined;
  readonly protocol: Located<string> | undefined;
  readonly appProtocol: Located<string> | undefined;
}

/** Anything that makes pods. */
export interface Workload extends Resource {
  readonly type: 'Workload';
  readonly podLabels: readonly Entry<Located<string>>[];
  readonly podLabelsAt: Span | undefined;
  readonly containerPorts: readonly {
    readonly name: Located<string> | undefined;
    readonly port: Located<number> | undefined;
  }[];
}

export interface Namespace extends Resource {
  readonly type: 'Namespace';
}

/** A Gateway of the Gateway API: read for its name, since a waypoint is one. */
export interface KubernetesGateway extends Resource {
  readonly type: 'KubernetesGateway';
  readonly gatewayClass: string;
}

/** Read for its name: it is the identity of pods. */
export interface ServiceAccount extends Resource {
  readonly type: 'ServiceAccount';
}

export interface Secret extends Resource {
  readonly type: 'Secret';
  readonly keys: readonly string[];
}

export interface ConfigMap extends Resource {
  readonly type: 'ConfigMap';
  readonly data: readonly Entry<Located<string>>[];
}

export function decodeService(resource: Resource, read: Reader): Service {
  const { spec } = resource;
  return {
    ...resource,
    type: 'Service',
    ports: read.list(spec, 'ports', (node, at) => ({
      at,
      name: read.string(node, 'name'),
      number: read.number(node, 'port'),
      targetPort: read.number(node, 'targetPort') ?? read.string(node, 'targetPort'),
      protocol: read.string(node, 'protocol'),
      appProtocol: read.string(node, 'appProtocol'),
    })),
    selector: read.stringMap(spec, 'selector'),
    serviceType: read.string(spec, 'type')?.value ?? 'ClusterIP',
    clusterIp: read.string(spec, 'clusterIP')?.value ?? '',
    externalName: read.string(spec, 'externalName'),
  };
}

export function decodeWorkload(resource: Resource, read: Reader): Workload {
  const template: MapNode | undefined =
    resource.kind === 'Pod' ? resource.node : asMap(child(resource.spec, 'template'));
  const metadata = read.map(template, 'metadata');
  const containers = itemsOf(child(child(template, 'spec'), 'containers'));
  return {
    ...resource,
    type: 'Workload',
    podLabels: read.stringMap(metadata, 'labels'),
    podLabelsAt: read.keyAt(metadata, 'labels'),
    containerPorts: containers.flatMap(container =>
      read.list(asMap(container), 'ports', node => ({
        name: read.string(node, 'name'),
        port: read.number(node, 'containerPort'),
      })),
    ),
  };
}

export function decodeKubernetesGateway(resource: Resource, read: Reader): KubernetesGateway {
  const gatewayClass = read.string(resource.spec, 'gatewayClassName')?.value ?? '';
  return { ...resource, type: 'KubernetesGateway', gatewayClass };
}

export function decodeSecret(resource: Resource, read: Reader): Secret {
  const keys = ['data', 'stringData'].flatMap(field => {
    const map = read.map(resource.node, field);
    return map === undefined ? [] : entriesOf(map).map(({ key }) => key.source);
  });
  return { ...resource, type: 'Secret', keys };
}

export function decodeConfigMap(resource: Resource, read: Reader): ConfigMap {
  return { ...resource, type: 'ConfigMap', data: read.stringMap(resource.node, 'data') };
}
