import type { Server } from '../../model/gateway.ts';
import { isPassthrough } from '../../routing/gateway-table.ts';
import { isHttp, parseProtocol } from '../../routing/protocol.ts';
import { boundServers, serversFor } from '../bound-servers.ts';
import { workspaceRule } from '../rule.ts';
import { allOf, quoted } from '../words.ts';

export const ineffectiveRoutes = workspaceRule({
  id: 'gateway/ineffective-routes',
  severity: 'warning',
  on: ['VirtualService'],
  ignores: 'VirtualService',
  summary: 'HTTP routes behind a server that only redirects to HTTPS.',
  why: 'A server with `httpsRedirect` answers each plain request with 301, before any route. Where no other server of the gateways takes the host, the routes of the VirtualService never serve, and the redirected requests find nothing.',
  remedy:
    'Add a server for HTTPS with the host to the Gateway, or bind the VirtualService to the Gateway that has one. Where a load balancer in front ends TLS and is trusted with `X-Forwarded-Proto`, the routes do serve.',
  invalid: `
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: { name: public, namespace: shop }
spec:
  selector: { istio: ingressgateway }
  servers:
    - port: { number: 80, name: http, protocol: HTTP }
      hosts: [shop.example.com]
      tls: { httpsRedirect: true }
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: shop, namespace: shop }
spec:
  hosts: [shop.example.com]
  gateways: [public]
  http:
    - route: [{ destination: { host: shop } }]
`,
  valid: `
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: { name: public, namespace: shop }
spec:
  selector: { istio: ingressgateway }
  servers:
    - port: { number: 80, name: http, protocol: HTTP }
      hosts: [shop.example.com]
      tls: { httpsRedirect: true }
    - port: { number: 443, name: https, protocol: HTTPS }
      hosts: [shop.example.com]
      tls: { mode: SIMPLE, credentialName: shop-cert }
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: shop, namespace: shop }
spec:
  hosts: [shop.example.com]
  gateways: [public]
  http:
    - route: [{ destination: { host: shop } }]
`,
  *check(vs, snapshot) {
    if (vs.http.length === 0) return;
    const bound = boundServers(vs, snapshot);
    if (bound === undefined || bound.hasMesh) return;
    for (const host of vs.hosts) {
      const servers = serversFor(bound.servers, snapshot.references.fullHost(host.value, vs.namespace), vs.namespace);
      const redirects = servers.filter(({ server }) => server.tls?.httpsRedirect?.value === true);
      if (redirects.length === 0 || servers.some(({ server }) => servesHttp(server))) continue;
      const names = [...new Set(redirects.map(({ gateway }) => gateway.name))];
      yield {
        at: host,
        message: `plain requests for ${quoted(host.value)} are redirected to HTTPS by Gateway ${allOf(names.map(quoted))}, and no server of its gateways answers them there: these routes never serve`,
        related: redirects.map(({ server }) => ({
          at: server.tls?.httpsRedirect ?? server.at,
          message: `redirects everything on port ${server.port?.number?.value ?? ''}`,
        })),
      };
    }
  },
});

/** Whether a server hands requests to HTTP routes: plain HTTP without redirect, or TLS that ends at the gateway. */
function servesHttp(server: Server): boolean {
  if (server.tls?.httpsRedirect?.value === true) return false;
  const protocol = parseProtocol(server.port?.protocol?.value ?? '');
  return isHttp(protocol) || (protocol === 'HTTPS' && !isPassthrough(server));
}
