import type { TypedResource } from '../model/decode.ts';
import type { DestinationRule, TrafficPolicy } from '../model/destination-rule.ts';
import { parseServiceHost } from '../model/host.ts';
import { bindsMesh, type HostRole } from '../model/references.ts';
import { keyOf } from '../model/resource.ts';
import type { VirtualService } from '../model/virtual-service.ts';
import type { MergedRule } from '../routing/destination-rules.ts';
import type { MeshPort, MeshService } from '../routing/mesh.ts';
import { visibleVirtualServices } from '../routing/visibility.ts';
import { allOf } from '../rules/words.ts';
import { push } from '../text/push.ts';
import type { Resolution } from '../workspace/references.ts';
import type { Snapshot } from '../workspace/snapshot.ts';
import { clientsOf } from './hover-client.ts';
import { blocks, bold, code, codes, warning } from './markdown.ts';
import type { NamePlace } from './names.ts';
import { placeText } from './place-text.ts';

/**
 * On a host: the service it stands for, its ports, who routes it and which DestinationRule applies to clients in the
 * namespace of the resource.
 *
 * @param host its full name
 */
export function hostHover(snapshot: Snapshot, place: NamePlace, host: string): string {
  const { origin, resource, role } = place;
  const written = origin?.at.value === undefined ? host : String(origin.at.value);
  const use: Use = origin?.type === 'host' ? origin.role : role === 'declaration' ? 'declaration' : 'destination';
  const full = snapshot.references.fullHost(written, resource.namespace);
  const service = serviceText(snapshot, written, full, resource, use);
  return blocks([
    service,
    routingText(snapshot, place, full, use),
    ...policyTexts(snapshot, place, written, full, use),
  ]);
}

type Use = HostRole | 'declaration';

function routingText(snapshot: Snapshot, { resource }: NamePlace, full: string, use: Use): string | undefined {
  if (use === 'virtualService' && resource.type === 'VirtualService') return routedText(snapshot, full, resource);
  return use === 'declaration' ? routersText(snapshot, full) : undefined;
}

// ---------------------------------------------------------------- the service

function serviceText(snapshot: Snapshot, written: string, full: string, user: TypedResource, use: Use): string {
  const resolution = resolve(snapshot, written, full, user, use);
  switch (resolution.outcome) {
    case 'found':
      return blocks([foundHead(snapshot, full, resolution.target), portsText(resolution.target.ports)]);
    case 'missing':
      return blocks([code(full), missingText(snapshot, full, use)]);
    case 'unknowable':
      return blocks([code(full), unknownText(snapshot, full, use)]);
  }
}

function resolve(
  snapshot: Snapshot,
  written: string,
  full: string,
  user: TypedResource,
  use: Use,
): Resolution<MeshService> {
  const resolution = snapshot.references.host(written, user.namespace, user);
  // A wildcard of a DestinationRule stands for many services, of which one is found.
  if (full.startsWith('*') && resolution.outcome === 'found' && resolution.target.host !== full.toLowerCase())
    return UNKNOWABLE;
  // What a VirtualService answers for need not be a service, unless its name is one's.
  const isName =
    parseServiceHost(full, snapshot.settings.mesh.clusterDomain) === undefined &&
    snapshot.references.expandHalfQualified(full) === undefined;
  return resolution.outcome === 'missing' && use === 'virtualService' && isName ? UNKNOWABLE : resolution;
}

const UNKNOWABLE = { outcome: 'unknowable' } as const;

function foundHead(snapshot: Snapshot, full: string, service: MeshService): string {
  const { resource } = service;
  const place = resource === undefined ? '' : placeText(snapshot, resource.nameAt);
  const covered = service.host === full.toLowerCase() ? '' : `, under ${code(service.host)}`;
  if (service.registry === 'Kubernetes') {
    const alias = service.aliasOf === undefined ? '' : `, another name of ${code(service.aliasOf)}`;
    return `${code(service.host)} · Service ${code(service.name)} in namespace ${code(service.namespace)}${service.headless ? ', headless' : ''}${alias}${place}`;
  }
  const where = service.meshExternal ? 'outside the mesh' : 'inside the mesh';
  return `${code(full)} · ServiceEntry ${code(resource === undefined ? '' : keyOf(resource))}${covered}, ${where}${place}`;
}

