import type { DestinationRule, Subset } from '../../model/destination-rule.ts';
import type { Resource } from '../../model/resource.ts';
import type { Located } from '../../text/range.ts';
import type { Snapshot } from '../../workspace/snapshot.ts';
import { changeTo } from '../edits.ts';
import { nearest } from '../nearest.ts';
import { type Finding, type Fix, type Note, workspaceRule } from '../rule.ts';
import { allOf, quoted } from '../words.ts';
import { hasAll, hasLabel, type Labels, type Template, templatesWith } from './templates.ts';

/** More templates than this make a message that nobody reads. */
const MAX_NOTES = 5;

export const ineffectiveSubset = workspaceRule({
  id: 'destination-rule/ineffective-subset',
  severity: 'warning',
  on: ['DestinationRule'],
  ignores: 'VirtualService',
  codes: ['IST0173', 'KIA0203'],
  summary: 'The labels of a subset match no workload of the service.',
  why: 'The cluster of the subset has no endpoints: requests to it get 503 (UH).',
  remedy: 'Write labels that the pod template of some workload of the service has.',
  invalid: `
apiVersion: v1
kind: Service
metadata: { name: reviews, namespace: shop }
spec: { selector: { app: reviews }, ports: [{ name: http, port: 80 }] }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: reviews-v1, namespace: shop }
spec: { template: { metadata: { labels: { app: reviews, version: v1 } } } }
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: reviews, namespace: shop }
spec:
  host: reviews
  subsets: [{ name: v2, labels: { version: v2 } }]
`,
  valid: `
apiVersion: v1
kind: Service
metadata: { name: reviews, namespace: shop }
spec: { selector: { app: reviews }, ports: [{ name: http, port: 80 }] }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: reviews-v1, namespace: shop }
spec: { template: { metadata: { labels: { app: reviews, version: v1 } } } }
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: reviews, namespace: shop }
spec:
  host: reviews
  subsets: [{ name: v1, labels: { version: v1 } }]
`,
  *check(rule, snapshot) {
    if (rule.subsets.length === 0 || rule.host === undefined) return;
    const service = snapshot.references.host(rule.host.value, rule.namespace, rule);
    if (service.outcome !== 'found' || service.target.resource?.type !== 'Service') return;
    const { resource } = service.target;
    const isWildcard = rule.host.value.startsWith('*');
    if (isWildcard || resource.selector.length === 0 || !isComplete(snapshot, resource.namespace)) return;
    const templates = templatesWith(snapshot.index, resource.selector).filter(template =>
      mayShareNamespace(template.resource, resource),
    );
    if (!templates.some(template => template.resource.namespace === resource.namespace)) return;
    for (const subset of rule.subsets) {
      const wanted = subset.labels.filter(({ key }) => !isGivenByPlatform(key.value));
      if (wanted.length === 0 || templates.some(template => hasAll(template, wanted))) continue;
      yield finding(rule, { subset, wanted, templates, service: resource.name });
    }
  },
});

export function isComplete(snapshot: Snapshot, namespace: string): boolean {
  return !snapshot.index.hasTemplates || snapshot.index.owns(namespace);
}

/** One of the two may be applied to the namespace of the other when it writes none. */
export function mayShareNamespace(a: Resource, b: Resource): boolean {
  return a.namespace === b.namespace || a.namespaceAt === undefined || b.namespaceAt === undefined;
}

/** Labels that pods and endpoints get in the cluster, from their node, their controller or Istio. */
export function isGivenByPlatform(key: string): boolean {
  if (
    [
      'pod-template-hash',
      'rollouts-pod-template-hash',
      'controller-revision-hash',
      'job-name',
      'controller-uid',
    ].includes(key)
  ) {
    return true;
  }
  const prefix = key.slice(0, Math.max(0, key.indexOf('/')));
  if (prefix === 'app.kubernetes.io') return false;
  return /(^|\.)(kubernetes|istio|k8s)\.io$/.test(prefix);
}

function finding(
  rule: DestinationRule,
  {
    subset,
    wanted,
    templates,
    service,
  }: { subset: Subset; wanted: Labels; templates: readonly Template[]; service: string },
): Finding {
  const wrong = wanted.filter(label => !templates.some(template => hasLabel(template, label)));
  const [only] = wrong;
  const name = subset.name === undefined ? 'this subset' : `the subset ${quoted(subset.name.value)}`;
  const result = `so ${name} has no endpoints and requests to it get 503`;
  if (only === undefined || wrong.length > 1) {
    const labels = allOf(wanted.map(({ key, value }) => quoted(`${key.value}: ${value.value}`)));
    const message = `no workload of service ${quoted(service)} has the labels ${labels}${wrong.length > 1 ? '' : ' together'}, ${result}`;
    return { at: subset.labelsAt ?? subset.at, message, related: notes(templates, wanted) };
  }
  const values = valuesOf(templates, only.key.value);
  const found = values.length === 0 ? '; they have no such label at all' : `; they have ${allOf(values.map(quoted))}`;
  return {
    at: only.value,
    message: `no workload of service ${quoted(service)} has the label ${quoted(`${only.key.value}: ${only.value.value}`)}, ${result}${found}`,
    related: notes(templates, [only]),
    fixes: fixesFor(rule, only.value, values),
  };
}

function valuesOf(templates: readonly Template[], key: string): readonly string[] {
  const values = templates.flatMap(({ labels }) => labels.filter(label => label.key.value === key));
  return [...new Set(values.map(({ value }) => value.value))].sort();
}

function notes(templates: readonly Template[], wanted: Labels): readonly Note[] {
  const keys = wanted.map(({ key }) => key.value);
  return templates.slice(0, MAX_NOTES).map(({ resource, labels, at }) => {
    const own = labels.filter(({ key }) => keys.includes(key.value));
    const text =
      own.length === 0
        ? `no ${allOf(keys.map(quoted))}`
        : allOf(own.map(({ key, value }) => quoted(`${key.value}: ${value.value}`)));
    return { at: own[0]?.value ?? at, message: `${resource.kind} ${quoted(resource.name)} has ${text}` };
  });
}

/** Values that another subset has already are left out: two subsets are hardly meant to be the same. */
function fixesFor(rule: DestinationRule, value: Located<string>, values: readonly string[]): readonly Fix[] {
  const used = new Set(rule.subsets.flatMap(subset => subset.labels.map(label => label.value.value)));
  const free = values.filter(candidate => !used.has(candidate));
  const guess = nearest(value.value, free) ?? (free.length === 1 ? free[0] : undefined);
  if (guess === undefined) return [];
  return [changeTo(rule.document, value, guess)];
}
