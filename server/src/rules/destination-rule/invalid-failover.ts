import type { Located } from '../../text/range.ts';
import type { Fields } from '../fields.ts';
import { type Finding, resourceRule } from '../rule.ts';
import { quoted } from '../words.ts';
import { type Block, blockRefusal, blocksOf } from './settings.ts';

/** Labels of a node's place; a failover by regions decides about them. */
const TOPOLOGY: readonly string[] = [
  'topology.kubernetes.io/region',
  'topology.kubernetes.io/zone',
  'topology.istio.io/subzone',
];

export const invalidFailover = resourceRule({
  id: 'destination-rule/invalid-failover',
  severity: 'error',
  on: ['DestinationRule'],
  summary: 'A failover that names no two regions, or whose order contradicts it.',
  why: 'A failover goes from one region to another, without zones and wildcards; beside it, labels of places have no say in `failoverPriority`. Istio refuses the DestinationRule.',
  remedy: 'Name two different regions. An order by zones is written in `failoverPriority` alone.',
  invalid: `
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: reviews }
spec:
  host: reviews
  trafficPolicy:
    outlierDetection: { consecutive5xxErrors: 5 }
    loadBalancer: { localityLbSetting: { failover: [{ from: eu/west, to: us }] } }
`,
  valid: `
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: reviews }
spec:
  host: reviews
  trafficPolicy:
    outlierDetection: { consecutive5xxErrors: 5 }
    loadBalancer: { localityLbSetting: { failover: [{ from: eu, to: us }] } }
`,
  codes: ['IST0106', 'DR-40', 'DR-45', 'DR-46', 'DR-47', 'DR-48', 'DR-49'],
  refuses: true,
  *check(rule, { schemas }) {
    for (const block of blocksOf(rule, schemas.facts, 'LoadBalancerSettings')) {
      const locality = block.fields.object('localityLbSetting');
      const zones = block.fields.object('zoneAwareLbSetting');
      if (locality !== undefined && !(locality.count('distribute') > 0 && locality.count('failover') > 0)) {
        const label = topologyLabel(locality);
        if (label !== undefined && locality.count('failover') > 0) {
          const message = `beside "failover", which decides about regions, Istio refuses ${quoted(label.value)} in "failoverPriority"`;
          yield { at: label, message, codes: blockRefusal(block, 'DR-40') };
        } else yield* regions(block, locality, { same: 'DR-45', zone: 'DR-46', star: 'DR-47' });
      }
      if (zones === undefined) continue;
      const label = topologyLabel(zones);
      if (label !== undefined) {
        const message = `"zoneAwareLbSetting" orders by zones itself, so Istio refuses ${quoted(label.value)} in "failoverPriority"`;
        yield { at: label, message, codes: blockRefusal(block, 'DR-48') };
      }
      yield* regions(block, zones, { same: 'DR-49', zone: 'DR-49', star: 'DR-49' });
    }
  },
});

function topologyLabel(setting: Fields): Located<string> | undefined {
  return setting.strings('failoverPriority').find(({ value }) => TOPOLOGY.includes(value));
}

function* regions(
  block: Block,
  setting: Fields,
  ids: Readonly<Record<'same' | 'zone' | 'star', string>>,
): Generator<Finding> {
  for (const failover of setting.objects('failover')) {
    const from = failover.string('from');
    const to = failover.string('to');
    if ((from?.value ?? '') === (to?.value ?? '')) {
      const message =
        from === undefined && to === undefined
          ? 'this failover names no regions'
          : `a failover from ${quoted(from?.value ?? '')} to itself changes nothing, so Istio refuses it`;
      yield { at: to ?? from ?? failover.head, message, codes: blockRefusal(block, ids.same) };
    }
    const ends = [from, to].filter(end => end !== undefined);
    const zone = ends.find(({ value }) => value.includes('/'));
    if (zone !== undefined) {
      const message = `a failover goes from region to region, and ${quoted(zone.value)} names more than a region`;
      yield { at: zone, message, codes: blockRefusal(block, ids.zone) };
    }
    const star = ends.find(({ value }) => value.includes('*'));
    if (star !== undefined) {
      const message = `a failover goes from one region to another, and ${quoted(star.value)} may be any`;
      yield { at: star, message, codes: blockRefusal(block, ids.star) };
    }
  }
}
