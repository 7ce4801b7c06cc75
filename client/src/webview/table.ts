import type { ConnectionView, RouteView, Viewpoint, VirtualHostView } from '../../../server/src/contract.ts';
import type { ViewState } from './view-state.ts';

/** One line of the table, in the order in which lines stand. */
export type Line =
  | { readonly kind: 'host'; readonly key: string; readonly host: VirtualHostView; readonly open: boolean }
  | { readonly kind: 'origin'; readonly key: string; readonly owner: string; readonly host: VirtualHostView }
  | {
      readonly kind: 'route';
      readonly key: string;
      readonly route: RouteView;
      readonly host: VirtualHostView;
      readonly open: boolean;
      /** The next line is a further alternative of the same rule. */
      readonly joined: boolean;
    }
  | { readonly kind: 'details'; readonly key: string; readonly owner: string; readonly route: RouteView }
  | { readonly kind: 'otherwise'; readonly key: string; readonly text: string }
  /** Instead of the routes of a host that sends every plain request to HTTPS. */
  | { readonly kind: 'redirected'; readonly key: string; readonly host: VirtualHostView };

/** Something a reader should see: a route that nothing reaches, or one that leads nowhere. */
export function isProblem(route: RouteView): boolean {
  return (
    route.state !== 'live' ||
    route.destinations.some(({ problem }) => problem !== undefined) ||
    route.badges.some(({ kind }) => kind === 'error')
  );
}

/** A connection that leads nowhere. */
export function isBroken({ destinations }: ConnectionView): boolean {
  return destinations.some(({ problem }) => problem !== undefined);
}

/** The connections of a listener that the reader's filter leaves. */
export function connectionsOf({ connections = [] }: Viewpoint, state: ViewState): readonly ConnectionView[] {
  const query = state.query.trim().toLowerCase();
  return connections.filter(
    connection =>
      (state.only !== 'problems' || isBroken(connection)) &&
      [connection.match, connection.action, connection.source?.virtualService, connection.source?.place.path]
        .join('\n')
        .toLowerCase()
        .includes(query),
  );
}

/** The routes that requests can come to; before those of a host that demands HTTPS every request is redirected. */
export function routesOf(host: VirtualHostView): readonly RouteView[] {
  return host.requireTls ? [] : host.routes;
}

export function hostKey(host: VirtualHostView): string {
  return `host:${host.name}`;
}

export function routeKey(id: string): string {
  return `route:${id}`;
}

export function detailsKey(route: RouteView): string {
  return `details:${route.id}`;
}

/** The lines of a table that the reader's filter and folding leave. */
export function linesOf(viewpoint: Viewpoint, state: ViewState): readonly Line[] {
  return viewpoint.virtualHosts.flatMap(host => linesOfHost(host, state));
}

/** Lines that the row focus can stand on. */
export function isFocusable(line: Line): boolean {
  return line.kind === 'host' || line.kind === 'route';
}

/** The row that a line belongs to, when it has no focus of its own. */
export function ownerOf(line: Line): string | undefined {
  return line.kind === 'origin' || line.kind === 'details' ? line.owner : undefined;
}

function linesOfHost(host: VirtualHostView, state: ViewState): readonly Line[] {
  const query = state.query.trim().toLowerCase();
  const filtered = query !== '' || state.only === 'problems';
  const hostHit = query !== '' && host.domains.some(domain => domain.toLowerCase().includes(query));
  const all = routesOf(host);
  const routes = filtered
    ? all.filter(
        route => (state.only !== 'problems' || isProblem(route)) && (query === '' || hostHit || holds(route, query)),
      )
    : all;
  if (filtered && routes.length === 0 && !(hostHit && state.only !== 'problems')) return [];
  const key = hostKey(host);
  const open = !state.closed.has(key);
  const lines: Line[] = [{ kind: 'host', key, host, open }];
  if (!open) return lines;
  if (host.virtualServices.length > 0 || host.order !== undefined) {
    lines.push({ kind: 'origin', key: `origin:${host.name}`, owner: key, host });
  }
  if (host.requireTls) lines.push({ kind: 'redirected', key: `redirected:${host.name}`, host });
  for (const [i, route] of routes.entries()) {
    const own = routeKey(route.id);
    const details = state.open.has(own);
    lines.push({
      kind: 'route',
      key: own,
      route,
      host,
      open: details,
      joined: routes[i + 1]?.sameAs !== undefined && !details,
    });
    if (details) lines.push({ kind: 'details', key: detailsKey(route), owner: own, route });
  }
  if (host.otherwise !== undefined && !filtered) {
    lines.push({ kind: 'otherwise', key: `otherwise:${host.name}`, text: host.otherwise });
  }
  return lines;
}

const searchTexts = new WeakMap<RouteView, string>();

function holds(route: RouteView, query: string): boolean {
  let text = searchTexts.get(route);
  if (text === undefined) {
    text = [
      route.name,
      route.text.match,
      route.text.action,
      route.source?.virtualService ?? '',
      route.source?.rule ?? '',
      route.source?.place.path ?? '',
      ...route.conditions.flatMap(({ name, value }) => [name, value]),
      ...route.destinations.flatMap(({ host, subset }) => [host, subset]),
      ...route.badges.map(badge => badge.text),
    ]
      .join('\n')
      .toLowerCase();
    searchTexts.set(route, text);
  }
  return text.includes(query);
}
