import type { Service, Workload } from '../../model/kubernetes.ts';
import type { Snapshot } from '../../workspace/snapshot.ts';
import type { Policy } from '../policies.ts';
import { servicesOf } from '../workload/services.ts';
import { workloadsIn, workloadsWith } from '../workloads.ts';

/** The workloads of the workspace that a policy with a selector, or for its namespace, is for; empty where it is not known. */
export function workloadsOf(
  { selector, targetRefs, resource }: Policy,
  { index, settings }: Snapshot,
): readonly Workload[] {
  const { namespace } = resource;
  const isRoot = namespace === settings.mesh.rootNamespace;
  if (targetRefs.length > 0) return [];
  if (selector !== undefined && selector.length > 0)
    return workloadsWith(index, selector).filter(workload => isRoot || workload.namespace === namespace);
  return isRoot ? [] : workloadsIn(index, namespace);
}

/** A port of a Service that was taken for one of the workload. */
export interface ServicePort {
  readonly service: Service;
  /** The port of the workload behind it. */
  readonly target: number;
  readonly at: Service['ports'][number];
}

/**
 * Policies ask for ports of workloads. The Service whose `port` has a number, where no workload listens on that number;
 * `undefined` where some does, or where it is not known.
 */
export function mistakenPort(port: number, policy: Policy, snapshot: Snapshot): ServicePort | undefined {
  const { index } = snapshot;
  const workloads = workloadsOf(policy, snapshot);
  if (workloads.length === 0 || index.hasTemplates) return undefined;
  let found: ServicePort | undefined;
  for (const workload of workloads) {
    const containers = workload.containerPorts.map(entry => entry.port?.value);
    if (containers.includes(port)) return undefined;
    for (const service of servicesOf(index, workload)) {
      for (const at of service.ports) {
        const named = workload.containerPorts.find(
          ({ name }) => name !== undefined && name.value === at.targetPort?.value,
        );
        const written = at.targetPort ?? at.number;
        const target = typeof written?.value === 'string' ? named?.port?.value : written?.value;
        // A name that cannot be resolved may be any port.
        if (target === undefined || target === port) return undefined;
        if (at.number?.value === port) found ??= { service, target, at };
      }
    }
  }
  return found;
}
