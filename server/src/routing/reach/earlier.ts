import type { Site } from './decide.ts';
import { fulfils } from './literals.ts';
import { RequestIndex, type Takers, type Values } from './request-index.ts';

/** So many questions about a list are answered by walking it before it is worth an index. */
const MAX_WALKS = 12;

/** What stands before a match of a list. */
export class Earlier implements Takers {
  readonly #sites: readonly Site[];
  #walks: number;
  readonly #index = new RequestIndex();
  readonly #places = new Map<string, number>();
  /** How many of the sites are in the index. */
  #known = 0;

  /** @param isFew only some matches of the list will be asked about, as after an edit */
  constructor(sites: readonly Site[], isFew: boolean) {
    this.#sites = sites;
    this.#walks = isFew ? MAX_WALKS : 0;
  }

  /** The place of the first match that takes a request, if it is below `before`. */
  first(values: Values, before: number): number | undefined {
    if (this.#walks === 0) {
      this.#learn(before);
      return this.#index.first(values, before);
    }
    this.#walks--;
    const path = values('path') ?? '';
    for (let place = 0; place < before; place++) {
      const site = this.#sites[place];
      if (site === undefined || (site.start !== undefined && !path.startsWith(site.start))) continue;
      if (site.literals.every(literal => fulfils(values(literal.dimension), literal))) return place;
    }
    return undefined;
  }

  /** The place of the first match with a key, if it is below `before`. */
  placeOf(key: string, before: number): number | undefined {
    if (this.#walks === 0) {
      this.#learn(before);
      return this.#places.get(key);
    }
    this.#walks--;
    for (let place = 0; place < before; place++) if (this.#sites[place]?.key === key) return place;
    return undefined;
  }

  /** Matches are asked about in their order, so that nothing behind `end` is known. */
  #learn(end: number): void {
    for (; this.#known < end; this.#known++) {
      const site = this.#sites[this.#known];
      if (site === undefined) continue;
      this.#index.add(this.#known, site.literals);
      if (!this.#places.has(site.key)) this.#places.set(site.key, this.#known);
    }
  }
}
