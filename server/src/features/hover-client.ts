import type { TypedResource } from '../model/decode.ts';
import { bindsMesh } from '../model/references.ts';
import type { Snapshot } from '../workspace/snapshot.ts';
import { code } from './markdown.ts';

/** Whose requests are meant: proxies of one kind in one namespace. */
export interface Client {
  readonly namespace: string;
  /** `clients in shop`, `gateways in istio-system`. */
  readonly text: string;
}

/**
 * The proxies that execute a resource: clients in its own namespace, as the nearest ones; for a VirtualService of
 * gateways also, or only, these, which run in the namespace that the settings name.
 */
export function clientsOf({ settings }: Snapshot, resource: TypedResource): readonly [Client, ...Client[]] {
  const { namespace } = resource;
  const sidecars = { namespace, text: `clients in ${code(namespace)}` };
  if (resource.type !== 'VirtualService' || resource.gateways.every(({ value }) => value === 'mesh')) return [sidecars];
  const { gatewayNamespace } = settings.mesh;
  const gateways = { namespace: gatewayNamespace, text: `gateways in ${code(gatewayNamespace)}` };
  return bindsMesh(resource) ? [sidecars, gateways] : [gateways];
}
