import { push } from '../../text/push.ts';
import { type Atom, belongs, foldAscii, startOf } from './atoms.ts';
import { type Dimension, fulfils, type Literal } from './literals.ts';

/** A value, or none, for each dimension of a request. */
export type Values = (dimension: Dimension) => string | undefined;

/** Matches in order, of which the first that takes a request can be found. */
export interface Takers {
  /** The order of the first match that takes a request, if it is below `before`. */
  first(values: Values, before: number): number | undefined;
}

interface Entry {
  readonly order: number;
  readonly path: Atom | undefined;
  /** Conditions beside the path. */
  readonly rest: readonly Literal[];
}

/** Matches in order, found again by the paths that they take. */
export class RequestIndex implements Takers {
  readonly #everywhere: Entry[] = [];
  readonly #exact = new Map<string, Entry[]>();
  readonly #prefixes = new Map<string, Entry[]>();
  readonly #patterns = new Map<string, Entry[]>();
  readonly #lengths = new Set<number>();
  readonly #patternLengths = new Set<number>();

  /** Orders have to grow. */
  add(order: number, literals: readonly Literal[]): void {
    const paths = literals.filter(({ dimension }) => dimension === 'path');
    const path = paths.length === 1 && paths[0]?.negated === false ? paths[0].atom : undefined;
    const rest = path === undefined ? literals : literals.filter(({ dimension }) => dimension !== 'path');
    const entry = { order, path, rest };
    if (path === undefined || path.kind === 'any') this.#everywhere.push(entry);
    else if (path.kind === 'exact') push(this.#exact, foldAscii(path.text), entry);
    else {
      const start = foldAscii(startOf(path));
      const [map, lengths] =
        path.kind === 'prefix' ? [this.#prefixes, this.#lengths] : [this.#patterns, this.#patternLengths];
      push(map, start, entry);
      lengths.add(start.length);
    }
  }

  /** The order of the first match that takes a request, if it is below `before`. */
  first(values: Values, before: number): number | undefined {
    const path = values('path') ?? '';
    const folded = foldAscii(path);
    let first = firstOf(this.#everywhere, path, values, before);
    first = firstOf(this.#exact.get(folded), path, values, first);
    for (const length of this.#lengths) {
      if (length <= folded.length) first = firstOf(this.#prefixes.get(folded.slice(0, length)), path, values, first);
    }
    for (const length of this.#patternLengths) {
      if (length <= folded.length) first = firstOf(this.#patterns.get(folded.slice(0, length)), path, values, first);
    }
    return first === before ? undefined : first;
  }
}

/** The order of the first entry that takes a request, or `before`. */
function firstOf(entries: readonly Entry[] | undefined, path: string, values: Values, before: number): number {
  for (const { order, path: atom, rest } of entries ?? []) {
    if (order >= before) return before;
    if (atom !== undefined && !belongs(path, atom)) continue;
    if (rest.every(literal => fulfils(values(literal.dimension), literal))) return order;
  }
  return before;
}
