import type { Snapshot } from '../workspace/snapshot.ts';
import type { Policy } from './policies.ts';
import { hasLabels } from './workloads.ts';

const GATEWAY = /gateway|ingress|egress/i;
/** The label of pods that a Gateway of the Gateway API gets. */
const GENERATED: readonly string[] = ['gateway.networking.k8s.io/gateway-name', 'istio.io/gateway-name'];

/**
 * Whether a policy may be for a gateway: it names one, stands in a namespace where they usually run, or picks what a
 * Gateway of the workspace picks. Much that holds for sidecars and waypoints does not hold there.
 */
export function mayBeOfGateway(
  { resource, selector = [], targetRefs }: Policy,
  { index, settings }: Snapshot,
): boolean {
  const { namespace } = resource;
  const { rootNamespace, gatewayNamespace } = settings.mesh;
  if (targetRefs.some(({ kind }) => kind?.value !== 'Service' && kind?.value !== 'ServiceEntry')) return true;
  if (namespace === rootNamespace || namespace === gatewayNamespace || GATEWAY.test(namespace)) return true;
  if (selector.some(({ key, value }) => GENERATED.includes(key.value) || GATEWAY.test(value.value))) return true;
  const gateways = index.all('Gateway');
  return selector.length === 0
    ? gateways.some(gateway => gateway.namespace === namespace)
    : gateways.some(gateway => hasLabels(selector, gateway.selector) || hasLabels(gateway.selector, selector));
}
