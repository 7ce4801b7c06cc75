import type { CharRanges } from './char-ranges.ts';

/**
 * The tree of an RE2 pattern, without what does not change which texts it matches as a whole: captures, laziness, names
 * of groups. Anchors are resolved while parsing.
 */
export type Re2Node =
  | { readonly kind: 'set'; readonly set: CharRanges }
  /** In order; empty: the empty text. */
  | { readonly kind: 'sequence'; readonly items: readonly Re2Node[] }
  | { readonly kind: 'choice'; readonly items: readonly Re2Node[] }
  /** `max` may be infinite. */
  | { readonly kind: 'repeat'; readonly item: Re2Node; readonly min: number; readonly max: number };

export interface Re2Tree {
  readonly root: Re2Node;
  /**
   * Whether the sets are exact for all of Unicode. If not, they are for ASCII: the members of a class such as `\p{Greek}`
   * beyond it are not known here.
   */
  readonly exact: boolean;
}

export const EMPTY: Re2Node = { kind: 'sequence', items: [] };
/** Matches nothing at all. */
export const NEVER: Re2Node = { kind: 'set', set: [] };

/** Items in order, nested sequences opened; one item alone is itself. */
export function sequence(items: readonly Re2Node[]): Re2Node {
  const flat = items.flatMap(item => (item.kind === 'sequence' ? item.items : [item]));
  if (flat.some(item => item === NEVER)) return NEVER;
  return flat.length === 1 && flat[0] !== undefined ? flat[0] : { kind: 'sequence', items: flat };
}

export function choice(items: readonly Re2Node[]): Re2Node {
  const possible = items.filter(item => item !== NEVER);
  if (possible.length === 0) return NEVER;
  return possible.length === 1 && possible[0] !== undefined ? possible[0] : { kind: 'choice', items: possible };
}

/** Whether a node matches the empty text. */
export function isNullable(node: Re2Node): boolean {
  switch (node.kind) {
    case 'set':
      return false;
    case 'sequence':
      return node.items.every(isNullable);
    case 'choice':
      return node.items.some(isNullable);
    case 'repeat':
      return node.min === 0 || isNullable(node.item);
  }
}
