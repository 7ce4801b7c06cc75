import type { LeftOutView } from '../contract.ts';
import type { TypedResource } from '../model/decode.ts';
import type { Gateway } from '../model/gateway.ts';
import { resolveGatewayName } from '../model/host.ts';
import { plainMap } from '../model/reader.ts';
import { bindsMesh, gatewayNames } from '../model/references.ts';
import { keyOf, type Resource } from '../model/resource.ts';
import type { LeftOut } from '../routing/left-out.ts';
import { selects } from '../routing/mesh.ts';
import { unusedRules } from '../routing/unused-rules.ts';
import { refusalOf } from '../rules/run.ts';
import type { ViewContext } from './route-model.ts';

/** What is written and shows in no row of a table, with the sentence that says why. */
export function leftOutViews(context: ViewContext): readonly LeftOutView[] {
  const { snapshot, routing, table, toPlace } = context;
  const { mesh, rules } = snapshot.routing;
  const seen = new Set<string>();
  const notes = [
    ...routing.leftOut,
    ...table.leftOut,
    ...unusedRules(mesh, rules, routing.proxy, routing.services),
    ...refused(context),
  ];
  return notes.flatMap((note): LeftOutView[] => {
    const place = toPlace(note.at);
    if (place === undefined) return [];
    const { resource, rule, by } = note;
    const name = `${resource.kind} ${keyOf(resource)}${rule === '' ? '' : `, ${rule}`}`;
    const reason = sentence(note);
    const key = `${name} ${reason} ${place.uri} ${place.line} ${place.column}`;
    if (seen.has(key)) return [];
    seen.add(key);
    const byPlace = by === undefined ? undefined : toPlace(by.at);
    const winner = by === undefined || byPlace === undefined ? undefined : { name: keyOf(by.resource), place: byPlace };
    return [{ kind: note.reason, name, reason, place, by: winner }];
  });
}

/** Resources that Istio refuses and that would say something to this proxy otherwise. */
function refused({ snapshot, routing }: ViewContext): readonly LeftOut[] {
  const { index, schemas } = snapshot;
  const { mesh } = snapshot.routing;
  const taken = new Set<Resource>([
    ...mesh.virtualServices,
    ...mesh.gateways,
    ...mesh.destinationRules,
    ...mesh.sidecars,
    ...mesh.services.flatMap(({ resource }) => (resource === undefined ? [] : [resource])),
  ]);
  const written: readonly TypedResource[] = [
    ...index.all('VirtualService'),
    ...index.all('Gateway'),
    ...index.all('DestinationRule'),
    ...index.all('ServiceEntry'),
    ...index.all('Sidecar'),
  ];
  return written
    .filter(resource => !taken.has(resource) && concerns(resource, routing.proxy, routing.servers))
    .flatMap((resource): LeftOut[] => {
      const refusal = refusalOf(resource, schemas);
      if (refusal === undefined) return [];
      return [{ reason: 'refused', resource, at: refusal.at, rule: '', detail: refusal.message }];
    });
}

function concerns(
  resource: TypedResource,
  proxy: ViewContext['routing']['proxy'],
  servers: readonly { readonly gateway: Gateway }[],
): boolean {
  const isRouter = proxy.type === 'router';
  switch (resource.type) {
    case 'VirtualService': {
      // A refused delegate is missed by whoever names it.
      if (resource.hosts.length === 0) return true;
      if (!isRouter) return bindsMesh(resource);
      const names = new Set(gatewayNames(resource).map(name => resolveGatewayName(name, resource.namespace)));
      return servers.some(({ gateway }) => names.has(keyOf(gateway)));
    }
    case 'Gateway':
      return isRouter && selects(plainMap(resource.selector), proxy.labels);
    case 'Sidecar':
      return !isRouter && resource.namespace === proxy.namespace;
    default:
      return true;
  }
}

function sentence({ reason, resource, detail = '', by }: LeftOut): string {
  const other = by === undefined ? 'another one' : keyOf(by.resource);
  switch (reason) {
    case 'unknown-delegate':
      return `Its delegate ${detail} is not there; the rule disappears.`;
    case 'delegate-with-hosts':
      return `Its delegate ${detail} has hosts of its own and cannot be one; the rule disappears.`;
    case 'delegate-not-exported':
      return `Its delegate ${detail} is not exported to ${resource.namespace}; the rule disappears.`;
    case 'delegate-conflict':
      return `Asks for something that the match of its root ${other} excludes; Istio drops the whole rule.`;
    case 'after-catch-all':
      return 'Stands behind a match that takes every request; Istio makes no route of it.';
    case 'after-tcp-rule':
      return `Stands behind a tcp rule of ${other} that takes every connection of the port.`;
    case 'not-for-proxy':
      return `Not for this proxy: its ${detail} ${detail.endsWith('s') ? 'do' : 'does'} not fit.`;
    case 'shadowed':
      return `Sidecars take only the first VirtualService of a host, and ${other} comes before it for ${detail}${byAge(resource, by)}.`;
    case 'host-not-in-gateway':
      return by === undefined
        ? `${detail} is no host of a server here.`
        : `${detail} is no host of a server of ${other} here.`;
    case 'not-exported':
      return `Not exported to ${detail}, where this proxy runs.`;
    case 'duplicate-host':
      return `Host ${detail} already stands on this port in ${other}; Istio drops the whole server.`;
    case 'duplicate-sni':
      return `Server name ${detail} already has a tls rule on this port, in ${other}; Istio drops the match.`;
    case 'protocol-conflict':
      return `Another protocol than that of ${other} on the same port; Istio drops the server.`;
    case 'unknown-host':
      return `Nobody here uses it: its host ${detail} is no service that this proxy knows.`;
    case 'other-workload':
      return 'Nobody here uses it: its workloadSelector is for other workloads.';
    case 'other-rule':
      return `Nobody here uses it: ${other} is in force for ${detail}.`;
    case 'namespace-not-asked':
      return `Nobody here uses it: for ${detail} Istio looks only in the namespaces of the client and of the service, and in the root namespace.`;
    case 'merged-policy':
      return `Its trafficPolicy is lost: it is merged into ${other}, whose policy counts.`;
    case 'refused':
      return `Istio refuses the resource: ${detail}.`;
  }
}

/** Without ages in the manifests the order is that of names, and may be another one in a cluster. */
function byAge(resource: Resource, by: LeftOut['by']): string {
  const undated = resource.creationTimestamp === '' && by?.resource.creationTimestamp === '';
  return undated ? ', by name; in a cluster the older one comes first' : '';
}
