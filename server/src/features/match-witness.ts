import { resolveGatewayName } from '../model/host.ts';
import { gatewayNames } from '../model/references.ts';
import { keyOf } from '../model/resource.ts';
import type { VirtualService } from '../model/virtual-service.ts';
import { type Reachability, reachabilityOf } from '../routing/reach/reachability.ts';
import type { RouteTable } from '../routing/table.ts';
import type { Snapshot } from '../workspace/snapshot.ts';

/** How many tables are looked through. */
const TABLES = 20;

/**
 * Whether requests reach a match, from its first gateway, else from the sidecars of its namespace; through its root for a
 * match of a delegate. `undefined` where it is no route of any table that was looked at.
 *
 * @param match index in the rule's `match`; `undefined` for a rule without any
 */
export function matchReachability(
  vs: VirtualService,
  rule: number,
  match: number | undefined,
  snapshot: Snapshot,
): Reachability | undefined {
  let left = TABLES;
  let worst: Reachability | undefined;
  for (const table of tablesOf(vs, snapshot)) {
    if (left-- === 0) return worst;
    for (const host of table.virtualHosts) {
      if (host.requireTls) continue;
      for (const [place, { origin }] of host.routes.entries()) {
        const written = origin?.rule.source;
        if (origin === undefined || written?.resource !== vs || origin.rule.index !== rule) continue;
        if (written.rule.match.length > 0 && origin.match?.index !== match) continue;
        const reach = reachabilityOf(host, table)[place];
        if (reach?.state === 'live') return reach;
        worst ??= reach;
      }
    }
  }
  return worst;
}

function* tablesOf(vs: VirtualService, { routing: whole }: Snapshot): Generator<RouteTable> {
  const roots =
    vs.hosts.length > 0
      ? [vs]
      : whole.prepared
          .filter(({ rules }) => rules.some(({ source }) => source.resource === vs))
          .map(({ resource }) => resource);
  const routing = whole.around(roots);
  const gateways = new Set(
    roots.flatMap(root => gatewayNames(root).map(name => resolveGatewayName(name, root.namespace))),
  );
  const routers = gateways.size > (gateways.has('mesh') ? 1 : 0) ? routing.routers() : [];
  for (const proxy of routers) {
    const { servers, table } = routing.proxy(proxy);
    const own = servers.filter(({ gateway, tableName }) => tableName !== '' && gateways.has(keyOf(gateway)));
    for (const name of new Set(own.map(({ tableName }) => tableName))) yield table(name);
  }
  if (!gateways.has('mesh')) return;
  for (const namespace of new Set(roots.map(root => root.namespace))) {
    const { names, table } = routing.proxy({ type: 'sidecar', namespace, labels: {} });
    for (const name of names) yield table(name);
  }
}
