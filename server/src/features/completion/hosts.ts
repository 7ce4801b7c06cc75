import type { TypedResource } from '../../model/decode.ts';
import { parseServiceHost, resolveGatewayName, resolveHost } from '../../model/host.ts';
import { originsOf } from '../../model/references.ts';
import { keyOf } from '../../model/resource.ts';
import type { MeshService } from '../../routing/mesh.ts';
import { isServiceVisible } from '../../routing/visibility.ts';
import type { Located } from '../../text/range.ts';
import { blocks, bold, bullets, code, codes } from '../markdown.ts';
import type { Context } from './context.ts';
import type { Offer } from './offer.ts';
import { detail, fileOf, portsText } from './where.ts';

const SAME_NAMESPACE = 2;
const OTHER = 3;
const ONLY_USED = 5;

/**
 * Hosts to which requests can be sent: services that the namespace sees, by their short name in their own namespace;
 * then names that other manifests use and that are not defined in the workspace.
 */
export function destinationHosts(context: Context): readonly Offer[] {
  const services = servicesSeen(context).filter(service => !service.host.startsWith('*'));
  return [...services.map(service => serviceOffer(context, service)), ...usedHosts(context)];
}

/** Hosts that a VirtualService or a DestinationRule is for: services, and what the Gateways at hand serve. */
export function serviceHosts(context: Context, type: string | undefined): readonly Offer[] {
  const services = servicesSeen(context).map(service => serviceOffer(context, service));
  const own = type === 'TLSMatchAttributes' ? ownHosts(context) : [];
  return [...own, ...gatewayHosts(context), ...services, ...usedHosts(context)];
}

/** `namespace/host`: of a Gateway's server what its VirtualServices ask for, of a Sidecar what its workloads may call. */
export function namespacedHosts(context: Context, type: string | undefined): readonly Offer[] {
  return type === 'Server' ? serverHosts(context) : egressHosts(context);
}

function servicesSeen({ snapshot, namespace }: Context): readonly MeshService[] {
  const seen: MeshService[] = [];
  for (const services of snapshot.index.services.values()) {
    const own = services.find(service => service.namespace === namespace) ?? services[0];
    if (own !== undefined && isServiceVisible(own, namespace)) seen.push(own);
  }
  return seen;
}

function serviceOffer(context: Context, service: MeshService): Offer {
  const isOwn = service.namespace === context.namespace;
  return {
    label: nameFor(context, service),
    kind: 'reference',
    detail: detail(portsText(service.ports), fileOf(service.resource)),
    documentation: serviceText(context, service),
    rank: isOwn ? SAME_NAMESPACE : OTHER,
  };
}

/** The short name means the service only in its own namespace; who has begun with dots goes on with them. */
function nameFor({ cursor, namespace }: Context, { name, host, namespace: owner }: MeshService): string {
  return name !== '' && owner === namespace && !cursor.prefix.includes('.') ? name : host;
}

function serviceText({ snapshot }: Context, service: MeshService): string {
  const { host, ports, resource } = service;
  const kind = resource === undefined ? '' : ` · ${resource.kind} ${code(keyOf(resource))}`;
  // Rules for this very host only: looking at each rule for each service would take its time in a large workspace.
  const rules = snapshot.index.rulesByHost.get(host) ?? [];
  const subsets = rules.flatMap(rule => rule.subsets.flatMap(({ name }) => (name === undefined ? [] : [name.value])));
  return blocks([
    `${bold(code(host))}${kind}`,
    ports.length === 0 ? undefined : bullets(ports.map(port => `${port.number} ${port.name} (${port.protocol})`)),
    subsets.length === 0 ? undefined : `Subsets: ${codes(subsets)}`,
  ]);
}

// ---------------------------------------------------------------- hosts without a definition

interface UsedHost {
  readonly at: Located<string>;
  readonly namespace: string;
}

const usedByResource = new WeakMap<TypedResource, readonly UsedHost[]>();

function usedBy(resource: TypedResource): readonly UsedHost[] {
  const known = usedByResource.get(resource);
  if (known !== undefined) return known;
  const used = new Map<string, UsedHost>();
  for (const origin of originsOf(resource)) {
    if (origin.type !== 'host' || origin.role === 'virtualService') continue;
    if (!used.has(origin.at.value)) used.set(origin.at.value, { at: origin.at, namespace: resource.namespace });
  }
  const found = [...used.values()];
  usedByResource.set(resource, found);
  return found;
}

