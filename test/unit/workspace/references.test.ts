import { describe, expect, test } from 'vitest';
import { originsOf } from '../../../server/src/model/references.ts';
import type { Resource } from '../../../server/src/model/resource.ts';
import type { References } from '../../../server/src/workspace/references.ts';
import { snapshotOf } from '../../harness/fixtures.ts';

type Options = Readonly<Record<string, string>>;

/** References of a workspace of one file for each manifest. */
function referencesOf(manifests: readonly string[], options: Options = {}): References {
  return snapshot(manifests, options).references;
}

function snapshot(manifests: readonly string[], options: Options = {}): ReturnType<typeof snapshotOf> {
  const files = manifests.map((text, index) => ({ path: `${index}.yaml`, text }));
  return snapshotOf(files, new Map(Object.entries(options)));
}

function service(name: string, namespace: string | undefined, spec = '{ ports: [{ name: http, port: 80 }] }'): string {
  return manifest('v1', 'Service', name, namespace, spec);
}

function manifest(apiVersion: string, kind: string, name: string, namespace: string | undefined, spec: string): string {
  const place = namespace === undefined ? '' : `, namespace: ${namespace}`;
  return `apiVersion: ${apiVersion}\nkind: ${kind}\nmetadata: { name: ${name}${place} }\nspec: ${spec}\n`;
}

function istio(kind: string, name: string, namespace: string | undefined, spec: string): string {
  return manifest('networking.istio.io/v1', kind, name, namespace, spec);
}

const TEMPLATE = 'apiVersion: v1\nkind: Service\nmetadata:\n  name: {{ .Values.name }}\n';
const FLOATING: Pick<Resource, 'namespaceAt'> = { namespaceAt: undefined };

