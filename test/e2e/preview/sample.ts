import type {
  ConditionView,
  DestinationView,
  Place,
  RouteModel,
  RouteView,
  SettingView,
  Viewpoint,
  VirtualHostView,
} from '../../../server/src/contract.ts';

/** A table with every state and every kind of cell. */
export function sampleModel(): RouteModel {
  const missing = [
    { name: 'search v4 :8080', problem: '503: no DestinationRule in force defines subset v4', routes: ['route-8'] },
  ];
  return modelOf({ ...gateway([shopHost(), adminHost()]), missing });
}

/** A table of so many routes. */
export function largeModel(count: number): RouteModel {
  const routes = Array.from({ length: count }, (_, i) =>
    route(i + 1, {
      conditions: [path('prefix', `/api/products/${i + 1}`)],
      destinations: [destination('catalog', 'v1', 100)],
    }),
  );
  return modelOf(gateway([host('shop.example.com:443', ['shop.example.com'], routes)]));
}

/** A table in which every text that a user writes tries to be more than text. */
export function hostileModel(): RouteModel {
  const hostile = [
    '<img src=x onerror="document.title=\'owned\'">',
    '</script><script>document.title="owned"</script>',
    '\u202egnp.exe',
    'x'.repeat(2000),
    '"><svg onload=alert(1)>',
  ];
  const routes = hostile.map((text, i) =>
    route(i + 1, {
      name: text,
      conditions: [path('exact', text), { field: 'header', kind: 'exact', name: text, value: text, ignoreCase: false }],
      destinations: [destination(text, text, 50), destination('catalog', 'v1', 50)],
      badges: [{ kind: 'rewrite', text, isDefault: false, detail: text }],
      state: 'unreachable',
      reason: `{${text}} {route-1} ${text}`,
    }),
  );
  const evil = hostile[0] ?? '';
  return modelOf({
    ...gateway([{ ...host(evil, hostile, routes), order: evil }]),
    routeConfiguration: evil,
    label: evil,
  });
}

/** The model with another table chosen. */
export function modelOf(selected: Viewpoint | undefined, change: Partial<RouteModel> = {}): RouteModel {
  const sidecar = { id: 'sidecar shop 8080', kind: 'sidecar', group: 'Sidecars in shop', label: 'port 8080' } as const;
  const names =
    selected === undefined
      ? []
      : [{ id: selected.id, kind: selected.kind, group: selected.group, label: selected.label }, sidecar];
  return { viewpoints: names, selected, stale: undefined, indexing: false, ...change };
}

export function place(line: number, file = 'storefront.yaml', endLine = line + 3): Place {
  return { uri: `file:///shop/routes/${file}`, path: `routes/${file}`, line, column: 5, endLine, endColumn: 1 };
}

export function gateway(virtualHosts: readonly VirtualHostView[]): Viewpoint {
  return {
    id: 'gateway istio=ingressgateway https.443',
    kind: 'gateway',
    group: 'Gateways',
    label: 'istio-ingress/shop-gateway: 443 HTTPS',
    routeConfiguration: 'https.443.https.shop-gateway.istio-ingress',
    port: 443,
    namespace: 'istio-ingress',
    labels: { istio: 'ingressgateway' },
    gateways: ['istio-ingress/shop-gateway'],
    virtualHosts,
    leftOut: [
      {
        name: 'VirtualService marketing/promo',
        reason: 'Not for this proxy: its exportTo does not fit.',
        place: place(8, 'promo.yaml'),
        by: undefined,
      },
      {
        name: 'VirtualService shop/storefront, rule-12',
        reason: 'Stands behind a match that takes every request; Istio makes no route of it.',
        place: place(140),
        by: { name: 'shop/storefront', place: place(120) },
      },
    ],
    assumptions: [
      { term: 'Services taken to exist', value: 'checkout.shop.svc.cluster.local (8080)' },
      { term: 'Unknown hosts', value: 'passed through (ALLOW_ANY)' },
      { term: 'Root namespace', value: 'istio-system' },
      { term: 'Cluster domain', value: 'cluster.local' },
    ],
    policies: policies(),
    missing: [],
  };
}

