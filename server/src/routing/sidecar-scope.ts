import { hostMatches, resolveHost } from '../model/host.ts';
import { plainMap } from '../model/reader.ts';
import { destinationsOf } from '../model/references.ts';
import { byAge } from '../model/resource.ts';
import type { Sidecar } from '../model/sidecar.ts';
import { type Mesh, type MeshProxy, type MeshService, selects } from './mesh.ts';
import type { PreparedVirtualService } from './prepare.ts';
import { isServiceVisible, visibleVirtualServices } from './visibility.ts';

/** What one proxy in the mesh can know of it (`PILOT.md` 9, Istio `SidecarScope`). */
export interface SidecarScope {
  readonly sidecar: Sidecar | undefined;
  readonly listeners: readonly EgressScope[];
  /** Services that get clusters: those of the listeners, and destinations of imported VirtualServices. */
  readonly services: readonly MeshService[];
  readonly outboundTrafficPolicy: 'ALLOW_ANY' | 'REGISTRY_ONLY';
}

export interface EgressScope {
  /** `undefined`: every port. */
  readonly port: number | undefined;
  readonly protocol: string;
  readonly services: readonly MeshService[];
  readonly virtualServices: readonly PreparedVirtualService[];
}

export function sidecarScope(mesh: Mesh, prepared: readonly PreparedVirtualService[], proxy: MeshProxy): SidecarScope {
  const { settings } = mesh;
  const visible = visibleServices(mesh, proxy.namespace);
  const virtualServices = visibleVirtualServices(prepared, 'mesh', proxy.namespace, settings);
  const sidecar = sidecarFor(mesh, proxy);
  if (sidecar === undefined || !sidecar.hasEgress) {
    const all: EgressScope = { port: undefined, protocol: '', services: visible, virtualServices };
    return { sidecar, listeners: [all], services: visible, outboundTrafficPolicy: policyOf(mesh, sidecar) };
  }
  const listeners = sidecar.egress.map((listener): EgressScope => {
    const imports = listener.hosts.map(({ value }) => parseImport(value, sidecar.namespace));
    const port = listener.port?.value;
    return {
      port,
      protocol: listener.protocol?.value ?? '',
      services: visible.filter(
        service =>
          imports.some(entry => imported(entry, service.namespace, host => hostMatches(host, service.host))) &&
          (port === undefined || service.ports.some(({ number }) => number === port)),
      ),
      virtualServices: virtualServices.filter(vs =>
        imports.some(entry =>
          imported(entry, vs.resource.namespace, host =>
            vs.hosts.some(own => hostMatches(host, own.toLowerCase()) || hostMatches(own.toLowerCase(), host)),
          ),
        ),
      ),
    };
  });
  const services = new Map<string, MeshService>();
  for (const listener of listeners) {
    for (const service of listener.services) services.set(service.host, service);
    for (const { resource } of listener.virtualServices) {
      for (const { destination } of destinationsOf(resource)) {
        const host = resolveHost(
          destination.host?.value ?? '',
          resource.namespace,
          settings.clusterDomain,
        ).toLowerCase();
        const service = visible.find(candidate => candidate.host === host);
        if (service !== undefined && !services.has(host)) services.set(host, service);
      }
    }
  }
  return { sidecar, listeners, services: [...services.values()], outboundTrafficPolicy: policyOf(mesh, sidecar) };
}

/** With a selector that fits, else that of the namespace, else that of the root namespace (Istio `getSidecarScope`). */
function sidecarFor(mesh: Mesh, proxy: MeshProxy): Sidecar | undefined {
  const sidecars = [...mesh.sidecars].sort(byAge);
  const own = sidecars.filter(({ namespace }) => namespace === proxy.namespace);
  const selected = own.find(
    ({ workloadSelector }) => workloadSelector !== undefined && selects(plainMap(workloadSelector), proxy.labels),
  );
  const general = (list: readonly Sidecar[]): Sidecar | undefined => list.find(s => s.workloadSelector === undefined);
  const ofRoot = sidecars.filter(({ namespace }) => namespace === mesh.settings.rootNamespace);
  return selected ?? general(own) ?? general(ofRoot);
}

function policyOf(mesh: Mesh, sidecar: Sidecar | undefined): SidecarScope['outboundTrafficPolicy'] {
  const own = sidecar?.outboundTrafficPolicy?.value;
  return own === 'REGISTRY_ONLY' || own === 'ALLOW_ANY' ? own : mesh.settings.outboundTrafficPolicy;
}

interface Import {
  readonly namespace: string;
  readonly host: string;
}

function parseImport(text: string, own: string): Import {
  const slash = text.indexOf('/');
  const namespace = slash < 0 ? '*' : text.slice(0, slash);
  return { namespace: namespace === '.' ? own : namespace, host: text.slice(slash + 1).toLowerCase() };
}

function imported(entry: Import, namespace: string, test: (host: string) => boolean): boolean {
  return (entry.namespace === '*' || entry.namespace === namespace) && test(entry.host);
}

const seenByAll = new WeakMap<Mesh, readonly MeshService[] | undefined>();

/** The services that a namespace sees. Of several with one host its own one wins, then the oldest. */
function visibleServices(mesh: Mesh, namespace: string): readonly MeshService[] {
  if (!seenByAll.has(mesh)) seenByAll.set(mesh, sameForAll(mesh) ? [...mesh.services] : undefined);
  const shared = seenByAll.get(mesh);
  if (shared !== undefined) return shared;
  const services = mesh.services.filter(service => isServiceVisible(service, namespace));
  const byHost = new Map<string, MeshService>();
  for (const service of services) {
    const known = byHost.get(service.host);
    if (known === undefined || (known.namespace !== namespace && service.namespace === namespace))
      byHost.set(service.host, service);
  }
  return [...byHost.values()];
}

/** Nothing is hidden and no host is defined twice: every namespace sees the same. */
function sameForAll(mesh: Mesh): boolean {
  const hosts = new Set(mesh.services.map(({ host }) => host));
  return hosts.size === mesh.services.length && mesh.services.every(({ exportTo }) => exportTo.length === 0);
}