describe('host', () => {
  const shop = [service('reviews', 'shop'), service('frontend', 'edge')];

  test.each([
    ['a short name means the own namespace', 'reviews', 'shop', 'found'],
    ['a full name means what it says', 'reviews.shop.svc.cluster.local', 'edge', 'found'],
    ['capitals make no other service', 'Reviews.shop.svc.cluster.local', 'edge', 'found'],
    ['a namesake in another namespace is another service', 'reviews', 'edge', 'missing'],
    ['Services of the namespace are here, this one is not', 'ratings', 'shop', 'missing'],
    ['a name with a dot is not completed', 'reviews.shop', 'shop', 'missing'],
    ['nor is one with two dots', 'reviews.shop.svc', 'shop', 'missing'],
    ['a name with a dot that is no Service', 'example.com', 'shop', 'unknowable'],
    ['no Service of the namespace is here', 'orders.billing.svc.cluster.local', 'shop', 'unknowable'],
    ['a pod of a headless Service', 'web-0.web.shop.svc.cluster.local', 'shop', 'unknowable'],
    ['the Service of the API server', 'kubernetes.default.svc.cluster.local', 'shop', 'unknowable'],
    ['an empty host is no name', '', 'shop', 'unknowable'],
  ])('%s', (_why, host, namespace, outcome) => {
    expect(referencesOf(shop).host(host, namespace).outcome).toBe(outcome);
  });

  test('namespaces of installers are known only when the settings say so', () => {
    const manifests = [service('grafana', 'istio-system'), service('extra-dns', 'kube-system')];
    const hosts = ['istio-egressgateway.istio-system.svc.cluster.local', 'kube-dns.kube-system.svc.cluster.local'];
    const outcomes = (references: References): string[] => hosts.map(host => references.host(host, 'shop').outcome);
    expect(outcomes(referencesOf(manifests))).toEqual(['unknowable', 'unknowable']);
    expect(outcomes(referencesOf(manifests, { ownedNamespaces: 'istio-system' }))).toEqual(['missing', 'unknowable']);
  });

  test('a namespace that the workspace owns needs no Service to be known, and no template hides it', () => {
    const references = referencesOf([TEMPLATE], { ownedNamespaces: 'shop' });
    expect(references.host('ratings', 'shop').outcome).toBe('missing');
    expect(references.host('ratings', 'billing').outcome).toBe('unknowable');
  });

  test('with the whole mesh in the workspace, foreign hosts are missing too', () => {
    const entry = istio('ServiceEntry', 'api', 'shop', '{ hosts: [api.example.com, "*.cdn.example.com"] }');
    const references = referencesOf([entry], { ownedNamespaces: '*' });
    expect(references.host('api.example.com', 'shop').outcome).toBe('found');
    expect(references.host('img.cdn.example.com', 'shop').outcome).toBe('found');
    expect(references.host('other.example.com', 'shop').outcome).toBe('missing');
  });

  test('templates may become Services', () => {
    expect(referencesOf([...shop, TEMPLATE]).host('ratings', 'shop').outcome).toBe('unknowable');
    expect(
      referencesOf([...shop, `# {{ not a template }}\n${service('a', 'shop')}`]).host('ratings', 'shop').outcome,
    ).toBe('missing');
  });

  test('a Service without a namespace may be applied to the one in question', () => {
    const references = referencesOf([...shop, service('ratings', undefined)]);
    expect(references.host('ratings', 'shop').outcome).toBe('unknowable');
    expect(references.host('rating', 'shop').outcome).toBe('missing');
  });

  test('a resource without a namespace may be applied to that of the namesake', () => {
    const references = referencesOf([...shop, service('other', 'default')]);
    expect(references.host('reviews', 'default').outcome).toBe('missing');
    expect(references.host('reviews', 'default', FLOATING).outcome).toBe('unknowable');
    expect(references.host('reviews.default.svc.cluster.local', 'default', FLOATING).outcome).toBe('missing');
  });

  test('a wildcard of a DestinationRule is found through any service, and never missing', () => {
    const references = referencesOf(shop);
    expect(references.host('*.shop.svc.cluster.local', 'edge').outcome).toBe('found');
    expect(references.host('*.billing.svc.cluster.local', 'edge').outcome).toBe('unknowable');
  });

  test('a ServiceEntry for everything, which Istio refuses, defines nothing', () => {
    const references = referencesOf([...shop, istio('ServiceEntry', 'all', 'shop', '{ hosts: ["*"] }')]);
    expect(references.host('ratings', 'shop').outcome).toBe('missing');
  });

  test('whom a Service is exported to plays no part', () => {
    const hidden = `apiVersion: v1\nkind: Service\nmetadata: { name: a, namespace: x, annotations: { networking.istio.io/exportTo: y } }\nspec: {}\n`;
    expect(referencesOf([hidden]).host('a.x.svc.cluster.local', 'z').outcome).toBe('found');
  });
});

describe('port', () => {
  const manifests = [
    service('reviews', 'shop', '{ ports: [{ name: http, port: 80, targetPort: 9080 }, { name: grpc, port: 9000 }] }'),
    service('alias', 'shop', '{ type: ExternalName, externalName: a.example.com, ports: [{ port: 80 }] }'),
    service('portless', 'shop', '{ clusterIP: None }'),
    service('odd', 'shop', '{ ports: [{ port: 80 }, { port: web }] }'),
    istio(
      'ServiceEntry',
      'a',
      'shop',
      '{ hosts: [api.example.com], ports: [{ number: 443, name: tls, protocol: TLS }] }',
    ),
    istio(
      'ServiceEntry',
      'b',
      'edge',
      '{ hosts: [api.example.com], ports: [{ number: 80, name: http, protocol: HTTP }] }',
    ),
  ];

  test.each([
    ['reviews', 80, 'found'],
    ['reviews', 9080, 'missing'],
    ['ratings', 80, 'unknowable'],
    ['alias', 443, 'unknowable'],
    ['portless', 80, 'unknowable'],
    ['odd', 8080, 'unknowable'],
    ['api.example.com', 443, 'found'],
    ['api.example.com', 80, 'found'],
    ['api.example.com', 8080, 'missing'],
  ])('%s:%i is %s', (host, port, outcome) => {
    expect(referencesOf(manifests).port(host, port, 'shop').outcome).toBe(outcome);
  });

  test('the ports of all definitions of a host, in order', () => {
    const references = referencesOf(manifests);
    expect(references.portsOf('api.example.com', 'shop').map(({ number }) => number)).toEqual([80, 443]);
    expect(references.portsOf('ratings', 'shop')).toEqual([]);
  });
});

