import type { RouteView, Viewpoint } from '../../../server/src/contract.ts';
import { linkButton } from './controls.ts';
import { type Child, html } from './dom.ts';

/** What drawing a row needs besides the row: the words looked for, the other routes by id, policies by cluster. */
export interface Surroundings {
  readonly query: string;
  readonly routes: ReadonlyMap<string, RouteView>;
  readonly policies: Viewpoint['policies'];
}

const REFERENCE = /\{([^{}]+)\}/g;

export function surroundings(viewpoint: Viewpoint, query: string): Surroundings {
  const routes = viewpoint.virtualHosts.flatMap(host => host.routes.map(route => [route.id, route] as const));
  return { query: query.trim(), routes: new Map(routes), policies: viewpoint.policies };
}

/** A sentence in which `{id}` has become a link to that route. */
export function sentence(text: string, around: Surroundings): Child {
  const parts: Child[] = [];
  let end = 0;
  for (const match of text.matchAll(REFERENCE)) {
    const id = match[1] ?? '';
    if (!around.routes.has(id)) continue;
    parts.push(text.slice(end, match.index), routeLink(`go:${match.index}`, id, around));
    end = match.index + match[0].length;
  }
  parts.push(text.slice(end));
  return parts;
}

/** A link to another route of the table. */
export function routeLink(name: string, id: string, { routes }: Surroundings): Child {
  const order = routes.get(id)?.order;
  return order === undefined
    ? 'another route'
    : linkButton(name, { kind: 'go', route: id }, `#${order}, go to route ${order}`, `#${order}`);
}

/** The text with the words looked for marked. */
export function marked(text: string, { query }: Surroundings): Child {
  if (query === '') return text;
  const start = text.toLowerCase().indexOf(query.toLowerCase());
  if (start < 0) return text;
  const end = start + query.length;
  return [text.slice(0, start), html('mark', {}, text.slice(start, end)), text.slice(end)];
}
