import type { Located } from '../../text/range.ts';
import { changeTo, listOf, removeItem } from '../edits.ts';
import { nearest } from '../nearest.ts';
import { type Fix, resourceRule } from '../rule.ts';
import { orMeant, quoted } from '../words.ts';
import { type ServerTls, serverTls, tlsWarning } from './server-tls.ts';

/** The suites that BoringSSL has for TLS up to 1.2 (Istio `security.ValidCipherSuites`). */
const SUITES: readonly string[] = [
  'ECDHE-ECDSA-AES128-GCM-SHA256',
  'ECDHE-RSA-AES128-GCM-SHA256',
  'ECDHE-ECDSA-AES256-GCM-SHA384',
  'ECDHE-RSA-AES256-GCM-SHA384',
  'ECDHE-ECDSA-CHACHA20-POLY1305',
  'ECDHE-RSA-CHACHA20-POLY1305',
  'ECDHE-ECDSA-AES128-SHA',
  'ECDHE-RSA-AES128-SHA',
  'ECDHE-ECDSA-AES256-SHA',
  'ECDHE-RSA-AES256-SHA',
  'AES128-GCM-SHA256',
  'AES256-GCM-SHA384',
  'AES128-SHA',
  'AES256-SHA',
  'DES-CBC3-SHA',
];

export const unknownCipherSuite = resourceRule({
  id: 'gateway/unknown-cipher-suite',
  severity: 'warning',
  on: ['Gateway', 'Sidecar'],
  summary: 'A cipher suite that Envoy does not have, or that stands twice.',
  why: 'Istio leaves it out, so the server takes fewer suites than the list says; without any left, it takes the usual ones. The suites of TLS 1.3 cannot be chosen.',
  remedy: 'Write the name that OpenSSL has for it, such as `ECDHE-RSA-AES256-GCM-SHA384`.',
  invalid: `
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: { name: public }
spec:
  selector: { istio: ingressgateway }
  servers:
    - port: { number: 443, name: https, protocol: HTTPS }
      hosts: [shop.example.com]
      tls: { mode: SIMPLE, credentialName: shop-cert, cipherSuites: [TLS_AES_128_GCM_SHA256] }
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
      tls: { mode: SIMPLE, credentialName: shop-cert, cipherSuites: [ECDHE-RSA-AES128-GCM-SHA256] }
`,
  codes: ['IST0133', 'GW-19', 'GW-20'],
  *check(resource) {
    for (const tls of serverTls(resource)) {
      const first = new Map<string, Located<string>>();
      for (const suite of tls.fields.strings('cipherSuites')) {
        const known = first.get(suite.value);
        if (!isSuite(suite.value)) {
          // Names of IANA, which are those of TLS 1.3 too, are no slips of the pen.
          const meant = suite.value.startsWith('TLS_') ? undefined : nearest(suite.value.toUpperCase(), SUITES);
          yield {
            at: suite,
            message: `${quoted(suite.value)} is no cipher suite that can be chosen, so it is left out${orMeant(meant)}`,
            fixes: meant === undefined || first.has(meant) ? [] : [changeTo(resource.document, suite, meant)],
            codes: tlsWarning(tls, 'GW-19'),
          };
        } else if (known === undefined) first.set(suite.value, suite);
        else {
          yield {
            at: suite,
            message: `${quoted(suite.value)} stands in the list already`,
            related: [{ at: known, message: 'the first one' }],
            fixes: removal(tls, suite),
            codes: tlsWarning(tls, 'GW-20'),
          };
        }
      }
    }
  },
});

/** Istio `IsValidCipherSuite`: operators of OpenSSL's lists are not looked at. */
function isSuite(text: string): boolean {
  return text === '' || text === 'ALL' || !/^[\p{L}\p{N}]/u.test(text) || SUITES.includes(text);
}

function removal({ fields }: ServerTls, suite: Located<string>): readonly Fix[] {
  const found = listOf(fields.document, suite);
  const edit = found === undefined ? undefined : removeItem(fields.document, found.list, found.index);
  return edit === undefined ? [] : [{ title: 'Remove it', edits: [edit] }];
}
