import type { Located } from '../../text/range.ts';
import type { YamlDocument } from '../../yaml/document.ts';
import { listWords, replaceString } from '../edits.ts';
import { type Fix, resourceRule } from '../rule.ts';
import { quoted } from '../words.ts';
import { areHarmless } from './methods.ts';

export const riskyRetryConditions = resourceRule({
  id: 'virtual-service/risky-retry-conditions',
  severity: 'hint',
  on: ['VirtualService'],
  per: 'route',
  summary: 'Retries after answers that the service gave on purpose: 503 or 409.',
  why: 'A 503 may come from the service itself, after part of the work was done. `retriable-4xx` repeats requests that the service answered with 409, which mostly stays 409. `connect-failure` and `refused-stream` are safe: the request was never processed.',
  remedy:
    'Keep 503 for requests that may run twice, and `retriable-4xx` for services that answer 409 only while a conflict lasts.',
  invalid: `
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: reviews }
spec:
  hosts: [reviews]
  http:
    - retries: { attempts: 2, retryOn: 'connect-failure,refused-stream,retriable-4xx' }
      route: [{ destination: { host: reviews } }]
`,
  valid: `
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: reviews }
spec:
  hosts: [reviews]
  http:
    - retries: { attempts: 2, retryOn: 'connect-failure,refused-stream' }
      route: [{ destination: { host: reviews } }]
`,
  *check(vs) {
    for (const { retries, match } of vs.http) {
      const retryOn = retries?.retryOn;
      if (retryOn === undefined || (retries?.attempts?.value ?? 0) < 1) continue;
      const words = listWords(vs.document, retryOn);
      for (const word of words) {
        const reason = reasonOf(word.value.trim());
        if (reason === undefined || (word.value.trim() === '503' && areHarmless(match))) continue;
        yield {
          at: word,
          message: `${quoted(word.value.trim())} ${reason}`,
          fixes: without(vs.document, retryOn, word),
        };
      }
    }
  },
});

function reasonOf(condition: string): string | undefined {
  if (condition === '503')
    return 'may come after part of the work was done: retry it only where a request may run twice';
  if (condition === 'retriable-4xx')
    return 'repeats requests that were answered with 409: useful only where the conflict goes away by itself';
  return undefined;
}

function without(document: YamlDocument, list: Located<string>, word: Located<string>): readonly Fix[] {
  const words = list.value.split(',');
  const rest = words.filter(other => other !== word.value);
  if (rest.length === 0) return [];
  return [{ title: `Remove ${quoted(word.value.trim())}`, edits: [replaceString(document, list, rest.join(','))] }];
}