function portsText(ports: readonly MeshPort[]): string | undefined {
  if (ports.length === 0) return 'It has no ports.';
  const words = ports.slice(0, 10).map(port => `${code(String(port.number))} ${portText(port)}`);
  return `Ports: ${words.join(', ')}${ports.length > 10 ? ` and ${ports.length - 10} more` : ''}`;
}

function portText({ name, protocol }: MeshPort): string {
  const known = protocol === 'unsupported' ? 'protocol found out at run time' : protocol;
  return name === '' ? known : `${code(name)} (${known})`;
}

function missingText(snapshot: Snapshot, full: string, use: Use): string {
  const meant = snapshot.references.expandHalfQualified(full);
  const isLocal = parseServiceHost(full, snapshot.settings.mesh.clusterDomain) !== undefined;
  const absent = isLocal
    ? 'There is no such Service in the workspace.'
    : 'No ServiceEntry of the workspace makes this host known to the mesh.';
  const what =
    meant === undefined
      ? absent
      : `A name with a dot is not completed, so this is not the Service ${code(meant)}: write that name.`;
  return warning(`${what} ${CONSEQUENCES[use]}`.trim());
}

const CONSEQUENCES: Readonly<Record<Use, string>> = {
  destination: 'Requests sent there get 503.',
  mirror: 'No copy arrives anywhere.',
  virtualService: 'The rules apply to requests that name this host, and no Service answers to it.',
  destinationRule: 'The rule has no effect.',
  declaration: '',
};

function unknownText(snapshot: Snapshot, full: string, use: Use): string {
  if (full.startsWith('*')) return full === '*' ? 'Every host.' : `Every host that ends with ${code(full.slice(1))}.`;
  const local = parseServiceHost(full, snapshot.settings.mesh.clusterDomain);
  if (local !== undefined)
    return `Service ${code(local.name)} in namespace ${code(local.namespace)}: not in the workspace, taken to exist.`;
  if (use === 'virtualService') return 'A host outside the workspace: what clients call, not necessarily a service.';
  return 'A host outside the cluster. A ServiceEntry has to make it known to the mesh; none in the workspace does.';
}

// ---------------------------------------------------------------- who routes it

/** Who else routes a host of a VirtualService, and which of them counts for sidecars (`PILOT.md` 4.1, 5.4). */
function routedText(snapshot: Snapshot, full: string, vs: VirtualService): string {
  const gateways = vs.gateways.map(({ value }) => value).filter(name => name !== 'mesh');
  const onGateways = gateways.length === 0 ? [] : [`on gateway ${codes(gateways)}`];
  const inMesh = bindsMesh(vs) ? ['in sidecars'] : [];
  const own = `Requests to it are routed by this VirtualService ${allOf([...inMesh, ...onGateways])}.`;
  const others = virtualServicesFor(snapshot, full).filter(other => other !== vs && sharesPlace(other, vs));
  if (others.length === 0) return own;
  const names = codes(others.map(keyOf));
  const merged = others.some(other => sharesGateway(other, vs)) ? ' Gateways join the rules of all of them.' : '';
  if (!bindsMesh(vs) || !others.some(bindsMesh))
    return `${own}\n\n${names} ${others.length === 1 ? 'names' : 'name'} this host as well.${merged}`;
  const first = ownerFor(snapshot, full, vs.namespace);
  const winner =
    first === undefined
      ? ''
      : ` For clients in ${code(vs.namespace)} that is ${first === vs ? bold('this one') : code(keyOf(first))}.`;
  return `${own}\n\n${warning(`${names} ${others.length === 1 ? 'names' : 'name'} this host as well. A sidecar uses only ${bold('one')} of them: private ones of the namespace of the client first, then the oldest, then by name.${winner}${merged}`)}`;
}

/** Both are used by sidecars, or by one gateway. */
function sharesPlace(a: VirtualService, b: VirtualService): boolean {
  return (bindsMesh(a) && bindsMesh(b)) || sharesGateway(a, b);
}

function sharesGateway(a: VirtualService, b: VirtualService): boolean {
  return a.gateways.some(({ value }) => value !== 'mesh' && b.gateways.some(other => other.value === value));
}

function routersText(snapshot: Snapshot, host: string): string | undefined {
  const all = virtualServicesFor(snapshot, host);
  return all.length === 0 ? undefined : `Routed by VirtualService ${codes(all.map(keyOf))}`;
}

function virtualServicesFor(snapshot: Snapshot, host: string): readonly VirtualService[] {
  return byHost(snapshot).get(host.toLowerCase()) ?? [];
}