/** A listener that decides on connections: by server name, by address, and one that is closed. */
export function listener(): Viewpoint {
  const chain = { serverNames: [], ranges: [], isDefault: false, routeConfiguration: undefined };
  const near = {
    ...destination('db', 'near', 100),
    port: 5432,
    problem: 'closed: no DestinationRule in force defines subset near',
  };
  return {
    ...gateway([]),
    id: 'gateway istio=edge listener 0.0.0.0_443',
    label: 'infra/edge: 443, connections',
    routeConfiguration: '0.0.0.0_443',
    policies: {},
    leftOut: [],
    connections: [
      {
        ...chain,
        order: 1,
        match: 'TLS for git.example.com',
        serverNames: ['git.example.com'],
        action: '80% git.infra:8443, 20% git-next.infra:8443',
        destinations: [destination('git', '', 80), destination('git-next', '', 20)],
        source: { virtualService: 'infra/by-name', rule: 'tls[0]', place: place(17, 'git.yaml') },
      },
      {
        ...chain,
        order: 2,
        match: 'to 10.1.0.0/16',
        ranges: ['10.1.0.0/16'],
        action: `db near:5432 (${near.problem})`,
        destinations: [near],
        source: { virtualService: 'infra/db', rule: 'tcp[1]', place: place(50, 'db.yaml') },
      },
      {
        ...chain,
        order: 3,
        match: 'any other connection',
        isDefault: true,
        action: 'closed',
        destinations: [],
        source: undefined,
      },
    ],
  };
}

/** A setting that nobody wrote. */
function unset(setting: string, value: string): SettingView {
  return { setting, value, level: 'Istio default', place: undefined, lost: undefined };
}

/** What is in force on the two destinations of the canary: a subset that replaces blocks of its rule. */
function policies(): Viewpoint['policies'] {
  const rules = [{ name: 'shop/reviews', place: place(4, 'reviews.yaml') }];
  const found = 'found in the namespace of the service';
  const top = (setting: string, value: string, line: number): SettingView => ({
    ...unset(setting, value),
    level: 'DestinationRule',
    place: place(line, 'reviews.yaml'),
  });
  const subset = (setting: string, value: string, line: number): SettingView => ({
    ...top(setting, value, line),
    level: 'subset v2',
  });
  const tail = [top('outlierDetection.consecutive5xxErrors', '7', 18), unset('tls.mode', 'automatic mutual TLS')];
  return {
    'outbound|8080|v1|reviews.shop.svc.cluster.local': {
      rules,
      found,
      settings: [
        top('loadBalancer', 'ROUND_ROBIN', 9),
        top('connectionPool.tcp.connectTimeout', '2s', 12),
        unset('connectionPool.tcp.maxConnections', 'unlimited'),
        ...tail,
      ],
    },
    'outbound|8080|v2|reviews.shop.svc.cluster.local': {
      rules,
      found,
      settings: [
        subset('loadBalancer', 'LEAST_REQUEST', 31),
        {
          ...unset('connectionPool.tcp.connectTimeout', '10s'),
          lost: {
            value: '2s',
            why: 'subset v2 has a connectionPool of its own, which replaces the whole block',
            place: place(12, 'reviews.yaml'),
          },
        },
        subset('connectionPool.tcp.maxConnections', '50', 34),
        ...tail,
      ],
    },
  };
}

export function host(name: string, domains: readonly string[], routes: readonly RouteView[]): VirtualHostView {
  return {
    name,
    domains,
    requireTls: false,
    server: { text: 'HTTPS 443, TLS SIMPLE, shop-example-com', place: place(11, 'gateway.yaml') },
    virtualServices: [
      { name: 'shop/checkout', place: place(4, 'checkout.yaml') },
      { name: 'shop/storefront', place: place(4) },
    ],
    order: undefined,
    routes,
    otherwise: undefined,
  };
}

export function route(order: number, change: Partial<RouteView> = {}): RouteView {
  const line = order * 10;
  return {
    id: `route-${order}`,
    order,
    name: `rule-${order}`,
    source: {
      virtualService: 'shop/storefront',
      rule: `rule-${order}`,
      http: order - 1,
      match: 0,
      place: place(line, 'storefront.yaml', line + 2),
      extent: place(line, 'storefront.yaml', line + 9),
      delegatedBy: undefined,
    },
    conditions: [],
    state: 'live',
    reason: undefined,
    coveredBy: [],
    witness: undefined,
    undecided: false,
    sameAs: undefined,
    action: 'route',
    destinations: [],
    badges: [{ kind: 'retries', text: '2 retries by default', isDefault: true, detail: 'connect-failure' }],
    redirect: undefined,
    directResponse: undefined,
    details: [{ term: 'Envoy route', value: `rule-${order}` }],
    policy: [unset('timeout', 'none: no limit'), unset('retries', '2, on connect-failure,refused-stream')],
    text: { match: `match ${order}`, action: `action ${order}` },
    ...change,
  };
}

