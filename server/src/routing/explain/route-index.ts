import type { EnvoyRouteMatch } from '../envoy.ts';
import { foldAscii } from '../reach/atoms.ts';
import { patternFacts } from '../reach/pattern-facts.ts';
import type { TableHost } from '../table.ts';
import { takes } from './conditions.ts';
import type { HttpRequest } from './request.ts';

const NOT_ASCII = /[^\0-\x7f]/;

/**
 * The routes of a virtual host by the text that the paths of their requests begin with, so that of a long list only the
 * few that can take a request are asked.
 */
export class RouteIndex {
  readonly #matches: readonly EnvoyRouteMatch[];
  /** Places of routes in order, by the start of their paths in small letters. */
  readonly #byStart = new Map<string, number[]>();
  readonly #lengths: readonly number[];

  constructor({ routes }: Pick<TableHost, 'routes'>) {
    this.#matches = routes.map(({ envoy }) => envoy.match);
    for (const [place, match] of this.#matches.entries()) {
      const start = startOf(match);
      const places = this.#byStart.get(start);
      if (places === undefined) this.#byStart.set(start, [place]);
      else places.push(place);
    }
    this.#lengths = [...new Set([...this.#byStart.keys()].map(({ length }) => length))];
  }

  /** The 0-based place of the first route that takes a request, or -1; the request's path must be normal already. */
  first(request: HttpRequest): number {
    const { path } = request;
    // Letters beyond ASCII have other rules for case.
    if (NOT_ASCII.test(path)) return this.#matches.findIndex(match => takes(match, request));
    const folded = foldAscii(path);
    let first = Number.POSITIVE_INFINITY;
    for (const length of this.#lengths) {
      if (length > folded.length) continue;
      for (const place of this.#byStart.get(folded.slice(0, length)) ?? []) {
        if (place >= first) break;
        const match = this.#matches[place];
        if (match !== undefined && takes(match, request)) {
          first = place;
          break;
        }
      }
    }
    return first === Number.POSITIVE_INFINITY ? -1 : first;
  }
}

/** The text with which every path begins that fulfils a match, in small letters; empty where there is none. */
function startOf({ path, prefix, safeRegex }: EnvoyRouteMatch): string {
  const start = safeRegex === undefined ? (path ?? prefix ?? '') : patternFacts(safeRegex.regex).start;
  return NOT_ASCII.test(start) ? '' : foldAscii(start);
}

const indexes = new WeakMap<TableHost, RouteIndex>();

/** The index of a virtual host, made at the first question. */
export function routeIndexOf(host: TableHost): RouteIndex {
  const known = indexes.get(host) ?? new RouteIndex(host);
  indexes.set(host, known);
  return known;
}
