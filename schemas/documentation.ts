/** Reads `schemas/documentation/*.yaml`, our own words on every field, and says what is missing or malformed. */

import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'yaml';
import type { Documentation, FieldDoc, TypeDoc } from '../server/src/schema/documentation.ts';
import type { Facts } from '../server/src/schema/facts.ts';

/** One type as written: `$text` and `$link` speak of the type itself, everything else is a field. */
type WrittenType = Readonly<Record<string, unknown>> & { readonly $text?: string; readonly $link?: string };

const REFERENCE = 'https://istio.io/latest/docs/reference/config/';
const ROOT = 'Resource';
const FIELD_KEYS: readonly string[] = [
  'text',
  'type',
  'default',
  'bounds',
  'advice',
  'trap',
  'since',
  'values',
  'link',
];

/**
 * @param folder where the files are
 * @param facts the fields that must be documented
 * @returns the documentation by type, and one sentence for each thing that is wrong with it
 */
export function readDocumentation(folder: string, facts: Facts): { documentation: Documentation; faults: string[] } {
  const faults: string[] = [];
  const documentation: Record<string, TypeDoc> = {};
  for (const file of readdirSync(folder).filter(name => name.endsWith('.yaml'))) {
    const written = parse(readFileSync(path.join(folder, file), 'utf8')) as Record<string, WrittenType> | null;
    for (const [name, type] of Object.entries(written ?? {})) {
      if (documentation[name] !== undefined) faults.push(`${name}: documented twice`);
      documentation[name] = typeDoc(name, type, facts, faults);
    }
  }
  inheritRootFields(documentation, facts);
  for (const [name, type] of Object.entries(facts.types)) {
    if (documentation[name] === undefined) {
      faults.push(`${name}: not documented`);
      continue;
    }
    for (const field of Object.keys(type.fields)) {
      if (documentation[name]?.fields[field] === undefined) faults.push(`${name}.${field}: not documented`);
    }
  }
  return { documentation, faults };
}

/** `apiVersion`, `kind`, `metadata`, `spec` and `status` mean the same in every kind: they are written once, as `Resource`. */
function inheritRootFields(documentation: Record<string, TypeDoc>, facts: Facts): void {
  const shared = documentation[ROOT];
  delete documentation[ROOT];
  for (const { type } of facts.kinds) {
    const own = documentation[type];
    if (own === undefined || shared === undefined) continue;
    const fields = Object.keys(facts.types[type]?.fields ?? {}).map(field => [
      field,
      own.fields[field] ?? shared.fields[field],
    ]);
    documentation[type] = { ...own, fields: Object.fromEntries(fields.filter(([, doc]) => doc !== undefined)) };
  }
}

function typeDoc(name: string, written: WrittenType, facts: Facts, faults: string[]): TypeDoc {
  const fact = facts.types[name];
  if (fact === undefined && name !== ROOT) faults.push(`${name}: no such type`);
  const link = written.$link === undefined ? undefined : absolute(written.$link);
  if (link === undefined) faults.push(`${name}: no $link`);
  if (written.$text === undefined) faults.push(`${name}: no $text`);
  const fields: Record<string, FieldDoc> = {};
  for (const [field, value] of Object.entries(written)) {
    if (field.startsWith('$')) continue;
    const place = `${name}.${field}`;
    if (fact !== undefined && fact.fields[field] === undefined) faults.push(`${place}: no such field`);
    const doc = (typeof value === 'string' ? { text: value } : value) as Partial<FieldDoc> | null;
    if (doc === null || typeof doc.text !== 'string' || doc.text.trim() === '') {
      faults.push(`${place}: no text`);
      continue;
    }
    for (const key of Object.keys(doc))
      if (!FIELD_KEYS.includes(key)) faults.push(`${place}: “${key}” is not understood`);
    for (const [key, word] of Object.entries(doc)) {
      if (key !== 'values' && typeof word !== 'string') faults.push(`${place}: “${key}” is not a text (quote it)`);
    }
    const shape = fact?.fields[field];
    const choices = shape?.type === 'string' ? (shape.enum ?? []) : [];
    for (const choice of choices) {
      if (choices.length > 1 && doc.values?.[choice] === undefined && field !== 'apiVersion') {
        faults.push(`${place}: value ${choice} is not documented`);
      }
    }
    const own = doc.link === undefined ? link : absolute(doc.link);
    fields[field] = { ...doc, text: doc.text.trim(), link: own ?? REFERENCE } as FieldDoc;
  }
  return { text: written.$text?.trim() ?? '', link: link ?? REFERENCE, fields };
}

function absolute(link: string): string {
  return link.startsWith('https://') ? link : REFERENCE + link;
}
