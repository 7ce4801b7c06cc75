import type { Workload } from '../model/kubernetes.ts';
import { Reader } from '../model/reader.ts';
import type { Span } from '../text/range.ts';
import type { Snapshot } from '../workspace/snapshot.ts';
import { isForAll, type Policy, policiesOf } from './policies.ts';
import { hasLabels } from './workloads.ts';

/** The mode of mTLS in force, and the PeerAuthentication that says so. */
export interface MtlsMode {
  readonly mode: 'STRICT' | 'PERMISSIVE' | 'DISABLE';
  readonly policy: Policy;
  readonly at: Span;
}

/**
 * The mode of a workload, or without one of all workloads of a namespace: of its own PeerAuthentication, of the
 * namespace, of the mesh; the oldest of each kind counts (Istio `ComposePeerAuthentication`).
 *
 * @returns `undefined` where no PeerAuthentication of the workspace says it, or where one says it for single ports
 */
export function mtlsMode(snapshot: Snapshot, namespace: string, workload?: Workload): MtlsMode | undefined {
  const { index, settings } = snapshot;
  const all = policiesOf(index, 'PeerAuthentication');
  const own = all.filter(policy => policy.resource.namespace === namespace);
  const selected = own.filter(({ selector }) => selector !== undefined && selector.length > 0);
  const mine = selected.filter(
    ({ selector = [] }) => workload !== undefined && hasLabels(workload.podLabels, selector),
  );
  // Who asks for a whole namespace gets no answer where parts of it are different.
  if (workload === undefined && selected.length > 0) return undefined;
  const general = own.filter(isForAll);
  const ofMesh = all.filter(policy => policy.resource.namespace === settings.mesh.rootNamespace && isForAll(policy));
  for (const policy of [...mine, ...general, ...ofMesh]) {
    const read = new Reader(policy.resource.document);
    if (read.map(policy.resource.spec, 'portLevelMtls') !== undefined) return undefined;
    const mode = read.string(read.map(policy.resource.spec, 'mtls'), 'mode');
    if (mode?.value === 'STRICT' || mode?.value === 'PERMISSIVE' || mode?.value === 'DISABLE')
      return { mode: mode.value, policy, at: mode };
  }
  return undefined;
}
