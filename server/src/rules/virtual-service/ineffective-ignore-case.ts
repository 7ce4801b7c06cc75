import { mapAt, removeEntry } from '../edits.ts';
import { resourceRule } from '../rule.ts';
import { quoted } from '../words.ts';

export const ineffectiveIgnoreCase = resourceRule({
  id: 'virtual-service/ineffective-ignore-case',
  severity: 'information',
  on: ['VirtualService'],
  per: 'route',
  summary: 'A match that ignores case and has a pattern.',
  why: 'For `regex` the flag has no effect: the pattern stays sensitive to case.',
  remedy: 'Begin the pattern with `(?i)`.',
  invalid: `
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: reviews }
spec:
  hosts: [reviews]
  http:
    - match: [{ uri: { regex: /api/.* }, ignoreUriCase: true }]
      route: [{ destination: { host: reviews } }]
`,
  valid: `
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: reviews }
spec:
  hosts: [reviews]
  http:
    - match: [{ uri: { regex: (?i)/api/.* } }]
      route: [{ destination: { host: reviews } }]
`,
  *check(vs) {
    for (const { match } of vs.http) {
      for (const { at, uri, ignoreUriCase } of match) {
        if (ignoreUriCase?.value !== true || uri?.kind !== 'regex' || uri.value === undefined) continue;
        const map = mapAt(vs.document, at);
        const edit =
          map === undefined || !uri.value.value.startsWith('(?i)')
            ? undefined
            : removeEntry(vs.document, map, 'ignoreUriCase');
        yield {
          at: ignoreUriCase,
          message: `"ignoreUriCase" has no effect on the pattern ${quoted(uri.value.value)}${edit === undefined ? '; begin it with "(?i)"' : ', which ignores case by itself'}`,
          fixes: edit === undefined ? [] : [{ title: 'Remove "ignoreUriCase"', edits: [edit] }],
        };
      }
    }
  },
});
