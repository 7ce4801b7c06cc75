import { parseProtocol } from '../../routing/protocol.ts';
import { refusal, warned } from '../codes.ts';
import { replaceString } from '../edits.ts';
import { Fields } from '../fields.ts';
import { type Finding, resourceRule } from '../rule.ts';
import { isPlain } from '../slips.ts';
import { quoted } from '../words.ts';
import { saidFields } from './server-tls.ts';

const HTTP: readonly string[] = ['HTTP', 'HTTP2', 'HTTP_PROXY', 'GRPC', 'GRPC-Web'];

export const misplacedTls = resourceRule({
  id: 'gateway/misplaced-tls',
  severity: 'error',
  on: ['Gateway'],
  summary: 'The protocol of a server and its TLS settings do not fit.',
  why: 'HTTPS and TLS need `tls`; a plain port may only redirect to HTTPS. Istio refuses the Gateway, and warns of a redirect on a port that is no plain HTTP.',
  remedy:
    'Write `protocol: HTTPS` where TLS ends at the gateway, `TLS` where it is passed through, and `HTTP` for a plain port.',
  invalid: `
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: { name: public }
spec:
  selector: { istio: ingressgateway }
  servers:
    - port: { number: 443, name: https, protocol: HTTP }
      hosts: [shop.example.com]
      tls: { mode: SIMPLE, credentialName: shop-cert }
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
      tls: { mode: SIMPLE, credentialName: shop-cert }
`,
  codes: ['IST0106', 'IST0133', 'GW-05', 'GW-15', 'GW-16', 'GW-17'],
  refuses: true,
  *check(gateway, { schemas }) {
    for (const server of Fields.spec(gateway, 'Gateway')?.objects('servers') ?? []) {
      const name = server.object('port')?.string('protocol');
      const protocol = name === undefined ? 'unsupported' : parseProtocol(name.value);
      if (name === undefined || protocol === 'unsupported') continue;
      const tls = server.object('tls');
      const isTls = protocol === 'HTTPS' || protocol === 'TLS';
      if (isTls && tls === undefined && server.keyOf('tls') === undefined && isPlain(gateway, schemas, server.map)) {
        yield {
          at: name,
          message: `a server with the protocol ${quoted(name.value)} needs "tls", so Istio refuses the Gateway`,
          codes: refusal('GW-15'),
        };
      } else if (!isTls && tls !== undefined)
        yield* onPlainPort(gateway.document, tls, server, HTTP.includes(protocol), name);
      const redirect = tls?.boolean('httpsRedirect');
      if (redirect?.value !== true || HTTP.includes(protocol)) continue;
      yield {
        at: redirect,
        message: `only plain HTTP can be redirected to HTTPS, and this port speaks ${quoted(name.value)}`,
        severity: 'warning',
        refuses: false,
        codes: warned('GW-05'),
      };
    }
  },
});

function* onPlainPort(
  document: Fields['document'],
  tls: Fields,
  server: Fields,
  isHttp: boolean,
  protocol: NonNullable<ReturnType<Fields['string']>>,
): Generator<Finding> {
  const mode = tls.string('mode')?.value ?? 'PASSTHROUGH';
  const certificates = saidFields(tls, ['caCertificates', 'privateKey', 'serverCertificate']);
  const isRedirectOnly = (mode === 'PASSTHROUGH' || mode === 'AUTO_PASSTHROUGH') && certificates.length === 0;
  if (isHttp && isRedirectOnly) return;
  const isRedirecting = tls.boolean('httpsRedirect')?.value === true;
  yield {
    at: protocol,
    message: isHttp
      ? `${quoted(protocol.value)} is not encrypted, and "tls" may only redirect there, so Istio refuses the Gateway; with TLS it is "HTTPS"`
      : `${quoted(protocol.value)} is not encrypted, so Istio refuses the Gateway with "tls"; with TLS it is "TLS"`,
    related: [{ at: server.key('tls'), message: 'the TLS settings' }],
    fixes: isRedirecting
      ? []
      : [
          {
            title: `Change to "${isHttp ? 'HTTPS' : 'TLS'}"`,
            edits: [replaceString(document, protocol, isHttp ? 'HTTPS' : 'TLS')],
            preferred: true,
          },
        ],
    codes: refusal(isHttp ? 'GW-16' : 'GW-17'),
  };
}
