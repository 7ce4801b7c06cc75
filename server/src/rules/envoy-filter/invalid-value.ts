import type { EnvoyProblem } from '../../schema/envoy-validate.ts';
import { resolve } from '../../yaml/node.ts';
import { type Finding, resourceRule } from '../rule.ts';
import { count, quoted } from '../words.ts';
import { envoyProblems, placeOf, shortName } from './problems.ts';

export const invalidValue = resourceRule({
  id: 'envoy-filter/invalid-value',
  severity: 'error',
  on: ['Other'],
  summary: 'A value that Istio takes and Envoy refuses.',
  why: 'Envoy checks what it is given: fields that it needs, bounds of numbers, texts that must not be empty. It refuses the whole listener, cluster or route table then, and goes on with the old one, or with none.',
  remedy: 'Add the field, or stay within the bounds.',
  invalid: `
apiVersion: networking.istio.io/v1alpha3
kind: EnvoyFilter
metadata:
  name: limit
  annotations: { galley.istio.io/analyze-suppress: EF-01 }
spec:
  configPatches:
    - applyTo: HTTP_FILTER
      patch:
        operation: INSERT_FIRST
        value:
          name: envoy.filters.http.local_ratelimit
          typed_config:
            "@type": type.googleapis.com/envoy.extensions.filters.http.local_ratelimit.v3.LocalRateLimit
            token_bucket: { max_tokens: 10, fill_interval: 1s }
`,
  valid: `
apiVersion: networking.istio.io/v1alpha3
kind: EnvoyFilter
metadata:
  name: limit
  annotations: { galley.istio.io/analyze-suppress: EF-01 }
spec:
  configPatches:
    - applyTo: HTTP_FILTER
      patch:
        operation: INSERT_FIRST
        value:
          name: envoy.filters.http.local_ratelimit
          typed_config:
            "@type": type.googleapis.com/envoy.extensions.filters.http.local_ratelimit.v3.LocalRateLimit
            stat_prefix: limit
            token_bucket: { max_tokens: 10, fill_interval: 1s }
`,
  *check(resource, { schemas }) {
    for (const problem of envoyProblems(resource, schemas, 'missing-field', 'out-of-range', 'too-short', 'too-few')) {
      yield { at: placeOf(resource, problem), message: messageOf(problem) } satisfies Finding;
    }
  },
});

function messageOf({ code, name, node, type, limit = 0 }: EnvoyProblem): string {
  const value = resolve(node);
  const source = value?.kind === 'scalar' ? value.source : '';
  switch (code) {
    case 'missing-field':
      return `Envoy's ${shortName(type)} needs ${quoted(name)}, and refuses what lacks it`;
    case 'too-short':
      return limit === 1
        ? `${quoted(name)} is empty, which Envoy refuses`
        : `${quoted(name)} has fewer than ${count(limit, 'character')}, which Envoy refuses`;
    case 'too-few':
      return `${quoted(name)} has fewer than ${count(limit, 'entry', 'entries')}, which Envoy refuses`;
    default:
      return Number(value?.kind === 'scalar' ? value.value : 0) < limit
        ? `${source} is less than ${limit}, the smallest value of ${quoted(name)} that Envoy takes`
        : `${source} is more than ${limit}, the largest value of ${quoted(name)} that Envoy takes`;
  }
}
