import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createHost, DEFAULT_SETTINGS, routeModel, type Snapshot } from '../../../server/src/analysis.ts';
import { envoyProxy } from '../../../server/src/features/envoy-json.ts';
import { DEFAULT_MESH, type MeshSettings } from '../../../server/src/routing/mesh.ts';
import { placesOf } from '../../harness/places.ts';
import { schemas } from '../../harness/schemas.ts';

function snapshotOf(files: Readonly<Record<string, string>>, mesh: Partial<MeshSettings> = {}): Snapshot {
  const host = createHost(schemas);
  host.apply({ settings: { ...DEFAULT_SETTINGS, mesh }, files: new Map(Object.entries(files)) });
  return host.snapshot();
}

const MESH = `rootNamespace: mesh-root
trustDomain: example.org
outboundTrafficPolicy:
  mode: REGISTRY_ONLY
defaultVirtualServiceExportTo: ["."]
defaultServiceExportTo: ["."]
defaultDestinationRuleExportTo: ["."]
defaultHttpRetryPolicy:
  attempts: 4
  retryOn: "503,reset"
  perTryTimeout: 2s
`;
const indented = (text: string, by: number): string => text.replace(/^(?=.)/gm, ' '.repeat(by));

const FOUND: Partial<MeshSettings> = {
  rootNamespace: 'mesh-root',
  trustDomain: 'example.org',
  outboundTrafficPolicy: 'REGISTRY_ONLY',
  defaultVirtualServiceExportTo: ['.'],
  defaultServiceExportTo: ['.'],
  defaultDestinationRuleExportTo: ['.'],
  defaultHttpRetryPolicy: { attempts: 4, retryOn: '503,reset', perTryTimeout: '2s' },
};
const CONFIG_MAP = `apiVersion: v1
kind: ConfigMap
metadata: {name: istio, namespace: istio-system}
data:
  mesh: |-
${indented(MESH, 4)}  meshNetworks: "networks: {}"
`;
const OPERATOR = `apiVersion: install.istio.io/v1alpha1
kind: IstioOperator
metadata: {name: mesh}
spec:
  meshConfig:
${indented(MESH, 4)}`;

describe('a mesh config is found', () => {
  test.each([
    ['in the ConfigMap istio', CONFIG_MAP],
    ['in an IstioOperator', OPERATOR],
    [
      'in the Istio of the Sail operator',
      OPERATOR.replace('IstioOperator', 'Istio').replace('  meshConfig:', '  values:\n   meshConfig:'),
    ],
    ['in Helm values', `meshConfig:\n${indented(MESH, 2)}`],
    ['in Helm values of a chart above', `istiod:\n  meshConfig:\n${indented(MESH, 4)}`],
    [
      'in a HelmRelease',
      `apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata: {name: istiod}\nspec:\n  values:\n    meshConfig:\n${indented(MESH, 6)}`,
    ],
  ])('%s', (_where, text) => {
    const { settings } = snapshotOf({ 'mesh.yaml': text });
    expect(settings.mesh).toEqual({ ...DEFAULT_MESH, ...FOUND, gatewayNamespace: 'mesh-root' });
    expect(settings.meshSources.trustDomain).toMatchObject({ from: 'manifest' });
    expect(settings.meshSources.clusterDomain).toEqual({ from: 'default' });
  });

  test('with what Helm values and an IstioOperator say beside it', () => {
    const values = `meshConfig: {}\nglobal:\n  istioNamespace: istio-new\n  proxy: {clusterDomain: corp.example}\n`;
    expect(snapshotOf({ 'values.yaml': values }).settings.mesh).toMatchObject({
      rootNamespace: 'istio-new',
      clusterDomain: 'corp.example',
      gatewayNamespace: 'istio-new',
    });
    const gateways = `${OPERATOR}  components:\n    ingressGateways:\n    - {name: edge, namespace: edge, enabled: true}\n`;
    expect(snapshotOf({ 'operator.yaml': gateways }).settings.mesh.gatewayNamespace).toBe('edge');
  });
});

