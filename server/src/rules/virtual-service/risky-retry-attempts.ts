import { replaceWith } from '../edits.ts';
import { resourceRule } from '../rule.ts';

/** More retries than this multiply the load of a service that is in trouble already. */
const MOST_ATTEMPTS = 3;

export const riskyRetryAttempts = resourceRule({
  id: 'virtual-service/risky-retry-attempts',
  severity: 'hint',
  on: ['VirtualService'],
  per: 'route',
  summary: 'More than 3 retries.',
  why: 'Each retry is another request to a service that already has difficulties, and makes the caller wait longer. Where several services in a row retry, the numbers multiply.',
  remedy: 'Use 2 or 3 retries for requests that somebody waits for.',
  invalid: `
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: reviews }
spec:
  hosts: [reviews]
  http:
    - retries: { attempts: 10 }
      route: [{ destination: { host: reviews } }]
`,
  valid: `
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: reviews }
spec:
  hosts: [reviews]
  http:
    - retries: { attempts: 2 }
      route: [{ destination: { host: reviews } }]
`,
  *check(vs) {
    for (const { retries } of vs.http) {
      const attempts = retries?.attempts;
      if (attempts === undefined || attempts.value <= MOST_ATTEMPTS) continue;
      yield {
        at: attempts,
        message: `${attempts.value} retries can turn one request into ${attempts.value + 1} for a service in trouble; 2 or 3 are usual`,
        fixes: [{ title: `Change to ${MOST_ATTEMPTS}`, edits: [replaceWith(attempts, String(MOST_ATTEMPTS))] }],
      };
    }
  },
});
