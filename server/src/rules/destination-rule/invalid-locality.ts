import type { Located } from '../../text/range.ts';
import { type Finding, resourceRule } from '../rule.ts';
import { quoted } from '../words.ts';
import { localityFault } from './localities.ts';
import { type Block, blockRefusal, blocksOf } from './settings.ts';

export const invalidLocality = resourceRule({
  id: 'destination-rule/invalid-locality',
  severity: 'error',
  on: ['DestinationRule'],
  summary: 'Shares of traffic for localities that are none, overlap, or do not add up.',
  why: 'A locality is written `region/zone/subzone`, with a `*` only at its end. The shares of one entry lie between 1 and 100, and add up to 100. Istio refuses the DestinationRule.',
  remedy: 'Correct the locality, or let the shares add up to 100.',
  invalid: `
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: reviews }
spec:
  host: reviews
  trafficPolicy:
    loadBalancer:
      localityLbSetting:
        distribute: [{ from: eu/west, to: { eu/west: 80, eu/north: 10 } }]
`,
  valid: `
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: reviews }
spec:
  host: reviews
  trafficPolicy:
    loadBalancer:
      localityLbSetting:
        distribute: [{ from: eu/west, to: { eu/west: 80, eu/north: 20 } }]
`,
  codes: ['IST0106', 'DR-41', 'DR-42', 'DR-43'],
  refuses: true,
  *check(rule, { schemas }) {
    for (const block of blocksOf(rule, schemas.facts, 'LoadBalancerSettings')) {
      const locality = block.fields.object('localityLbSetting');
      // Beside a failover Istio looks at nothing else.
      if (locality === undefined || (locality.count('distribute') > 0 && locality.count('failover') > 0)) continue;
      const distribute = locality.objects('distribute');
      for (const entry of distribute) {
        const shares = entry.entries('to').map(({ key, value }) => ({ key, share: entry.numberOf(value) }));
        if (shares.some(({ share }) => share === undefined)) continue;
        const outside = shares.find(({ share }) => share !== undefined && (share.value < 1 || share.value > 100));
        const total = shares.reduce((sum, { share }) => sum + (share?.value ?? 0), 0);
        if (outside?.share !== undefined) {
          const message = `${outside.share.value} is no share of the traffic: it takes 1 to 100`;
          yield { at: outside.share, message, codes: blockRefusal(block, 'DR-41') };
        } else if (total !== 100) {
          const message = `these shares add up to ${total}, and Istio takes only 100`;
          yield { at: entry.key('to'), message, codes: blockRefusal(block, 'DR-42') };
        }
        yield* judge(
          block,
          shares.map(({ key }) => key),
        );
      }
      yield* judge(
        block,
        distribute.map(entry => entry.string('from')).filter(from => from !== undefined),
      );
    }
  },
});

function* judge(block: Block, localities: readonly Located<string>[]): Generator<Finding> {
  const found = localityFault(localities.map(({ value }) => value));
  const locality = found === undefined ? undefined : localities[found.index];
  if (found === undefined || locality === undefined) return;
  const other = found.fault.other === undefined ? undefined : localities[found.fault.other];
  yield {
    at: locality,
    message:
      other === undefined
        ? `${quoted(locality.value)} is no locality: ${found.fault.message}`
        : `${quoted(locality.value)} overlaps with ${quoted(other.value)} before it, so Istio refuses the DestinationRule`,
    related: other === undefined ? [] : [{ at: other, message: 'overlaps with it' }],
    codes: blockRefusal(block, 'DR-43'),
  };
}
