import { type Located, locate, type Span } from '../text/range.ts';
import type { Entry, Reader } from './reader.ts';
import type { Resource } from './resource.ts';

export interface Sidecar extends Resource {
  readonly type: 'Sidecar';
  /** `undefined` without a selector: the Sidecar of the whole namespace. */
  readonly workloadSelector: readonly Entry<Located<string>>[] | undefined;
  readonly egress: readonly EgressListener[];
  readonly hasEgress: boolean;
  /** The mode; a policy without mode is `REGISTRY_ONLY`, the first value of its enum. */
  readonly outboundTrafficPolicy: Located<string> | undefined;
}

export interface EgressListener {
  readonly at: Span;
  readonly port: Located<number> | undefined;
  readonly protocol: Located<string> | undefined;
  readonly bind: Located<string> | undefined;
  readonly hosts: readonly Located<string>[];
}

export function decodeSidecar(resource: Resource, read: Reader): Sidecar {
  const { spec } = resource;
  const selector = read.map(spec, 'workloadSelector');
  return {
    ...resource,
    type: 'Sidecar',
    workloadSelector: selector === undefined ? undefined : read.stringMap(selector, 'labels'),
    egress: read.list(spec, 'egress', (node, at) => ({
      at,
      port: read.number(read.map(node, 'port'), 'number'),
      protocol: read.string(read.map(node, 'port'), 'protocol'),
      bind: read.string(node, 'bind'),
      hosts: read.strings(node, 'hosts'),
    })),
    hasEgress: read.value(spec, 'egress') !== undefined,
    outboundTrafficPolicy: read.object(
      spec,
      'outboundTrafficPolicy',
      (node, at) => read.string(node, 'mode') ?? locate('REGISTRY_ONLY', at.anchor, at),
    ),
  };
}
