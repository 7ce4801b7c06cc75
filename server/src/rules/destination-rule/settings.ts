import type { DestinationRule } from '../../model/destination-rule.ts';
import type { Sidecar } from '../../model/sidecar.ts';
import type { Facts } from '../../schema/facts.ts';
import type { Span } from '../../text/range.ts';
import { refusal } from '../codes.ts';
import { Fields } from '../fields.ts';
import { objectsOf } from '../schema/visits.ts';

/** A block of a traffic policy, wherever it stands: in the policy, in that of a port, or of a subset. */
export interface Block {
  readonly fields: Fields;
  /** The key under which it stands; the block itself for an entry of a list. */
  readonly at: Span;
  /** It stands in the policy of a single port. */
  readonly isOfPort: boolean;
  /** It stands in a subset or in the policy of a single port, for which Istio's validation forgets its warnings. */
  readonly isBelow: boolean;
}

/** The blocks of a type in a DestinationRule, or in the connection pools of a Sidecar. */
export function blocksOf(resource: DestinationRule | Sidecar, facts: Facts, type: string): readonly Block[] {
  return objectsOf(resource, facts, type).map(({ map, entry, path, inMap }) => {
    const fields = new Fields(resource.document, map);
    const at =
      entry === undefined || inMap
        ? fields.head
        : { anchor: resource.document, start: entry.key.start, end: entry.key.end };
    const isOfPort = path.includes('portLevelSettings');
    return { fields, at, isOfPort, isBelow: isOfPort || path.includes('subsets') };
  });
}

/** Codes of a refusal for a block; for one in the policy of a port, that of its check as well. */
export function blockRefusal({ isOfPort }: Block, ...ids: readonly string[]): readonly string[] {
  return refusal(...ids, ...(isOfPort ? ['DR-61'] : []));
}
