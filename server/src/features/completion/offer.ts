import type { CompletionItem } from '../types.ts';
import { scalarText } from './scalar-text.ts';
import type { Slot } from './slot.ts';
import { escapeSnippet, snippetInsertion } from './snippet-text.ts';

/** Something that can be written, before it is known how the place wants it written. */
export interface Offer {
  readonly label: string;
  readonly kind: CompletionItem['kind'];
  readonly detail?: string;
  /** Markdown. */
  readonly documentation?: string;
  /** Lines in snippet syntax; without them the label is inserted as a scalar. */
  readonly lines?: readonly string[];
  /** The value is a text, also where it looks like a number. */
  readonly isText?: boolean;
  /** Lower ranks come first; within a rank the order of the offers holds. */
  readonly rank?: number;
  readonly deprecated?: boolean;
  readonly retrigger?: boolean;
}

const NORMAL = 3;
/** Where deprecated things stand: behind all others. */
const LAST = 9;

/** Offers as items of the editor, in their order. */
export function itemsOf(offers: readonly Offer[], slot: Slot): readonly CompletionItem[] {
  const seen = new Set<string>();
  const items: CompletionItem[] = [];
  for (const offer of offers) {
    const key = `${offer.kind === 'snippet'} ${offer.label}`;
    if (seen.has(key)) continue;
    seen.add(key);
    items.push(itemOf(offer, slot, items.length));
  }
  return items;
}

function itemOf(offer: Offer, slot: Slot, index: number): CompletionItem {
  const lines = offer.lines ?? [escapeSnippet(scalarText(offer.label, { ...slot, isText: offer.isText ?? false }))];
  const template = slot.before + lines.join(`\n${' '.repeat(slot.indent)}`) + slot.after;
  const rank = offer.deprecated === true ? LAST : (offer.rank ?? NORMAL);
  const typed = `${slot.skipped}${slot.quote ?? ''}`;
  return {
    label: slot.mark + offer.label,
    kind: offer.kind,
    detail: offer.detail ?? '',
    documentation: offer.documentation ?? '',
    ...snippetInsertion(template),
    replace: slot.replace,
    sortText: `${slot.rank}${rank}${String(index).padStart(4, '0')}`,
    filterText: typed === '' && slot.mark === '' ? undefined : typed + offer.label,
    deprecated: offer.deprecated ?? false,
    retrigger: offer.retrigger ?? false,
  };
}
