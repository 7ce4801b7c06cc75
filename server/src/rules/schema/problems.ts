import type { TypedResource } from '../../model/decode.ts';
import { kindOf } from '../../schema/facts.ts';
import type { Schemas } from '../../schema/schemas.ts';
import { type SchemaProblem, type SchemaProblemCode, validate } from '../../schema/validate.ts';
import type { Span } from '../../text/range.ts';
import { soundUntil } from '../../yaml/document.ts';
import { entriesOf, type MapNode, type Step, type YamlNode } from '../../yaml/node.ts';
import { nearest } from '../nearest.ts';
import { quoted } from '../words.ts';

const known = new WeakMap<TypedResource, readonly SchemaProblem[]>();

/**
 * What does not fit the schema of a resource; computed once for all rules that read it. Nothing for unknown kinds. One
 * cause, one problem: what follows from another problem, or from a mistake of syntax, is left out.
 *
 * @param codes the problems that are wanted; without any, all
 */
export function schemaProblems(
  resource: TypedResource,
  schemas: Schemas,
  ...codes: readonly SchemaProblemCode[]
): readonly SchemaProblem[] {
  let problems = known.get(resource);
  if (problems === undefined) {
    const kind = kindOf(schemas.facts, resource.apiVersion.value, resource.kind);
    const all = kind === undefined ? [] : validate(schemas, resource.node, kind.type);
    problems = withoutEchoes(all, soundUntil(resource.document));
    known.set(resource, problems);
  }
  return codes.length === 0 ? problems : problems.filter(({ code }) => codes.includes(code));
}

function withoutEchoes(problems: readonly SchemaProblem[], sound: number): readonly SchemaProblem[] {
  const misspelt = new Set<string>();
  for (const problem of problems) {
    const meant = problem.code === 'unknown-field' ? meantField(problem) : undefined;
    if (meant !== undefined) misspelt.add(`${problem.path.join('/')} ${meant}`);
  }
  return problems.filter(({ code, name, path, object, node }) => {
    if (node.start >= sound) return false;
    if (code !== 'missing-field') return true;
    // It may be missing only because it was misspelt, or because the object cannot be read to its end.
    return (object?.end ?? 0) < sound && !misspelt.has(`${path.join('/')} ${name}`);
  });
}

/** The field of the same object that an unknown one was probably meant to be; never one that is there already. */
export function meantField({ name, allowed, object }: SchemaProblem): string | undefined {
  const present = object === undefined ? new Set() : keysOf(object);
  const absent = allowed.filter(field => !present.has(field));
  return absent.find(field => field === camelCase(name)) ?? nearest(name, absent);
}

const keysByObject = new WeakMap<MapNode, ReadonlySet<string>>();

/** The keys of an object, kept: there may be as many unknown ones as there are keys. */
function keysOf(object: MapNode): ReadonlySet<string> {
  const present = keysByObject.get(object) ?? new Set(entriesOf(object).map(({ key }) => key.source));
  keysByObject.set(object, present);
  return present;
}

/** `source_labels` as Istio's JSON has it: `sourceLabels`. */
export function camelCase(name: string): string {
  return name.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}

export function at(resource: TypedResource, { start, end }: YamlNode): Span {
  return { anchor: resource.document, start, end };
}

/** A node at its first line: a block is never marked as a whole. */
export function headAt(resource: TypedResource, { node, entry }: Pick<SchemaProblem, 'node' | 'entry'>): Span {
  if (node.kind === 'scalar' || node.kind === 'alias') return at(resource, node);
  const { text } = resource.document;
  const line = text.slice(node.start, node.end).search(/[\r\n]/);
  if (line < 0) return at(resource, node);
  return entry === undefined ? { ...at(resource, node), end: node.start + line } : at(resource, entry.key);
}

/** What a value is called: its key, or the list whose entry it is. */
export function placeName(path: readonly Step[]): string {
  const last = path.at(-1);
  if (typeof last === 'string') return quoted(last);
  const list = path.findLast(step => typeof step === 'string');
  return list === undefined ? 'this object' : `an entry of ${quoted(String(list))}`;
}
