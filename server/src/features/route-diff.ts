import type { Place, RouteView, Viewpoint, WitnessView } from '../contract.ts';
import { diffTables, type Winner } from '../routing/reach/diff.ts';
import { curlCommand } from '../routing/reach/witness.ts';
import type { RouteTable } from '../routing/table.ts';
import type { Snapshot } from '../workspace/snapshot.ts';
import { type ToPlace, viewpointView } from './route-model.ts';
import { type ViewpointKey, viewpointsOf } from './viewpoints.ts';

/** What a change does to requests: sets of them that go somewhere else, each with one that shows it. */
export interface RouteDiff {
  readonly changes: readonly DiffEntry[];
  /** Pairs of routes of which it could not be found out. */
  readonly undecided: number;
}

export interface DiffEntry {
  /** The tables in which it is so, for people: `istio-system/gw: 80 HTTP`. */
  readonly viewpoints: readonly { readonly kind: ViewpointKey['kind']; readonly label: string }[];
  readonly domains: readonly string[];
  readonly witness: WitnessView;
  readonly before: DiffSide;
  readonly after: DiffSide;
}

/** Where the requests go. */
export interface DiffSide {
  /** `v1 of reviews; timeout 5s`, `404`. */
  readonly action: string;
  /** `undefined` where no route takes them, or one that Istio makes by itself. */
  readonly source:
    | {
        readonly resource: string;
        readonly rule: string;
        readonly http: number;
        readonly match: number | undefined;
        readonly place: Place;
      }
    | undefined;
}

/** A snapshot, and how its places are shown. */
export interface DiffInput {
  readonly snapshot: Snapshot;
  readonly toPlace: ToPlace;
}

/** The exact difference between the route tables of two workspaces, over all gateways and sidecars. */
export function routeDiff(before: DiffInput, after: DiffInput): RouteDiff {
  const entries = new Map<string, DiffEntry>();
  let undecided = 0;
  for (const key of allViewpoints(before.snapshot, after.snapshot)) {
    const [from, to] = [tableOf(before.snapshot, key), tableOf(after.snapshot, key)];
    const diff = diffTables(from, to, key.table.startsWith('https.') ? 'https' : 'http');
    undecided += diff.undecided;
    if (diff.changes.length === 0) continue;
    const views = { before: from && viewOf(before, key), after: to && viewOf(after, key) };
    for (const { domains, witness, before: old, after: next } of diff.changes) {
      if (isAssumption(old, next)) continue;
      const entry = {
        domains,
        witness: { ...witness, curl: curlCommand(witness) },
        before: sideOf(old, from, views.before, key),
        after: sideOf(next, to, views.after, key),
      };
      const { headers, method, path, query } = witness;
      const id = JSON.stringify([entry.before, entry.after, method, path, query, headers]);
      const known = entries.get(id);
      const viewpoint = { kind: key.kind, label: `${key.group}: ${key.label}` };
      entries.set(
        id,
        known === undefined
          ? { ...entry, viewpoints: [viewpoint] }
          : { ...known, viewpoints: [...known.viewpoints, viewpoint] },
      );
    }
  }
  return { changes: [...entries.values()], undecided };
}

/** A service that nobody defines and that is taken to exist on one side, as only there a rule names it. */
function isAssumption(before: Winner, after: Winner): boolean {
  const sides = [before, after];
  const written = sides.some(({ host, route }) => host?.routes[route ?? -1]?.origin !== undefined);
  return !written && sides.some(({ host }) => host?.services.some(({ registry }) => registry === 'assumed') === true);
}

/** Those of both, in the order of the second; a sidecar or gateway of one side is asked for on the other as well. */
function allViewpoints(before: Snapshot, after: Snapshot): readonly ViewpointKey[] {
  const proxies = [...after.routing.proxies(), ...before.routing.proxies()];
  const different = [
    ...new Map(proxies.map(proxy => [JSON.stringify([proxy.type, proxy.namespace, proxy.labels]), proxy])).values(),
  ];
  const keys = [...viewpointsOf(after.routing, different), ...viewpointsOf(before.routing, different)];
  return [...new Map(keys.map(key => [key.id, key])).values()];
}

function tableOf({ routing }: Snapshot, { proxy, table }: ViewpointKey): RouteTable | undefined {
  const own = routing.proxy(proxy);
  return own.names.includes(table) ? own.table(table) : undefined;
}

function viewOf({ snapshot, toPlace }: DiffInput, key: ViewpointKey): Viewpoint {
  return viewpointView(snapshot, key, toPlace);
}

function sideOf(
  winner: Winner,
  table: RouteTable | undefined,
  view: Viewpoint | undefined,
  key: ViewpointKey,
): DiffSide {
  const { host, route } = winner;
  if (table === undefined) {
    const action =
      key.kind === 'gateway' ? 'nothing listens there' : `not routed: no service has HTTP on port ${key.port}`;
    return { action, source: undefined };
  }
  if (host?.requireTls === true) return { action: 'redirect 301 to https', source: undefined };
  const row =
    host === undefined || route === undefined
      ? undefined
      : view?.virtualHosts[table.virtualHosts.indexOf(host)]?.routes[route];
  if (row === undefined)
    return {
      action: host === undefined ? '404: no virtual host has this name' : '404: no route takes it',
      source: undefined,
    };
  return { action: row.text.action, source: sourceOf(row) };
}

function sourceOf({ source }: RouteView): DiffSide['source'] {
  if (source === undefined) return undefined;
  const { virtualService, rule, http, match, place } = source;
  return { resource: virtualService, rule, http, match, place };
}
