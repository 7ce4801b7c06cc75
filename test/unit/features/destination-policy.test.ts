import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { createHost, DEFAULT_SETTINGS } from '../../../server/src/analysis.ts';
import type { DestinationPolicyView, SettingView } from '../../../server/src/contract.ts';
import { destinationPolicies } from '../../../server/src/features/destination-policy.ts';
import { POLICY_SETTINGS } from '../../../server/src/features/destination-settings.ts';
import { serviceOf } from '../../../server/src/features/route-destinations.ts';
import type { ViewContext } from '../../../server/src/features/route-model.ts';
import { destinationRuleFor, effectivePolicy } from '../../../server/src/routing/destination-rules.ts';
import { parseClusterName } from '../../../server/src/routing/envoy.ts';
import type { Snapshot } from '../../../server/src/workspace/snapshot.ts';
import { readCases } from '../../conformance/oracle.ts';
import { caseSnapshot } from '../../conformance/run.ts';
import { proxiesOf } from '../../envoy/cases.ts';
import { schemas } from '../../harness/schemas.ts';

const SERVICE = `apiVersion: v1
kind: Service
metadata: {name: reviews, namespace: shop}
spec: {ports: [{name: http, port: 80}, {name: http-admin, port: 8080}]}
`;
const ROUTES = `apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: reviews, namespace: shop}
spec:
  hosts: [reviews]
  http:
  - route:
    - {destination: {host: reviews, subset: v1, port: {number: 80}}, weight: 50}
    - {destination: {host: reviews, subset: v2, port: {number: 80}}, weight: 30}
    - {destination: {host: reviews, port: {number: 8080}}, weight: 20}
`;
const RULE = `apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: reviews, namespace: shop}
spec:
  host: reviews
  trafficPolicy:
    loadBalancer: {simple: ROUND_ROBIN}
    connectionPool: {tcp: {connectTimeout: 2s, maxConnections: 0}}
    tls: {mode: ISTIO_MUTUAL}
    portLevelSettings:
    - {port: {number: 8080}, loadBalancer: {simple: RANDOM}}
  subsets:
  - {name: v1, labels: {version: v1}}
  - name: v2
    labels: {version: v2}
    trafficPolicy:
      connectionPool: {http: {maxRetries: 3}}
      outlierDetection: {interval: 5s}
`;

function policiesOf(...texts: readonly string[]): Readonly<Record<string, DestinationPolicyView>> {
  const host = createHost(schemas);
  host.apply({ settings: DEFAULT_SETTINGS, files: new Map(texts.map((text, i) => [`${i}.yaml`, text])) });
  return contextsOf(host.snapshot()).find(({ table }) => table.name === '80')!.policies;
}

function contextsOf(snapshot: Snapshot, proxies = snapshot.routing.proxies()) {
  return proxies.flatMap(proxy => {
    const routing = snapshot.routing.proxy(proxy);
    return routing.names.map(name => {
      const table = routing.table(name);
      const toPlace: ViewContext['toPlace'] = span => {
        const range = snapshot.locate(span);
        const line = snapshot.file(range?.file ?? '')?.lines.position(range?.start ?? 0).line ?? -1;
        return { uri: '', path: range?.file ?? '', line: line + 1, column: 1, endLine: line + 1, endColumn: 1 };
      };
      const context: ViewContext = { snapshot, routing, table, toPlace };
      return { context, table, policies: destinationPolicies(context) };
    });
  });
}

function short({ value, level, lost }: SettingView): string {
  return `${value} from ${level}${lost === undefined ? '' : `; ${lost.value} is lost: ${lost.why}`}`;
}

function settings(policy: DestinationPolicyView | undefined): Readonly<Record<string, string>> {
  return Object.fromEntries((policy?.settings ?? []).map(setting => [setting.setting, short(setting)]));
}

