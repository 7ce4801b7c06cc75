import { isRouteTestFile } from '../../model/route-test/fields.ts';
import type { Shape } from '../../schema/facts.ts';
import { type Place, placeAt } from '../../schema/walk.ts';
import type { FileId } from '../../text/range.ts';
import type { Snapshot } from '../../workspace/snapshot.ts';
import type { Cursor } from '../../yaml/cursor.ts';
import { definedNames } from '../envoy-place.ts';
import { routeTestCompletion } from '../route-tests/completion.ts';
import type { CompletionItem } from '../types.ts';
import { type Context, contextAt } from './context.ts';
import { headerValueItems } from './header-values.ts';
import { keyOffers } from './keys.ts';
import { mapKeyOffers } from './map-keys.ts';
import { itemsOf, type Offer } from './offer.ts';
import { retryOnItems } from './retry-on.ts';
import { bracedSlot, contentSlot, itemSlot, plainSlot, type Slot } from './slot.ts';
import { documentSnippets, partSnippets } from './snippets.ts';
import { rootOffers, typeMetaOffers } from './type-meta.ts';
import { filterNameOffers, isEnvoyMessage, typeUrlOffers } from './type-urls.ts';
import { valueOffers } from './values.ts';

/**
 * What can be written at an offset of a file. The items are in no order of their own: `sortText` has it.
 *
 * Lines of an inserted text after the first carry only the spaces that come on top of those with which the line of the
 * place begins, because editors add these (`insertTextMode: adjustIndentation`).
 */
export function completion(snapshot: Snapshot, file: FileId, offset: number): readonly CompletionItem[] {
  if (isRouteTestFile(file)) return routeTestCompletion(snapshot, file, offset);
  const context = contextAt(snapshot, file, offset);
  return context === undefined ? [] : [...schemaItems(context), ...documentSnippets(context)];
}

function schemaItems(context: Context): readonly CompletionItem[] {
  const { path, status, cursor } = context;
  const typeMeta = typeMetaOffers(context);
  if (typeMeta !== undefined) return isOverwritable(context) ? itemsOf(typeMeta, plainSlot(context)) : [];
  if (status === 'open') return openItems(context);
  const { place } = context;
  if (place === undefined) return [];
  if (cursor.place === 'value') return behindColon(context, place);
  const items = atPlace(context, place, path);
  return cursor.besides === undefined ? items : [...items, ...besides(context, cursor.besides)];
}

/** An object that may become one of Istio's: its root keys and its metadata. */
function openItems(context: Context): readonly CompletionItem[] {
  const { path, cursor, snapshot } = context;
  if (path.length === 0)
    return cursor.place === 'key' && !cursor.needsDash ? itemsOf(rootOffers(context), plainSlot(context)) : [];
  if (path[0] !== 'metadata') return [];
  const place = placeAt(snapshot.schemas.facts, 'ObjectMeta', path.slice(1));
  if (place === undefined) return [];
  return cursor.place === 'value' ? behindColon(context, place) : atPlace(context, place, path);
}

/** A place of its own, on a line or in brackets: a key, an item, or a value below its key. */
function atPlace(context: Context, place: Place, path: Context['path']): readonly CompletionItem[] {
  const { cursor } = context;
  const { shape } = place;
  const level = cursor.levels.at(-1);
  const isMap = level?.depth === cursor.path.length;
  const present = isMap ? level.keys : new Map<string, string>();
  // In brackets, an item that is a map gets brackets of its own.
  const slot = cursor.flow && !isMap && path.at(-1) === 0 ? bracedSlot(context) : plainSlot(context);
  switch (shape.type) {
    case 'object':
      return itemsOf(fieldsAndPatterns(context, shape.ref, present), slot);
    case 'map':
      return itemsOf(mapKeyOffers(context, place, shape, present), slot);
    case 'array':
      return present.size > 0 || cursor.flow ? [] : itemItems(context, place, shape.items, itemSlot(context));
    case 'any':
      return [];
    default:
      return present.size > 0 && !cursor.flow ? [] : valueItems(context, place, shape, plainSlot(context));
  }
}

/** Further items of the list whose dashes share the column of the key at the place. */
function besides(context: Context, item: NonNullable<Cursor['besides']>): readonly CompletionItem[] {
  const { snapshot, kind, cursor } = context;
  const path = item.path.slice(cursor.path.length - context.path.length);
  const place = kind === undefined ? undefined : placeAt(snapshot.schemas.facts, kind.type, path);
  if (place === undefined) return [];
  const inner = { ...context, path, place, cursor: { ...cursor, items: item.items } };
  return itemItems(inner, place, place.shape, { ...itemSlot(context), rank: 1, mark: '- ' });
}

/** The first thing in an item. */
function itemItems(context: Context, place: Place, shape: Shape, slot: Slot): readonly CompletionItem[] {
  if (shape.type === 'object') return itemsOf(fieldsAndPatterns(context, shape.ref, new Map()), slot);
  if (shape.type === 'map') return itemsOf(mapKeyOffers(context, place, shape, new Map()), slot);
  return shape.type === 'array' || shape.type === 'any' ? [] : valueItems(context, place, shape, slot);
}

/** Behind the colon of a key: its value, or the content that belongs on the lines below. */
function behindColon(context: Context, place: Place): readonly CompletionItem[] {
  const { cursor } = context;
  const { shape } = place;
  if (shape.type !== 'object' && shape.type !== 'map' && shape.type !== 'array') {
    return shape.type === 'any' ? [] : valueItems(context, place, shape, plainSlot(context));
  }
  if (cursor.contentFollows || !isOverwritable(context)) return [];
  if (shape.type === 'object')
    return itemsOf(fieldsAndPatterns(context, shape.ref, new Map()), contentSlot(context, 'map'));
  if (shape.type === 'map') return itemsOf(mapKeyOffers(context, place, shape, new Map()), contentSlot(context, 'map'));
  const content = shape.items.type === 'object' ? 'sequence of maps' : 'sequence';
  return itemItems(context, place, shape.items, contentSlot(context, content));
}

function fieldsAndPatterns(context: Context, type: string, present: ReadonlyMap<string, string>): readonly Offer[] {
  if (isEnvoyMessage(context, type)) return keyOffers(context, type, definedNames(context.snapshot, type, present));
  return [...keyOffers(context, type, present), ...partSnippets(context, type, present)];
}

function valueItems(context: Context, place: Place, shape: Shape, slot: Slot): readonly CompletionItem[] {
  if (place.fieldName === '@type') return isOverwritable(context) ? itemsOf(typeUrlOffers(context), slot) : [];
  const filters = filterNameOffers(context, place);
  if (filters !== undefined) return isOverwritable(context) ? itemsOf(filters, slot) : [];
  if (place.field?.value === 'headerValue') return headerValueItems(context, slot);
  if (!isOverwritable(context) && place.field?.value !== 'retryOn') return [];
  const offers = valueOffers(context, place, shape);
  return place.field?.value === 'retryOn' ? retryOnItems(context, offers, slot) : itemsOf(offers, slot);
}

/** The word at the place is one word: behind several, or behind a space, nothing of ours fits. */
function isOverwritable({ cursor }: Context): boolean {
  return cursor.prefix === cursor.prefix.trimEnd();
}
