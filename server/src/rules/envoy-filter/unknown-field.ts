import { jsonName } from '../../schema/envoy-facts.ts';
import { changeTo } from '../edits.ts';
import { acceptedWithWarning } from '../fields.ts';
import { resourceRule } from '../rule.ts';
import { orMeant, quoted } from '../words.ts';
import { envoyProblems, meantField, placeOf, shortName } from './problems.ts';

export const unknownField = resourceRule({
  id: 'envoy-filter/unknown-field',
  severity: 'warning',
  on: ['Other'],
  codes: ['IST0133', 'EF-21'],
  summary: 'A field that the message of Envoy does not have.',
  why: 'Istio warns, drops the field and goes on: what it was meant to do does not happen, or Envoy lacks a field that it needs.',
  remedy: 'Correct the spelling. Names may be written with underscores or in camelCase.',
  invalid: `
apiVersion: networking.istio.io/v1alpha3
kind: EnvoyFilter
metadata:
  name: limit
  annotations: { galley.istio.io/analyze-suppress: EF-01 }
spec:
  configPatches:
    - applyTo: CLUSTER
      patch: { operation: MERGE, value: { conect_timeout: 2s } }
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
    for (const problem of envoyProblems(resource, schemas, 'unknown-field')) {
      const { name, type } = problem;
      const at = placeOf(resource, problem);
      const defined = meantField(problem);
      const meant = defined === undefined ? undefined : /[A-Z]/.test(name) ? jsonName(defined) : defined;
      yield {
        at,
        message: `${quoted(name)} is no field of Envoy's ${shortName(type)}, and Istio drops it${orMeant(meant)}`,
        fixes: meant === undefined ? [] : [{ ...changeTo(resource.document, at, meant), preferred: true }],
        ...acceptedWithWarning('EF-21'),
      };
    }
  },
});