function usedHosts(context: Context): readonly Offer[] {
  const { snapshot, namespace, document, offset } = context;
  const { index, settings } = snapshot;
  const { clusterDomain } = settings.mesh;
  const offers = new Map<string, Offer>();
  for (const resource of [...index.all('VirtualService'), ...index.all('DestinationRule')]) {
    for (const { at, namespace: owner } of usedBy(resource)) {
      const isHere = at.anchor === document && at.start <= offset && offset <= at.end;
      if (isHere || at.value === '' || at.value.startsWith('*')) continue;
      const full = resolveHost(at.value, owner, clusterDomain);
      if (offers.has(full) || index.services.has(full.toLowerCase())) continue;
      const local = parseServiceHost(full, clusterDomain);
      const label = local?.namespace === namespace && !context.cursor.prefix.includes('.') ? local.name : full;
      offers.set(full, { label, kind: 'reference', detail: `used in ${fileOf(resource)}`, rank: ONLY_USED });
    }
  }
  return [...offers.values()];
}

// ---------------------------------------------------------------- gateways and sidecars

/** A server name is refused unless the VirtualService is for it. */
function ownHosts({ resource }: Context): readonly Offer[] {
  if (resource?.type !== 'VirtualService') return [];
  return resource.hosts.map(({ value }) => ({
    label: value,
    kind: 'reference',
    detail: 'host of this VirtualService',
    rank: 1,
  }));
}

/** Hosts of the servers of the Gateways that the VirtualService around the place is bound to. */
function gatewayHosts({ snapshot, resource, namespace }: Context): readonly Offer[] {
  if (resource?.type !== 'VirtualService') return [];
  return resource.gateways.flatMap(({ value }) => {
    const gateway = snapshot.index.gateway(resolveGatewayName(value, namespace));
    return (gateway?.servers ?? []).flatMap(({ hosts }) =>
      hosts.flatMap(({ value: host }): Offer[] => {
        const name = host.slice(host.indexOf('/') + 1);
        if (name === '*') return [];
        return [{ label: name, kind: 'reference', detail: `Gateway ${value} · ${fileOf(gateway)}`, rank: 1 }];
      }),
    );
  });
}

function serverHosts({ snapshot, resource, namespace }: Context): readonly Offer[] {
  const offers: Offer[] = [{ label: '*', kind: 'value', documentation: 'Every host.', rank: 4 }];
  if (resource?.type !== 'Gateway') return offers;
  for (const vs of snapshot.references.virtualServicesOf(resource)) {
    for (const { value } of vs.hosts) {
      const from = detail(`VirtualService ${keyOf(vs)}`, fileOf(vs));
      offers.push({ label: value, kind: 'reference', detail: from, rank: 2 });
      const label = `${vs.namespace === namespace ? '.' : vs.namespace}/${value}`;
      const documentation = `Only for VirtualServices in namespace ${code(vs.namespace)}.`;
      offers.push({ label, kind: 'reference', detail: from, documentation, rank: 3 });
    }
  }
  return offers;
}

function egressHosts(context: Context): readonly Offer[] {
  const { snapshot, namespace } = context;
  const { rootNamespace } = snapshot.settings.mesh;
  const every = snapshot.index.namespaces().filter(name => name !== namespace && name !== rootNamespace);
  const services = servicesSeen(context).map((service): Offer => {
    const owner = service.namespace === namespace ? '.' : service.namespace;
    return { ...serviceOffer(context, service), label: `${owner}/${service.host}`, rank: 5 };
  });
  return [
    { label: './*', kind: 'value', documentation: `All services of namespace ${code(namespace)}.`, rank: 1 },
    { label: `${rootNamespace}/*`, kind: 'value', documentation: 'All services of the root namespace.', rank: 2 },
    ...every.map((name): Offer => ({ label: `${name}/*`, kind: 'reference', detail: 'namespace', rank: 3 })),
    { label: '*/*', kind: 'value', documentation: 'All services of the mesh.', rank: 4 },
    { label: '~/*', kind: 'value', documentation: 'No service at all.', rank: 6 },
    ...services,
  ];
}