describe('subset', () => {
  const rule = (name: string, namespace: string | undefined, host: string, subset: string): string =>
    istio(
      'DestinationRule',
      name,
      namespace,
      `{ host: '${host}', subsets: [{ name: ${subset}, labels: { version: a } }] }`,
    );
  const reviews = rule('reviews', 'shop', 'reviews', 'v1');

  test.each([
    ['a rule for the host defines it', [reviews], 'reviews', 'v1', 'found'],
    ['a rule for the host does not', [reviews], 'reviews', 'v2', 'missing'],
    ['a wildcard rule does', [reviews, rule('w', 'shop', '*.shop.svc.cluster.local', 'v2')], 'reviews', 'v2', 'found'],
    [
      'a rule of some client does',
      [reviews, rule('c', 'client', 'reviews.shop.svc.cluster.local', 'v2')],
      'reviews',
      'v2',
      'found',
    ],
    ['the rules of the namespace are here, none is for the host', [reviews], 'ratings', 'v1', 'missing'],
    ['no rule of the owner of the host is here', [reviews], 'ratings.billing.svc.cluster.local', 'v1', 'unknowable'],
    ['no rule is here', [], 'reviews', 'v1', 'unknowable'],
    ['a rule without a namespace may', [reviews, rule('f', undefined, 'ratings', 'v9')], 'ratings', 'v9', 'unknowable'],
    ['templates may', [reviews, TEMPLATE], 'reviews', 'v2', 'unknowable'],
    ['a missing host has no subsets', [reviews, service('other', 'shop')], 'ratings', 'v1', 'unknowable'],
  ])('%s', (_why, manifests, host, subset, outcome) => {
    expect(referencesOf(manifests).subset(host, subset, 'shop').outcome).toBe(outcome);
  });

  test('a user without a namespace may be meant for that of a rule which defines it', () => {
    const references = referencesOf([rule('other', 'default', 'other', 'v1'), reviews]);
    expect(references.subset('reviews', 'v1', 'default').outcome).toBe('missing');
    expect(references.subset('reviews', 'v1', 'default', FLOATING).outcome).toBe('unknowable');
  });

  test('the rules for a host, its own before wildcards', () => {
    const wild = rule('w', 'shop', '*.shop.svc.cluster.local', 'v2');
    const names = referencesOf([wild, reviews])
      .rulesFor('reviews', 'shop')
      .map(({ name }) => name);
    expect(names).toEqual(['reviews', 'w']);
  });
});

