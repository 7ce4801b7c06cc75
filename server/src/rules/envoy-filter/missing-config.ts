import { acceptedWithWarning } from '../fields.ts';
import { resourceRule } from '../rule.ts';
import { quoted } from '../words.ts';
import { envoyProblems, placeOf } from './problems.ts';

export const missingConfig = resourceRule({
  id: 'envoy-filter/missing-config',
  severity: 'warning',
  on: ['Other'],
  codes: ['IST0133', 'EF-23'],
  summary: 'An extension of Envoy that is named and not configured.',
  why: 'Envoy finds an extension by the type of its `typed_config`; that it looked for it by name is over, or will be.',
  remedy: 'Add `typed_config` with the `@type` of the extension, also where it has nothing to configure.',
  invalid: `
apiVersion: networking.istio.io/v1alpha3
kind: EnvoyFilter
metadata:
  name: cors
  annotations: { galley.istio.io/analyze-suppress: EF-01 }
spec:
  configPatches:
    - applyTo: HTTP_FILTER
      patch: { operation: INSERT_FIRST, value: { name: envoy.filters.http.cors } }
`,
  valid: `
apiVersion: networking.istio.io/v1alpha3
kind: EnvoyFilter
metadata:
  name: cors
  annotations: { galley.istio.io/analyze-suppress: EF-01 }
spec:
  configPatches:
    - applyTo: HTTP_FILTER
      patch:
        operation: INSERT_FIRST
        value:
          name: envoy.filters.http.cors
          typed_config: { "@type": type.googleapis.com/envoy.extensions.filters.http.cors.v3.Cors }
`,
  *check(resource, { schemas }) {
    for (const problem of envoyProblems(resource, schemas, 'missing-config')) {
      const { node } = problem;
      const name =
        node.kind === 'scalar' && problem.entry?.key.source === 'name' ? quoted(node.source) : 'this extension';
      yield {
        at: placeOf(resource, problem),
        message: `${name} lacks "typed_config", by which Envoy finds an extension`,
        ...acceptedWithWarning('EF-23'),
      };
    }
  },
});
