import type { Pattern } from './snippets.ts';

/** What one sets up in one go: one or more resources. */
export interface DocumentPattern {
  readonly label: string;
  readonly text: string;
  readonly documents: readonly { readonly kind: string; readonly body: string }[];
}

const SUBSETS = {
  kind: 'DestinationRule',
  body: `
metadata:
  name: <reviews>
spec:
  host: <reviews>
  subsets:
    - name: <v1>
      labels:
        version: <v1>
    - name: <v2>
      labels:
        version: <v2>
`,
};

const CANARY = `
route:
  - destination:
      host: <host>
      subset: <v1>
    weight: <90>
  - destination:
      host: <host>
      subset: <v2>
    weight: <10>
`;

const MIRROR = `
route:
  - destination:
      host: <host>
      subset: <v1>
mirror:
  host: <host>
  subset: <v2>
mirrorPercentage:
  value: <100>
`;

const TEST_HEADER = `
match:
  - headers:
      <x-chaos-test>:
        exact: "<true>"
`;

const DELAY = `${TEST_HEADER}
fault:
  delay:
    percentage:
      value: <50>
    fixedDelay: <3s>
route:
  - destination:
      host: <host>
`;

const ABORT = `${TEST_HEADER}
fault:
  abort:
    percentage:
      value: <10>
    httpStatus: <503>
route:
  - destination:
      host: <host>
`;

const RETRIES = `
timeout: <10s>
retries:
  attempts: <2>
  perTryTimeout: <3s>
  retryOn: <connect-failure,refused-stream,reset-before-request>
route:
  - destination:
      host: <host>
`;

const HEADER_RULE = `
match:
  - headers:
      <x-user-group>:
        exact: <beta>
route:
  - destination:
      host: <host>
      subset: <v2>
`;

const PLAIN_RULE = `
route:
  - destination:
      host: <host>
`;

const CIRCUIT_BREAKER = `
connectionPool:
  tcp:
    maxConnections: <100>
    connectTimeout: <5s>
  http:
    http1MaxPendingRequests: <50>
    http2MaxRequests: <100>
outlierDetection:
  consecutive5xxErrors: <5>
  interval: <10s>
  baseEjectionTime: <30s>
  maxEjectionPercent: <50>
`;

const HTTPS_SERVER = `
port:
  number: 443
  name: https
  protocol: HTTPS
tls:
  mode: SIMPLE
  credentialName: <shop-cert>
hosts:
  - <shop.example.com>
`;

const REDIRECT_SERVER = `
port:
  number: 80
  name: http
  protocol: HTTP
tls:
  httpsRedirect: true
hosts:
  - <shop.example.com>
`;

