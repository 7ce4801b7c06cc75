import type { Shape } from '../../schema/facts.ts';
import type { SchemaProblem } from '../../schema/validate.ts';
import { resolve } from '../../yaml/node.ts';
import { ISTIO_TYPES, resourceRule } from '../rule.ts';
import { quoted } from '../words.ts';
import { schemaCodes } from './ids.ts';
import { headAt, placeName, schemaProblems } from './problems.ts';
import { typeFixes } from './type-fixes.ts';

export const invalidType = resourceRule({
  id: 'schema/invalid-type',
  severity: 'error',
  on: ISTIO_TYPES,
  summary: 'A value of another type than the field takes.',
  why: 'The API server refuses the object. Bare words are not always text: Kubernetes reads `yes`, `on`, `y` and the like as booleans, and `1.10` as the number 1.1.',
  remedy: 'Put text in quotes, take the quotes off numbers and booleans, and begin the entries of a list with a dash.',
  invalid: `
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: reviews }
spec:
  hosts: [reviews]
  http:
    - match: [{ headers: { x-beta: { exact: yes } } }]
      route: [{ destination: { host: reviews } }]
`,
  valid: `
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: reviews }
spec:
  hosts: [reviews]
  http:
    - match: [{ headers: { x-beta: { exact: "yes" } } }]
      route: [{ destination: { host: reviews } }]
`,
  codes: ['IST0106'],
  *check(resource, { schemas }) {
    for (const problem of schemaProblems(resource, schemas, 'wrong-type')) {
      if (isNumberAsDuration(problem)) continue;
      const fixes = typeFixes(resource.document, problem, schemas.facts);
      yield {
        at: headAt(resource, problem),
        message: `${placeName(problem.path)} wants ${wanted(problem.shape)}, and ${found(problem)}`,
        fixes,
        refuses: !istioTakes(problem),
        codes: schemaCodes(problem, !istioTakes(problem)),
      };
    }
  },
});

/** A duration without a unit is said by the rule for durations. */
function isNumberAsDuration({ field, node }: SchemaProblem): boolean {
  const value = resolve(node);
  return field?.value === 'duration' && value?.kind === 'scalar' && typeof value.value === 'number';
}

/** Istio's own decoder takes numbers in quotes, and numbers for the words of an enum; the API server does neither. */
function istioTakes({ shape, node }: SchemaProblem): boolean {
  const value = resolve(node);
  if (value?.kind !== 'scalar') return false;
  if (shape?.type === 'string') return shape.enum !== undefined && typeof value.value === 'number';
  if (shape?.type !== 'integer' && shape?.type !== 'number') return false;
  return (
    typeof value.value === 'string' && (shape.type === 'integer' ? /^-?\d+$/ : /^-?\d+(\.\d+)?$/).test(value.value)
  );
}

function wanted(shape: Shape | undefined): string {
  switch (shape?.type) {
    case 'string':
      return 'text';
    case 'integer':
      return 'a whole number';
    case 'number':
      return 'a number';
    case 'boolean':
      return '`true` or `false`';
    case 'array':
      return 'a list';
    case 'intOrString':
      return 'a number or text';
    case 'object':
    case 'map':
      return 'an object';
    case 'any':
    case undefined:
      return 'something else';
  }
}

/** What is there, with what it reads as where that is not plain to see. */
function found({ node, shape }: SchemaProblem): string {
  const value = resolve(node);
  if (value?.kind === 'map') return 'this is an object';
  if (value?.kind === 'seq') return 'this is a list';
  if (value === undefined) return 'this is nothing';
  const source = value.source.length > 40 ? `${value.source.slice(0, 39)}…` : value.source;
  const space = /^([\w.-]+):(\S+)$/.exec(source);
  if (typeof value.value === 'string') {
    if (value.style === 'plain' && space !== null)
      return `${quoted(source)} is text: a space is missing after the colon`;
    return value.style === 'plain' ? `${quoted(source)} is text` : `${quoted(source)} in quotes is text`;
  }
  if (typeof value.value === 'boolean') {
    return value.source === String(value.value)
      ? `${quoted(source)} is a boolean`
      : `a bare ${quoted(source)} reads as the boolean ${value.value}`;
  }
  if (typeof value.value === 'number') {
    if (shape?.type === 'integer') return `${source} is a fraction`;
    return String(value.value) === source
      ? `${source} is a number`
      : `a bare ${source} reads as the number ${value.value}`;
  }
  return 'this is nothing';
}
