import type { Workload } from '../../model/kubernetes.ts';
import { plainMap } from '../../model/reader.ts';
import { selects } from '../../routing/mesh.ts';
import { count } from '../../rules/words.ts';
import { type Context, nearest } from './context.ts';
import type { Offer } from './offer.ts';
import { fileOf } from './where.ts';

/** Labels that other tools write and nobody selects by. */
const TECHNICAL = /^(pod-template-hash|controller-revision-hash|statefulset\.kubernetes\.io\/|helm\.sh\/)/;
/** Labels by which people select, first. */
const USUAL: readonly string[] = ['app', 'version', 'istio', 'app.kubernetes.io/name', 'app.kubernetes.io/version'];
/** Of a subset, the version alone tells its pods from the others. */
const SUBSET_USUAL: readonly string[] = ['version', 'app.kubernetes.io/version'];

/**
 * The keys of labels that workloads carry.
 *
 * @param type the type whose field is a map of labels
 */
export function labelKeys(context: Context, type: string | undefined): readonly Offer[] {
  const usual = type === 'Subset' ? SUBSET_USUAL : USUAL;
  const values = new Map<string, Set<string>>();
  for (const { podLabels } of workloadsFor(context, type)) {
    for (const { key, value } of podLabels) {
      if (TECHNICAL.test(key.value)) continue;
      const known = values.get(key.value) ?? new Set();
      values.set(key.value, known.add(value.value));
    }
  }
  if (type === 'GatewaySpec' && !values.has('istio')) values.set('istio', new Set(['ingressgateway']));
  return [...values].map(([label, found]) => ({
    label,
    kind: 'reference',
    detail: found.size > 3 ? count(found.size, 'value') : [...found].join(', '),
    rank: usual.includes(label) ? 2 : 3,
  }));
}

/** The values that workloads have for the label at the place. */
export function labelValues(context: Context, type: string | undefined): readonly Offer[] {
  const label = String(context.path.at(-1) ?? '');
  const offers = new Map<string, Offer>();
  for (const workload of workloadsFor(context, type)) {
    const found = workload.podLabels.find(({ key }) => key.value === label);
    if (found === undefined || offers.has(found.value.value)) continue;
    const detail = `${workload.kind} ${workload.name} · ${fileOf(workload)}`;
    offers.set(found.value.value, { label: found.value.value, kind: 'reference', detail });
  }
  if (type === 'GatewaySpec' && label === 'istio' && offers.size === 0) {
    const documentation = 'Label of the gateway that `istioctl install` brings.';
    offers.set('ingressgateway', { label: 'ingressgateway', kind: 'value', documentation });
  }
  return [...offers.values()];
}

/** Labels by which localities are compared (`failoverPriority`). */
export function topologyLabels(): readonly Offer[] {
  const labels = {
    'topology.istio.io/network': 'Network of the workload.',
    'topology.istio.io/cluster': 'Cluster of the workload.',
    'topology.kubernetes.io/region': 'Region of the node.',
    'topology.kubernetes.io/zone': 'Zone of the node.',
    'topology.istio.io/subzone': 'Part of the zone.',
    'kubernetes.io/hostname': 'Node of the workload.',
  };
  return Object.entries(labels).map(([label, documentation]) => ({ label, kind: 'value', documentation }));
}

/** The workloads whose labels matter at a place. */
function workloadsFor(context: Context, type: string | undefined): readonly Workload[] {
  const { snapshot, namespace } = context;
  const all = snapshot.index.all('Workload');
  const inNamespace = (wanted: string): readonly Workload[] => all.filter(workload => workload.namespace === wanted);
  switch (type) {
    case 'Subset':
      return workloadsOfHost(context, nearest(context, 'host') ?? '');
    case 'GatewaySpec': {
      const gateways = all.filter(({ podLabels }) =>
        podLabels.some(({ key, value }) => key.value === 'istio' || /gateway/.test(value.value)),
      );
      return gateways.length > 0 ? gateways : all;
    }
    case 'HTTPMatchRequest':
    case 'L4MatchAttributes':
    case 'TLSMatchAttributes': {
      const source = nearest(context, 'sourceNamespace');
      return source === undefined ? all : inNamespace(source);
    }
    default:
      return namespace === snapshot.settings.mesh.rootNamespace ? all : inNamespace(namespace);
  }
}

/** The workloads that the Service behind a host selects. */
export function workloadsOfHost({ snapshot, namespace }: Context, host: string): readonly Workload[] {
  const full = snapshot.references.fullHost(host, namespace).toLowerCase();
  const services = snapshot.index.services.get(full) ?? [];
  return services.flatMap(({ resource }) => {
    if (resource?.type !== 'Service' || resource.selector.length === 0) return [];
    const selector = plainMap(resource.selector);
    return snapshot.index
      .all('Workload')
      .filter(workload => workload.namespace === resource.namespace && selects(selector, plainMap(workload.podLabels)));
  });
}
