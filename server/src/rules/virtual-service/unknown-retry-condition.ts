import type { Located } from '../../text/range.ts';
import type { YamlDocument } from '../../yaml/document.ts';
import { listWords, replaceString } from '../edits.ts';
import { nearest } from '../nearest.ts';
import { type Fix, resourceRule } from '../rule.ts';
import { orMeant, quoted } from '../words.ts';

/** Istio `supportedRetryOnPolicies`. */
export const RETRY_CONDITIONS: readonly string[] = [
  '5xx',
  'gateway-error',
  'reset',
  'reset-before-request',
  'connect-failure',
  'retriable-4xx',
  'refused-stream',
  'retriable-status-codes',
  'retriable-headers',
  'envoy-ratelimited',
  'http3-post-connect-failure',
  'cancelled',
  'deadline-exceeded',
  'internal',
  'resource-exhausted',
  'unavailable',
];
/** Status codes that Go's `http.StatusText` knows, as first and last of each row. */
const STATUS_CODES: readonly (readonly [number, number])[] = [
  [100, 103],
  [200, 208],
  [226, 226],
  [300, 305],
  [307, 308],
  [400, 418],
  [421, 426],
  [428, 429],
  [431, 431],
  [451, 451],
  [500, 508],
  [510, 511],
];

export const unknownRetryCondition = resourceRule({
  id: 'virtual-service/unknown-retry-condition',
  severity: 'error',
  on: ['VirtualService'],
  per: 'route',
  refuses: true,
  codes: ['IST0106', 'VS-66'],
  summary: 'A word in `retryOn` that Istio does not know.',
  why: 'Istio refuses the whole VirtualService. Blanks count: after a comma they make another word.',
  remedy: 'Write the conditions of Envoy or status codes of HTTP, with commas and without blanks.',
  invalid: `
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: reviews }
spec:
  hosts: [reviews]
  http:
    - retries: { attempts: 2, retryOn: 'connect-failure, refused-stream' }
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
    for (const { retries } of vs.http) {
      const list = retries?.retryOn;
      if (list === undefined || list.value === '') continue;
      for (const word of listWords(vs.document, list)) {
        if (isKnown(word.value)) continue;
        const trimmed = word.value.trim();
        if (trimmed === '') {
          const rest = list.value
            .split(',')
            .filter(other => other.trim() !== '')
            .join(',');
          const fixes = rest === '' ? [] : [change('Remove the empty word', vs.document, list, rest)];
          yield {
            at: word.start < word.end ? word : list,
            message: 'an empty word between commas makes Istio refuse the VirtualService',
            fixes,
          };
        } else if (isKnown(trimmed)) {
          const message = `${quoted(word.value)} begins or ends with a blank, so Istio refuses it as an unknown word`;
          yield {
            at: word,
            message,
            fixes: [change('Remove the blanks', vs.document, list, withoutBlanks(list.value))],
          };
        } else {
          const guess = nearest(trimmed, RETRY_CONDITIONS);
          yield {
            at: word,
            message: `Istio refuses the retry condition ${quoted(trimmed)}${orMeant(guess)}`,
            fixes:
              guess === undefined
                ? []
                : [change(`Change to "${guess}"`, vs.document, list, replaced(list.value, word.value, guess))],
          };
        }
      }
    }
  },
});

function isKnown(word: string): boolean {
  if (RETRY_CONDITIONS.includes(word)) return true;
  if (!/^\+?\d+$/.test(word)) return false;
  const code = Number(word);
  return STATUS_CODES.some(([first, last]) => first <= code && code <= last);
}

function withoutBlanks(list: string): string {
  return list
    .split(',')
    .map(word => (isKnown(word.trim()) ? word.trim() : word))
    .join(',');
}

function replaced(list: string, word: string, by: string): string {
  return list
    .split(',')
    .map(other => (other === word ? by : other))
    .join(',');
}

function change(title: string, document: YamlDocument, list: Located<string>, text: string): Fix {
  return { title, edits: [replaceString(document, list, text)], preferred: true };
}
