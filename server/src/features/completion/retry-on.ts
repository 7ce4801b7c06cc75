import type { CompletionItem } from '../types.ts';
import type { Context } from './context.ts';
import { itemsOf, type Offer } from './offer.ts';
import type { Slot } from './slot.ts';

/**
 * The conditions of `retryOn`, a list in one text: only the word at the place is replaced, and words that are there
 * already are left out. Blanks are refused by Istio, so none is written.
 */
export function retryOnItems(context: Context, offers: readonly Offer[], slot: Slot): readonly CompletionItem[] {
  const { cursor, document, offset, base } = context;
  const { word } = cursor;
  const written = document.text.slice(word.start, word.end).replace(/^["']/, '').replace(/["']$/, '');
  const words = written.split(',').map(text => text.trim());
  const start = offset - (cursor.prefix.length - (cursor.prefix.lastIndexOf(',') + 1));
  const end = endOfWord(document.text, offset, word.end);
  const current = document.text.slice(start, end).trim();
  const rest = offers.filter(({ label }) => label === current || !words.includes(label));
  // A list of one word is written as any text is: a status has to be quoted.
  if (words.length < 2) return itemsOf(rest, slot);
  const inner: Slot = {
    ...slot,
    quote: undefined,
    before: '',
    replace: { start: base + start, end: base + end },
    skipped: /^\s*/.exec(document.text.slice(start, offset))?.[0] ?? '',
  };
  return itemsOf(
    rest.map(offer => ({ ...offer, isText: false })),
    inner,
  );
}

function endOfWord(text: string, offset: number, end: number): number {
  let at = offset;
  while (at < end && !/[,\s"']/.test(text[at] ?? '')) at++;
  return at;
}
