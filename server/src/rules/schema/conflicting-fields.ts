import { ISTIO_TYPES, resourceRule } from '../rule.ts';
import { allOf, quoted } from '../words.ts';
import { schemaCodes } from './ids.ts';
import { at, schemaProblems } from './problems.ts';

export const conflictingFields = resourceRule({
  id: 'schema/conflicting-fields',
  severity: 'error',
  on: ISTIO_TYPES,
  summary: 'Fields of one object that exclude each other.',
  why: 'The API server refuses the object. Where it gets through, Istio keeps one of the fields and forgets the others.',
  remedy: 'Keep one of them. Two conditions on one value need two entries, or one regular expression.',
  invalid: `
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: reviews }
spec:
  hosts: [reviews]
  http:
    - match: [{ uri: { exact: /reviews, prefix: /reviews/ } }]
      route: [{ destination: { host: reviews } }]
`,
  valid: `
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: reviews }
spec:
  hosts: [reviews]
  http:
    - match:
        - { uri: { exact: /reviews } }
        - { uri: { prefix: /reviews/ } }
      route: [{ destination: { host: reviews } }]
`,
  *check(resource, { schemas }) {
    for (const problem of schemaProblems(resource, schemas, 'conflicting-fields')) {
      const { conflicting, exclusive, type, node } = problem;
      // Of a oneof Istio's decoder takes one and says nothing; its validation looks at this pair alone.
      const refuses = type === 'TrafficExtensionSpec';
      const names = conflicting.map(({ key }) => quoted(key.source));
      const more = exclusive.length > conflicting.length ? ` of ${allOf(exclusive.map(quoted))}` : '';
      yield {
        at: at(resource, node),
        message: `${allOf(names)} exclude each other: only one${more} may be set`,
        related: conflicting
          .slice(0, -1)
          .map(({ key }) => ({ at: at(resource, key), message: `excludes ${names.at(-1) ?? ''}` })),
        refuses,
        codes: schemaCodes(problem, refuses),
      };
    }
  },
});
