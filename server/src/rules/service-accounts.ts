import { asMap, Reader } from '../model/reader.ts';
import type { Resource } from '../model/resource.ts';
import type { Index } from '../workspace/index.ts';
import type { Snapshot } from '../workspace/snapshot.ts';
import { child } from '../yaml/node.ts';
import { nearest } from './nearest.ts';
import { isFloating, workloadsIn } from './workloads.ts';

/**
 * A service account that does not exist. It is missing only where the settings say that the workspace holds the whole
 * namespace, and no pod there uses it.
 *
 * @param user the resource that names it
 */
export function missingServiceAccount(
  name: string,
  namespace: string,
  user: Resource,
  { index, references }: Snapshot,
): { readonly guess: string | undefined } | undefined {
  // Kubernetes makes one in each namespace.
  if (name === '' || name === 'default' || !index.owns(namespace) || index.hasTemplates) return undefined;
  if (index.find('ServiceAccount', `${namespace}/${name}`).length > 0) return undefined;
  const namesakes = references.named('ServiceAccount', name);
  if (namesakes.some(account => isFloating(account)) || (namesakes.length > 0 && isFloating(user))) return undefined;
  if (usedIn(index, namespace).includes(name)) return undefined;
  const others = index.all('ServiceAccount').filter(account => account.namespace === namespace);
  return {
    guess: nearest(
      name,
      others.map(account => account.name),
    ),
  };
}

/** The service accounts of pods of a namespace. */
function usedIn(index: Index, namespace: string): readonly string[] {
  return workloadsIn(index, namespace).flatMap(workload => {
    const spec = workload.kind === 'Pod' ? workload.spec : asMap(child(child(workload.spec, 'template'), 'spec'));
    return new Reader(workload.document).string(spec, 'serviceAccountName')?.value ?? [];
  });
}
