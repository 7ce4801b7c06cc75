import type { DestinationRule } from '../../model/destination-rule.ts';
import type { Span } from '../../text/range.ts';
import { mapAt } from '../edits.ts';
import { resourceRule } from '../rule.ts';
import { quoted } from '../words.ts';

export const missingLabels = resourceRule({
  id: 'destination-rule/missing-labels',
  severity: 'information',
  on: ['DestinationRule'],
  codes: ['KIA0209'],
  summary: 'A subset without labels is the whole service.',
  why: 'It selects every endpoint, whatever its version. A route to it looks like one to a part, and is none.',
  remedy:
    'Write the labels that tell its pods from the others, or leave the subset out where only its policy is wanted.',
  invalid: `
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: reviews }
spec:
  host: reviews
  subsets: [{ name: v1, labels: { version: v1 } }, { name: v2 }]
`,
  valid: `
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: reviews }
spec:
  host: reviews
  subsets: [{ name: v1, labels: { version: v1 } }, { name: v2, labels: { version: v2 } }]
`,
  *check(rule) {
    // Alone, or with a policy of its own, it may be meant so.
    const hasOthers = rule.subsets.some(({ labels }) => labels.length > 0);
    for (const { at, name, labels, labelsAt, trafficPolicy } of rule.subsets) {
      if (
        name === undefined ||
        hasUnknownField(rule, at) ||
        labels.length > 0 ||
        labelsAt !== undefined ||
        !hasOthers ||
        trafficPolicy !== undefined
      )
        continue;
      yield {
        at: name,
        message: `the subset ${quoted(name.value)} has no labels: it is the whole service, with the pods of all other subsets`,
      };
    }
  },
});

const FIELDS: readonly string[] = ['name', 'labels', 'trafficPolicy'];

/** A misspelt field may be the labels, and is a finding of its own. */
function hasUnknownField(rule: DestinationRule, subset: Span): boolean {
  return mapAt(rule.document, subset)?.entries.some(({ key }) => !FIELDS.includes(key.source)) ?? false;
}
