import type { DestinationRule } from '../../model/destination-rule.ts';
import type { Service } from '../../model/kubernetes.ts';
import { bindsMesh } from '../../model/references.ts';
import type { Resource } from '../../model/resource.ts';
import type { ServiceEntry } from '../../model/service-entry.ts';
import type { VirtualService } from '../../model/virtual-service.ts';
import type { Located } from '../../text/range.ts';
import type { Index } from '../../workspace/index.ts';
import type { Snapshot } from '../../workspace/snapshot.ts';
import { policiesOf as blocksOf } from '../destination-rule/policies.ts';
import { isAmbient, labelOf, namespaceObject } from '../namespaces.ts';
import { authorizationRules, type Policy } from '../policies.ts';

export const USE_WAYPOINT = 'istio.io/use-waypoint';
const WAYPOINT_NAMESPACE = 'istio.io/use-waypoint-namespace';

/** A waypoint as labels name it. */
export interface WaypointName {
  readonly name: string;
  readonly namespace: string;
  readonly at: Located<string>;
}

/** The waypoint that the labels of a resource name; `undefined` without a label, or where it says `none`. */
export function namedWaypoint({ labels, namespace }: Pick<Resource, 'labels' | 'namespace'>): WaypointName | undefined {
  const at = labels.find(({ key }) => key.value === USE_WAYPOINT)?.value;
  if (at === undefined || at.value === '' || at.value === 'none') return undefined;
  return { name: at.value, namespace: labelOf(labels, WAYPOINT_NAMESPACE) || namespace, at };
}

/**
 * The waypoint through which calls of a service go: of its own label, else of its namespace's (Istio
 * `fetchWaypointForService`).
 */
export function waypointOf(service: Service | ServiceEntry, index: Index): WaypointName | undefined {
  const { labels, namespace } = service;
  if (labels.some(({ key }) => key.value === USE_WAYPOINT)) return namedWaypoint(service);
  const place = namespaceObject(index, namespace);
  return place === undefined ? undefined : namedWaypoint({ labels: place.labels, namespace });
}

/** A service in ambient mode for which a resource is. */
export interface AmbientService {
  readonly host: Located<string>;
  readonly service: Service | ServiceEntry;
  readonly waypoint: WaypointName | undefined;
}

/**
 * The services in ambient mode that the hosts of a VirtualService, or the host of a DestinationRule, stand for. None where
 * the resource stands in a namespace that is not known to be in ambient mode: it may be for clients with sidecars.
 */
export function ambientServices(
  resource: VirtualService | DestinationRule,
  { references, index }: Snapshot,
): readonly AmbientService[] {
  if (isAmbient(index, resource.namespace) !== true) return [];
  const hosts =
    resource.type === 'VirtualService' ? resource.hosts : resource.host === undefined ? [] : [resource.host];
  return hosts.flatMap(host => {
    if (host.value.startsWith('*')) return [];
    const found = references.host(host.value, resource.namespace, resource);
    const service = found.outcome === 'found' ? found.target.resource : undefined;
    if (service === undefined || isAmbient(index, service.namespace) !== true) return [];
    return [{ host, service, waypoint: waypointOf(service, index) }];
  });
}

/**
 * Whether traffic of a namespace in ambient mode goes through a waypoint, as far as manifests tell: the namespace or
 * some service of it is enrolled.
 */
export function usesWaypoint(index: Index, namespace: string): boolean {
  const own = labelOf(namespaceObject(index, namespace)?.labels ?? [], USE_WAYPOINT);
  if (own !== undefined && own !== '' && own !== 'none') return true;
  return [...index.all('Service'), ...index.all('ServiceEntry')].some(
    ({ labels, namespace: place }) => place === namespace && (labelOf(labels, USE_WAYPOINT) ?? 'none') !== 'none',
  );
}

const L7_FIELDS: readonly string[] = [
  'methods',
  'notMethods',
  'paths',
  'notPaths',
  'hosts',
  'notHosts',
  'requestPrincipals',
  'notRequestPrincipals',
];

/** The first thing in an AuthorizationPolicy that only a proxy for HTTP can judge (Kiali `l7_classification`). */
export function l7Condition(policy: Policy):
  | {
      readonly start: number;
      readonly end: number;
      readonly anchor: Policy['resource']['document'];
      readonly value: string;
    }
  | undefined {
  for (const { from, to, when } of authorizationRules(policy)) {
    const field = [...from, ...to]
      .flatMap(({ fields }) => fields)
      .find(({ key }) => L7_FIELDS.includes(key.value))?.key;
    const key = field ?? when.find(condition => condition.key?.value.startsWith('request.'))?.key;
    if (key !== undefined)
      return { anchor: policy.resource.document, start: key.start, end: key.end, value: key.value };
  }
  return undefined;
}

/** What of a DestinationRule works on requests. */
export function isL7Rule(rule: DestinationRule): boolean {
  return blocksOf(rule).some(
    ({ loadBalancer, connectionPool, outlierDetection }) =>
      outlierDetection !== undefined ||
      connectionPool?.http !== undefined ||
      (loadBalancer?.consistentHash !== undefined && loadBalancer.consistentHash.useSourceIp === undefined),
  );
}

export function isL7Routes(vs: VirtualService): boolean {
  return bindsMesh(vs) && vs.http.length + vs.tls.length > 0;
}
