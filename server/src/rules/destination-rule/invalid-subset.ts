import type { Located } from '../../text/range.ts';
import { refusal } from '../codes.ts';
import { Fields } from '../fields.ts';
import { isDnsLabel } from '../names.ts';
import { resourceRule } from '../rule.ts';
import { quoted } from '../words.ts';

export const invalidSubset = resourceRule({
  id: 'destination-rule/invalid-subset',
  severity: 'error',
  on: ['DestinationRule'],
  summary: 'A subset whose name is none, or stands twice.',
  why: 'A VirtualService chooses a subset by its name, which becomes a part of the name of a cluster. Istio refuses the DestinationRule.',
  remedy: 'Give each subset a name of its own, of letters, digits and inner hyphens.',
  invalid: `
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: reviews }
spec:
  host: reviews
  subsets:
    - { name: v1.2, labels: { version: v1.2 } }
`,
  valid: `
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: reviews }
spec:
  host: reviews
  subsets:
    - { name: v1-2, labels: { version: v1.2 } }
`,
  codes: ['IST0106', 'DR-03', 'DR-04'],
  refuses: true,
  *check(rule) {
    const first = new Map<string, Located<string>>();
    for (const subset of Fields.spec(rule, 'DestinationRule')?.objects('subsets') ?? []) {
      const name = subset.string('name');
      if (name === undefined) continue;
      if (!isDnsLabel(name.value)) {
        const message =
          name.value === ''
            ? 'this subset has an empty name, so no route can choose it, and Istio refuses the DestinationRule'
            : `${quoted(name.value)} is no name of a subset: it takes up to 63 letters, digits and inner hyphens`;
        yield { at: name, message, codes: refusal('DR-04', 'COM-18') };
      }
      const known = first.get(name.value);
      if (known === undefined) first.set(name.value, name);
      else if (name.value !== '') {
        yield {
          at: name,
          message: `a subset ${quoted(name.value)} stands before, so Istio refuses the DestinationRule`,
          related: [{ at: known, message: 'the first subset of this name' }],
          codes: refusal('DR-03'),
        };
      }
    }
  },
});
