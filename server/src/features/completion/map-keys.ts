import type { FieldFact, Shape } from '../../schema/facts.ts';
import type { Place } from '../../schema/walk.ts';
import { sentence, wordsFirst } from '../field-markdown.ts';
import type { Context } from './context.ts';
import { keyText } from './keys.ts';
import { labelKeys } from './labels.ts';
import type { Offer } from './offer.ts';
import { podPorts } from './ports.ts';
import { scalarText } from './scalar-text.ts';
import { headerNames } from './words.ts';

/** Keys that make sense in a map with free keys: labels of workloads, headers, ports, what the documentation lists. */
export function mapKeyOffers(
  context: Context,
  place: Place,
  shape: Extract<Shape, { type: 'map' }>,
  present: ReadonlyMap<string, string>,
): readonly Offer[] {
  const value: FieldFact = {
    ...shape.values,
    ...(place.field?.value === undefined ? {} : { value: place.field.value }),
  };
  const { flow } = context.cursor;
  return suggestions(context, place)
    .filter(({ label }) => !present.has(label))
    .map(offer => {
      const key = scalarText(offer.label, { quote: undefined, flow, isText: false });
      return { ...offer, kind: 'field', ...keyText(context, key, value, false) };
    });
}

function suggestions(context: Context, place: Place): readonly Offer[] {
  const doc = context.snapshot.schemas.documentation()[place.type ?? '']?.fields[place.fieldName ?? ''];
  switch (place.field?.key) {
    case 'label':
      return labelKeys(context, place.type);
    case 'headerName':
      return headerNames(context.path);
    case 'port':
      return podPorts(context);
    default:
      return wordsFirst(doc?.values).map(([label, line]) => ({ label, kind: 'field', documentation: sentence(line) }));
  }
}
