import type { FieldFact, Shape } from '../../schema/facts.ts';
import { fieldMarkdown, typeText } from '../field-markdown.ts';
import type { Context } from './context.ts';
import { excludedFields } from './exclusive.ts';
import type { Offer } from './offer.ts';
import { escapeSnippet } from './snippet-text.ts';
import { blockField, flowField } from './structure.ts';

/** Meanings for which values can be offered. */
const OFFERED: ReadonlySet<string | undefined> = new Set([
  'duration',
  'host',
  'hostPattern',
  'namespacedHost',
  'headerName',
  'headerValue',
  'httpStatus',
  'grpcStatus',
  'httpMethod',
  'port',
  'protocol',
  'retryOn',
  'namespace',
  'exportTo',
  'label',
  'labelValue',
  'subset',
  'gateway',
  'delegate',
  'secret',
]);

const REQUIRED_RANK = 2;
const STATUS_RANK = 8;

/**
 * The fields of a type that can still be written: without those that are there and those that they exclude. In the
 * order of our documentation, required ones first, deprecated ones last.
 */
export function keyOffers(context: Context, type: string, present: ReadonlyMap<string, string>): readonly Offer[] {
  const { facts } = context.snapshot.schemas;
  const doc = context.snapshot.schemas.documentation()[type];
  const names = new Set([...Object.keys(doc?.fields ?? {}), ...Object.keys(facts.types[type]?.fields ?? {})]);
  const keys = new Set(present.keys());
  const excluded = excludedFields(facts, type, keys);
  const required = facts.types[type]?.required ?? [];
  const offers: Offer[] = [];
  for (const name of names) {
    const field = facts.types[type]?.fields[name];
    if (field === undefined || keys.has(name) || excluded.has(name)) continue;
    const isRequired = required.includes(name);
    const { deprecated } = field;
    const note = deprecated === undefined ? '' : deprecated === '' ? ', deprecated' : `, deprecated: use ${deprecated}`;
    offers.push({
      label: name,
      kind: 'field',
      detail: `${typeText(field)}${isRequired ? ', required' : ''}${note}`,
      documentation: fieldMarkdown(context.snapshot.schemas, type, name),
      ...(isRequired ? { rank: REQUIRED_RANK } : {}),
      // Controllers write it, people do not.
      ...(name === 'status' && context.path.length === 0 ? { rank: STATUS_RANK } : {}),
      deprecated: deprecated !== undefined,
      ...keyText(context, name, field, doc?.fields[name]?.values !== undefined),
    });
  }
  return offers;
}

/** The text of a key: alone where its colon or its content is there, else with the structure that belongs to it. */
export function keyText(
  { snapshot, cursor, layout }: Pick<Context, 'snapshot' | 'cursor' | 'layout'>,
  key: string,
  field: FieldFact,
  hasValues: boolean,
): Pick<Offer, 'lines' | 'retrigger'> {
  // YAML keeps the sign for itself.
  const quote = cursor.quote ?? (key.startsWith('@') ? '"' : '');
  const name = escapeSnippet(`${quote}${key}${quote}`);
  if (cursor.place === 'key' && cursor.colonFollows) return { lines: [name] };
  if (cursor.place === 'key' && cursor.contentFollows) return { lines: [`${name}:`] };
  const write = cursor.flow ? flowField : blockField;
  const { lines, first } = write(snapshot.schemas.facts, layout, name, field);
  return { lines, retrigger: first === undefined || key === '@type' || offersValues(first, first, hasValues) };
}

function offersValues(shape: Shape, field: FieldFact, hasValues: boolean): boolean {
  if (shape.type === 'array') return offersValues(shape.items, field, hasValues);
  if (shape.type === 'boolean') return true;
  return (shape.type === 'string' && shape.enum !== undefined) || OFFERED.has(field.value) || hasValues;
}
