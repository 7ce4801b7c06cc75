import { documentRule } from '../rule.ts';
import { quoted } from '../words.ts';
import { testProblems } from './tests.ts';

export const invalidValue = documentRule({
  id: 'route-test/invalid-value',
  severity: 'error',
  summary: 'A value of the wrong type in a route test.',
  why: 'The test is not run: nobody can tell what it expects.',
  remedy: 'Write the value in the form that the message names.',
  invalid: `
#- reviews.routes.test.yaml
- name: no such page
  request: GET http://reviews:9080/reviews/1
  expect: { status: not found }
`,
  valid: `
#- reviews.routes.test.yaml
- name: no such page
  request: GET http://reviews:9080/reviews/1
  expect: { status: 404 }
`,
  *check(document) {
    for (const { at, field, wanted = '' } of testProblems(document, 'invalid-value')) {
      yield { at, message: field === '' ? `here has to be ${wanted}` : `${quoted(field)} has to be ${wanted}` };
    }
  },
});
