import { refusal } from '../codes.ts';
import type { Fields } from '../fields.ts';
import { type Finding, resourceRule } from '../rule.ts';
import { isPlain } from '../slips.ts';
import { oneOf, quoted } from '../words.ts';
import { type Block, blockRefusal, blocksOf } from './settings.ts';

export const missingSettings = resourceRule({
  id: 'destination-rule/missing-settings',
  severity: 'error',
  on: ['DestinationRule', 'Sidecar'],
  summary: 'A block of a traffic policy that says nothing, or not enough.',
  why: 'Istio refuses an empty policy, an empty connection pool, the policy of a port without the port, and the like.',
  remedy: 'Fill the block, or remove it.',
  invalid: `
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: reviews }
spec:
  host: reviews
  trafficPolicy: { connectionPool: {} }
`,
  valid: `
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: reviews }
spec:
  host: reviews
  trafficPolicy: { connectionPool: { tcp: { maxConnections: 100 } } }
`,
  codes: ['IST0106', 'DR-10', 'DR-16', 'DR-24', 'DR-25', 'DR-35', 'DR-59', 'DR-60', 'SC-20'],
  refuses: true,
  *check(resource, { schemas }) {
    const isSidecar = resource.kind === 'Sidecar';
    const codes = (block: Block, id: string): readonly string[] =>
      isSidecar ? refusal('SC-20') : blockRefusal(block, id);
    for (const block of blocksOf(resource, schemas.facts, 'ConnectionPoolSettings')) {
      const { fields, at } = block;
      if (!isPlain(resource, schemas, fields.map)) continue;
      if (fields.keyOf('http', 'tcp') === undefined) {
        yield {
          at,
          message: 'this "connectionPool" says nothing, so Istio refuses it: it needs "http" or "tcp"',
          codes: codes(block, 'DR-16'),
        };
      }
      const keepalive = fields.object('http')?.object('http2KeepAlive');
      if (keepalive === undefined || !isPlain(resource, schemas, keepalive.map)) continue;
      for (const [field, id] of [
        ['interval', 'DR-24'],
        ['timeout', 'DR-25'],
      ] as const) {
        if (keepalive.keyOf(field) !== undefined) continue;
        yield {
          at: keepalive.head,
          message: `"http2KeepAlive" lacks ${quoted(field)}: Istio takes it only with both`,
          codes: codes(block, id),
        };
      }
    }
    for (const block of blocksOf(resource, schemas.facts, 'TrafficPolicy')) {
      const { fields, at } = block;
      if (!isPlain(resource, schemas, fields.map) || fields.map.entries.length > 0) continue;
      yield {
        at,
        message: 'this "trafficPolicy" is empty, so Istio refuses the DestinationRule',
        codes: refusal('DR-10'),
      };
    }
    for (const { fields, at } of blocksOf(resource, schemas.facts, 'PortTrafficPolicy')) {
      if (isPlain(resource, schemas, fields.map)) yield* ofPort(fields, at);
    }
    for (const block of blocksOf(resource, schemas.facts, 'LoadBalancerSettings')) {
      const maglev = block.fields.object('consistentHash')?.object('maglev');
      const size = maglev?.number('tableSize');
      if (maglev === undefined || !isPlain(resource, schemas, maglev.map)) continue;
      if (size === undefined ? maglev.has('tableSize') : size.value !== 0) continue;
      const key = block.fields.object('consistentHash')?.key('maglev') ?? block.at;
      const message = '"maglev" needs a "tableSize", a prime number such as 65537, and Istio refuses it without one';
      yield { at: size ?? key, message, codes: codes(block, 'DR-35') };
    }
  },
});

const OF_PORT = ['loadBalancer', 'connectionPool', 'outlierDetection', 'tls'] as const;

function* ofPort(policy: Fields, at: Block['at']): Generator<Finding> {
  if (policy.keyOf('port') === undefined) {
    yield {
      at,
      message: 'this policy is for a single port and does not say which: it lacks "port"',
      codes: refusal('DR-59'),
    };
  }
  if (policy.keyOf(...OF_PORT) !== undefined) return;
  yield {
    at,
    message: `this policy of a port says nothing, so Istio refuses it: it needs ${oneOf(OF_PORT.map(quoted))}`,
    codes: refusal('DR-60'),
  };
}
