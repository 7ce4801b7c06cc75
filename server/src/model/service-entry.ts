import type { Located, Span } from '../text/range.ts';
import type { MapNode } from '../yaml/node.ts';
import type { Entry, Reader } from './reader.ts';
import type { Resource } from './resource.ts';

export interface ServiceEntry extends Resource {
  readonly type: 'ServiceEntry';
  readonly hosts: readonly Located<string>[];
  readonly addresses: readonly Located<string>[];
  readonly ports: readonly ServiceEntryPort[];
  readonly location: Located<string> | undefined;
  readonly resolution: Located<string> | undefined;
  readonly endpoints: readonly Endpoint[];
  readonly workloadSelector: readonly Entry<Located<string>>[] | undefined;
  readonly exportTo: readonly Located<string>[];
  readonly subjectAltNames: readonly Located<string>[];
}

export interface ServiceEntryPort {
  readonly at: Span;
  readonly number: Located<number> | undefined;
  readonly name: Located<string> | undefined;
  readonly protocol: Located<string> | undefined;
  readonly targetPort: Located<number> | undefined;
}

/** A WorkloadEntry's spec, also where it stands inside a ServiceEntry or a WorkloadGroup's template. */
export interface Endpoint {
  readonly at: Span;
  readonly address: Located<string> | undefined;
  readonly ports: readonly Entry<Located<number>>[];
  readonly labels: readonly Entry<Located<string>>[];
  readonly network: Located<string> | undefined;
}

export interface WorkloadEntry extends Resource {
  readonly type: 'WorkloadEntry';
  readonly endpoint: Endpoint | undefined;
}

export interface WorkloadGroup extends Resource {
  readonly type: 'WorkloadGroup';
  /** Labels that its WorkloadEntries get. */
  readonly workloadLabels: readonly Entry<Located<string>>[];
  readonly template: Endpoint | undefined;
}

export function decodeServiceEntry(resource: Resource, read: Reader): ServiceEntry {
  const { spec } = resource;
  const selector = read.map(spec, 'workloadSelector');
  return {
    ...resource,
    type: 'ServiceEntry',
    hosts: read.strings(spec, 'hosts'),
    addresses: read.strings(spec, 'addresses'),
    ports: read.list(spec, 'ports', (node, at) => ({
      at,
      number: read.number(node, 'number'),
      name: read.string(node, 'name'),
      protocol: read.string(node, 'protocol'),
      targetPort: read.number(node, 'targetPort'),
    })),
    location: read.string(spec, 'location'),
    resolution: read.string(spec, 'resolution'),
    endpoints: read.list(spec, 'endpoints', (node, at) => endpoint(node, at, read)),
    workloadSelector: selector === undefined ? undefined : read.stringMap(selector, 'labels'),
    exportTo: read.strings(spec, 'exportTo'),
    subjectAltNames: read.strings(spec, 'subjectAltNames'),
  };
}

export function decodeWorkloadEntry(resource: Resource, read: Reader): WorkloadEntry {
  const { spec, at } = resource;
  return { ...resource, type: 'WorkloadEntry', endpoint: spec === undefined ? undefined : endpoint(spec, at, read) };
}

export function decodeWorkloadGroup(resource: Resource, read: Reader): WorkloadGroup {
  const { spec } = resource;
  return {
    ...resource,
    type: 'WorkloadGroup',
    workloadLabels: read.stringMap(read.map(spec, 'metadata'), 'labels'),
    template: read.object(spec, 'template', (node, at) => endpoint(node, at, read)),
  };
}

function endpoint(node: MapNode, at: Span, read: Reader): Endpoint {
  return {
    at,
    address: read.string(node, 'address'),
    ports: read.entries(node, 'ports', value => read.asNumber(value)),
    labels: read.stringMap(node, 'labels'),
    network: read.string(node, 'network'),
  };
}