describe('of a DestinationRule with subsets and ports', () => {
  const policies = policiesOf(SERVICE, ROUTES, RULE);

  test('a subset without a policy has that of the rule', () => {
    const policy = policies['outbound|80|v1|reviews.shop.svc.cluster.local'];
    expect(policy?.rules).toMatchObject([{ name: 'shop/reviews', place: { path: '2.yaml', line: 3 } }]);
    expect(policy?.found).toBe('found in the namespace of the client');
    expect(settings(policy)).toEqual({
      loadBalancer: 'ROUND_ROBIN from DestinationRule',
      'connectionPool.tcp.connectTimeout': '2s from DestinationRule',
      'connectionPool.tcp.maxConnections': 'unlimited (0) from DestinationRule',
      'connectionPool.http.http1MaxPendingRequests': 'unlimited from Istio default',
      'connectionPool.http.http2MaxRequests': 'unlimited from Istio default',
      'outlierDetection.consecutive5xxErrors': 'no ejection from Istio default',
      'tls.mode': 'ISTIO_MUTUAL from DestinationRule',
    });
  });

  test('a subset replaces whole blocks, and what they held is lost', () => {
    const lost = 'is lost: subset v2 has a connectionPool of its own, which replaces the whole block';
    expect(settings(policies['outbound|80|v2|reviews.shop.svc.cluster.local'])).toMatchObject({
      loadBalancer: 'ROUND_ROBIN from DestinationRule',
      'connectionPool.tcp.connectTimeout': `10s from Istio default; 2s ${lost}`,
      'connectionPool.http.maxRetries': '3 from subset v2',
      'outlierDetection.consecutive5xxErrors': '5 from Envoy default',
      'outlierDetection.interval': '5s from subset v2',
    });
  });

  test('a port replaces everything', () => {
    const lost = 'is lost: the portLevelSettings for port 8080 replace the whole policy';
    expect(settings(policies['outbound|8080||reviews.shop.svc.cluster.local'])).toMatchObject({
      loadBalancer: `RANDOM from port 8080; ROUND_ROBIN ${lost}`,
      'connectionPool.tcp.connectTimeout': `10s from Istio default; 2s ${lost}`,
      'tls.mode': `automatic mutual TLS from Istio default; ISTIO_MUTUAL ${lost}`,
    });
  });
});

test('without a DestinationRule Istio’s defaults hold', () => {
  const policy = policiesOf(SERVICE)['outbound|80||reviews.shop.svc.cluster.local'];
  expect(policy).toMatchObject({ rules: [], found: '' });
  expect(new Set(policy?.settings.map(({ level }) => level))).toEqual(new Set(['Istio default']));
});

test('a wildcard in the namespace of the client wins, and that is said', () => {
  const wildcard = RULE.replace('name: reviews, namespace: shop', 'name: all, namespace: shop').replace(
    'host: reviews',
    'host: "*.local"',
  );
  const policy = policiesOf(SERVICE, wildcard)['outbound|80||reviews.shop.svc.cluster.local'];
  expect(policy?.found).toBe('found in the namespace of the client, through its wildcard host *.local');
});

test.each(readCases(path.join(import.meta.dirname, '../../fixtures/routing')).map(own => [own.name, own] as const))(
  'each value of %s is the one that clusters get',
  (_name, oracle) => {
    for (const { context, policies } of contextsOf(caseSnapshot(oracle), proxiesOf(oracle))) {
      const { routing, snapshot } = context;
      for (const [cluster, { settings: shown }] of Object.entries(policies)) {
        const { host, port, subset } = parseClusterName(cluster)!;
        const rule = destinationRuleFor(snapshot.routing.rules, routing.proxy, serviceOf(context, host)!);
        const { blocks } = effectivePolicy(rule, port, subset);
        for (const { name, read } of POLICY_SETTINGS) {
          const expected = read(blocks)?.text;
          const found = shown.find(({ setting }) => setting === name);
          if (expected !== undefined) expect(found?.value).toBe(expected);
          else if (found?.level !== 'Istio default') expect(['5', 'DISABLE', undefined]).toContain(found?.value);
        }
      }
    }
  },
);
