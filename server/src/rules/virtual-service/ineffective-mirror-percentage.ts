import type { VirtualService } from '../../model/virtual-service.ts';
import { mapAt, removeEntry } from '../edits.ts';
import { type Fix, resourceRule } from '../rule.ts';
import { quoted } from '../words.ts';

const ZERO = 'nothing is mirrored: the percentage is 0';

export const ineffectiveMirrorPercentage = resourceRule({
  id: 'virtual-service/ineffective-mirror-percentage',
  severity: 'warning',
  on: ['VirtualService'],
  per: 'route',
  summary: 'A mirror percentage that mirrors nothing.',
  why: '`mirrorPercentage` is the share for `mirror`. Without `mirror` Istio ignores it without a word (entries of `mirrors` have a `percentage` of their own), and with 0 nothing is mirrored.',
  remedy: 'Add the `mirror`, or remove the percentage.',
  invalid: `
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: reviews }
spec:
  hosts: [reviews]
  http:
    - route: [{ destination: { host: reviews } }]
      mirrorPercentage: { value: 10 }
`,
  valid: `
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: reviews }
spec:
  hosts: [reviews]
  http:
    - route: [{ destination: { host: reviews } }]
      mirror: { host: reviews-next }
      mirrorPercentage: { value: 10 }
`,
  *check(vs) {
    for (const rule of vs.http) {
      const { mirror, mirrors, mirrorPercentage, mirrorPercent } = rule;
      if (mirror === undefined) {
        // A delegate and the rule that names it make one rule together.
        const isPart = rule.delegate !== undefined || vs.hosts.length === 0;
        const at = mirrorPercentage?.value ?? mirrorPercentage?.at ?? mirrorPercent;
        if (at !== undefined && !isPart) {
          const key = mirrorPercentage === undefined ? 'mirrorPercent' : 'mirrorPercentage';
          const instead = mirrors.length > 0 ? '; entries of "mirrors" have a "percentage" of their own' : '';
          yield {
            at,
            message: `${quoted(key)} has no effect without "mirror"${instead}`,
            fixes: removal(vs, rule.at, key),
          };
        }
      } else if (mirrorPercentage?.value?.value === 0) {
        yield { at: mirrorPercentage.value, message: ZERO, severity: 'information' };
      } else if (mirrorPercentage === undefined && mirrorPercent?.value === 0) {
        yield { at: mirrorPercent, message: ZERO, severity: 'information' };
      }
      for (const { percentage } of mirrors) {
        if (percentage?.value?.value === 0) yield { at: percentage.value, message: ZERO, severity: 'information' };
      }
    }
  },
});

function removal(vs: VirtualService, at: Parameters<typeof mapAt>[1], key: string): readonly Fix[] {
  const map = mapAt(vs.document, at);
  const edit = map === undefined ? undefined : removeEntry(vs.document, map, key);
  return edit === undefined ? [] : [{ title: `Remove "${key}"`, edits: [edit], preferred: true }];
}
