import type { SchemaProblem } from '../../schema/validate.ts';
import { ISTIO_TYPES, resourceRule } from '../rule.ts';
import { quoted } from '../words.ts';
import { schemaCodes } from './ids.ts';
import { at, placeName, schemaProblems } from './problems.ts';

export const invalidPattern = resourceRule({
  id: 'schema/invalid-pattern',
  severity: 'error',
  on: ISTIO_TYPES,
  summary: 'A text with characters that the field does not take.',
  why: 'The API server refuses the object, and so does Istio.',
  remedy: 'Write the text in the form that the message names.',
  invalid: `
apiVersion: extensions.istio.io/v1alpha1
kind: WasmPlugin
metadata: { name: filter }
spec:
  url: oci://example.com/filter
  sha256: abc
`,
  valid: `
apiVersion: extensions.istio.io/v1alpha1
kind: WasmPlugin
metadata: { name: filter }
spec:
  url: oci://example.com/filter
  sha256: 5c2b0de3f1a7c4b89e6d01f23a45b67c89d0e1f2a3b4c5d6e7f8091a2b3c4d5e
`,
  codes: ['IST0106'],
  refuses: true,
  *check(resource, { schemas }) {
    for (const problem of schemaProblems(resource, schemas, 'wrong-pattern')) {
      const { node } = problem;
      if (node.kind !== 'scalar') continue;
      const text = node.source.length > 60 ? `${node.source.slice(0, 59)}…` : node.source;
      yield {
        at: at(resource, node),
        message: `${quoted(text)} is no value of ${placeName(problem.path)}: ${form(problem)}`,
        codes: schemaCodes(problem, true),
      };
    }
  },
});

/** The pattern of the schema in words; the pattern itself for one that is new. */
function form({ type, name, shape, field }: SchemaProblem): string {
  if (field?.value === 'headerName') return 'the name of a header has letters, digits, "-" and "_"';
  if (name === 'sha256') return 'it takes 64 hexadecimal digits in lower case';
  if (type === 'PolicyTargetReference' && name === 'group')
    return 'it takes an API group such as "gateway.networking.k8s.io", or nothing for Services';
  if (type === 'PolicyTargetReference' && name === 'kind') return 'it takes a kind such as "Gateway" or "Service"';
  return shape?.type === 'string' && shape.pattern !== undefined
    ? `it must match ${quoted(shape.pattern)}`
    : 'it has another form';
}
