import type { ResourceType, TypedResource } from '../../model/decode.ts';
import { Fields } from '../fields.ts';

/** Types of resources that choose workloads. */
export const SELECTING: readonly ResourceType[] = ['ServiceEntry', 'Sidecar', 'Other', 'DestinationRule'];

/** How a resource chooses workloads. */
export interface Selector {
  readonly spec: Fields;
  /** `selector` or `workloadSelector`. */
  readonly field: string;
  /** `matchLabels` or `labels`. */
  readonly labels: string;
  readonly object: Fields;
  /** The older form of Sidecars, ServiceEntries and EnvoyFilters. */
  readonly isOld: boolean;
}

const OLD: readonly string[] = ['ServiceEntry', 'Sidecar', 'EnvoyFilter'];
const NEW: readonly string[] = [
  'AuthorizationPolicy',
  'RequestAuthentication',
  'PeerAuthentication',
  'Telemetry',
  'WasmPlugin',
  'TrafficExtension',
  'ProxyConfig',
];

/** Kinds that may point at Gateways and Services instead, and the id of that check (`VALIDATION.md`). */
export const TARGETING: Readonly<Record<string, readonly string[]>> = {
  AuthorizationPolicy: ['AP-01'],
  RequestAuthentication: ['RA-01'],
  PeerAuthentication: ['PA-04'],
  Telemetry: ['TL-01'],
  WasmPlugin: ['WP-01'],
  TrafficExtension: ['TE-02'],
  ProxyConfig: ['PC-01'],
  ServiceEntry: ['SE-01'],
  Sidecar: ['SC-01'],
  EnvoyFilter: ['EF-02'],
  DestinationRule: ['DR-09'],
};

/** The selector of a resource, where it has one. */
export function selectorOf(resource: TypedResource): Selector | undefined {
  const spec = Fields.spec(resource, ...OLD, ...NEW, 'DestinationRule');
  if (spec === undefined) return undefined;
  const isOld = OLD.includes(resource.kind);
  const field = isOld || resource.kind === 'DestinationRule' ? 'workloadSelector' : 'selector';
  const object = spec.object(field);
  return object === undefined ? undefined : { spec, field, labels: isOld ? 'labels' : 'matchLabels', object, isOld };
}

/** The ids of the checks of a kind's selector. */
export function selectorIds(resource: TypedResource): readonly string[] {
  return TARGETING[resource.kind] ?? [];
}
