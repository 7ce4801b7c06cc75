import type { SchemaProblem } from '../../schema/validate.ts';
import { itemsOf, resolve } from '../../yaml/node.ts';
import { ISTIO_TYPES, resourceRule } from '../rule.ts';
import { count } from '../words.ts';
import { schemaCodes } from './ids.ts';
import { headAt, placeName, schemaProblems } from './problems.ts';

export const invalidRange = resourceRule({
  id: 'schema/invalid-range',
  severity: 'error',
  on: ISTIO_TYPES,
  summary: 'A number, a text or a list that is too small or too large.',
  why: 'The API server refuses the object.',
  remedy: 'Stay within the bounds; the hover on the field tells them.',
  invalid: `
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: reviews }
spec:
  host: reviews
  trafficPolicy:
    loadBalancer:
      simple: ROUND_ROBIN
      warmup: { duration: 30s, minimumPercent: 150 }
`,
  valid: `
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: reviews }
spec:
  host: reviews
  trafficPolicy:
    loadBalancer:
      simple: ROUND_ROBIN
      warmup: { duration: 30s, minimumPercent: 50 }
`,
  *check(resource, { schemas }) {
    const codes = ['out-of-range', 'too-long', 'too-short', 'too-many', 'too-few'] as const;
    for (const problem of schemaProblems(resource, schemas, ...codes)) {
      const refuses = istioRefuses(problem);
      yield {
        at: headAt(resource, problem),
        message: messageOf(problem),
        refuses,
        codes: schemaCodes(problem, refuses),
      };
    }
  },
});

function messageOf({ code, node, path, limit = 0, entry }: SchemaProblem): string {
  const name = placeName(path);
  const value = resolve(code === 'too-few' || code === 'too-many' ? (entry?.value ?? node) : node);
  const source = value?.kind === 'scalar' ? value.source : '';
  switch (code) {
    case 'out-of-range':
      return Number(value?.kind === 'scalar' ? value.value : 0) < limit
        ? `${source} is less than ${limit}, the smallest value of ${name}`
        : `${source} is more than ${limit}, the largest value of ${name}`;
    case 'too-short':
      return limit === 1 ? `${name} is empty` : `${name} has fewer than ${count(limit, 'character')}`;
    case 'too-long':
      return `${name} has ${count(source.length, 'character')}, and at most ${limit} are allowed`;
    case 'too-few':
      return limit === 1 ? `${name} is empty` : `${name} has fewer than ${count(limit, 'entry', 'entries')}`;
    default: {
      const entries = value?.kind === 'map' ? value.entries.length : itemsOf(value).length;
      return `${name} has ${count(entries, 'entry', 'entries')}, and at most ${limit} are allowed`;
    }
  }
}

/** Bounds that only the API server knows: Istio's own validation takes what lies beyond (`VALIDATION.md` 3b, 3c). */
const ONLY_API_SERVER: readonly string[] = [
  'RetryBudget.percent',
  'ZoneAwareLbSetting.minClusterSize',
  'OutlierDetection.outlierDetectionHttpErrorCodes',
  'WasmPluginSpec.imagePullSecret',
  'WasmPluginSpec.pluginName',
  'WasmConfig.imagePullSecret',
  'WasmConfig.pluginName',
  'EnvVar.value',
  'JWTRule.issuer',
  'JWTRule.spaceDelimitedClaims',
  'ExecHealthCheckConfig.command',
  'PolicyTargetReference.kind',
];

/**
 * Istio's decoder refuses numbers that do not fit their type, and its validation most empty texts and small numbers;
 * what is too long or too many it leaves to the API server.
 */
function istioRefuses({ code, type, path, node, shape }: SchemaProblem): boolean {
  const field = path.findLast(step => typeof step === 'string');
  if (path[0] === 'metadata') return false;
  if (code === 'out-of-range') {
    const value = resolve(node);
    const number = value?.kind === 'scalar' && typeof value.value === 'number' ? value.value : 0;
    const isUnsigned = shape?.type === 'integer' && shape.minimum === 0 && shape.format !== 'int32';
    if (number > 2 ** 32 - 1 || number < -(2 ** 31) || (isUnsigned && number < 0)) return true;
  } else if (code === 'too-long' || code === 'too-many') return false;
  return !ONLY_API_SERVER.includes(`${type ?? ''}.${String(field)}`);
}
