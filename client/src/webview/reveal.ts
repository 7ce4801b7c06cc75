import type { Place, RouteView, Viewpoint } from '../../../server/src/contract.ts';

/**
 * The routes that were made of a line of a file: those with the smallest range around it. In a match that is its own
 * route; elsewhere in a rule all routes of the rule; on a delegate's name all that came from it.
 *
 * @param line 1-based
 */
export function routesAt(viewpoint: Viewpoint, uri: string, line: number): readonly RouteView[] {
  let smallest = Number.POSITIVE_INFINITY;
  let found: RouteView[] = [];
  for (const { routes } of viewpoint.virtualHosts) {
    for (const route of routes) {
      const size = sizeAround(route, uri, line);
      if (size === undefined || size > smallest) continue;
      if (size < smallest) found = [];
      smallest = size;
      found.push(route);
    }
  }
  return found;
}

/** Lines of the smallest range of a route around a line. */
function sizeAround({ source }: RouteView, uri: string, line: number): number | undefined {
  if (source === undefined) return undefined;
  const places = [source.place, source.extent, source.delegatedBy?.place].filter(place => place !== undefined);
  const sizes = places.filter(place => place.uri === uri && holds(place, line)).map(sizeOf);
  return sizes.length > 0 ? Math.min(...sizes) : undefined;
}

function holds({ line: first, endLine, endColumn }: Place, line: number): boolean {
  // A range that ends before the first character of a line does not reach into it.
  return line >= first && line <= (endColumn === 1 && endLine > first ? endLine - 1 : endLine);
}

function sizeOf({ line, endLine }: Place): number {
  return endLine - line;
}
