import type { DestinationView } from '../contract.ts';
import { parseServiceHost } from '../model/host.ts';
import { plainMap } from '../model/reader.ts';
import { destinationRuleFor, type MergedRule } from '../routing/destination-rules.ts';
import { type EnvoyRoute, parseClusterName } from '../routing/envoy.ts';
import type { MeshService } from '../routing/mesh.ts';
import type { TableRoute } from '../routing/routes.ts';
import { isEmptySubset } from '../rules/destination-rule/subset-endpoints.ts';
import type { ViewContext } from './route-model.ts';

/** Where a route sends requests, with real shares, and what is missing there. */
export function destinationViews(context: ViewContext, { envoy }: TableRoute): readonly DestinationView[] {
  const { cluster, weightedClusters } = envoy.route ?? {};
  if (cluster !== undefined) return [destinationView(context, cluster, undefined, 100)];
  const clusters = weightedClusters?.clusters ?? [];
  const total = clusters.reduce((sum, { weight }) => sum + weight, 0);
  return clusters.map(({ name, weight }) => destinationView(context, name, weight, (weight / total) * 100));
}

/** The names of the clusters that a route sends requests to. */
export function clustersOf({ route }: EnvoyRoute): readonly string[] {
  if (route?.cluster !== undefined) return [route.cluster];
  return (route?.weightedClusters?.clusters ?? []).map(({ name }) => name);
}

/** One cluster of a route or a connection; the same object for the same weight and share. */
export function destinationView(
  context: ViewContext,
  cluster: string,
  weight: number | undefined,
  share: number,
): DestinationView {
  const { view, made } = keptCluster(context, cluster);
  const rounded = Math.round(share * 100) / 100;
  const known = made.find(one => one.weight === weight && one.share === rounded);
  if (known !== undefined) return known;
  const destination = { ...view, weight, share: rounded };
  made.push(destination);
  return destination;
}

/** What is to be said of a cluster, whichever route leads there. */
export function clusterView(context: ViewContext, cluster: string): ClusterView {
  return keptCluster(context, cluster).view;
}

type ClusterView = Omit<DestinationView, 'weight' | 'share'>;

interface KeptCluster {
  readonly view: ClusterView;
  readonly made: DestinationView[];
}

/** Many routes of a table lead to the same clusters. */
const kept = new WeakMap<ViewContext, Map<string, KeptCluster>>();

function keptCluster(context: ViewContext, cluster: string): KeptCluster {
  const ofContext = kept.get(context) ?? new Map<string, KeptCluster>();
  kept.set(context, ofContext);
  const found = ofContext.get(cluster) ?? { view: clusterViewAnew(context, cluster), made: [] };
  ofContext.set(cluster, found);
  return found;
}

function clusterViewAnew(context: ViewContext, cluster: string): ClusterView {
  const parsed = parseClusterName(cluster);
  if (parsed === undefined) {
    return {
      cluster,
      host: '',
      shortHost: 'passed through to the address asked for',
      subset: '',
      port: 0,
      labels: {},
      problem: undefined,
      assumed: false,
    };
  }
  const { host, subset, port } = parsed;
  const { clusterDomain } = context.snapshot.settings.mesh;
  const service = serviceOf(context, host);
  const rule =
    service === undefined
      ? undefined
      : destinationRuleFor(context.snapshot.routing.rules, context.routing.proxy, service);
  const labels = rule?.subsets.find(({ name }) => name?.value === subset)?.labels ?? [];
  return {
    cluster,
    host,
    shortHost: shortHost(host, context, clusterDomain),
    subset,
    port,
    labels: plainMap(labels),
    problem: problemOf(context, { host, subset, port }, service, rule),
    assumed: service?.registry === 'assumed',
  };
}

const byHost = new WeakMap<readonly MeshService[], ReadonlyMap<string, MeshService>>();

/** The service that a proxy knows under a host; of several the first. */
export function serviceOf({ routing: { services } }: ViewContext, host: string): MeshService | undefined {
  const known = byHost.get(services) ?? new Map([...services].reverse().map(service => [service.host, service]));
  byHost.set(services, known);
  return known.get(host.toLowerCase());
}

/** `reviews`, or `reviews.shop` from another namespace. */
function shortHost(host: string, { routing }: ViewContext, clusterDomain: string): string {
  const local = parseServiceHost(host, clusterDomain);
  if (local === undefined) return host;
  return routing.proxy.type === 'sidecar' && local.namespace === routing.proxy.namespace
    ? local.name
    : `${local.name}.${local.namespace}`;
}

/** Why a cluster does not exist; requests sent there get 503 (`PILOT.md` 7, last point). */
function problemOf(
  { snapshot }: ViewContext,
  { host, subset, port }: { host: string; subset: string; port: number },
  service: MeshService | undefined,
  rule: MergedRule | undefined,
): string | undefined {
  if (service === undefined)
    return snapshot.references.host(host, '').outcome === 'unknowable' ? undefined : '503: no such service';
  if (!service.ports.some(({ number }) => number === port) && service.registry !== 'assumed') {
    return `503: ${service.host.split('.')[0] ?? service.host} has no port ${port}`;
  }
  const defined = rule?.subsets.find(({ name }) => name?.value === subset);
  if (subset === '') return undefined;
  if (defined !== undefined) {
    const { resource } = service;
    return resource !== undefined && isEmptySubset(snapshot, resource, defined.labels)
      ? `503: no workload has the labels of subset ${subset}`
      : undefined;
  }
  if (rule === undefined && snapshot.references.subset(host, subset, service.namespace).outcome !== 'missing')
    return undefined;
  return `503: no DestinationRule in force defines subset ${subset}`;
}
