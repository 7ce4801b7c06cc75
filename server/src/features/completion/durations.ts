import { formatDuration, parseDuration } from '../../model/duration.ts';
import type { FieldDoc } from '../../schema/documentation.ts';
import type { Offer } from './offer.ts';

const GENERAL: readonly string[] = ['1s', '5s', '10s', '30s', '1m'];
const TOKEN = /`((?:\d+(?:\.\d+)?(?:h|ms|m|s))+)`/g;

/**
 * Durations that make sense for a field, taken from its documentation: what it recommends, its default, its examples;
 * without any of these some that fit most fields.
 */
export function durationOffers({ doc }: { readonly doc: FieldDoc | undefined }): readonly Offer[] {
  /** By their length, which may be written in more than one way. */
  const found = new Map<number, Pick<Offer, 'label' | 'detail'>>();
  const put = (label: string, detail: string): void => {
    const length = parseDuration(label) ?? 0;
    if (length > 0 && !found.has(length)) found.set(length, { label, detail });
  };
  const add = (text: string | undefined, detail: string): void => {
    for (const [, value] of text?.matchAll(TOKEN) ?? []) if (value !== undefined) put(value, detail);
  };
  add(leadingValue(doc?.default), 'default');
  add(doc?.advice, 'recommended');
  add(doc?.type, 'example');
  for (const value of found.size < 2 ? GENERAL : []) put(value, '');
  const inOrder = [...found].sort(([a], [b]) => a - b);
  return inOrder.map(([length, offer]) => ({ ...offer, kind: 'value', documentation: readingOf(offer.label, length) }));
}

/** A default counts where it begins with a duration: other texts tell of defaults elsewhere. */
function leadingValue(text: string | undefined): string | undefined {
  return text?.startsWith('`') === true ? text : undefined;
}

function readingOf(value: string, length: number): string {
  const reading = formatDuration(length);
  return reading === value ? '' : `\`${value}\` is ${reading}.`;
}
