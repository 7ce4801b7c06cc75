import type { TypedResource } from '../../model/decode.ts';
import type { Snapshot } from '../../workspace/snapshot.ts';
import { changeTo } from '../edits.ts';
import { nearest } from '../nearest.ts';
import { workspaceRule } from '../rule.ts';
import { orMeant, quoted } from '../words.ts';
import { isFloating } from '../workloads.ts';
import { namedWaypoint, type WaypointName } from './modes.ts';

const WAYPOINT_CLASS = 'istio-waypoint';

export const unknownWaypoint = workspaceRule({
  id: 'ambient/unknown-waypoint',
  severity: 'warning',
  on: ['Namespace', 'Service', 'ServiceEntry', 'Workload'],
  ignores: 'VirtualService',
  codes: ['KIA1313'],
  summary: 'A label names a waypoint that does not exist.',
  why: 'Connections go past it: no route, no JWT and no condition on requests has an effect.',
  remedy:
    'Correct the name, or create the waypoint: a Gateway of the class `istio-waypoint`. One of another namespace needs the label `istio.io/use-waypoint-namespace` as well.',
  invalid: `
apiVersion: v1
kind: Namespace
metadata: { name: shop, labels: { istio.io/dataplane-mode: ambient, istio.io/use-waypoint: waypont } }
---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: { name: waypoint, namespace: shop }
spec:
  gatewayClassName: istio-waypoint
  listeners: [{ name: mesh, port: 15008, protocol: HBONE }]
`,
  valid: `
apiVersion: v1
kind: Namespace
metadata: { name: shop, labels: { istio.io/dataplane-mode: ambient, istio.io/use-waypoint: waypoint } }
---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: { name: waypoint, namespace: shop }
spec:
  gatewayClassName: istio-waypoint
  listeners: [{ name: mesh, port: 15008, protocol: HBONE }]
`,
  *check(resource, snapshot) {
    const named = namedWaypoint(labelled(resource));
    if (named === undefined) return;
    const missing = missingWaypointOf(named, resource, snapshot);
    if (missing === undefined) return;
    const { guess } = missing;
    yield {
      at: named.at,
      message: `there is no waypoint ${quoted(named.name)} in ${quoted(named.namespace)}, so nothing goes through one${orMeant(guess)}`,
      fixes: guess === undefined ? [] : [changeTo(resource.document, named.at, guess)],
    };
  },
});

/** Labels of pods count for a workload; a namespace’s waypoint is looked for in itself. */
function labelled(resource: TypedResource): Pick<TypedResource, 'labels' | 'namespace'> {
  if (resource.type === 'Workload') return { labels: resource.podLabels, namespace: resource.namespace };
  if (resource.type === 'Namespace') return { labels: resource.labels, namespace: resource.name };
  return resource;
}

/**
 * A waypoint that is not there: the settings say that the workspace holds the whole namespace, or it holds others of
 * the namespace; most are made by a command and stand in no manifest.
 */
function missingWaypointOf(
  { name, namespace }: WaypointName,
  user: TypedResource,
  { index, references }: Snapshot,
): { readonly guess: string | undefined } | undefined {
  if (index.find('KubernetesGateway', `${namespace}/${name}`).length > 0) return undefined;
  const mayBeElsewhere = user.type !== 'Namespace' && isFloating(user);
  if (references.named('KubernetesGateway', name).some(other => mayBeElsewhere || isFloating(other))) return undefined;
  const others = index
    .all('KubernetesGateway')
    .filter(gateway => gateway.namespace === namespace && gateway.gatewayClass === WAYPOINT_CLASS)
    .map(gateway => gateway.name);
  if (!index.owns(namespace) && (index.hasTemplates || others.length === 0)) return undefined;
  return { guess: nearest(name, others) };
}
