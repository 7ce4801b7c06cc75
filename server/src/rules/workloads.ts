import type { TypedResource } from '../model/decode.ts';
import type { Workload } from '../model/kubernetes.ts';
import type { Entry } from '../model/reader.ts';
import type { Resource } from '../model/resource.ts';
import type { Located } from '../text/range.ts';
import type { Index } from '../workspace/index.ts';
import { Groups } from '../workspace/reads.ts';
import type { Snapshot } from '../workspace/snapshot.ts';
import { allOf, quoted } from './words.ts';

/** Labels that are asked for, or that something has, with their places. */
export type LabelList = readonly Entry<Located<string>>[];

/** What a selector of workloads finds in the workspace. */
export type Selection =
  | { readonly outcome: 'found'; readonly workloads: readonly Workload[] }
  | { readonly outcome: 'missing' }
  | { readonly outcome: 'unknowable' };

const UNKNOWABLE = { outcome: 'unknowable' } as const;
const MISSING = { outcome: 'missing' } as const;

const byLabel = Groups.of('Workload', workload =>
  [...new Set(workload.podLabels.map(labelText))].map(label => [label, workload] as const),
);
const byNamespace = Groups.of('Workload', workload => [[workload.namespace, workload]]);

/** The workloads of a namespace whose pod templates the workspace holds. */
export function workloadsIn(index: Index, namespace: string): readonly Workload[] {
  return index.group(byNamespace, namespace) ?? [];
}

/** The workloads of the workspace, of whatever namespace, whose pods have all of some labels; at least one is asked for. */
export function workloadsWith(index: Index, labels: LabelList): readonly Workload[] {
  const [first] = labels;
  const candidates = first === undefined ? [] : (index.group(byLabel, labelText(first)) ?? []);
  return candidates.filter(workload =>
    labels.every(label => workload.podLabels.some(own => labelText(own) === labelText(label))),
  );
}

/**
 * What a selector finds. It is missing only where the settings say that the workspace holds the whole namespace, or
 * where it holds workloads of the namespace that use the very same keys with other values: then the value is a slip.
 *
 * @param namespace where pods are looked for; `undefined` for all namespaces
 */
export function selectWorkloads(
  snapshot: Snapshot,
  user: TypedResource,
  labels: LabelList,
  namespace: string | undefined,
): Selection {
  const { index } = snapshot;
  const fitting = workloadsWith(index, labels);
  const there = fitting.filter(workload => namespace === undefined || workload.namespace === namespace);
  if (there.length > 0) return { outcome: 'found', workloads: there };
  if (isInstalled(labels)) return UNKNOWABLE;
  if (fitting.some(workload => isFloating(workload) || isFloating(user))) return UNKNOWABLE;
  if (index.owns(namespace ?? '*')) return MISSING;
  if (index.hasTemplates) return UNKNOWABLE;
  const neighbors = namespace === undefined ? [] : workloadsIn(index, namespace);
  const usesKeys = labels.every(({ key }) =>
    neighbors.some(({ podLabels }) => podLabels.some(label => label.key.value === key.value)),
  );
  return neighbors.length > 0 && usesKeys ? MISSING : UNKNOWABLE;
}

/** What the installation of Istio gives its own gateways, of which there is seldom a manifest. */
function isInstalled(labels: LabelList): boolean {
  const isGateway = (text: string): boolean => /^(istio-)?(ingress|egress|eastwest)gateway$/.test(text);
  return (
    labels.length > 0 &&
    labels.every(({ key, value }) => ['istio', 'app'].includes(key.value) && isGateway(value.value))
  );
}

/** It writes no namespace, and may be applied to any. */
export function isFloating(resource: Pick<Resource, 'namespaceAt'>): boolean {
  return resource.namespaceAt === undefined;
}

/**
 * Whether two resources are certainly applied to one cluster. What writes no namespace, in another file, may be an
 * alternative, or for another environment.
 */
export function areTogether(a: Resource, b: Resource, index: Index): boolean {
  if (a.document.file === b.document.file || (!isFloating(a) && !isFloating(b))) return true;
  return index.owns(a.namespace) && index.owns(b.namespace);
}

/** Whether a set of labels has all that another asks for. */
export function hasLabels(labels: LabelList, wanted: LabelList): boolean {
  return wanted.every(label => labels.some(own => labelText(own) === labelText(label)));
}

/** Whether every workload that one of two selectors picks is picked by the other one, too. */
export function isWithin(a: LabelList, b: LabelList): boolean {
  return hasLabels(a, b) || hasLabels(b, a);
}

export function sameLabels(a: LabelList, b: LabelList): boolean {
  return hasLabels(a, b) && hasLabels(b, a);
}

/** `"app: reviews"`, `"app: reviews" and "version: v1"` */
export function labelsText(labels: LabelList): string {
  return allOf(labels.map(({ key, value }) => quoted(`${key.value}: ${value.value}`)));
}

/** `app=reviews` */
export function labelText({ key, value }: LabelList[number]): string {
  return `${key.value}=${value.value}`;
}
