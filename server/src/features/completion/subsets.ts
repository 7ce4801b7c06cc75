import type { DestinationRule, Subset } from '../../model/destination-rule.ts';
import { hostMatches } from '../../model/host.ts';
import type { Snapshot } from '../../workspace/snapshot.ts';
import { type Context, nearest } from './context.ts';
import { workloadsOfHost } from './labels.ts';
import type { Offer } from './offer.ts';
import { detail, fileOf } from './where.ts';

/** @param type the type that has the field: a destination that uses a subset, or the DestinationRule that defines it */
export function subsetOffers(context: Context, type: string | undefined): readonly Offer[] {
  const host = nearest(context, 'host');
  if (host === undefined) return [];
  return type === 'Subset' ? newSubsets(context, host) : knownSubsets(context, host);
}

function knownSubsets({ snapshot, namespace }: Context, host: string): readonly Offer[] {
  return subsetsOf(snapshot, snapshot.references.fullHost(host, namespace)).map(({ subset, rule }) => ({
    label: subset.name?.value ?? '',
    kind: 'reference',
    detail: detail(subset.labels.map(({ key, value }) => `${key.value}=${value.value}`).join(', '), fileOf(rule)),
    documentation: `Subset of \`${rule.host?.value ?? host}\` in DestinationRule \`${rule.namespace}/${rule.name}\`.`,
  }));
}

/** The subsets that DestinationRules of the workspace define for a host, by its full name. */
export function subsetsOf(
  snapshot: Snapshot,
  fullHost: string,
): readonly { readonly subset: Subset; readonly rule: DestinationRule }[] {
  const host = fullHost.toLowerCase();
  const found: { subset: Subset; rule: DestinationRule }[] = [];
  for (const [pattern, rules] of snapshot.index.rulesByHost) {
    if (!hostMatches(pattern, host)) continue;
    for (const rule of rules) {
      for (const subset of rule.subsets) if (subset.name !== undefined) found.push({ subset, rule });
    }
  }
  return found;
}

/** Label keys that tell versions of a workload apart, by the words of Kubernetes and Istio. */
const VERSION_LABELS: readonly string[] = [
  'version',
  'app.kubernetes.io/version',
  'service.istio.io/canonical-revision',
];

/** Names for subsets that are to be defined: the versions of the workloads behind the host. */
function newSubsets(context: Context, host: string): readonly Offer[] {
  const { resource } = context;
  const defined = new Set(resource?.type === 'DestinationRule' ? resource.subsets.map(({ name }) => name?.value) : []);
  const offers = new Map<string, Offer>();
  for (const workload of workloadsOfHost(context, host)) {
    const version = workload.podLabels.find(({ key }) => VERSION_LABELS.includes(key.value));
    const name = version?.value.value ?? '';
    if (
      version === undefined ||
      name === context.cursor.prefix ||
      defined.has(name) ||
      !/^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/.test(name)
    )
      continue;
    const from = `${version.key.value}=${name} · ${workload.kind} ${workload.name}`;
    offers.set(name, { label: name, kind: 'reference', detail: detail(from, fileOf(workload)) });
  }
  return [...offers.values()];
}
