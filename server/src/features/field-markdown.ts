import type { FieldFact, Shape } from '../schema/facts.ts';
import type { Schemas } from '../schema/schemas.ts';
import { blocks, bold, bullets, code, link, warning } from './markdown.ts';

/** Lists of well-known words up to this length are shown with their field. */
const MAX_VALUES = 20;

/**
 * What our documentation says of a field, without regard to a place: type, deprecation, what it does, its trap,
 * default, bounds, recommendation, values and link. Empty for a field that does not exist.
 */
export function fieldMarkdown(schemas: Schemas, type: string, fieldName: string): string {
  const doc = schemas.documentation()[type]?.fields[fieldName];
  const field = schemas.facts.types[type]?.fields[fieldName];
  if (doc === undefined || field === undefined) return '';
  const required = schemas.facts.types[type]?.required?.includes(fieldName) === true;
  const details = [
    ...(doc.default === undefined ? [] : [`${bold('Default:')} ${doc.default}`]),
    ...(doc.bounds === undefined ? [] : [`${bold('Bounds:')} ${doc.bounds}`]),
    ...(doc.advice === undefined ? [] : [`${bold('Recommended:')} ${doc.advice}`]),
    ...(doc.since === undefined ? [] : [`${bold('Since Istio:')} ${doc.since}`]),
  ];
  const values = wordsFirst(doc.values).map(([value, text]) => `${code(value)}: ${text}`);
  return blocks([
    [bold(fieldName), doc.type ?? typeText(field), ...(required ? ['required'] : [])].join(' · '),
    deprecationText(field),
    doc.text === '' ? undefined : doc.text,
    doc.trap === undefined ? undefined : warning(doc.trap),
    details.length === 0 ? undefined : bullets(details, '*'),
    values.length === 0 ? undefined : bullets(values.slice(0, MAX_VALUES)),
    referenceLink(doc.link),
  ]);
}

/** The place of a field in the reference of whose field it is. */
export function referenceLink(address: string): string | undefined {
  if (address === '') return undefined;
  if (address.startsWith('https://kubernetes.io/')) return link("Kubernetes' reference", address);
  return link(address.startsWith('https://www.envoyproxy.io/') ? "Envoy's reference" : "Istio's reference", address);
}

/** The documented values of a field. JavaScript puts numbers first; here words come before them. */
export function wordsFirst(
  values: Readonly<Record<string, string>> | undefined,
): readonly (readonly [string, string])[] {
  return Object.entries(values ?? {}).sort(([a], [b]) => Number(/^\d+$/.test(a)) - Number(/^\d+$/.test(b)));
}

/** `duration`, `list of texts`, `map`: what is written there, in a word or two. */
export function typeText(field: FieldFact): string {
  if (field.type === 'string' && field.value === 'duration') return 'duration';
  return shapeText(field);
}

function shapeText(shape: Shape): string {
  switch (shape.type) {
    case 'string':
      return shape.enum !== undefined && shape.enum.length > 1 ? `one of ${shape.enum.length} values` : 'text';
    case 'integer':
    case 'number':
      return shape.type;
    case 'boolean':
      return 'true or false';
    case 'object':
      return 'object';
    case 'array':
      return LISTS[shape.items.type] ?? 'list';
    case 'map':
      return 'map';
    case 'intOrString':
      return 'number or text';
    case 'any':
      return 'free content';
  }
}

const LISTS: Readonly<Record<string, string>> = {
  object: 'list of objects',
  string: 'list of texts',
  integer: 'list of numbers',
};

function deprecationText({ deprecated }: FieldFact): string | undefined {
  if (deprecated === undefined) return undefined;
  const instead = deprecated === '' ? ', and nothing takes its place.' : `: use ${code(deprecated)} instead.`;
  return warning(`${bold('Deprecated')}${instead}`);
}

/** A line of the documentation as a sentence. */
export function sentence(text: string): string {
  const start = /^[a-z][a-z\s-]/.test(text) ? text.charAt(0).toUpperCase() + text.slice(1) : text;
  return /[.!?]$/.test(start) ? start : `${start}.`;
}
