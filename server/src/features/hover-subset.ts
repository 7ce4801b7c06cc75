import type { DestinationRule, Subset } from '../model/destination-rule.ts';
import { parseServiceHost } from '../model/host.ts';
import type { Workload } from '../model/kubernetes.ts';
import { plainMap } from '../model/reader.ts';
import type { Origin } from '../model/references.ts';
import { keyOf } from '../model/resource.ts';
import type { MergedRule } from '../routing/destination-rules.ts';
import { selects } from '../routing/mesh.ts';
import { allOf, count } from '../rules/words.ts';
import type { Snapshot } from '../workspace/snapshot.ts';
import { type Client, clientsOf } from './hover-client.ts';
import { blockNames } from './hover-host.ts';
import { blocks, bold, code, codes, warning } from './markdown.ts';
import type { NamePlace } from './names.ts';
import { placeText } from './place-text.ts';

/** On the name of a subset: its labels, the workloads that carry them, and what it replaces of the rule's policy. */
export function subsetHover(
  snapshot: Snapshot,
  place: NamePlace,
  name: { readonly host: string; readonly subset: string },
): string | undefined {
  const { origin, resource } = place;
  if (origin?.type !== 'subset') {
    const own =
      resource.type === 'DestinationRule'
        ? resource.subsets.find(subset => subset.name?.value === name.subset)
        : undefined;
    return own === undefined || resource.type !== 'DestinationRule'
      ? undefined
      : blocks([heading(name.subset, name.host, ''), body(snapshot, own, resource, name.host)]);
  }
  const host = origin.host.value;
  const full = snapshot.references.fullHost(host, resource.namespace).toLowerCase();
  const [client] = clientsOf(snapshot, resource);
  const inForce = snapshot.references.destinationRule(host, resource.namespace, client.namespace);
  const subset = inForce?.subsets.find(candidate => candidate.name?.value === name.subset);
  const rule = subset === undefined ? undefined : inForce?.from.find(({ subsets }) => subsets.includes(subset));
  if (subset === undefined || rule === undefined)
    return blocks([heading(name.subset, full, ''), absentText(snapshot, origin, client, inForce)]);
  return blocks([
    heading(name.subset, full, placeText(snapshot, subset.name ?? subset.at)),
    body(snapshot, subset, rule, full),
  ]);
}

/** The client has no such subset: because nobody defines it, or because another rule counts for this client. */
function absentText(
  snapshot: Snapshot,
  { at, host, resource }: SubsetOrigin,
  client: Client,
  inForce: MergedRule | undefined,
): string {
  switch (snapshot.references.subset(host.value, at.value, resource.namespace, resource).outcome) {
    case 'missing':
      return warning('No DestinationRule of the workspace defines it: requests get 503 (`NC` in the access log).');
    case 'unknowable':
      return 'Its DestinationRule is not in the workspace.';
    case 'found': {
      const counts =
        inForce === undefined
          ? 'no DestinationRule'
          : `DestinationRule ${codes(inForce.from.map(keyOf))}, without this subset,`;
      return warning(
        `As far as the workspace shows, ${counts} counts for ${client.text}: requests get 503 (\`NC\` in the access log). The DestinationRule that defines it does not.`,
      );
    }
  }
}

type SubsetOrigin = Extract<Origin, { type: 'subset' }>;

function heading(subset: string, host: string, place: string): string {
  return `${code(subset)} · subset of ${code(host)}${place}`;
}

function body(snapshot: Snapshot, subset: Subset, rule: DestinationRule, host: string): string {
  const labels = subset.labels.map(({ key, value }) => `${key.value}=${value.value}`);
  const replaced = blockNames(subset.trafficPolicy);
  const policy =
    replaced.length === 0
      ? 'It has the policy of the rule.'
      : `Replaces ${allOf(replaced.map(code))} of the rule${replaced.length > 1 ? ', each' : ''} as a ${bold('whole')}: what is not repeated here gets Istio's default.`;
  return blocks([
    labels.length === 0 ? 'Without labels: all endpoints of the service.' : `Labels: ${codes(labels)}`,
    workloadsText(snapshot, subset, host),
    policy,
    `DestinationRule ${code(keyOf(rule))}`,
  ]);
}

/** The workloads of the service's namespace whose pods the subset takes. */
function workloadsText(snapshot: Snapshot, subset: Subset, host: string): string | undefined {
  const local = parseServiceHost(host, snapshot.settings.mesh.clusterDomain);
  if (local === undefined || subset.labels.length === 0) return undefined;
  const service = snapshot.index.services.get(host)?.find(({ registry }) => registry === 'Kubernetes')?.resource;
  const selector = service?.type === 'Service' ? plainMap(service.selector) : {};
  const wanted = { ...selector, ...plainMap(subset.labels) };
  const candidates = snapshot.index.all('Workload').filter(({ namespace }) => namespace === local.namespace);
  const found = candidates.filter(({ podLabels }) => selects(wanted, plainMap(podLabels)));
  if (found.length > 0) return `Pods of ${codes(found.map(workloadName))}`;
  if (candidates.length === 0) return undefined;
  return `None of the ${count(candidates.length, 'workload')} of the workspace in ${code(local.namespace)} has pods with these labels.`;
}

function workloadName(workload: Workload): string {
  return `${workload.kind} ${workload.name}`;
}
