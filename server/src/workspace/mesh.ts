import type { TypedResource } from '../model/decode.ts';
import { hostMatches, parseServiceHost, resolveHost } from '../model/host.ts';
import { destinationsOf } from '../model/references.ts';
import { compareAge, compareText, keyOf } from '../model/resource.ts';
import type { VirtualService } from '../model/virtual-service.ts';
import { defaultExportTo, type Mesh, type MeshService } from '../routing/mesh.ts';
import { once } from '../routing/once.ts';
import { assumedService } from '../routing/services.ts';
import { assumedGateways } from './assumed-gateways.ts';
import type { Index } from './index.ts';
import type { References } from './references.ts';

const DEFAULT_PORT = 80;

/** Istio's order of services: age, then name and namespace; a ServiceEntry's service is named by its host. */
function byServiceAge(a: MeshService, b: MeshService): number {
  const key = ({ name, host, namespace }: MeshService): string => `${name || host}.${namespace}`;
  return compareAge(a.creationTimestamp, b.creationTimestamp) || compareText(key(a), key(b));
}

/**
 * The mesh that a workspace describes. A host that manifests use and that may exist elsewhere is taken to exist, with
 * the ports that the manifests name for it: a table of a lone VirtualService would be empty otherwise.
 *
 * @param accepted tells whether Istio would take a resource; what it refuses has no effect
 */
export function buildMesh(index: Index, references: References, accepted: (resource: TypedResource) => boolean): Mesh {
  const settings = index.settings.mesh;
  const assumed = once(() => assumedGateways(index, references));
  const services = once(() => meshServices(index, references, accepted));
  const gateways = once(() => [...index.all('Gateway').filter(accepted), ...assumed()]);
  const assumedNames = once(() => new Set(assumed().map(keyOf)));
  // Not every question needs all of it: which VirtualServices there are is known without what is taken to exist.
  return {
    settings,
    get services() {
      return services();
    },
    virtualServices: index.all('VirtualService').filter(accepted),
    destinationRules: index.all('DestinationRule').filter(accepted),
    get gateways() {
      return gateways();
    },
    get assumedGateways() {
      return assumedNames();
    },
    sidecars: index.all('Sidecar').filter(accepted),
  };
}

function meshServices(
  index: Index,
  references: References,
  accepted: (resource: TypedResource) => boolean,
): readonly MeshService[] {
  const services = [...index.services.values()]
    .flat()
    .filter(({ resource }) => resource === undefined || accepted(resource));
  const exportTo = [defaultExportTo(index.settings.mesh.defaultServiceExportTo)];
  const withDefaults =
    exportTo[0] === '*'
      ? services
      : services.map(service => (service.exportTo.length > 0 ? service : { ...service, exportTo }));
  return [...withDefaults, ...assumedServices(index, references)].sort(byServiceAge);
}

/** A host that a resource takes for a service, as written and in full, and the port that it names. */
interface Use {
  readonly host: string;
  readonly full: string;
  readonly port: number | undefined;
}

const usesOf = new WeakMap<VirtualService, { readonly clusterDomain: string; readonly uses: readonly Use[] }>();

/** What a VirtualService uses, each once; kept as long as it is the same. */
function virtualServiceUses(vs: VirtualService, clusterDomain: string): readonly Use[] {
  const known = usesOf.get(vs);
  if (known?.clusterDomain === clusterDomain) return known.uses;
  const uses = new Map<string, Use>();
  const use = (host: string, port: number | undefined): void => {
    const key = `${host} ${port ?? ''}`;
    if (!uses.has(key)) uses.set(key, { host, full: fullName(host, vs.namespace, clusterDomain), port });
  };
  for (const { destination } of destinationsOf(vs)) use(destination.host?.value ?? '', destination.port?.value);
  // A host that only a gateway serves is a name of the outside world, not a service.
  if (vs.gateways.length === 0 || vs.gateways.some(({ value }) => value === 'mesh')) {
    for (const { value } of vs.hosts)
      if (parseServiceHost(resolveHost(value, vs.namespace, clusterDomain), clusterDomain)) use(value, undefined);
  }
  const made = [...uses.values()];
  usesOf.set(vs, { clusterDomain, uses: made });
  return made;
}

function fullName(host: string, namespace: string, clusterDomain: string): string {
  return resolveHost(host, namespace, clusterDomain).toLowerCase();
}

function assumedServices(index: Index, references: References): readonly MeshService[] {
  const { clusterDomain } = index.settings.mesh;
  const ports = new Map<string, Set<number>>();
  const unknowable = new Map<string, boolean>();
  /** Asked once for each name and namespace: of the user only whether it writes its namespace plays a part. */
  const mayExist = (host: string, user: TypedResource): boolean => {
    const key = `${user.namespaceAt === undefined ? '?' : ''}${user.namespace}/${host}`;
    const found = unknowable.get(key) ?? references.host(host, user.namespace, user).outcome === 'unknowable';
    unknowable.set(key, found);
    return found;
  };
  const use = ({ host, full, port }: Use, user: TypedResource): void => {
    if (host === '' || full.startsWith('*') || !mayExist(host, user)) return;
    const known = ports.get(full) ?? new Set<number>();
    if (port !== undefined) known.add(port);
    ports.set(full, known);
  };
  for (const vs of index.all('VirtualService')) for (const used of virtualServiceUses(vs, clusterDomain)) use(used, vs);
  for (const rule of index.all('DestinationRule')) {
    if (rule.host === undefined) continue;
    const settings = [rule.trafficPolicy, ...rule.subsets.map(subset => subset.trafficPolicy)].flatMap(
      policy => policy?.portLevelSettings ?? [],
    );
    const host = rule.host.value;
    const full = fullName(host, rule.namespace, clusterDomain);
    for (const port of [undefined, ...settings.map(entry => entry.port?.value)]) use({ host, full, port }, rule);
  }
  const wildcards = [...index.services.keys()].filter(known => known.startsWith('*'));
  return [...ports]
    .filter(([host]) => !wildcards.some(known => hostMatches(known, host)))
    .map(([host, numbers]) => {
      const local = parseServiceHost(host, clusterDomain);
      const list = numbers.size === 0 ? [DEFAULT_PORT] : [...numbers].sort((a, b) => a - b);
      return assumedService(host, local?.name ?? '', local?.namespace ?? '', list);
    });
}
