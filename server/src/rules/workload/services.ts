import type { Service, Workload } from '../../model/kubernetes.ts';
import type { Index } from '../../workspace/index.ts';
import { Groups } from '../../workspace/reads.ts';
import { hasLabels } from '../workloads.ts';

const byNamespace = Groups.of('Service', service => [[service.namespace, service]]);

/** The Services of a namespace whose selector picks the pods of a workload. */
export function servicesOf(index: Index, workload: Pick<Workload, 'namespace' | 'podLabels'>): readonly Service[] {
  const services = index.group(byNamespace, workload.namespace) ?? [];
  return services.filter(({ selector }) => selector.length > 0 && hasLabels(workload.podLabels, selector));
}
