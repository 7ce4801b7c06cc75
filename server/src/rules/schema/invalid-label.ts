import type { Visit } from '../../schema/walk.ts';
import { effectiveEntriesOf, resolve } from '../../yaml/node.ts';
import { refusal } from '../codes.ts';
import { isLabelValue, labelKeyFault } from '../names.ts';
import { resourceRule } from '../rule.ts';
import { quoted } from '../words.ts';
import { at } from './problems.ts';
import { visitsOf } from './visits.ts';

export const invalidLabel = resourceRule({
  id: 'schema/invalid-label',
  severity: 'error',
  on: ['VirtualService', 'DestinationRule'],
  per: 'route',
  summary: 'Labels that no workload can have.',
  why: 'Keys and values of labels have letters, digits, `-`, `_` and `.` only, and patterns such as `*` mean nothing in them. Istio refuses the resource.',
  remedy: 'Write the label as it stands in the template of the workload.',
  invalid: `
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: reviews }
spec:
  host: reviews
  subsets: [{ name: v1, labels: { version: "v1 stable" } }]
`,
  valid: `
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: reviews }
spec:
  host: reviews
  subsets: [{ name: v1, labels: { version: v1-stable } }]
`,
  codes: ['IST0106', 'COM-17', 'VS-32', 'VS-88', 'DR-05'],
  refuses: true,
  *check(resource, { schemas }) {
    for (const visit of visitsOf(resource, schemas.facts)) {
      const id = IDS[`${visit.type}.${visit.fieldName}`];
      const map = resolve(visit.node);
      if (id === undefined || visit.inMap || map?.kind !== 'map') continue;
      for (const { key, value } of effectiveEntriesOf(map)) {
        const fault = labelKeyFault(key.source);
        if (fault !== undefined) {
          const message = `${quoted(key.source)} is no key of a label: ${fault}`;
          yield { at: at(resource, key), message, codes: refusal(id, 'COM-17') };
        }
        const scalar = resolve(value);
        if (scalar?.kind !== 'scalar' || typeof scalar.value !== 'string' || isLabelValue(scalar.value)) continue;
        yield {
          at: at(resource, scalar),
          message: `${quoted(scalar.source)} is no value of a label: it takes letters, digits, "-", "_" and ".", and begins and ends with a letter or digit`,
          codes: refusal(id, 'COM-17'),
        };
      }
    }
  },
});

/** The ids of our list of what Istio judges (`schemas/validation.yaml`). */
const IDS: Readonly<Record<Visit['type'], string>> = {
  'HTTPMatchRequest.sourceLabels': 'VS-32',
  'L4MatchAttributes.sourceLabels': 'VS-88',
  'TLSMatchAttributes.sourceLabels': 'VS-88',
  'Subset.labels': 'DR-05',
};
