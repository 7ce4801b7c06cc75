import { TEST_FIELDS } from '../../model/route-test/fields.ts';
import { changeTo } from '../edits.ts';
import { nearest } from '../nearest.ts';
import { documentRule } from '../rule.ts';
import { allOf, quoted } from '../words.ts';
import { placeOf, testProblems } from './tests.ts';

export const unknownField = documentRule({
  id: 'route-test/unknown-field',
  severity: 'error',
  summary: 'A field that route tests do not have.',
  why: 'The test is not run: what the field was meant to say would not be checked.',
  remedy: 'Correct the spelling, or leave the field out.',
  invalid: `
#- reviews.routes.test.yaml
- name: reviews of a tester
  request: GET http://reviews:9080/reviews/1
  expect: { destination: reviews, subsett: v2 }
`,
  valid: `
#- reviews.routes.test.yaml
- name: reviews of a tester
  request: GET http://reviews:9080/reviews/1
  expect: { destination: reviews, subset: v2 }
`,
  *check(document) {
    for (const problem of testProblems(document, 'unknown-field')) {
      const { at, field, type, free = [] } = problem;
      const names = Object.keys(TEST_FIELDS[type]);
      const meant = nearest(field, free);
      const hint = meant === undefined ? `; it has ${allOf(names)}` : `; did you mean ${quoted(meant)}?`;
      yield {
        at,
        message: `unknown field ${quoted(field)} in ${placeOf(problem)}${hint}`,
        fixes: meant === undefined ? [] : [{ ...changeTo(document, at, meant), preferred: true }],
      };
    }
  },
});