describe('precedence', () => {
  const other = OPERATOR.replace('mesh-root', 'operator-root');
  test('settings before manifests, one by one', () => {
    const { settings } = snapshotOf({ 'mesh.yaml': CONFIG_MAP }, { outboundTrafficPolicy: 'ALLOW_ANY' });
    expect(settings.mesh).toMatchObject({ outboundTrafficPolicy: 'ALLOW_ANY', rootNamespace: 'mesh-root' });
    expect(settings.meshSources.outboundTrafficPolicy).toEqual({ from: 'settings' });
  });
  test('the ConfigMap before an IstioOperator, that of the root namespace before others', () => {
    const away = CONFIG_MAP.replace('istio-system', 'old').replace('mesh-root', 'old-root');
    const { settings } = snapshotOf({ 'a.yaml': other, 'b.yaml': away, 'c.yaml': CONFIG_MAP });
    expect(settings.mesh.rootNamespace).toBe('mesh-root');
    expect(settings.otherMeshConfigs.map(({ form }) => form)).toEqual(['ConfigMap', 'IstioOperator']);
  });
  test('of two alike the first by file name', () => {
    expect(snapshotOf({ 'b.yaml': OPERATOR, 'a.yaml': other }).settings.mesh.rootNamespace).toBe('operator-root');
  });
  test('the source stands among the assumptions', () => {
    const vs = `apiVersion: networking.istio.io/v1\nkind: VirtualService\nmetadata: {name: a}\nspec: {hosts: [a], http: [{route: [{destination: {host: a}}]}]}\n`;
    const snapshot = snapshotOf({ 'mesh.yaml': CONFIG_MAP, 'vs.yaml': vs, 'z.yaml': other }, { trustDomain: 'corp' });
    const assumptions = routeModel(snapshot, {}, placesOf(snapshot)).selected?.assumptions ?? [];
    const texts = assumptions.map(({ term, value }) => `${term}: ${value}`);
    expect(texts).toContain('Unknown hosts: refused with 502 (REGISTRY_ONLY), from the ConfigMap at mesh.yaml:5');
    expect(texts).toContain('Trust domain: corp, from the settings');
    expect(texts).toContain('Cluster domain: cluster.local');
    expect(texts).toContain('VirtualServices without exportTo: their own namespace, from the ConfigMap at mesh.yaml:5');
    expect(texts).toContain('Further mesh configs, which are not used: z.yaml:5');
  });
});