const hostsOfSnapshot = new WeakMap<Snapshot, ReadonlyMap<string, readonly VirtualService[]>>();

/** VirtualServices by the full names of their hosts, in Pilot's order. */
function byHost(snapshot: Snapshot): ReadonlyMap<string, readonly VirtualService[]> {
  const known = hostsOfSnapshot.get(snapshot);
  if (known !== undefined) return known;
  const map = new Map<string, VirtualService[]>();
  for (const vs of snapshot.index.all('VirtualService')) {
    for (const full of new Set(
      vs.hosts.map(({ value }) => snapshot.references.fullHost(value, vs.namespace).toLowerCase()),
    )) {
      push(map, full, vs);
    }
  }
  hostsOfSnapshot.set(snapshot, map);
  return map;
}

/** The VirtualService that sidecars of a namespace use for a host. */
function ownerFor(snapshot: Snapshot, full: string, namespace: string): VirtualService | undefined {
  const visible = visibleVirtualServices(snapshot.routing.prepared, 'mesh', namespace, snapshot.settings.mesh);
  return visible.find(({ hosts }) => hosts.some(host => host.toLowerCase() === full.toLowerCase()))?.resource;
}

// ---------------------------------------------------------------- the policy

/** The DestinationRule for those who send the requests; one answer where it is the same for all of them. */
function policyTexts(
  snapshot: Snapshot,
  { resource }: NamePlace,
  written: string,
  full: string,
  use: Use,
): readonly string[] {
  const { namespace } = resource;
  // A host that nobody knows as a service has no policy.
  const isService =
    snapshot.references.host(written, namespace, resource).outcome === 'found' ||
    parseServiceHost(full, snapshot.settings.mesh.clusterDomain) !== undefined;
  if (full.startsWith('*') || !isService) return [];
  const self = use === 'destinationRule' && resource.type === 'DestinationRule' ? resource : undefined;
  const answers = clientsOf(snapshot, resource).map(client => ({
    client,
    rule: snapshot.references.destinationRule(written, namespace, client.namespace),
  }));
  const different = answers.filter(({ rule }, index) => index === 0 || rule !== answers[0]?.rule);
  return different.map(({ client, rule }) => policyText(snapshot, rule, client.text, self));
}

function policyText(
  snapshot: Snapshot,
  rule: MergedRule | undefined,
  clients: string,
  self: DestinationRule | undefined,
): string {
  if (rule === undefined)
    return self === undefined
      ? `No DestinationRule of the workspace applies to ${clients}.`
      : `This rule does not apply to ${clients}.`;
  const [first] = rule.from;
  const isSelf = self !== undefined && rule.from.includes(self);
  const place = first === undefined ? '' : placeText(snapshot, first.nameAt);
  const head =
    isSelf && rule.from.length === 1
      ? `For ${clients}, this rule applies.`
      : `For ${clients}: DestinationRule ${codes(rule.from.map(keyOf))}${place}`;
  if (isSelf) return head;
  const loser = self === undefined ? undefined : warning('This rule does not apply to them.');
  return blocks([head, loser, blockText(rule.trafficPolicy), subsetsText(rule)]);
}

function subsetsText({ subsets }: MergedRule): string {
  if (subsets.length === 0) return 'Subsets: none';
  const words = subsets.slice(0, 8).map(({ name, labels }) => {
    const text = labels.map(({ key, value }) => `${key.value}=${value.value}`).join(', ');
    return text === '' ? code(name?.value ?? '') : `${code(name?.value ?? '')} (${code(text)})`;
  });
  return `Subsets: ${words.join(', ')}${subsets.length > 8 ? ` and ${subsets.length - 8} more` : ''}`;
}

function blockText(policy: TrafficPolicy | undefined): string | undefined {
  const names = blockNames(policy);
  return names.length === 0 ? undefined : `Sets ${allOf(names.map(code))}`;
}

/** The blocks of a policy that are written. */
export function blockNames(policy: TrafficPolicy | undefined): readonly string[] {
  if (policy === undefined) return [];
  const { loadBalancer, connectionPool, outlierDetection, tls, portLevelSettings } = policy;
  return Object.entries({ loadBalancer, connectionPool, outlierDetection, tls })
    .filter(([, block]) => block !== undefined)
    .map(([name]) => name)
    .concat(portLevelSettings.length > 0 ? ['portLevelSettings'] : []);
}