describe('gateway', () => {
  const gateway = (name: string, namespace: string | undefined): string =>
    istio('Gateway', name, namespace, '{ servers: [] }');
  const edge = [gateway('public', 'edge')];

  test.each([
    ['in the own namespace', edge, 'public', 'edge', 'found'],
    ['with its namespace', edge, 'edge/public', 'shop', 'found'],
    ['with a dot for the own namespace', edge, './public', 'edge', 'found'],
    ['in the old form', edge, 'public.edge.svc.cluster.local', 'shop', 'found'],
    ['sidecars are no Gateway', edge, 'mesh', 'shop', 'unknowable'],
    ['others of the namespace are here', edge, 'edge/internal', 'shop', 'missing'],
    ['a namesake is in another namespace', edge, 'public', 'shop', 'missing'],
    ['nothing of the namespace is here', edge, 'istio-ingress/public', 'shop', 'unknowable'],
    ['one without a namespace may be it', [gateway('public', undefined)], 'public', 'shop', 'unknowable'],
    ['istiod makes it', edge, 'edge/web-istio-autogenerated-k8s-gateway-http', 'shop', 'unknowable'],
    ['templates may become it', [...edge, TEMPLATE], 'edge/internal', 'shop', 'unknowable'],
  ])('%s', (_why, manifests, name, namespace, outcome) => {
    expect(referencesOf(manifests).gateway(name, namespace).outcome).toBe(outcome);
  });

  test('of a namespace that the workspace owns everything is known', () => {
    expect(referencesOf([], { ownedNamespaces: 'shop' }).gateway('public', 'shop').outcome).toBe('missing');
  });
});

describe('delegate', () => {
  const root = istio('VirtualService', 'root', 'shop', '{ hosts: [shop], http: [{ delegate: { name: routes } }] }');
  const delegate = (name: string, namespace: string | undefined): string =>
    istio('VirtualService', name, namespace, '{ http: [] }');

  test.each([
    ['here', [root, delegate('routes', 'shop')], 'found'],
    [
      'with hosts of its own, which the caller judges',
      [istio('VirtualService', 'routes', 'shop', '{ hosts: [a] }')],
      'found',
    ],
    ['no delegate of the namespace is here', [root], 'unknowable'],
    ['another delegate of the namespace is here', [root, delegate('others', 'shop')], 'missing'],
    [
      'one without a namespace may be it',
      [root, delegate('others', 'shop'), delegate('routes', undefined)],
      'unknowable',
    ],
    ['templates may become it', [root, delegate('others', 'shop'), TEMPLATE], 'unknowable'],
  ])('%s', (_why, manifests, outcome) => {
    expect(referencesOf(manifests).delegate('routes', 'shop').outcome).toBe(outcome);
  });
});

test('the resources themselves tell whether they name a namespace', () => {
  const text = istio(
    'VirtualService',
    'vs',
    undefined,
    '{ hosts: [a], http: [{ route: [{ destination: { host: reviews } }] }] }',
  );
  const here = snapshot([service('reviews', 'shop'), service('other', 'default'), text]);
  const vs = here.index.all('VirtualService')[0]!;
  const [origin] = originsOf(vs).filter(({ type, at }) => type === 'host' && at.value === 'reviews');
  expect(here.references.host(String(origin?.at.value), vs.namespace, vs).outcome).toBe('unknowable');
});

describe('what brings resources that stand in no manifest', () => {
  const shop = service('reviews', 'shop');

  test.each([
    ['a chart that Flux installs', 'apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata: { name: a }\n'],
    [
      'a chart that Argo CD installs',
      'apiVersion: argoproj.io/v1alpha1\nkind: Application\nspec:\n  source:\n    chart: redis\n',
    ],
    [
      'charts of a Kustomization',
      'apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nhelmCharts:\n  - name: redis\n',
    ],
    [
      'bases from elsewhere',
      'apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nresources:\n  - https://example.com/base\n',
    ],
  ])('%s', (_what, text) => {
    expect(referencesOf([shop, text]).host('redis', 'shop').outcome).toBe('unknowable');
    expect(referencesOf([shop, text], { ownedNamespaces: 'shop' }).host('redis', 'shop').outcome).toBe('missing');
  });

  test.each([
    [
      'manifests of the same repository',
      'apiVersion: argoproj.io/v1alpha1\nkind: Application\nspec: { source: { path: apps } }\n',
    ],
    [
      'bases beside it',
      'apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nresources:\n  - ../base\n  - service.yaml\n',
    ],
  ])('not %s', (_what, text) => {
    expect(referencesOf([shop, text]).host('redis', 'shop').outcome).toBe('missing');
  });
});
