import type { Entry } from '../../model/reader.ts';
import type { Located } from '../../text/range.ts';
import { Fields, refused } from '../fields.ts';
import { isLabelValue, labelKeyFault } from '../names.ts';
import { resourceRule } from '../rule.ts';
import { quoted } from '../words.ts';
import { endpointsOf } from './endpoints.ts';

export const invalidLabel = resourceRule({
  id: 'workload/invalid-label',
  severity: 'error',
  on: ['ServiceEntry', 'WorkloadEntry', 'WorkloadGroup'],
  refuses: true,
  codes: ['IST0106', 'COM-17', 'SE-26', 'SE-29', 'WE-06', 'WG-02'],
  summary: 'A label of a workload that Kubernetes does not take as one.',
  why: 'A key is a name, with a domain and a slash before it where one likes, a value is such a name or empty. Istio refuses others, since no selector could name them.',
  remedy: 'Keep to letters, digits, `-`, `_` and `.`, and begin and end with a letter or digit.',
  invalid: `
apiVersion: networking.istio.io/v1
kind: WorkloadEntry
metadata: { name: vm }
spec:
  address: 192.0.2.7
  labels: { app: "reviews of books" }
`,
  valid: `
apiVersion: networking.istio.io/v1
kind: WorkloadEntry
metadata: { name: vm }
spec:
  address: 192.0.2.7
  labels: { app: reviews-of-books }
`,
  *check(resource) {
    for (const { labels, id } of labelsOf(resource)) {
      for (const { key, value } of labels) {
        const fault = labelKeyFault(key.value);
        if (fault !== undefined) {
          yield { at: key, message: `${quoted(key.value)} is no key of a label: ${fault}`, ...refused(id, 'COM-17') };
        }
        if (!isLabelValue(value.value)) {
          yield {
            at: value,
            message: `${quoted(value.value)} is no value of a label: it takes letters, digits, "-", "_" and ".", and begins and ends with a letter or digit`,
            ...refused(id, 'COM-17'),
          };
        }
      }
    }
  },
});

function labelsOf(
  resource: Parameters<typeof endpointsOf>[0],
): readonly { readonly labels: readonly Entry<Located<string>>[]; readonly id: string }[] {
  const metadata = Fields.spec(resource, 'WorkloadGroup')?.object('metadata');
  if (metadata !== undefined) return [{ labels: metadata.strMap('labels'), id: 'WG-02' }];
  return endpointsOf(resource).flatMap(({ fields, in: kind, service }) => {
    const resolution = service?.string('resolution')?.value ?? 'NONE';
    if (kind === 'WorkloadGroup' || (kind === 'ServiceEntry' && !/^(STATIC|DNS|DNS_ROUND_ROBIN)$/.test(resolution)))
      return [];
    const id = kind === 'WorkloadEntry' ? 'WE-06' : resolution === 'STATIC' ? 'SE-26' : 'SE-29';
    return [{ labels: fields.strMap('labels'), id }];
  });
}
