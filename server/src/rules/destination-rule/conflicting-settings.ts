import { refusal } from '../codes.ts';
import { removeEntry } from '../edits.ts';
import type { Fields } from '../fields.ts';
import { type Finding, resourceRule } from '../rule.ts';
import { quoted } from '../words.ts';
import { type Block, blockRefusal, blocksOf } from './settings.ts';

export const conflictingSettings = resourceRule({
  id: 'destination-rule/conflicting-settings',
  severity: 'error',
  on: ['DestinationRule', 'Sidecar'],
  summary: 'Two settings of a traffic policy of which only one can hold.',
  why: 'Istio refuses the resource, since it cannot tell which one is meant.',
  remedy: 'Keep one of them.',
  invalid: `
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: reviews }
spec:
  host: reviews
  trafficPolicy:
    connectionPool: { http: { h2UpgradePolicy: UPGRADE, useClientProtocol: true } }
`,
  valid: `
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: reviews }
spec:
  host: reviews
  trafficPolicy:
    connectionPool: { http: { h2UpgradePolicy: UPGRADE } }
`,
  codes: ['IST0106', 'DR-11', 'DR-23', 'DR-34', 'DR-38', 'DR-39', 'SC-20'],
  refuses: true,
  *check(resource, { schemas }) {
    for (const block of blocksOf(resource, schemas.facts, 'TrafficPolicy')) {
      yield* pair(block.fields, ['tunnel', 'proxyProtocol'], refusal('DR-11'), 'both change how a connection begins');
    }
    for (const block of blocksOf(resource, schemas.facts, 'HTTPSettings')) {
      const { fields } = block;
      if (fields.string('h2UpgradePolicy')?.value !== 'UPGRADE' || fields.boolean('useClientProtocol')?.value !== true)
        continue;
      const codes = resource.kind === 'Sidecar' ? refusal('SC-20') : blockRefusal(block, 'DR-23');
      yield* pair(
        fields,
        ['h2UpgradePolicy', 'useClientProtocol'],
        codes,
        'one makes every request HTTP/2, the other keeps the protocol of the client',
      );
    }
    for (const block of blocksOf(resource, schemas.facts, 'LoadBalancerSettings')) yield* ofLoadBalancer(block);
  },
});

function* ofLoadBalancer(block: Block): Generator<Finding> {
  const { fields } = block;
  const locality = fields.object('localityLbSetting');
  const hash = fields.object('consistentHash');
  yield* pair(
    fields,
    ['localityLbSetting', 'zoneAwareLbSetting'],
    blockRefusal(block, 'DR-38'),
    'both say which zones are preferred',
  );
  if (locality !== undefined && locality.count('distribute') > 0 && locality.count('failover') > 0) {
    yield* pair(
      locality,
      ['distribute', 'failover'],
      blockRefusal(block, 'DR-39'),
      'shares for the zones leave nothing to fail over to',
    );
  }
  if (hash === undefined || (hash.number('minimumRingSize')?.value ?? 0) === 0) return;
  for (const algorithm of ['ringHash', 'maglev']) {
    yield* pair(hash, ['minimumRingSize', algorithm], blockRefusal(block, 'DR-34'), 'the size belongs into "ringHash"');
  }
}

function* pair(
  object: Fields,
  fields: readonly [string, string],
  codes: readonly string[],
  reason: string,
): Generator<Finding> {
  const [first, second] = fields;
  if (!object.has(first) || !object.has(second)) return;
  const [earlier, later] = object.key(first).start < object.key(second).start ? [first, second] : [second, first];
  yield {
    at: object.key(later),
    message: `${quoted(earlier)} and ${quoted(later)} exclude each other, so Istio refuses them together: ${reason}`,
    related: [{ at: object.key(earlier), message: `excludes ${quoted(later)}` }],
    fixes: fields.flatMap(field => {
      const edit = removeEntry(object.document, object.map, field);
      return edit === undefined ? [] : [{ title: `Remove "${field}"`, edits: [edit] }];
    }),
    codes,
  };
}
