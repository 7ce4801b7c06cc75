/** Manifests in the styles in which people write them; all of them are valid. */
export const SAMPLES: Readonly<Record<string, string>> = {
  block: `apiVersion: networking.istio.io/v1
kind: VirtualService
metadata:
  name: reviews
  namespace: shop
spec:
  hosts:
    - reviews
  gateways:
    - mesh
  http:
    - name: testers
      match:
        - headers:
            x-user-group:
              exact: testers
          uri:
            prefix: /api # all of it
      timeout: 5s
      route:
        - destination:
            host: reviews
            subset: v2
            port:
              number: 9080
          weight: 90
        - destination:
            host: reviews
            subset: v1
          weight: 10
          headers:
            request:
              set:
                x-started: "%START_TIME%"
    - route:
        - destination:
            host: reviews
      retries:
        attempts: 2
        retryOn: 5xx,reset
`,
  levelDashes: `apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata:
  name: reviews
spec:
  host: reviews
  exportTo:
  - "*"
  trafficPolicy:
    loadBalancer:
      simple: ROUND_ROBIN
    portLevelSettings:
    - port:
        number: 80
      connectionPool:
        http:
          http1MaxPendingRequests: 1
  subsets:
  - name: v1
    labels:
      version: v1
  - name: v2
    labels:
      version: v2
`,
  flow: `apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: reviews, namespace: shop }
spec:
  hosts: [reviews, "reviews.example.com"]
  http:
    - match: [{ uri: { prefix: /a } }, { headers: { x: { exact: "1" } } }]
      route: [{ destination: { host: reviews, subset: v1 }, weight: 1 }]
    - { route: [{ destination: { host: reviews } }], timeout: 1s }
`,
  flowLines: `apiVersion: networking.istio.io/v1
kind: Gateway
metadata: { name: public }
spec: {
    selector: { istio: ingressgateway },
    servers: [
      {
        port: { number: 80, name: http, protocol: HTTP },
        hosts: ["*"],
      },
      {
        port: { number: 443, name: https, protocol: HTTPS },
        tls: { mode: SIMPLE, credentialName: cert },
        hosts: [a.example.com],
      },
    ],
  }
`,
  wide: `apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata:
    name: reviews
spec:
    selector:
        matchLabels:
            app: reviews
    action: ALLOW
    rules:
        - from:
              - source:
                    namespaces:
                        - shop
          to:
              - operation:
                    methods:
                        - GET
          when:
              - key: source.ip
                values: [10.0.0.0/8]
`,
  list: `apiVersion: v1
kind: List
items:
- apiVersion: networking.istio.io/v1
  kind: Sidecar
  metadata:
    name: default
  spec:
    egress:
    - hosts:
      - ./*
- apiVersion: v1
  kind: Service
  metadata:
    name: reviews
  spec:
    ports:
    - port: 80
`,
  several: `# services first
apiVersion: v1
kind: Service
metadata:
  name: reviews
  namespace: shop
spec:
  ports:
    - port: 9080
      name: http
  selector:
    app: reviews
---
apiVersion: networking.istio.io/v1
kind: EnvoyFilter
metadata:
  name: x
spec:
  configPatches:
    - applyTo: HTTP_FILTER
      match:
        context: GATEWAY
      patch:
        operation: INSERT_BEFORE
        value:
          name: envoy.filters.http.lua
          typed_config:
            inline_code: |
              function envoy_on_request(handle)
                local t = {
                  a = 1
                }
              end
---
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata:
  name: api
spec:
  hosts:
    - api.example.com
  ports:
    - number: 443
      name: tls
      protocol: TLS
  resolution: DNS
`,
};

/** A workspace around them: names to complete. */
export const WORKSPACE = `apiVersion: apps/v1
kind: Deployment
metadata:
  name: reviews-v1
  namespace: shop
spec:
  template:
    metadata:
      labels:
        app: reviews
        version: v1
---
apiVersion: networking.istio.io/v1
kind: Gateway
metadata:
  name: public
  namespace: istio-ingress
spec:
  servers:
    - port: { number: 80, name: http, protocol: HTTP }
      hosts: ["shop.example.com"]
`;
