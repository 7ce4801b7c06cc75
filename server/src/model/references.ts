import type { Located, Span } from '../text/range.ts';
import type { TypedResource } from './decode.ts';
import type { Destination, HttpRoute, VirtualService } from './virtual-service.ts';

/** A name used in a resource that stands for something defined elsewhere. */
export type Origin =
  | { readonly type: 'host'; readonly at: Located<string>; readonly resource: TypedResource; readonly role: HostRole }
  | {
      readonly type: 'subset';
      readonly at: Located<string>;
      readonly host: Located<string>;
      readonly resource: TypedResource;
    }
  | {
      readonly type: 'port';
      readonly at: Located<number>;
      readonly host: Located<string>;
      readonly resource: TypedResource;
    }
  | {
      readonly type: 'gateway';
      readonly at: Located<string>;
      readonly resource: TypedResource;
      readonly inMatch: boolean;
    }
  | {
      readonly type: 'delegate';
      readonly at: Located<string>;
      /** As written; the namespace of the resource when absent. */
      readonly namespace: string;
      readonly resource: TypedResource;
      readonly rule: HttpRoute;
    }
  | { readonly type: 'secret'; readonly at: Located<string>; readonly resource: TypedResource };

/** What a host is used for: where requests go, whose requests are routed, whose connections get a policy. */
export type HostRole = 'destination' | 'mirror' | 'virtualService' | 'destinationRule';

/** The names that a resource uses, in document order. */
export function originsOf(resource: TypedResource): readonly Origin[] {
  switch (resource.type) {
    case 'VirtualService':
      return virtualServiceOrigins(resource);
    case 'DestinationRule':
      return resource.host === undefined
        ? []
        : [{ type: 'host', at: resource.host, resource, role: 'destinationRule' }];
    case 'Gateway':
      return resource.servers.flatMap(({ tls }) =>
        [tls?.credentialName, ...(tls?.credentialNames ?? [])]
          .filter(name => name !== undefined)
          .map(at => ({ type: 'secret' as const, at, resource })),
      );
    default:
      return [];
  }
}

function virtualServiceOrigins(resource: VirtualService): Origin[] {
  const origins: Origin[] = [];
  for (const at of resource.hosts) origins.push({ type: 'host', at, resource, role: 'virtualService' });
  for (const at of resource.gateways) origins.push({ type: 'gateway', at, resource, inMatch: false });
  const matches = [...resource.http, ...resource.tcp, ...resource.tls].flatMap(rule => [...rule.match]);
  for (const match of matches) {
    for (const at of match.gateways) origins.push({ type: 'gateway', at, resource, inMatch: true });
  }
  for (const rule of resource.http) {
    const name = rule.delegate?.name;
    if (name === undefined) continue;
    const namespace = rule.delegate?.namespace?.value || resource.namespace;
    origins.push({ type: 'delegate', at: name, namespace, resource, rule });
  }
  for (const { destination, role } of destinationsOf(resource)) {
    const { host, subset, port } = destination;
    if (host === undefined) continue;
    origins.push({ type: 'host', at: host, resource, role });
    if (subset !== undefined) origins.push({ type: 'subset', at: subset, host, resource });
    if (port !== undefined) origins.push({ type: 'port', at: port, host, resource });
  }
  return origins;
}

/** Every destination of a VirtualService, mirrors included. */
export function destinationsOf(
  virtualService: VirtualService,
): readonly { readonly destination: Destination; readonly role: 'destination' | 'mirror'; readonly rule: Span }[] {
  const found: { destination: Destination; role: 'destination' | 'mirror'; rule: Span }[] = [];
  const add = (destination: Destination | undefined, role: 'destination' | 'mirror', rule: Span): void => {
    if (destination !== undefined) found.push({ destination, role, rule });
  };
  for (const rule of virtualService.http) {
    for (const { destination } of rule.route) add(destination, 'destination', rule.at);
    add(rule.mirror, 'mirror', rule.at);
    for (const { destination } of rule.mirrors) add(destination, 'mirror', rule.at);
  }
  for (const rule of [...virtualService.tls, ...virtualService.tcp]) {
    for (const { destination } of rule.route) add(destination, 'destination', rule.at);
  }
  return found;
}

/** The gateways of a VirtualService as Pilot takes them: without any, `mesh`. */
export function gatewayNames(virtualService: VirtualService): readonly string[] {
  return virtualService.gateways.length === 0 ? ['mesh'] : virtualService.gateways.map(({ value }) => value);
}

export function bindsMesh(virtualService: VirtualService): boolean {
  return gatewayNames(virtualService).includes('mesh');
}
