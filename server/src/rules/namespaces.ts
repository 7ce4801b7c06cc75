import type { Namespace, Workload } from '../model/kubernetes.ts';
import { asMap, Reader } from '../model/reader.ts';
import type { Index } from '../workspace/index.ts';
import { child } from '../yaml/node.ts';
import type { LabelList } from './workloads.ts';

/** Namespaces of Kubernetes itself: no proxies there (Istio `IsSystemNamespace`). */
const SYSTEM: readonly string[] = ['kube-system', 'kube-public', 'kube-node-lease', 'local-path-storage'];

const INJECT = 'sidecar.istio.io/inject';

export function isSystemNamespace(name: string): boolean {
  return SYSTEM.includes(name);
}

/** The value of a label. */
export function labelOf(labels: LabelList, key: string): string | undefined {
  return labels.find(label => label.key.value === key)?.value.value;
}

/** The manifest of a namespace, if the workspace holds one. */
export function namespaceObject(index: Index, name: string): Namespace | undefined {
  return index.find('Namespace', `/${name}`)[0];
}

/**
 * Whether a namespace is in ambient mode, as its manifest says; `undefined` without a manifest (Istio
 * `NamespaceInAmbientMode`: a label for sidecars counts more).
 */
export function isAmbient(index: Index, name: string): boolean | undefined {
  const namespace = namespaceObject(index, name);
  if (namespace === undefined) return undefined;
  if (labelOf(namespace.labels, 'istio-injection') === 'enabled' || labelOf(namespace.labels, 'istio.io/rev'))
    return false;
  return labelOf(namespace.labels, 'istio.io/dataplane-mode') === 'ambient';
}

/**
 * Whether the pods of a workload get a sidecar, as far as manifests tell: by its own label or annotation, else by the
 * labels of its namespace (Istio `util.DeploymentInMesh`).
 */
export function isInMesh(index: Index, workload: Workload): boolean | undefined {
  const own = labelOf(workload.podLabels, INJECT) ?? labelOf(podAnnotations(workload), INJECT);
  if (own !== undefined) return own === 'true';
  const namespace = namespaceObject(index, workload.namespace);
  if (namespace === undefined) return undefined;
  const revision = labelOf(namespace.labels, 'istio.io/rev');
  return labelOf(namespace.labels, 'istio-injection') === 'enabled' || (revision !== undefined && revision !== '');
}

/** The annotations that the pods of a workload get. */
export function podAnnotations(workload: Workload): LabelList {
  if (workload.kind === 'Pod') return workload.annotations;
  const read = new Reader(workload.document);
  return read.stringMap(read.map(asMap(child(workload.spec, 'template')), 'metadata'), 'annotations');
}

/** The places in which a name may stand for several namespaces: a leading or trailing `*`. */
export function namespaceMatches(pattern: string, name: string): boolean {
  if (pattern === '*') return true;
  if (pattern.startsWith('*')) return name.endsWith(pattern.slice(1));
  if (pattern.endsWith('*')) return name.startsWith(pattern.slice(0, -1));
  return pattern === name;
}
