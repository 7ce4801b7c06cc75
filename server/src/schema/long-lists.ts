import { isCut } from '../yaml/blocks.ts';
import { type MapNode, resolve, type SeqNode, type Step } from '../yaml/node.ts';
import type { Schemas } from './schemas.ts';
import { placeAt } from './walk.ts';

/** A list of objects whose items are blocks of their own: each can be judged by itself. */
export interface LongList {
  readonly list: SeqNode;
  readonly path: readonly Step[];
  readonly itemType: string;
}

/** The long lists of an object, outermost ones only. */
export function longListsOf(schemas: Schemas, node: MapNode, type: string): readonly LongList[] {
  const lists: LongList[] = [];
  const collect = (map: MapNode, path: readonly Step[]): void => {
    for (const { key, value } of map.entries) {
      const inner = resolve(value);
      if (inner?.kind === 'map') collect(inner, [...path, key.source]);
      if (inner?.kind !== 'seq' || !isCut(inner)) continue;
      const at = [...path, key.source];
      const itemType = itemTypeOf(schemas, type, at);
      if (itemType !== undefined && inner.items.every(item => item.kind === 'map'))
        lists.push({ list: inner, path: at, itemType });
    }
  };
  // Only a tree that is cut itself has parts that are.
  if (isCut(node)) collect(node, []);
  return lists;
}

/** The type of the items of a list that may have any number of them. */
function itemTypeOf({ facts, validator }: Schemas, type: string, path: readonly Step[]): string | undefined {
  const shape = placeAt(facts, type, path)?.shape;
  if (shape?.type !== 'array' || shape.items.type !== 'object') return undefined;
  if ((shape.minItems ?? 0) > 1 || shape.maxItems !== undefined) return undefined;
  return validator(shape.items.ref) === undefined ? undefined : shape.items.ref;
}
