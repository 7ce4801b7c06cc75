import type { Service } from '../../model/kubernetes.ts';
import type { ServiceEntry } from '../../model/service-entry.ts';
import type { Snapshot } from '../../workspace/snapshot.ts';
import { isComplete, isGivenByPlatform, mayShareNamespace } from './ineffective-subset.ts';
import { hasAll, type Labels, templatesWith } from './templates.ts';

/**
 * Whether the workspace shows that a subset has no endpoint: it holds workloads of the service (pods, WorkloadEntries,
 * WorkloadGroups, or a ServiceEntry's own endpoints), and none of them has the labels.
 */
export function isEmptySubset(snapshot: Snapshot, service: Service | ServiceEntry, labels: Labels): boolean {
  const wanted = labels.filter(({ key }) => !isGivenByPlatform(key.value));
  if (wanted.length === 0 || !isComplete(snapshot, service.namespace)) return false;
  if (service.type === 'ServiceEntry' && service.workloadSelector === undefined) {
    const { endpoints } = service;
    return endpoints.length > 0 && !endpoints.some(endpoint => hasAll({ ...endpoint, resource: service }, wanted));
  }
  const selector = service.type === 'Service' ? service.selector : (service.workloadSelector ?? []);
  if (selector.length === 0) return false;
  const templates = templatesWith(snapshot.index, selector).filter(({ resource }) =>
    mayShareNamespace(resource, service),
  );
  const own = templates.some(({ resource }) => resource.namespace === service.namespace);
  return own && !templates.some(template => hasAll(template, wanted));
}
