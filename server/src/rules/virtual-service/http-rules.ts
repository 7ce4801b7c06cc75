import type { VirtualService } from '../../model/virtual-service.ts';
import { itemsOf, type MapNode, resolve } from '../../yaml/node.ts';
import { mapAt } from '../edits.ts';
import { Fields } from '../fields.ts';

/**
 * The rules of a list of a VirtualService as they are written. Of a part of a VirtualService, as rules that look at one
 * HTTP rule at a time get it, only those of the part.
 */
export function rulesOf(vs: VirtualService, list: 'http' | 'tls' | 'tcp'): readonly Fields[] {
  return vs[list].flatMap(({ at }) => {
    const map = mapAt(vs.document, at);
    return map === undefined ? [] : [new Fields(vs.document, map)];
  });
}

/**
 * Finds the HTTP rules for which a rule may have something to say, by a test that looks at nothing but the text of the
 * one HTTP rule: its answer is kept while that is not edited.
 */
export class Suspects {
  readonly #known = new WeakMap<MapNode, boolean>();
  readonly #test: (rule: Fields) => boolean;

  constructor(test: (rule: Fields) => boolean) {
    this.#test = test;
  }

  /** Those of a VirtualService of Istio's, as they are written. */
  of(vs: VirtualService): readonly Fields[] {
    const spec = Fields.spec(vs, 'VirtualService');
    const found: Fields[] = [];
    for (const item of itemsOf(spec?.node('http'))) {
      const map = resolve(item);
      if (map?.kind !== 'map' || this.#known.get(map) === false) continue;
      const rule = new Fields(vs.document, map);
      const isSuspect = this.#known.get(map) ?? this.#test(rule);
      this.#known.set(map, isSuspect);
      if (isSuspect) found.push(rule);
    }
    return found;
  }
}
