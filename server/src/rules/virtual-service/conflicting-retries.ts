import { refusal } from '../codes.ts';
import { addEntry, removeEntry, replaceWith } from '../edits.ts';
import type { Fields } from '../fields.ts';
import { type Fix, resourceRule } from '../rule.ts';
import { isPlain } from '../slips.ts';
import { allOf, quoted } from '../words.ts';

/** Settings of retries that Istio does not take when there are none (`validateHTTPRetry`). */
const SETTINGS = ['perTryTimeout', 'retryOn', 'retryRemoteLocalities'] as const;
/** What Istio tries by itself where nothing is said. */
const USUAL_ATTEMPTS = 2;

import { Suspects } from './http-rules.ts';

export const conflictingRetries = resourceRule({
  id: 'virtual-service/conflicting-retries',
  severity: 'error',
  on: ['VirtualService'],
  summary: 'Retries are set up and switched off in one.',
  why: '`attempts: 0`, and no `attempts` at all, mean no retries. Istio refuses settings for retries that never happen.',
  remedy: 'Write how many attempts there are, or remove the other settings.',
  invalid: `
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: reviews }
spec:
  hosts: [reviews]
  http:
    - retries: { perTryTimeout: 2s }
      route: [{ destination: { host: reviews } }]
`,
  valid: `
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: reviews }
spec:
  hosts: [reviews]
  http:
    - retries: { attempts: 2, perTryTimeout: 2s }
      route: [{ destination: { host: reviews } }]
`,
  codes: ['IST0106', 'VS-64'],
  refuses: true,
  *check(vs, { schemas }) {
    for (const rule of suspects.of(vs)) {
      const retries = rule.object('retries');
      const attempts = retries?.number('attempts');
      if (retries === undefined || !isPlain(vs, schemas, retries.map)) continue;
      const settings = SETTINGS.filter(field => retries.has(field) && retries.string(field)?.value !== '');
      if ((attempts?.value ?? 0) !== 0 || settings.length === 0) continue;
      const reason =
        attempts === undefined ? 'without "attempts" there are no retries' : '"attempts: 0" switches retries off';
      yield {
        at: attempts ?? rule.key('retries'),
        message: `${reason}, and Istio refuses ${allOf(settings.map(quoted))} beside it`,
        // Which failures are safe to try again is another question.
        fixes: [
          ...(retries.has('retryOn') ? [] : [moreAttempts(retries, attempts)]),
          ...fewerSettings(retries, settings),
        ],
        codes: refusal('VS-64'),
      };
    }
  },
});

const suspects = new Suspects(rule => {
  const retries = rule.object('retries');
  return retries !== undefined && (retries.number('attempts')?.value ?? 0) === 0;
});

function moreAttempts(retries: Fields, attempts: ReturnType<Fields['number']>): Fix {
  const text = String(USUAL_ATTEMPTS);
  const edit =
    attempts === undefined ? addEntry(retries.document, retries.map, `attempts: ${text}`) : replaceWith(attempts, text);
  return { title: `Set "attempts" to ${text}`, edits: [edit], preferred: true };
}

/** One setting beside a written `attempts: 0` can go. */
function fewerSettings(retries: Fields, settings: readonly string[]): readonly Fix[] {
  const [setting, other] = settings;
  if (setting === undefined || other !== undefined) return [];
  const edit = removeEntry(retries.document, retries.map, setting);
  return edit === undefined ? [] : [{ title: `Remove "${setting}"`, edits: [edit] }];
}
