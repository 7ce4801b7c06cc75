import { refused } from '../fields.ts';
import { resourceRule } from '../rule.ts';
import { quoted } from '../words.ts';
import { SELECTING, selectorIds, selectorOf } from './selectors.ts';

export const invalidLabel = resourceRule({
  id: 'selector/invalid-label',
  severity: 'error',
  on: SELECTING,
  refuses: true,
  codes: ['IST0106', 'COM-34', 'COM-35', 'COM-37', 'CEL-08', 'CEL-09'],
  summary: 'A selector with a wildcard, or with an empty key.',
  why: 'Labels are compared letter by letter, and a `*` stands for nothing but itself. Istio and the API server refuse such a selector.',
  remedy: 'Name the label in full. To select every workload of the namespace, leave the selector out.',
  invalid: `
apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: { name: strict }
spec:
  selector: { matchLabels: { app: "reviews-*" } }
  mtls: { mode: STRICT }
`,
  valid: `
apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: { name: strict }
spec:
  selector: { matchLabels: { app: reviews } }
  mtls: { mode: STRICT }
`,
  *check(resource) {
    const selector = selectorOf(resource);
    if (selector === undefined) return;
    const ids = [...selectorIds(resource), ...(selector.isOld ? ['COM-37'] : [])];
    for (const { key, value } of selector.object.strMap(selector.labels)) {
      const starred = [key, value].find(part => part.value.includes('*'));
      if (key.value === '') {
        yield {
          at: key,
          message: 'this label has no name, and a selector needs one',
          ...refused(...ids, 'COM-34', 'CEL-09'),
        };
      } else if (starred !== undefined) {
        yield {
          at: starred,
          message: `${quoted(starred.value)} has a wildcard, and selectors compare labels letter by letter`,
          ...refused(...ids, 'COM-35', 'CEL-08'),
        };
      }
    }
  },
});
