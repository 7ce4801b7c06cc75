import { bindsMesh } from '../model/references.ts';
import { push } from '../text/push.ts';
import { defaultExportTo, type MeshService, type MeshSettings } from './mesh.ts';
import type { PreparedVirtualService } from './prepare.ts';

/** Whether a service is exported to a namespace (`PILOT.md` 9). */
export function isServiceVisible(service: MeshService, namespace: string): boolean {
  const { exportTo } = service;
  return (
    exportTo.length === 0 ||
    exportTo.some(word => word === '*' || word === namespace || (word === '.' && service.namespace === namespace))
  );
}

type Prepared = readonly PreparedVirtualService[];

const byGateway = new WeakMap<Prepared, ReadonlyMap<string, Prepared>>();
const NONE: Prepared = [];

/** The VirtualServices bound to a gateway, or to `mesh`, whoever sees them, in Pilot's order. */
export function boundTo(all: Prepared, gateway: string): Prepared {
  let known = byGateway.get(all);
  if (known === undefined) {
    const made = new Map<string, PreparedVirtualService[]>();
    for (const vs of all) {
      for (const name of boundNames(vs)) {
        push(made, name, vs);
      }
    }
    known = made;
    byGateway.set(all, known);
  }
  return known.get(gateway) ?? NONE;
}

const boundNamesOf = new WeakMap<PreparedVirtualService, readonly string[]>();

function boundNames(vs: PreparedVirtualService): readonly string[] {
  const known = boundNamesOf.get(vs);
  if (known !== undefined) return known;
  const made = [...new Set(bindsMesh(vs.resource) ? [...vs.gateways, 'mesh'] : vs.gateways)];
  boundNamesOf.set(vs, made);
  return made;
}

const visible = new WeakMap<Prepared, Map<string, Prepared>>();

/**
 * The VirtualServices bound to a gateway, or to `mesh`, that a proxy in a namespace sees, in the order in which their
 * routes count: private ones of its own namespace, those exported to it by name, then public ones (`PILOT.md` 2.5).
 */
export function visibleVirtualServices(
  all: Prepared,
  gateway: string,
  namespace: string,
  settings: Pick<MeshSettings, 'defaultVirtualServiceExportTo'>,
): Prepared {
  const unset = defaultExportTo(settings.defaultVirtualServiceExportTo);
  const known = visible.get(all) ?? new Map<string, Prepared>();
  visible.set(all, known);
  const key = `${gateway} ${namespace} ${unset}`;
  const bound = boundTo(all, gateway);
  const found = known.get(key) ?? (isOpen(bound, unset) ? bound : select(bound, namespace, unset));
  known.set(key, found);
  return found;
}

const open = new WeakMap<Prepared, Map<string, boolean>>();

/** Every one of them is exported to everyone. */
function isOpen(bound: Prepared, unset: string): boolean {
  const known = open.get(bound) ?? new Map<string, boolean>();
  open.set(bound, known);
  const found =
    known.get(unset) ??
    bound.every(({ resource: { exportTo } }) =>
      exportTo.length === 0 ? unset === '*' : exportTo.some(({ value }) => value === '*'),
    );
  known.set(unset, found);
  return found;
}

function select(bound: Prepared, namespace: string, unset: string): Prepared {
  const own: PreparedVirtualService[] = [];
  const exported: PreparedVirtualService[] = [];
  const everyone: PreparedVirtualService[] = [];
  for (const vs of bound) {
    const { resource } = vs;
    const words = resource.exportTo.length === 0 ? [unset] : resource.exportTo.map(({ value }) => value);
    const exportTo = words.map(word => (word === '.' ? resource.namespace : word));
    if (exportTo.includes('*')) everyone.push(vs);
    else if (exportTo.length === 1 && exportTo[0] === resource.namespace) {
      if (resource.namespace === namespace) own.push(vs);
    } else if (exportTo.includes(namespace)) exported.push(vs);
  }
  return [...own, ...exported, ...everyone];
}