export function destination(name: string, subset: string, share: number): DestinationView {
  const fullName = `${name}.shop.svc.cluster.local`;
  return {
    cluster: `outbound|8080|${subset}|${fullName}`,
    host: fullName,
    shortHost: name,
    subset,
    port: 8080,
    weight: share === 100 ? undefined : share,
    share,
    labels: subset === '' ? {} : { version: subset },
    problem: undefined,
    assumed: false,
  };
}

export function path(kind: ConditionView['kind'], value: string): ConditionView {
  return { field: 'uri', kind, name: '', value, ignoreCase: false };
}

function header(name: string, kind: ConditionView['kind'], value: string): ConditionView {
  return { field: 'header', kind, name, value, ignoreCase: false };
}

function shopHost(): VirtualHostView {
  const post: ConditionView = { field: 'method', kind: 'exact', name: '', value: 'POST', ignoreCase: false };
  const canary = route(6, {
    conditions: [path('prefix', '/api/reviews')],
    destinations: [destination('reviews', 'v1', 90), destination('reviews', 'v2', 10)],
    badges: [
      { kind: 'mirror', text: '5% copied to reviews-shadow', isDefault: false, detail: '' },
      { kind: 'retries', text: '2 retries by default', isDefault: true, detail: 'connect-failure' },
    ],
  });
  return {
    ...host(
      'shop.example.com:443',
      ['shop.example.com', 'www.shop.example.com'],
      [
        route(1, {
          conditions: [path('exact', '/api/checkout/status')],
          destinations: [destination('checkout', '', 100)],
        }),
        route(2, {
          conditions: [post, path('prefix', '/api/checkout'), header('x-debug', 'present', '')],
          destinations: [{ ...destination('checkout', '', 100), assumed: true }],
          badges: [
            { kind: 'timeout', text: 'timeout 10s', isDefault: false, detail: 'written in the rule' },
            { kind: 'retries', text: 'retries off', isDefault: false, detail: '' },
            { kind: 'headers', text: '2 header changes', isDefault: false, detail: 'request: set x-request-source' },
          ],
        }),
        route(3, {
          conditions: [path('prefix', '/checkout/v1')],
          action: 'redirect',
          redirect: { code: 308, text: '/api/checkout…' },
          badges: [],
        }),
        route(4, {
          conditions: [path('prefix', '/api/reviews'), header('x-beta', 'exact', 'true')],
          destinations: [destination('reviews', 'v3', 100)],
          badges: [{ kind: 'fault', text: '1% delayed by 2s', isDefault: false, detail: '' }],
        }),
        route(5, {
          conditions: [path('prefix', '/api/reviews'), header('cookie', 'regex', '(.*; )?beta=1(;.*)?')],
          destinations: [destination('reviews', 'v3', 100)],
          sameAs: 'route-4',
          badges: [],
        }),
        canary,
        route(7, {
          conditions: [path('exact', '/api/reviews/export')],
          destinations: [destination('reviews', 'v1', 100)],
          state: 'unreachable',
          reason: '{route-6} takes all of its requests: /api/reviews/export starts with /api/reviews.',
          coveredBy: ['route-6'],
        }),
        route(8, {
          conditions: [path('regex', '/api/v[0-9]+/search')],
          destinations: [
            { ...destination('search', 'v4', 100), problem: '503: no DestinationRule in force defines subset v4' },
          ],
          badges: [
            { kind: 'rewrite', text: '/api/v2/search → /search', isDefault: false, detail: 'rewrite by example' },
          ],
        }),
        route(9, {
          conditions: [path('prefix', '/healthz')],
          action: 'directResponse',
          directResponse: { status: 200, body: 'ok' },
          badges: [],
        }),
        route(10, {
          destinations: [destination('storefront', '', 100)],
          source: {
            virtualService: 'shop/pages',
            rule: 'http[0]',
            http: 0,
            match: undefined,
            place: place(7, 'pages.yaml'),
            extent: place(7, 'pages.yaml', 20),
            delegatedBy: { name: 'shop/storefront', place: place(120) },
          },
        }),
      ],
    ),
    order: 'Shown in the order of their names. In a cluster {route-2} may come first.',
  };
}

function adminHost(): VirtualHostView {
  const routes = [
    route(1, { id: 'admin-1', conditions: [path('prefix', '/admin')], destinations: [destination('admin', '', 100)] }),
  ];
  const otherwise = '404: no route takes the request';
  return {
    ...host('admin.example.com:443', ['admin.example.com'], routes),
    virtualServices: [],
    server: undefined,
    otherwise,
  };
}
