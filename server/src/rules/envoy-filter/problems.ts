import type { TypedResource } from '../../model/decode.ts';
import { type EnvoyProblem, type EnvoyProblemCode, validateEnvoy } from '../../schema/envoy-validate.ts';
import type { Schemas } from '../../schema/schemas.ts';
import type { Span } from '../../text/range.ts';
import { soundUntil } from '../../yaml/document.ts';
import { nearest } from '../nearest.ts';
import { patchesOf } from './patches.ts';

const known = new WeakMap<TypedResource, readonly EnvoyProblem[]>();

/**
 * What does not fit Envoy's messages in the patches of an EnvoyFilter; computed once for all rules that read it. What
 * only follows from another problem is left out.
 */
export function envoyProblems(
  resource: TypedResource,
  schemas: Schemas,
  ...codes: readonly EnvoyProblemCode[]
): readonly EnvoyProblem[] {
  if (resource.kind !== 'EnvoyFilter') return [];
  let problems = known.get(resource);
  if (problems === undefined) {
    problems = judge(resource, schemas);
    known.set(resource, problems);
  }
  const sound = soundUntil(resource.document);
  return problems.filter(({ code, node }) => codes.includes(code) && node.start < sound);
}

function judge(resource: TypedResource, schemas: Schemas): readonly EnvoyProblem[] {
  const problems: EnvoyProblem[] = [];
  for (const { applyTo, operation, patch, isWaypoint } of patchesOf(resource)) {
    const value = patch?.object('value');
    if (isWaypoint || applyTo === undefined || operation === undefined || value === undefined) continue;
    const facts = schemas.envoy();
    const type = facts.applyTo[applyTo.value];
    if (type === undefined) continue;
    const isWhole = /^(ADD|REPLACE|INSERT_)/.test(operation.value);
    problems.push(...withoutEchoes(validateEnvoy(facts, value.map, type, isWhole)));
  }
  return problems;
}

function withoutEchoes(problems: readonly EnvoyProblem[]): readonly EnvoyProblem[] {
  const unknown = problems.filter(({ code }) => code === 'unknown-field');
  return problems.filter(({ code, object, name }) => {
    // Istio looks for missing configuration only where it knows all fields.
    if (code === 'missing-config') return unknown.length === 0;
    if (code !== 'missing-field') return true;
    return !unknown.some(other => other.object === object && meantField(other) === name);
  });
}

/** The field that an unknown one was probably meant to be. */
export function meantField({ name, allowed }: EnvoyProblem): string | undefined {
  return nearest(name, allowed);
}

/** A name of a message as people say it: without its package. */
export function shortName(type: string): string {
  return type.split('.').findLast(part => /^[A-Z]/.test(part)) ?? type;
}

/** A place in a document; a block is never marked as a whole. */
export function placeOf(resource: TypedResource, { node, entry }: EnvoyProblem): Span {
  const isBlock = (node.kind === 'map' || node.kind === 'seq') && !node.flow;
  const { start, end } = isBlock && entry !== undefined ? entry.key : node;
  const line = resource.document.text.slice(start, end).search(/[\r\n]/);
  return { anchor: resource.document, start, end: line < 0 ? end : start + line };
}
