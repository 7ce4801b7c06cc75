import { type FieldFact, preferredVersion, type Shape } from '../schema/facts.ts';
import { referenceLink } from './field-markdown.ts';
import type { HoverPoint } from './hover-point.ts';
import { blocks, bold, bullets, code, codes, warning } from './markdown.ts';

/** Enums and lists of well-known words up to this length are shown with the field. */
const MAX_VALUES = 20;

/**
 * Everything about a field: name and type, what it does, what people fall into, what holds here (`facts`), then
 * default, bounds, recommendation, values and the link.
 *
 * @param facts blocks of Markdown about this very place
 */
export function fieldHover(point: HoverPoint, facts: readonly string[]): string | undefined {
  const { documentation: doc, place } = point;
  if (doc === undefined || place?.field === undefined) return facts.length === 0 ? undefined : blocks(facts);
  const key = String(point.path.at(-1));
  const own = place.inMap ? doc.values?.[key] : undefined;
  const details = [
    ...(doc.default === undefined ? [] : [`${bold('Default:')} ${doc.default}`]),
    ...(doc.bounds === undefined ? boundsOf(place.field) : [`${bold('Bounds:')} ${doc.bounds}`]),
    ...(doc.advice === undefined ? [] : [`${bold('Recommended:')} ${doc.advice}`]),
    ...(doc.since === undefined ? [] : [`${bold('Since Istio:')} ${doc.since}`]),
  ];
  return blocks([
    title(point),
    deprecation(place.field),
    own === undefined ? undefined : `${code(key)}: ${own}`,
    doc.text === '' ? undefined : doc.text,
    doc.trap === undefined ? undefined : warning(doc.trap),
    ...facts,
    details.length === 0 ? undefined : bullets(details, '*'),
    own === undefined ? values(doc.values) : undefined,
    referenceLink(doc.link),
  ]);
}

/** A field in short, below what is said of its value. */
export function shortField(point: HoverPoint, options: { readonly trap: 'with' | 'without' }): string | undefined {
  const { documentation: doc, place } = point;
  if (doc === undefined || place?.field === undefined) return undefined;
  const trap = options.trap === 'with' && doc.trap !== undefined ? warning(doc.trap) : undefined;
  return blocks([
    '---',
    title(point),
    deprecation(place.field),
    doc.text === '' ? undefined : doc.text,
    trap,
    referenceLink(doc.link),
  ]);
}

function title({ snapshot, place }: HoverPoint): string {
  const { field, fieldName = '', type = '' } = place ?? {};
  const doc = snapshot.schemas.documentation()[type]?.fields[fieldName];
  const words = [bold(fieldName), doc?.type ?? (field === undefined ? '' : typeText(field))];
  if (snapshot.schemas.facts.types[type]?.required?.includes(fieldName) === true) words.push('required');
  return words.filter(word => word !== '').join(' · ');
}

function deprecation({ deprecated }: FieldFact): string | undefined {
  if (deprecated === undefined) return undefined;
  return warning(
    deprecated === ''
      ? `${bold('Deprecated')}, and nothing takes its place.`
      : `${bold('Deprecated:')} use ${code(deprecated)} instead.`,
  );
}

function values(lines: Readonly<Record<string, string>> | undefined): string | undefined {
  const entries = Object.entries(lines ?? {});
  if (entries.length === 0) return undefined;
  // JavaScript puts numbers first; words come before them.
  entries.sort(([a], [b]) => Number(/^\d+$/.test(a)) - Number(/^\d+$/.test(b)));
  const shown = entries.slice(0, MAX_VALUES).map(([value, text]) => `${code(value)}: ${text}`);
  return bullets(shown);
}

/** `duration`, `list of texts`, `map`: what is written there, in a word. */
function typeText(field: FieldFact): string {
  const meaning = field.value;
  const scalar = meaning === 'duration' ? 'duration' : meaning === 'regex' ? 'RE2 regular expression' : undefined;
  return scalar !== undefined && field.type === 'string' ? scalar : shapeText(field);
}

function shapeText(shape: Shape): string {
  switch (shape.type) {
    case 'string':
      return shape.enum !== undefined && shape.enum.length > 1 ? `one of ${shape.enum.length} values` : 'text';
    case 'integer':
      return 'integer';
    case 'number':
      return 'number';
    case 'boolean':
      return '`true` or `false`';
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

const INT_LIMITS: readonly number[] = [2 ** 31 - 1, 2 ** 32 - 1];

/** Bounds of the schema, for fields whose documentation names none. */
function boundsOf(shape: Shape): readonly string[] {
  if (shape.type !== 'integer' && shape.type !== 'number') return [];
  const { minimum, maximum } = shape;
  const upper = maximum === undefined || INT_LIMITS.includes(maximum) ? undefined : maximum;
  if (minimum !== undefined && upper !== undefined) return [`${bold('Bounds:')} \`${minimum}\` to \`${upper}\``];
  if (minimum !== undefined)
    return [`${bold('Bounds:')} ${minimum === 0 ? 'not negative' : `at least \`${minimum}\``}`];
  return upper === undefined ? [] : [`${bold('Bounds:')} at most \`${upper}\``];
}

/** The value of `kind`: what the kind is for. */
export function kindHover({ snapshot, kind }: HoverPoint): string | undefined {
  const doc = kind === undefined ? undefined : snapshot.schemas.documentation()[kind.type];
  if (kind === undefined || doc === undefined) return undefined;
  const names = [kind.plural, ...kind.shortNames];
  return blocks([
    `${bold(kind.kind)} · ${kind.group}`,
    doc.text === '' ? undefined : doc.text,
    `${bold('kubectl:')} ${codes(names)}`,
    referenceLink(doc.link),
  ]);
}

/** The value of `apiVersion`: which versions the kind has, and which should be written. */
export function versionHover({ kind, resource }: HoverPoint): string | undefined {
  if (kind === undefined) return undefined;
  const preferred = preferredVersion(kind);
  const versions = kind.versions.map(({ name }) => name);
  const served = versions.includes(resource.version);
  const lines = versions.map(
    name => `${code(`${kind.group}/${name}`)}${name === preferred ? ' – write this one' : ''}`,
  );
  return blocks([
    `${code(resource.apiVersion.value)} · version of ${kind.kind}`,
    served ? undefined : warning(`${kind.kind} is not served as ${code(resource.version)}: the API server refuses it.`),
    `Istio serves ${kind.kind} as:`,
    bullets(lines),
    versions.length > 1 ? 'All versions have the same fields and mean the same.' : undefined,
  ]);
}
