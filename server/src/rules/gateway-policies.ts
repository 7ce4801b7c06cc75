import { Groups } from '../workspace/reads.ts';
import type { Snapshot } from '../workspace/snapshot.ts';
import type { Policy } from './policies.ts';
import { labelText } from './workloads.ts';

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
  if (selector.length === 0) return index.group(byNamespace, namespace) !== undefined;
  const own = selector.map(labelText);
  return ['', ...own].some(label =>
    index.group(selectors, label)?.some(text => {
      const theirs = JSON.parse(text) as readonly string[];
      return theirs.every(wanted => own.includes(wanted)) || own.every(wanted => theirs.includes(wanted));
    }),
  );
}

const byNamespace = Groups.of('Gateway', ({ namespace }) => [[namespace, true]]);

/** Selectors by each of their labels, as text: what else of a Gateway changes is none of a policy's business. */
const selectors = Groups.of('Gateway', ({ selector }): [string, string][] => {
  const texts = selector.map(labelText);
  return (texts.length === 0 ? [''] : texts).map(label => [label, JSON.stringify(texts)]);
});
