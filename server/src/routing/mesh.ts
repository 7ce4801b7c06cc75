/**
 * What routing is computed from, and for whom.
 *
 * This layer turns resources into what Pilot makes of them. It knows neither files nor YAML, no snapshots, no
 * severities and no user's words; it can be compared with the real control plane on the same data.
 */

import type { DestinationRule } from '../model/destination-rule.ts';
import type { Gateway } from '../model/gateway.ts';
import type { Service } from '../model/kubernetes.ts';
import type { ServiceEntry } from '../model/service-entry.ts';
import type { Sidecar } from '../model/sidecar.ts';
import type { VirtualService } from '../model/virtual-service.ts';
import type { Protocol } from './protocol.ts';

/** The parts of Istio's mesh config that decide routes (`PILOT.md` 4.7, 5.3, 7, 8.2, 9). */
export interface MeshSettings {
  readonly rootNamespace: string;
  readonly clusterDomain: string;
  readonly trustDomain: string;
  readonly outboundTrafficPolicy: 'ALLOW_ANY' | 'REGISTRY_ONLY';
  /** Namespace in which gateway workloads run. */
  readonly gatewayNamespace: string;
  /** `exportTo` of resources that write none; Istio honours only a lone `.` and `*` here. */
  readonly defaultVirtualServiceExportTo: readonly string[];
  readonly defaultServiceExportTo: readonly string[];
  readonly defaultDestinationRuleExportTo: readonly string[];
  /** Of routes without `retries`; `undefined`: Istio's own. */
  readonly defaultHttpRetryPolicy: MeshRetryPolicy | undefined;
}

/** `retries` of the mesh config, with the names that they have in a VirtualService. */
export interface MeshRetryPolicy {
  readonly attempts?: number;
  readonly perTryTimeout?: string;
  readonly retryOn?: string;
  readonly retryRemoteLocalities?: boolean;
  readonly retryIgnorePreviousHosts?: boolean;
  readonly backoff?: string;
}

export const DEFAULT_MESH: MeshSettings = {
  rootNamespace: 'istio-system',
  clusterDomain: 'cluster.local',
  trustDomain: 'cluster.local',
  outboundTrafficPolicy: 'ALLOW_ANY',
  gatewayNamespace: 'istio-system',
  defaultVirtualServiceExportTo: ['*'],
  defaultServiceExportTo: ['*'],
  defaultDestinationRuleExportTo: ['*'],
  defaultHttpRetryPolicy: undefined,
};

/** What a resource without `exportTo` gets: itself alone, or everyone (Istio `initDefaultExportMaps`). */
export function defaultExportTo(words: readonly string[]): '.' | '*' {
  return words.includes('.') ? '.' : '*';
}

/** A host of the registry: of a Kubernetes Service, of a ServiceEntry, or one that is assumed to exist. */
export interface MeshService {
  /** Full name, lower case; may be a wildcard in a ServiceEntry. */
  readonly host: string;
  /** Name of the Kubernetes Service; empty for others. */
  readonly name: string;
  readonly namespace: string;
  readonly ports: readonly MeshPort[];
  readonly registry: 'Kubernetes' | 'External' | 'assumed';
  readonly resource: Service | ServiceEntry | undefined;
  readonly resolution: 'EDS' | 'STRICT_DNS' | 'LOGICAL_DNS' | 'ORIGINAL_DST' | 'ALIAS' | 'DYNAMIC';
  readonly headless: boolean;
  /** Addresses of its own: a cluster IP, a ServiceEntry's addresses. */
  readonly addresses: readonly string[];
  /** For an ExternalName service: the host it stands for. */
  readonly aliasOf: string | undefined;
  /** Namespaces that see it; empty: all. */
  readonly exportTo: readonly string[];
  readonly creationTimestamp: string;
  readonly meshExternal: boolean;
}

export interface MeshPort {
  readonly number: number;
  readonly name: string;
  readonly protocol: Protocol;
}

/** Everything that decides routes. The lists are in Pilot's order (age, name, namespace). */
export interface Mesh {
  readonly settings: MeshSettings;
  readonly services: readonly MeshService[];
  readonly virtualServices: readonly VirtualService[];
  readonly destinationRules: readonly DestinationRule[];
  readonly gateways: readonly Gateway[];
  /** Gateways of the list that no manifest defines and that are taken to exist, as `namespace/name`. */
  readonly assumedGateways: ReadonlySet<string>;
  readonly sidecars: readonly Sidecar[];
}

/** A proxy whose table is asked for. */
export interface MeshProxy {
  readonly type: 'router' | 'sidecar';
  readonly namespace: string;
  readonly labels: Readonly<Record<string, string>>;
}

/** Whether labels carry everything that a selector asks for. */
export function selects(selector: Readonly<Record<string, string>>, labels: Readonly<Record<string, string>>): boolean {
  return Object.entries(selector).every(([key, value]) => labels[key] === value);
}