describe('the settings decide', () => {
  const service = (name: string, namespace: string): string =>
    `apiVersion: v1\nkind: Service\nmetadata: {name: ${name}, namespace: ${namespace}}\nspec: {ports: [{name: http, port: 80}]}\n---\n`;
  const vs = `apiVersion: networking.istio.io/v1\nkind: VirtualService\nmetadata: {name: a, namespace: one}\nspec: {hosts: [a], http: [{name: rule, route: [{destination: {host: a}}]}]}\n---\n`;
  const rule = (namespace: string, max: number): string =>
    `apiVersion: networking.istio.io/v1\nkind: DestinationRule\nmetadata: {name: a, namespace: ${namespace}}\nspec: {host: a.one.svc.cluster.local, trafficPolicy: {connectionPool: {tcp: {maxConnections: ${max}}}}}\n---\n`;
  const input = { 'all.yaml': service('a', 'one') + service('b', 'two') + vs + rule('one', 1) + rule('root', 9) };
  const table = (mesh: Partial<MeshSettings>, namespace: string) => {
    const proxy = envoyProxy(snapshotOf(input, mesh).routing, { type: 'sidecar', namespace, labels: {} });
    const host = JSON.parse(JSON.stringify(proxy.routeConfigs))[0]?.virtualHosts.find((h: { name: string }) =>
      h.name.startsWith('a.one'),
    );
    return {
      route: host?.routes[0],
      catchAll: JSON.stringify(proxy.routeConfigs).includes('block_all'),
      cluster: proxy.clusters[0],
    };
  };
  test('defaultVirtualServiceExportTo', () => {
    expect(table({}, 'two').route.name).toBe('rule');
    expect(table({ defaultVirtualServiceExportTo: ['.'] }, 'two').route.name).toBe('default');
    expect(table({ defaultVirtualServiceExportTo: ['.'] }, 'one').route.name).toBe('rule');
  });
  test('defaultServiceExportTo', () => {
    expect(table({}, 'two').cluster?.name).toBe('outbound|80||a.one.svc.cluster.local');
    expect(table({ defaultServiceExportTo: ['.'] }, 'two').cluster?.name).toBe('outbound|80||b.two.svc.cluster.local');
    expect(table({ defaultServiceExportTo: ['.'] }, 'one').route.name).toBe('rule');
  });
  test('defaultDestinationRuleExportTo and rootNamespace', () => {
    expect(table({}, 'two').cluster).toMatchObject({ destinationRule: 'one/a' });
    expect(table({ defaultDestinationRuleExportTo: ['.'] }, 'two').cluster).not.toHaveProperty('destinationRule');
    expect(table({ defaultDestinationRuleExportTo: ['.'] }, 'one').cluster).toMatchObject({ destinationRule: 'one/a' });
    const noOwn = { 'all.yaml': input['all.yaml'].replace(rule('one', 1), '') };
    const inForce = (rootNamespace: string) =>
      envoyProxy(snapshotOf(noOwn, { rootNamespace }).routing, { type: 'sidecar', namespace: 'two', labels: {} })
        .clusters[0];
    expect(inForce('root')).toMatchObject({ destinationRule: 'root/a', circuitBreakers: { maxConnections: 9 } });
    expect(inForce('elsewhere')).not.toHaveProperty('destinationRule');
  });
  test('defaultHttpRetryPolicy, on written routes and on those that Istio makes', () => {
    const mesh: Partial<MeshSettings> = { defaultHttpRetryPolicy: { attempts: 4, retryOn: '503,reset' } };
    const policy = { numRetries: 4, retryOn: 'reset,retriable-status-codes', retriableStatusCodes: [503] };
    expect(table(mesh, 'one').route.route.retryPolicy).toMatchObject(policy);
    expect(table({ ...mesh, defaultVirtualServiceExportTo: ['.'] }, 'two').route.route.retryPolicy).toMatchObject(
      policy,
    );
    expect(table({ defaultHttpRetryPolicy: { attempts: 0 } }, 'one').route.route).not.toHaveProperty('retryPolicy');
  });
  test('outboundTrafficPolicy', () => {
    expect(table({}, 'one').catchAll).toBe(false);
    expect(table({ outboundTrafficPolicy: 'REGISTRY_ONLY' }, 'one').catchAll).toBe(true);
  });
});

test('a broken mesh config says nothing and never throws', () => {
  for (const text of [
    CONFIG_MAP.replace('mode: REGISTRY_ONLY', 'mode: [REGISTRY'),
    CONFIG_MAP.replace('rootNamespace: mesh-root', 'rootNamespace: {a: 1}'),
    'meshConfig: &a\n  rootNamespace: *a\n',
    'kind: ConfigMap\nmetadata: {name: istio}\ndata: {mesh: "- a"}\n',
  ]) {
    expect(snapshotOf({ 'mesh.yaml': text }).settings.mesh.rootNamespace).toMatch(/^(istio-system|mesh-root)$/);
  }
  fc.assert(
    fc.property(fc.nat(CONFIG_MAP.length), fc.nat(30), fc.string({ maxLength: 8 }), (at, length, insert) => {
      const text = CONFIG_MAP.slice(0, at) + insert + CONFIG_MAP.slice(at + length);
      const { settings } = snapshotOf({ 'mesh.yaml': text });
      expect(settings.mesh.rootNamespace).toMatch(/^[a-z0-9-]+$/);
    }),
    { numRuns: 100 },
  );
});

test('the same mesh config keeps the same settings', () => {
  const host = createHost(schemas);
  host.apply({ files: new Map([['mesh.yaml', CONFIG_MAP]]) });
  const before = host.snapshot().settings;
  host.apply({ files: new Map([['a.yaml', 'apiVersion: v1\nkind: Service\nmetadata: {name: a}\n']]) });
  expect(host.snapshot().settings).toBe(before);
});
