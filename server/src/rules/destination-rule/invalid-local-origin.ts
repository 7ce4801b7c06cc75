import { addEntry, mapAt, replaceWith } from '../edits.ts';
import { resourceRule } from '../rule.ts';
import { outlierDetectionsOf } from './policies.ts';

export const invalidLocalOrigin = resourceRule({
  id: 'destination-rule/invalid-local-origin',
  severity: 'error',
  on: ['DestinationRule'],
  refuses: true,
  codes: ['IST0106', 'DR-14'],
  summary: '`consecutiveLocalOriginFailures` without `splitExternalLocalOriginErrors`.',
  why: 'Istio refuses the DestinationRule: failures of the connection have a count of their own only where they are told apart from answers of the service.',
  remedy: 'Add `splitExternalLocalOriginErrors: true`, or remove the count.',
  invalid: `
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: reviews }
spec:
  host: reviews
  trafficPolicy:
    outlierDetection:
      consecutiveLocalOriginFailures: 5
`,
  valid: `
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: reviews }
spec:
  host: reviews
  trafficPolicy:
    outlierDetection:
      splitExternalLocalOriginErrors: true
      consecutiveLocalOriginFailures: 5
`,
  *check(rule) {
    for (const block of outlierDetectionsOf(rule)) {
      const { consecutiveLocalOriginFailures: failures, splitExternalLocalOriginErrors: split } = block;
      if (failures === undefined || failures.value <= 0 || split?.value === true) continue;
      const map = mapAt(rule.document, block.at);
      const add = map === undefined ? undefined : addEntry(rule.document, map, 'splitExternalLocalOriginErrors: true');
      const edit = split === undefined ? add : replaceWith(split, 'true');
      const title =
        split === undefined
          ? 'Add "splitExternalLocalOriginErrors: true"'
          : 'Change "splitExternalLocalOriginErrors" to true';
      yield {
        at: failures,
        message: 'Istio refuses "consecutiveLocalOriginFailures" unless "splitExternalLocalOriginErrors" is true',
        ...(split === undefined ? {} : { related: [{ at: split, message: 'switched off here' }] }),
        fixes: edit === undefined ? [] : [{ title, edits: [edit], preferred: true }],
      };
    }
  },
});
