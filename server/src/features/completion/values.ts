import type { FieldDoc } from '../../schema/documentation.ts';
import type { Shape, ValueMeaning } from '../../schema/facts.ts';
import type { Place } from '../../schema/walk.ts';
import { sentence, wordsFirst } from '../field-markdown.ts';
import type { Context } from './context.ts';
import { durationOffers } from './durations.ts';
import { destinationHosts, namespacedHosts, serviceHosts } from './hosts.ts';
import { labelValues, topologyLabels } from './labels.ts';
import { delegateOffers, exportToOffers, gatewayOffers, namespaceOffers, secretOffers, targetOffers } from './names.ts';
import type { Offer } from './offer.ts';
import { portOffers } from './ports.ts';
import { subsetOffers } from './subsets.ts';
import { headerNames, methodOffers, schemeOffers, statusOffers } from './words.ts';

/** A scalar that is asked for: its own shape (of an item, of an entry), the field it belongs to, and the words on it. */
export interface ValuePlace {
  readonly shape: Shape;
  readonly place: Place;
  readonly doc: FieldDoc | undefined;
}

/** The values that can be written at a place, the most likely first. Lists leave out what they have already. */
export function valueOffers(context: Context, place: Place, shape: Shape): readonly Offer[] {
  const doc = context.snapshot.schemas.documentation()[place.type ?? '']?.fields[place.fieldName ?? ''];
  const value = { shape, place, doc };
  const isText = shape.type === 'string';
  const taken = new Set(context.cursor.items);
  return [...ownWords(value), ...meant(context, value)]
    .filter(({ label }) => !taken.has(label))
    .map(offer => ({ isText, ...offer }));
}

/** Words that belong to the field itself: an enum, true and false, what the documentation lists. */
function ownWords({ shape, place, doc }: ValuePlace): readonly Offer[] {
  if (shape.type === 'boolean') return booleans(doc);
  if (shape.type === 'string' && shape.enum !== undefined) return shape.enum.map(word => enumOffer(word, doc));
  // The words on a map are about its keys.
  if (place.inMap || doc?.values === undefined) return [];
  if (place.field?.value === 'exportTo' || place.field?.value === 'namespacedHost') return [];
  const rank = shape.type === 'string' && place.field?.value === undefined ? 3 : 2;
  return wordsFirst(doc.values).map(([word, line]) => ({ ...wordOffer(word, line), rank }));
}

function booleans(doc: FieldDoc | undefined): readonly Offer[] {
  const preset = /^`(true|false)`/.exec(doc?.default ?? '')?.[1];
  return ['true', 'false'].map(label => ({ label, kind: 'value', detail: label === preset ? 'default' : '' }));
}

/** Values that stand for “not set”, or that Istio refuses. */
const EMPTY_VALUE = /^(INVALID|UNDEFINED|UNSET|UNSPECIFIED\w*)$/;
const OLD_VALUES: readonly string[] = ['LEAST_CONN'];

function enumOffer(word: string, doc: FieldDoc | undefined): Offer {
  const line = doc?.values?.[word];
  const isDefault = doc?.default?.startsWith(`\`${word}\``) === true;
  return {
    label: word,
    kind: 'enumValue',
    detail: isDefault ? 'default' : '',
    documentation: line === undefined ? '' : sentence(line),
    rank: EMPTY_VALUE.test(word) ? 7 : isDefault ? 2 : 3,
    deprecated: OLD_VALUES.includes(word),
  };
}

/** A word of the documentation; capitals in brackets (`request.headers[NAME]`) are to be filled in. */
function wordOffer(word: string, line: string): Offer {
  const holes = /^[a-z][\w.]*\w*\[[A-Z]+\]$/.test(word);
  const text = holes ? { lines: [word.replace(/\[([A-Z]+)\]/, (_, hole: string) => `[\${1:${hole}}]`)] } : {};
  return { label: word, kind: 'enumValue', documentation: sentence(line), ...text };
}

function meant(context: Context, value: ValuePlace): readonly Offer[] {
  const { place, shape } = value;
  const meaning: ValueMeaning = place.field?.value ?? 'plain';
  switch (meaning) {
    case 'duration':
      return durationOffers(value);
    case 'host':
      return place.type === 'ClusterMatch' ? serviceHosts(context, place.type) : destinationHosts(context);
    case 'hostPattern':
      return place.type === 'ServiceEntrySpec' ? [] : serviceHosts(context, place.type);
    case 'namespacedHost':
      return namespacedHosts(context, place.type);
    case 'subset':
      return subsetOffers(context, place.type);
    case 'gateway':
      return gatewayOffers(context);
    case 'delegate':
      return delegateOffers(context);
    case 'port':
      return place.inMap ? [] : portOffers(context, place.type);
    case 'namespace':
      return namespaceOffers(context);
    case 'exportTo':
      return exportToOffers(context, value.doc);
    case 'secret':
      return secretOffers(context);
    case 'labelValue':
      return labelValues(context, place.type);
    case 'label':
      return topologyLabels();
    case 'httpStatus':
      return statusOffers(place.fieldName, value.doc);
    case 'httpMethod':
      return methodOffers();
    case 'headerName':
      return headerNames(context.path);
    case 'resourceName':
      return place.type === 'PolicyTargetReference' ? targetOffers(context) : [];
    case 'plain':
      return shape.type === 'string' ? stringMatchOffers(context, place) : [];
    default:
      return [];
  }
}

/** `method` and `scheme` are conditions on texts of which only a few make sense. */
function stringMatchOffers({ path }: Context, { type, fieldName }: Place): readonly Offer[] {
  if (type !== 'StringMatch' || fieldName !== 'exact') return [];
  if (path.at(-2) === 'method') return methodOffers();
  return path.at(-2) === 'scheme' ? schemeOffers() : [];
}