/** Patterns of whole documents. */
export const DOCUMENT_PATTERNS: readonly DocumentPattern[] = [
  {
    label: 'canary 90/10',
    text: 'Sends 90 percent of the requests to one version of a service and 10 percent to the next one.',
    documents: [virtualService([CANARY]), SUBSETS],
  },
  {
    label: 'header routing',
    text: 'Sends the requests with a certain header to another version of a service.',
    documents: [virtualService([HEADER_RULE, PLAIN_RULE.replace('<host>\n', '<host>\n      subset: <v1>\n')]), SUBSETS],
  },
  {
    label: 'mirror',
    text: 'Sends a copy of each request to another version, whose answers are thrown away.',
    documents: [virtualService([MIRROR]), SUBSETS],
  },
  {
    label: 'fault: delay',
    text: 'Holds back half of the requests with a test header, to see how callers cope with a slow service.',
    documents: [virtualService([DELAY, PLAIN_RULE])],
  },
  {
    label: 'fault: abort',
    text: 'Answers some of the requests with a test header with an error, to see how callers cope with a failing service.',
    documents: [virtualService([ABORT, PLAIN_RULE])],
  },
  {
    label: 'retries and timeout',
    text: 'Limits the time of a request and repeats tries that never reached the service. All tries fit into the timeout.',
    documents: [virtualService([RETRIES])],
  },
  {
    label: 'circuit breaker',
    text: 'Limits connections and requests to a service, and keeps out instances that fail again and again.',
    documents: [
      {
        kind: 'DestinationRule',
        body: `metadata:\n  name: <reviews>\nspec:\n  host: <reviews>\n  trafficPolicy:\n${indented(CIRCUIT_BREAKER, 4)}`,
      },
    ],
  },
  {
    label: 'gateway with redirect',
    text: 'Serves a host over HTTPS and redirects plain HTTP to it.',
    documents: [
      {
        kind: 'Gateway',
        body: `metadata:\n  name: <public>\nspec:\n  selector:\n    istio: <ingressgateway>\n  servers:\n${item(HTTPS_SERVER, 4)}\n${item(REDIRECT_SERVER, 4)}`,
      },
    ],
  },
  {
    label: 'local rate limit',
    text: 'Limits the requests that each proxy of a workload lets through, without a service that counts.',
    documents: [
      {
        kind: 'EnvoyFilter',
        body: `
metadata:
  name: <rate-limit>
spec:
  workloadSelector:
    labels:
      app: <reviews>
  configPatches:
    - applyTo: HTTP_FILTER
      match:
        context: SIDECAR_INBOUND
        listener:
          filterChain:
            filter:
              name: envoy.filters.network.http_connection_manager
              subFilter:
                name: envoy.filters.http.router
      patch:
        operation: INSERT_BEFORE
        value:
          name: envoy.filters.http.local_ratelimit
          typed_config:
            "@type": type.googleapis.com/envoy.extensions.filters.http.local_ratelimit.v3.LocalRateLimit
            stat_prefix: http_local_rate_limiter
            token_bucket:
              max_tokens: <100>
              tokens_per_fill: <100>
              fill_interval: <1s>
            filter_enabled:
              default_value:
                numerator: 100
                denominator: HUNDRED
            filter_enforced:
              default_value:
                numerator: 100
                denominator: HUNDRED
            response_headers_to_add:
              - append_action: OVERWRITE_IF_EXISTS_OR_ADD
                header:
                  key: x-rate-limited
                  value: "true"
`,
      },
    ],
  },
];

/** Patterns of a part of a resource, by the type of the part. `<host>` is the host of the VirtualService. */
export const PART_PATTERNS: Readonly<Record<string, readonly Pattern[]>> = {
  HTTPRoute: [
    { label: 'canary 90/10', text: 'Sends a tenth of the requests to another subset.', body: CANARY },
    { label: 'header routing', text: 'Sends the requests with a certain header to another subset.', body: HEADER_RULE },
    { label: 'mirror', text: 'Sends a copy of each request to another subset.', body: MIRROR },
    { label: 'fault: delay', text: 'Holds back half of the requests with a test header.', body: DELAY },
    { label: 'fault: abort', text: 'Answers some of the requests with a test header with an error.', body: ABORT },
    {
      label: 'retries and timeout',
      text: 'Repeats tries that never reached the service, within a time limit.',
      body: RETRIES,
    },
  ],
  TrafficPolicy: [
    {
      label: 'circuit breaker',
      text: 'Limits connections, and keeps out instances that fail again and again.',
      body: CIRCUIT_BREAKER,
    },
  ],
  Server: [
    { label: 'HTTPS server', text: 'Serves hosts over HTTPS with a certificate from a Secret.', body: HTTPS_SERVER },
    { label: 'redirect to HTTPS', text: 'Answers plain HTTP with a redirect to HTTPS.', body: REDIRECT_SERVER },
  ],
};

function virtualService(rules: readonly string[]): { readonly kind: string; readonly body: string } {
  const http = rules.map(rule => item(rule.replaceAll('<host>', '<reviews>'), 4)).join('\n');
  return {
    kind: 'VirtualService',
    body: `metadata:\n  name: <reviews>\nspec:\n  hosts:\n    - <reviews>\n  http:\n${http}`,
  };
}

function indented(body: string, spaces: number): string {
  const lines = body
    .trim()
    .split('\n')
    .filter(line => line !== '');
  return lines.map(line => ' '.repeat(spaces) + line).join('\n');
}

/** A map as an item of a list whose dashes stand behind so many spaces. */
function item(body: string, spaces: number): string {
  const lines = indented(body, spaces + 2);
  return `${lines.slice(0, spaces)}- ${lines.slice(spaces + 2)}`;
}
