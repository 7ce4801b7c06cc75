import type { Entry } from '../../model/reader.ts';
import type { Resource } from '../../model/resource.ts';
import type { Located, Span } from '../../text/range.ts';
import type { Index } from '../../workspace/index.ts';
import { Groups } from '../../workspace/reads.ts';

export type Labels = readonly Entry<Located<string>>[];

/** Something that makes endpoints, with the labels that they get. */
export interface Template {
  readonly resource: Resource;
  readonly labels: Labels;
  readonly at: Span;
}

const ofWorkloads = Groups.of('Workload', resource =>
  byLabel({ resource, labels: resource.podLabels, at: resource.podLabelsAt ?? resource.nameAt }),
);
const ofEntries = Groups.of('WorkloadEntry', resource =>
  byLabel({ resource, labels: [...resource.labels, ...(resource.endpoint?.labels ?? [])], at: resource.nameAt }),
);
const ofGroups = Groups.of('WorkloadGroup', resource =>
  byLabel({
    resource,
    labels: [...resource.workloadLabels, ...(resource.template?.labels ?? [])],
    at: resource.nameAt,
  }),
);

function byLabel(template: Template): (readonly [string, Template])[] {
  return [...new Set(template.labels.map(text))].map(label => [label, template]);
}

/** The templates of a workspace, in whatever namespace, that have all of some labels; at least one is asked for. */
export function templatesWith(index: Index, labels: Labels): readonly Template[] {
  const [first] = labels;
  const candidates =
    first === undefined ? [] : [ofWorkloads, ofEntries, ofGroups].flatMap(kind => index.group(kind, text(first)) ?? []);
  return candidates.filter(template => hasAll(template, labels));
}

export function hasAll(template: Template, labels: Labels): boolean {
  return labels.every(label => hasLabel(template, label));
}

export function hasLabel({ labels }: Template, { key, value }: Labels[number]): boolean {
  return labels.some(label => label.key.value === key.value && label.value.value === value.value);
}

function text({ key, value }: Labels[number]): string {
  return `${key.value}=${value.value}`;
}
