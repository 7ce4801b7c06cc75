import { expect, test } from 'vitest';
import { envoyProxy } from '../../../server/src/features/envoy-json.ts';
import { snapshotOf } from '../../harness/fixtures.ts';

/** The cluster of a service with one port, under a DestinationRule with this traffic policy. */
function cluster(policy: string, port = '{name: http, port: 80}'): Readonly<Record<string, unknown>> {
  const text = `apiVersion: v1
kind: Service
metadata: {name: a}
spec: {ports: [${port}]}
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: a}
spec: {host: a, trafficPolicy: ${policy}}
`;
  const snapshot = snapshotOf([{ path: 'a.yaml', text }], new Map([['ownedNamespaces', '*']]));
  const { clusters } = envoyProxy(snapshot.routing, { type: 'sidecar', namespace: 'default', labels: {} });
  expect(clusters).toHaveLength(1);
  return clusters[0] ?? {};
}

const WEIGHTED = { localityWeightedLbConfig: {} };
const DISTRIBUTE = 'distribute: [{from: "eu/*", to: {"eu/*": 100}}]';
const FAILOVER = 'failover: [{from: eu, to: us}]';
const OUTLIER = 'outlierDetection: {consecutive5xxErrors: 3}';

// Istio `applyLocalityLoadBalancer` (pilot/pkg/networking/core/cluster_traffic_policy.go): localities are weighed with
// `distribute`, and with a failover only beside outlier detection. No recorded case has it.
test.each([
  ['distribute weighs localities', `{loadBalancer: {localityLbSetting: {${DISTRIBUTE}}}}`, WEIGHTED],
  [
    'a failover does nothing without outlier detection',
    `{loadBalancer: {localityLbSetting: {${FAILOVER}}}}`,
    undefined,
  ],
  ['a failover with outlier detection', `{loadBalancer: {localityLbSetting: {${FAILOVER}}}, ${OUTLIER}}`, WEIGHTED],
  [
    'a priority with outlier detection and a panic threshold',
    '{loadBalancer: {localityLbSetting: {failoverPriority: [a]}}, outlierDetection: {minHealthPercent: 20}}',
    { ...WEIGHTED, healthyPanicThreshold: { value: 20 } },
  ],
  ['switched off', `{loadBalancer: {localityLbSetting: {enabled: false, ${DISTRIBUTE}}}}`, undefined],
])('locality: %s', (_what, policy, expected) => {
  expect(cluster(policy)['commonLbConfig']).toEqual(expected);
});

test.each([
  ['a ring without a size of its own', '{ringHash: {}}', { lbPolicy: 'RING_HASH' }],
  ['a ring with a size', '{ringHash: {minimumRingSize: 512}}', { ringHashLbConfig: { minimumRingSize: '512' } }],
  ['no block: the old default', '{useSourceIp: true}', { ringHashLbConfig: { minimumRingSize: '1024' } }],
  ['maglev', '{useSourceIp: true, maglev: {tableSize: 65537}}', { maglevLbConfig: { tableSize: '65537' } }],
])('consistent hash: %s', (_what, hash, expected) => {
  const found = cluster(`{loadBalancer: {consistentHash: ${hash}}}`);
  expect(found).toMatchObject(expected);
  if (!('ringHashLbConfig' in expected)) expect(found).not.toHaveProperty('ringHashLbConfig');
  if (!('maglevLbConfig' in expected)) expect(found).not.toHaveProperty('maglevLbConfig');
});

// Istio `applyConnectionPool`, and `shouldH2Upgrade` behind it, in the same file: the limit of streams is set where HTTP/2
// already is, which an upgrade by policy is not yet. No recorded case has it.
test('HTTP/2, streams and lifetime of connections', () => {
  const options = (found: Readonly<Record<string, unknown>>): unknown =>
    Object.values(found['typedExtensionProtocolOptions'] ?? {})[0];
  expect(
    options(cluster('{connectionPool: {http: {h2UpgradePolicy: UPGRADE}}}', '{name: tcp, port: 80}')),
  ).toMatchObject({
    explicitHttpConfig: { http2ProtocolOptions: {} },
  });
  expect(
    options(cluster('{connectionPool: {http: {maxConcurrentStreams: 7, idleTimeout: 5s}}}', '{name: grpc, port: 80}')),
  ).toMatchObject({
    explicitHttpConfig: { http2ProtocolOptions: { maxConcurrentStreams: 7 } },
  });
  expect(
    options(cluster('{connectionPool: {http: {h2UpgradePolicy: UPGRADE, maxConcurrentStreams: 7}}}')),
  ).toMatchObject({ explicitHttpConfig: { http2ProtocolOptions: {} } });
  expect(
    options(cluster('{connectionPool: {http: {h2UpgradePolicy: UPGRADE, maxConcurrentStreams: 7}}}')),
  ).not.toMatchObject({ explicitHttpConfig: { http2ProtocolOptions: { maxConcurrentStreams: 7 } } });
  expect(options(cluster('{connectionPool: {tcp: {maxConnectionDuration: 1m}}}'))).toMatchObject({
    commonHttpProtocolOptions: { maxConnectionDuration: '60s' },
  });
});
