import { entry } from '../yaml/node.ts';
import type { HttpRoute, VirtualService } from './virtual-service.ts';

interface List<V> {
  readonly routes: readonly HttpRoute[];
  readonly values: readonly V[];
}

/**
 * What is kept for the HTTP rules of a VirtualService, in their order. An edit leaves nearly all of a thousand rules the
 * same objects: they are recognized by the list of before, at the same place from its start or its end, which is much
 * cheaper than to look each of them up.
 */
export class KeptRoutes<V> {
  readonly #lists = new WeakMap<object, List<V>>();

  /**
   * The values that were kept last for the HTTP rules of a VirtualService.
   *
   * @returns a value for each rule that stands where it stood; `undefined` for others
   */
  before(vs: VirtualService): readonly (V | undefined)[] {
    const { routes, values } = this.#lists.get(lasting(vs)) ?? NOTHING;
    if (routes === vs.http) return values;
    const now = vs.http;
    const shortest = Math.min(routes.length, now.length);
    const shift = now.length - routes.length;
    let head = 0;
    while (head < shortest && routes[head] === now[head]) head++;
    let tail = now.length;
    while (tail > head && tail - shift > head && routes[tail - 1 - shift] === now[tail - 1]) tail--;
    const fresh = new Array<undefined>(tail - head).fill(undefined);
    return [...values.slice(0, head), ...fresh, ...values.slice(tail - shift)];
  }

  /** Keeps a value for each HTTP rule of a VirtualService. */
  keep(vs: VirtualService, values: readonly V[]): void {
    this.#lists.set(lasting(vs), { routes: vs.http, values });
  }
}

const NOTHING: List<never> = { routes: [], values: [] };

/** What an edit of the HTTP rules leaves alone. */
function lasting(vs: VirtualService): object {
  return entry(vs.node, 'metadata')?.value ?? vs.node;
}

/** A value of each HTTP rule that hangs on the rule alone: it is made once, and again when the rule is edited. */
export class OfRoutes<V> {
  readonly #kept = new KeptRoutes<V>();
  readonly #make: (route: HttpRoute) => V;

  constructor(make: (route: HttpRoute) => V) {
    this.#make = make;
  }

  /** The values for all HTTP rules of a VirtualService, in their order. */
  of(vs: VirtualService): readonly V[] {
    const before = this.#kept.before(vs);
    const values = vs.http.map((route, place) => before[place] ?? this.#make(route));
    this.#kept.keep(vs, values);
    return values;
  }
}
