import type { Located } from '../../text/range.ts';
import { refusal } from '../codes.ts';
import { type Finding, resourceRule } from '../rule.ts';
import { rulesOf } from './http-rules.ts';

export const invalidStatus = resourceRule({
  id: 'virtual-service/invalid-status',
  severity: 'error',
  on: ['VirtualService'],
  per: 'route',
  summary: 'A status code that does not fit: no answer has it, or no redirect.',
  why: 'Answers have a status from 200 to 599, and redirects one from 300 to 399. Istio refuses the VirtualService.',
  remedy: 'Write a code that fits. For a redirect leave `redirectCode` out to get 301.',
  invalid: `
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: reviews }
spec:
  hosts: [reviews]
  http:
    - redirect: { uri: /v2, redirectCode: 200 }
`,
  valid: `
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: reviews }
spec:
  hosts: [reviews]
  http:
    - redirect: { uri: /v2, redirectCode: 302 }
`,
  codes: ['IST0106', 'VS-44', 'VS-57', 'VS-62'],
  refuses: true,
  *check(vs) {
    for (const rule of rulesOf(vs, 'http')) {
      yield* judge(
        rule.object('fault')?.object('abort')?.number('httpStatus'),
        200,
        600,
        'an abort has a status from 200 to 599',
        'VS-44',
      );
      yield* judge(
        rule.object('directResponse')?.number('status'),
        200,
        600,
        'an answer has a status from 200 to 599',
        'VS-62',
      );
      const code = rule.object('redirect')?.number('redirectCode');
      if (code?.value !== 0) yield* judge(code, 300, 399, 'a redirect has a code from 300 to 399', 'VS-57');
    }
  },
});

/** Istio `validateHTTPStatus` takes 600 as well. */
function* judge(
  status: Located<number> | undefined,
  first: number,
  last: number,
  needs: string,
  id: string,
): Generator<Finding> {
  // What is no number of the field's type is said by the rules of the schema.
  if (status === undefined || !Number.isInteger(status.value) || status.value < 0 || status.value > 2 ** 31) return;
  if (status.value >= first && status.value <= last) return;
  yield {
    at: status,
    message: `${status.value} does not fit: ${needs}, so Istio refuses the VirtualService`,
    codes: refusal(id),
  };
}
