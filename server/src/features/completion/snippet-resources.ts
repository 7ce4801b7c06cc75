import type { Facts, KindFact } from '../../schema/facts.ts';

/**
 * The smallest useful resource of each kind, without `apiVersion` and `kind`. `<name>` is a place to fill in; the same
 * name is the same place. What is used most comes first.
 */
export const RESOURCES: Readonly<Record<string, string>> = {
  VirtualService: `
metadata:
  name: <reviews>
spec:
  hosts:
    - <reviews>
  http:
    - route:
        - destination:
            host: <reviews>
`,
  DestinationRule: `
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
  Gateway: `
metadata:
  name: <public>
spec:
  selector:
    istio: <ingressgateway>
  servers:
    - port:
        number: 80
        name: http
        protocol: HTTP
      hosts:
        - <shop.example.com>
`,
  ServiceEntry: `
metadata:
  name: <payments>
spec:
  hosts:
    - <api.example.com>
  location: MESH_EXTERNAL
  resolution: DNS
  ports:
    - number: 443
      name: tls
      protocol: TLS
`,
  Sidecar: `
metadata:
  name: default
spec:
  egress:
    - hosts:
        - ./*
        - istio-system/*
`,
  AuthorizationPolicy: `
metadata:
  name: <reviews>
spec:
  selector:
    matchLabels:
      app: <reviews>
  action: ALLOW
  rules:
    - from:
        - source:
            principals:
              - cluster.local/ns/<default>/sa/<productpage>
      to:
        - operation:
            methods:
              - <GET>
`,
  PeerAuthentication: `
metadata:
  name: default
spec:
  mtls:
    mode: STRICT
`,
  RequestAuthentication: `
metadata:
  name: <reviews>
spec:
  selector:
    matchLabels:
      app: <reviews>
  jwtRules:
    - issuer: <https://login.example.com>
      jwksUri: <https://login.example.com>/.well-known/jwks.json
`,
  Telemetry: `
metadata:
  name: <access-logs>
spec:
  accessLogging:
    - providers:
        - name: <envoy>
`,
  EnvoyFilter: `
metadata:
  name: <http-settings>
spec:
  workloadSelector:
    labels:
      app: <reviews>
  configPatches:
    - applyTo: NETWORK_FILTER
      match:
        context: SIDECAR_INBOUND
        listener:
          filterChain:
            filter:
              name: envoy.filters.network.http_connection_manager
      patch:
        operation: MERGE
        value:
          typed_config:
            "@type": type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager
            <preserve_external_request_id>: <true>
`,
  ProxyConfig: `
metadata:
  name: <reviews>
spec:
  selector:
    matchLabels:
      app: <reviews>
  concurrency: <2>
`,
  WorkloadEntry: `
metadata:
  name: <reviews-vm>
spec:
  address: <10.0.0.1>
  labels:
    app: <reviews>
  serviceAccount: <reviews>
`,
  WorkloadGroup: `
metadata:
  name: <reviews-vm>
spec:
  metadata:
    labels:
      app: <reviews>
  template:
    serviceAccount: <reviews>
`,
  WasmPlugin: `
metadata:
  name: <header-check>
spec:
  selector:
    matchLabels:
      app: <reviews>
  url: oci://<registry.example.com/header-check:1.0>
  phase: AUTHN
`,
  TrafficExtension: `
metadata:
  name: <version-header>
spec:
  selector:
    matchLabels:
      app: <reviews>
  lua:
    inlineCode: |
      function envoy_on_response(handle)
        handle:headers():add("<x-version>", "<v1>")
      end
`,
};

/** Istio's kinds, those that are used most first. */
export function kindsByUse(facts: Facts): readonly KindFact[] {
  const order = Object.keys(RESOURCES);
  const place = ({ kind }: KindFact): number => (order.includes(kind) ? order.indexOf(kind) : order.length);
  return facts.kinds.toSorted((a, b) => place(a) - place(b));
}
