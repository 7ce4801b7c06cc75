import { documentRule } from '../rule.ts';
import { quoted } from '../words.ts';
import { placeOf, testProblems } from './tests.ts';

export const missingField = documentRule({
  id: 'route-test/missing-field',
  severity: 'error',
  summary: 'A route test without a field that it needs.',
  why: 'Without a name, a request and an expectation there is nothing to run or to report.',
  remedy: 'Add the field.',
  invalid: `
#- reviews.routes.test.yaml
- name: reviews of a tester
  request: GET http://reviews:9080/reviews/1
`,
  valid: `
#- reviews.routes.test.yaml
- name: reviews of a tester
  request: GET http://reviews:9080/reviews/1
  expect: { destination: reviews, subset: v2 }
`,
  *check(document) {
    for (const problem of testProblems(document, 'missing-field')) {
      yield {
        at: problem.at,
        message: `${quoted(problem.field)} is missing in ${placeOf(problem)}: it cannot be run`,
      };
    }
  },
});
