import { resourceRule } from '../rule.ts';
import { quoted } from '../words.ts';
import { serverTls, tlsWarning } from './server-tls.ts';

export const missingCipherSuites = resourceRule({
  id: 'gateway/missing-cipher-suites',
  severity: 'warning',
  on: ['Gateway', 'Sidecar'],
  summary: 'An old version of TLS is allowed, and none of its cipher suites.',
  why: 'The suites that Envoy offers by itself are those of TLS 1.2 and above. Clients of TLS 1.0 and 1.1 find none that they know, so what was allowed for them does not work.',
  remedy: 'Add suites such as `ECDHE-RSA-AES128-SHA` to `cipherSuites`, or raise `minProtocolVersion`.',
  invalid: `
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: { name: public }
spec:
  selector: { istio: ingressgateway }
  servers:
    - port: { number: 443, name: https, protocol: HTTPS }
      hosts: [shop.example.com]
      tls: { mode: SIMPLE, credentialName: shop-cert, minProtocolVersion: TLSV1_1 }
`,
  valid: `
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: { name: public }
spec:
  selector: { istio: ingressgateway }
  servers:
    - port: { number: 443, name: https, protocol: HTTPS }
      hosts: [shop.example.com]
      tls: { mode: SIMPLE, credentialName: shop-cert, minProtocolVersion: TLSV1_2 }
`,
  codes: ['IST0133', 'GW-18'],
  *check(resource) {
    for (const tls of serverTls(resource)) {
      const version = tls.fields.string('minProtocolVersion');
      if (version === undefined || !/^TLSV1_[01]$/.test(version.value) || tls.fields.count('cipherSuites') > 0)
        continue;
      yield {
        at: version,
        message: `${quoted(version.value)} needs suites of its own in "cipherSuites": without them no client of that version can connect`,
        codes: tlsWarning(tls, 'GW-18'),
      };
    }
  },
});
