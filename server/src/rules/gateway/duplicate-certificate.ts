import type { Gateway, ServerTls } from '../../model/gateway.ts';
import { keyOf } from '../../model/resource.ts';
import type { Located } from '../../text/range.ts';
import { Groups } from '../../workspace/reads.ts';
import { workspaceRule } from '../rule.ts';
import { quoted } from '../words.ts';
import { areTogether, isWithin } from '../workloads.ts';

export const duplicateCertificate = workspaceRule({
  id: 'gateway/duplicate-certificate',
  severity: 'warning',
  on: ['Gateway'],
  ignores: 'VirtualService',
  codes: ['IST0138'],
  summary: 'Two Gateways of the same workloads use one certificate.',
  why: 'A browser that has an HTTP/2 connection for a name of the certificate uses it for its other names as well. The request then comes in at the server of the first Gateway, which does not know the second host, and gets 404.',
  remedy: 'Put the hosts of one certificate into one Gateway, or give each its own certificate.',
  invalid: `
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: { name: a, namespace: infra }
spec:
  selector: { istio: ingressgateway }
  servers:
    - port: { number: 443, name: https, protocol: HTTPS }
      hosts: [a.example.com]
      tls: { mode: SIMPLE, credentialName: wildcard }
---
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: { name: b, namespace: infra }
spec:
  selector: { istio: ingressgateway }
  servers:
    - port: { number: 443, name: https, protocol: HTTPS }
      hosts: [b.example.com]
      tls: { mode: SIMPLE, credentialName: wildcard }
`,
  valid: `
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: { name: all, namespace: infra }
spec:
  selector: { istio: ingressgateway }
  servers:
    - port: { number: 443, name: https, protocol: HTTPS }
      hosts: [a.example.com, b.example.com]
      tls: { mode: SIMPLE, credentialName: wildcard }
`,
  *check(gateway, { index }) {
    for (const { tls } of gateway.servers) {
      const own = certificateOf(tls);
      if (own === undefined) continue;
      const places = index.group(withCertificate, own.value) ?? [];
      // In Pilot's order: the first is left alone.
      const before = places.findIndex(place => place.gateway === gateway);
      const other = places
        .slice(0, Math.max(before, 0))
        .find(
          place =>
            keyOf(place.gateway) !== keyOf(gateway) &&
            areTogether(place.gateway, gateway, index) &&
            isWithin(place.gateway.selector, gateway.selector),
        );
      if (other === undefined) continue;
      yield {
        at: own,
        message: `Gateway ${quoted(other.gateway.name)} uses the certificate ${quoted(own.value)}, too: browsers that keep a connection for both names get 404 from one of them`,
        related: [{ at: other.at, message: `Gateway ${quoted(other.gateway.name)}` }],
      };
    }
  },
});

/** What names the certificate of a server: a Secret, or a file. */
function certificateOf(tls: ServerTls | undefined): Located<string> | undefined {
  if (tls?.credentialName?.value) return tls.credentialName;
  return tls?.serverCertificate?.value && tls.privateKey?.value ? tls.serverCertificate : undefined;
}

interface Place {
  readonly gateway: Gateway;
  readonly at: Located<string>;
}

const withCertificate = Groups.of('Gateway', gateway =>
  gateway.servers.flatMap(({ tls }): [string, Place][] => {
    const at = certificateOf(tls);
    return at === undefined ? [] : [[at.value, { gateway, at }]];
  }),
);
