import { decodeRouteTests } from '../../model/route-test/decode.ts';
import { isRouteTestFile } from '../../model/route-test/fields.ts';
import { parseTestRequest } from '../../routing/explain/test-request.ts';
import { documentRule } from '../rule.ts';

export const invalidRequest = documentRule({
  id: 'route-test/invalid-request',
  severity: 'error',
  summary: 'A route test whose request cannot be sent.',
  why: 'The test fails with this sentence, whatever the routes do.',
  remedy: 'Write the request as one line with method and whole URL, or as an object with method, url and headers.',
  invalid: `
#- reviews.routes.test.yaml
- name: reviews of a tester
  request: GET /reviews/1
  expect: { destination: reviews }
`,
  valid: `
#- reviews.routes.test.yaml
- name: reviews of a tester
  request: GET http://reviews:9080/reviews/1
  expect: { destination: reviews, subset: v2 }
`,
  *check(document) {
    if (!isRouteTestFile(document.file)) return;
    for (const { request, problems } of decodeRouteTests(document).tests) {
      if (problems.some(({ field, type }) => field === 'request' || type === 'request')) continue;
      const parsed = parseTestRequest(request);
      if ('fault' in parsed) yield { at: request.at, message: parsed.fault };
    }
  },
});
