import type { TypedResource } from '../../model/decode.ts';
import type { EnvoyFacts } from '../../schema/envoy-facts.ts';
import type { EnvoyProblem } from '../../schema/envoy-validate.ts';
import type { Shape } from '../../schema/facts.ts';
import { resolve } from '../../yaml/node.ts';
import { changeTo, replaceString, replaceWith } from '../edits.ts';
import { refused } from '../fields.ts';
import { nearest } from '../nearest.ts';
import { type Finding, type Fix, resourceRule } from '../rule.ts';
import { oneOf, quoted } from '../words.ts';
import { envoyProblems, placeOf, shortName } from './problems.ts';

/** Longer lists help nobody in a message; completion shows them. */
const MAX_LISTED = 8;

export const invalidConfig = resourceRule({
  id: 'envoy-filter/invalid-config',
  severity: 'error',
  on: ['Other'],
  refuses: true,
  codes: ['IST0106', 'EF-20'],
  summary: 'A value that cannot become the message of Envoy that it should be.',
  why: 'Istio turns `patch.value` into the message that `applyTo` names, and `typed_config` into that of its `@type`. What has another type, or a word that an enum does not have, it refuses.',
  remedy:
    'Write what the message takes: text in quotes, numbers and booleans without, times with a unit, words of an enum in capitals.',
  invalid: `
apiVersion: networking.istio.io/v1alpha3
kind: EnvoyFilter
metadata:
  name: limit
  annotations: { galley.istio.io/analyze-suppress: EF-01 }
spec:
  configPatches:
    - applyTo: CLUSTER
      patch: { operation: MERGE, value: { connect_timeout: 2 } }
`,
  valid: `
apiVersion: networking.istio.io/v1alpha3
kind: EnvoyFilter
metadata:
  name: limit
  annotations: { galley.istio.io/analyze-suppress: EF-01 }
spec:
  configPatches:
    - applyTo: CLUSTER
      patch: { operation: MERGE, value: { connect_timeout: 2s } }
`,
  *check(resource, { schemas }) {
    const codes = [
      'wrong-type',
      'unknown-value',
      'missing-type',
      'unknown-type',
      'old-type',
      'wrong-duration',
    ] as const;
    for (const problem of envoyProblems(resource, schemas, ...codes)) {
      yield { ...judge(resource, problem, schemas.envoy()), ...refused('EF-20') };
    }
  },
});

function judge(resource: TypedResource, problem: EnvoyProblem, facts: EnvoyFacts): Finding {
  const at = placeOf(resource, problem);
  const { name, type, allowed, node } = problem;
  const change = (meant: string | undefined): readonly Fix[] =>
    meant === undefined ? [] : [{ ...changeTo(resource.document, at, meant), preferred: true }];
  switch (problem.code) {
    case 'unknown-value': {
      const text = sourceOf(node);
      const meant = nearest(text, allowed);
      const listed = allowed.length > MAX_LISTED ? '' : `: it takes ${oneOf(allowed)}`;
      const hint = meant === undefined ? listed : `; did you mean ${quoted(meant)}?`;
      return { at, message: `${quoted(text)} is no value of ${quoted(name)}${hint}`, fixes: change(meant) };
    }
    case 'missing-type':
      return { at, message: `${quoted(name)} lacks "@type", which says what message of Envoy it is` };
    case 'old-type': {
      const meant = successor(type, facts);
      const hint = meant === undefined ? '' : `; its message of today is ${quoted(meant)}`;
      return {
        at,
        message: `${quoted(type)} belongs to Envoy's second API, which Istio no longer knows${hint}`,
        fixes: change(meant === undefined ? undefined : urlLike(node, meant)),
      };
    }
    case 'unknown-type': {
      const meant = nearest(type, allowed);
      const hint = meant === undefined ? '' : `; did you mean ${quoted(shortName(meant))}?`;
      return {
        at,
        message: `Envoy has no message ${quoted(type)}${hint}`,
        fixes: change(meant === undefined ? undefined : urlLike(node, meant)),
      };
    }
    case 'wrong-duration':
      return {
        at,
        message: `${quoted(sourceOf(node))} is no duration such as "60s", "1m30s" or "250ms"`,
        fixes: /^\d+$/.test(sourceOf(node)) ? change(`${sourceOf(node)}s`) : [],
      };
    default:
      return wrongType(resource, problem, at);
  }
}

function wrongType(resource: TypedResource, { name, node, shape }: EnvoyProblem, at: Finding['at']): Finding {
  const value = resolve(node);
  const source = sourceOf(node);
  const isText = shape?.type === 'string';
  const isDuration = isText && shape.format === 'duration';
  const isNumber = value?.kind === 'scalar' && typeof value.value === 'number';
  const isQuoted = value?.kind === 'scalar' && value.style !== 'plain';
  const fixes: Fix[] = [];
  const document = resource.document;
  if (isDuration && isNumber) {
    fixes.push({
      title: `Change to "${source}s"`,
      edits: [replaceString(document, at, `${source}s`)],
      preferred: true,
    });
  } else if (isText && shape.enum === undefined && value?.kind === 'scalar' && value.value !== null) {
    fixes.push({ title: 'Put it in quotes', edits: [replaceWith(at, `"${source}"`)], preferred: true });
  } else if (shape?.type === 'boolean' && isQuoted && /^(true|false)$/.test(source)) {
    fixes.push({ title: 'Remove the quotes', edits: [replaceWith(at, source)], preferred: true });
  }
  return { at, message: `${quoted(name)} wants ${wanted(shape)}, and this is ${found(value, source)}`, fixes };
}

function wanted(shape: Shape | undefined): string {
  switch (shape?.type) {
    case 'string':
      return shape.format === 'duration' ? 'a duration such as "60s"' : shape.enum !== undefined ? 'a word' : 'text';
    case 'integer':
      return 'a whole number';
    case 'number':
      return 'a number';
    case 'boolean':
      return '`true` or `false`';
    case 'array':
      return 'a list';
    default:
      return 'an object';
  }
}

function found(value: ReturnType<typeof resolve>, source: string): string {
  if (value?.kind === 'map') return 'an object';
  if (value?.kind === 'seq') return 'a list';
  if (value?.kind !== 'scalar') return 'nothing';
  if (typeof value.value === 'string')
    return `the text ${quoted(source.length > 40 ? `${source.slice(0, 39)}…` : source)}`;
  if (typeof value.value === 'boolean') return `the boolean ${value.value}`;
  return `the number ${source}`;
}

function sourceOf(node: EnvoyProblem['node']): string {
  const value = resolve(node);
  return value?.kind === 'scalar' ? value.source : '';
}

/** The URL with another message behind its slash. */
function urlLike(node: EnvoyProblem['node'], message: string): string {
  const url = sourceOf(node);
  return url.slice(0, url.lastIndexOf('/') + 1) + message;
}

/** The message of the third API that has the name of one of the second, where there is one of the same kind. */
function successor(type: string, facts: EnvoyFacts): string | undefined {
  const name = shortName(type);
  const kind = /\.(http|network|listener)\./.exec(type)?.[1] ?? 'other';
  const found = (facts.extensions[kind] ?? []).filter(message => shortName(message) === name);
  return found.length === 1 ? found[0] : undefined;
}
