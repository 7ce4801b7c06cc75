import type { Facts, FieldFact, Shape } from '../../schema/facts.ts';
import type { SchemaProblem } from '../../schema/validate.ts';
import type { SpanEdit } from '../../text/edit.ts';
import type { YamlDocument } from '../../yaml/document.ts';
import type { MapNode, ScalarNode, YamlNode } from '../../yaml/node.ts';
import { replaceWith } from '../edits.ts';
import type { Fix } from '../rule.ts';

/** Repairs of a value of the wrong type: quotes on or off, brackets around, a dash before. None where the meaning is open. */
export function typeFixes(document: YamlDocument, { node, shape, field }: SchemaProblem, facts: Facts): readonly Fix[] {
  // In quotes a boolean would be no duration either.
  if (shape === undefined || node.kind === 'alias' || field?.value === 'duration') return [];
  const whole = { anchor: document, start: node.start, end: node.end };
  const source = document.text.slice(node.start, node.end);
  if (node.kind === 'scalar' && !source.includes('\n')) {
    const space = /^([\w.-]+):(?=\S)/.exec(source);
    if (space !== null && node.style === 'plain') return [];
    switch (shape.type) {
      case 'string': {
        const text = `"${source}"`;
        const fits = shape.enum === undefined || shape.enum.includes(source);
        return node.style === 'plain' && fits ? [fix('Put it in quotes', [replaceWith(whole, text)])] : [];
      }
      case 'integer':
      case 'number':
      case 'boolean':
        return unquoted(node, shape) ? [fix('Remove the quotes', [replaceWith(whole, node.source)])] : [];
      case 'array':
        return fitsShape(node, shape.items)
          ? [fix('Make it a list', [replaceWith(whole, `[${inBrackets(node, source)}]`)])]
          : [];
      case 'object':
        return wrappings(shape.ref, node, facts).map(({ field, preferred }) => ({
          title: `Change to { ${field}: ${source} }`,
          edits: [replaceWith(whole, `{ ${field}: ${inBrackets(node, source)} }`)],
          ...(preferred ? { preferred } : {}),
        }));
      default:
        return [];
    }
  }
  if (node.kind === 'map' && shape.type === 'array' && (shape.items.type === 'object' || shape.items.type === 'map')) {
    return [fix('Make it a list entry', listEntry(document, node))];
  }
  return [];
}

/**
 * Edits that make an object the only entry of a list: brackets around it, or a dash before its first key and its lines
 * moved under it.
 */
export function listEntry(document: YamlDocument, map: MapNode): readonly SpanEdit[] {
  const insert = (offset: number, newText: string): SpanEdit => ({
    anchor: document,
    start: offset,
    end: offset,
    newText,
  });
  if (map.flow) return [insert(map.start, '['), insert(map.end, ']')];
  const edits = [insert(map.start, '- ')];
  for (
    let at = document.text.indexOf('\n', map.start);
    at >= 0 && at < map.end;
    at = document.text.indexOf('\n', at + 1)
  ) {
    const next = document.text[at + 1];
    if (next === ' ') edits.push(insert(at + 1, '  '));
  }
  return edits;
}

/** The source of a scalar as it may stand inside brackets: a bare text with their signs gets quotes. */
export function inBrackets({ style }: ScalarNode, source: string): string {
  return style === 'plain' && /[,[\]{}]|:$/.test(source) ? JSON.stringify(source) : source;
}

function fix(title: string, edits: readonly SpanEdit[]): Fix {
  return { title, edits, preferred: true };
}

/** What is in the quotes is what the field takes. */
function unquoted(node: ScalarNode, shape: Shape): boolean {
  if (typeof node.value !== 'string') return false;
  if (shape.type === 'boolean') return node.value === 'true' || node.value === 'false';
  if (!/^(0|-?[1-9]\d{0,14})(\.\d+)?$/.test(node.value)) return false;
  const number = Number(node.value);
  if (shape.type !== 'integer') return shape.type === 'number';
  return (
    Number.isInteger(number) &&
    !node.value.includes('.') &&
    number >= (shape.minimum ?? -(2 ** 31)) &&
    number <= (shape.maximum ?? 2 ** 31 - 1)
  );
}

function fitsShape(node: YamlNode, shape: Shape): boolean {
  if (node.kind !== 'scalar') return false;
  if (shape.type === 'string') return typeof node.value === 'string' && (shape.enum?.includes(node.value) ?? true);
  if (shape.type === 'integer') return typeof node.value === 'number' && Number.isInteger(node.value);
  return shape.type === 'number' && typeof node.value === 'number';
}

/** The fields of an object that a bare value may stand for: its only one, its only required one, or the kinds of a match. */
function wrappings(type: string, node: ScalarNode, facts: Facts): readonly { field: string; preferred: boolean }[] {
  const fact = facts.types[type];
  if (fact === undefined) return [];
  if (type === 'StringMatch')
    return typeof node.value === 'string' ? ['exact', 'prefix'].map(field => ({ field, preferred: false })) : [];
  const names = Object.keys(fact.fields);
  const only = names.length === 1 ? names[0] : fact.required?.length === 1 ? fact.required[0] : undefined;
  const field: FieldFact | undefined = only === undefined ? undefined : fact.fields[only];
  if (only === undefined || field === undefined || !fitsShape(node, field)) return [];
  return [{ field: only, preferred: true }];
}
