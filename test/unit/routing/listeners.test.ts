import { expect, test } from 'vitest';
import { envoyProxy } from '../../../server/src/features/envoy-json.ts';
import { snapshotOf } from '../../harness/fixtures.ts';

interface Chain {
  readonly match?: { readonly serverNames?: readonly string[] };
  readonly default?: boolean;
  readonly tcp?: string;
  readonly routeConfig?: string;
}

/** The listeners of a gateway, or of a sidecar in `default`, by name. */
function listeners(text: string, type: 'router' | 'sidecar'): Readonly<Record<string, readonly Chain[]>> {
  const snapshot = snapshotOf([{ path: 'a.yaml', text }], new Map([['ownedNamespaces', '*']]));
  const proxy =
    type === 'router'
      ? { namespace: 'istio-system', labels: { istio: 'east-west' } }
      : { namespace: 'default', labels: {} };
  const found = envoyProxy(snapshot.routing, { type, ...proxy }).listeners as readonly {
    readonly name: string;
    readonly filterChains: readonly Chain[];
  }[];
  return Object.fromEntries(found.map(({ name, filterChains }) => [name, filterChains]));
}

const service = (name: string, spec: string): string =>
  `apiVersion: v1\nkind: Service\nmetadata: {name: ${name}}\nspec: ${spec}\n---\n`;

// Istio `builtAutoPassthroughFilterChains` (pilot/pkg/networking/core/gateway.go): a chain for each port but UDP of each
// service that the gateway sees and that is in the mesh, and one for each subset. No recorded case has services beside it.
test('AUTO_PASSTHROUGH has a chain for each cluster of the mesh, by a server name that tells it', () => {
  const chains = listeners(
    `${service('a', '{ports: [{name: http, port: 80}, {name: dns, port: 53, protocol: UDP}]}')}apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: a}
spec: {host: a, subsets: [{name: v1, labels: {version: v1}}]}
---
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: {name: outside}
spec: {hosts: [out.example.com], ports: [{number: 443, name: tls, protocol: TLS}], resolution: DNS}
---
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: {name: east-west}
spec:
  selector: {istio: east-west}
  servers: [{port: {number: 15443, name: tls, protocol: TLS}, tls: {mode: AUTO_PASSTHROUGH}, hosts: ["*.local"]}]
`,
    'router',
  )['0.0.0.0_15443'];
  expect(chains?.map(({ match, tcp }) => [match?.serverNames, tcp])).toEqual([
    [['outbound_.80_._.a.default.svc.cluster.local'], 'outbound_.80_._.a.default.svc.cluster.local'],
    [['outbound_.80_.v1_.a.default.svc.cluster.local'], 'outbound_.80_.v1_.a.default.svc.cluster.local'],
  ]);
});

test('HTTP shares the wildcard address; other ports listen on the address of their service, where it is known', () => {
  const found = listeners(
    service(
      'web',
      '{clusterIP: 10.0.0.1, ports: [{name: http, port: 80}, {name: tcp, port: 90}, {name: odd, port: 91}]}',
    ) +
      service('floating', '{ports: [{name: tcp, port: 92}]}') +
      service('headless', '{clusterIP: None, ports: [{name: tcp, port: 93}]}'),
    'sidecar',
  );
  expect(Object.keys(found)).toEqual(['0.0.0.0_80', '10.0.0.1_90', '10.0.0.1_91']);
  expect(found['10.0.0.1_90']).toEqual([{ filters: ['tcp_proxy'], tcp: 'outbound|90||web.default.svc.cluster.local' }]);
  expect(found['10.0.0.1_91']?.map(({ routeConfig, tcp }) => routeConfig ?? tcp)).toEqual([
    'web.default.svc.cluster.local:91',
    'outbound|91||web.default.svc.cluster.local',
  ]);
  expect(found['0.0.0.0_80']?.at(-1)).toMatchObject({ default: true, tcp: 'PassthroughCluster' });
});

test('a port of two protocols at one address has chains of both', () => {
  const entry = (name: string, protocol: string): string =>
    `apiVersion: networking.istio.io/v1\nkind: ServiceEntry\nmetadata: {name: ${name}}\nspec: {hosts: [${name}.example.com], ports: [{number: 8000, name: p, protocol: ${protocol}}], resolution: DNS}\n---\n`;
  const chains = listeners(entry('plain', 'HTTP') + entry('secret', 'TLS'), 'sidecar')['0.0.0.0_8000'];
  expect(chains?.map(({ routeConfig, match, tcp }) => [routeConfig ?? match?.serverNames?.[0] ?? '', tcp])).toEqual([
    ['8000', undefined],
    ['secret.example.com', 'outbound|8000||secret.example.com'],
    ['', 'PassthroughCluster'],
  ]);
});
