import { resourceRule } from '../rule.ts';
import { allOf, quoted } from '../words.ts';
import { saidFields, serverTls, tlsRefusal, tlsWarning } from './server-tls.ts';

const FIELDS = [
  'credentialName',
  'credentialNames',
  'serverCertificate',
  'privateKey',
  'caCertificates',
  'tlsCertificates',
  'caCrl',
];

export const ineffectiveCertificates = resourceRule({
  id: 'gateway/ineffective-certificates',
  severity: 'warning',
  on: ['Gateway', 'Sidecar'],
  summary: 'Certificates on a server that passes TLS through, or a list of revoked ones that is not read.',
  why: 'With `PASSTHROUGH`, which also holds where no mode is written, the gateway does not decrypt, so it needs no certificate. A `caCrl` counts only beside `caCertificates`: with SIMPLE no client is verified, and a Secret brings its own list; Istio refuses it there.',
  remedy: 'Write `mode: SIMPLE` to decrypt, or remove the certificates.',
  invalid: `
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: { name: public }
spec:
  selector: { istio: ingressgateway }
  servers:
    - port: { number: 443, name: https, protocol: HTTPS }
      hosts: [shop.example.com]
      tls: { credentialName: shop-cert }
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
  codes: ['IST0133', 'GW-27', 'GW-33', 'GW-34'],
  *check(resource) {
    for (const tls of serverTls(resource)) {
      const { fields, mode, modeAt } = tls;
      const said = saidFields(fields, FIELDS);
      const [first] = said;
      const hasSecret = saidFields(fields, ['credentialName', 'credentialNames']).length > 0;
      const isPassing = mode === 'PASSTHROUGH' || mode === 'AUTO_PASSTHROUGH';
      const crl = saidFields(fields, ['caCrl']).length > 0;
      if (
        crl &&
        ((mode === 'SIMPLE' && !hasSecret) || (isPassing && saidFields(fields, ['credentialName']).length > 0))
      ) {
        yield {
          at: fields.key('caCrl'),
          message:
            mode === 'SIMPLE'
              ? 'with SIMPLE no certificate of a client is verified, so Istio refuses "caCrl"'
              : 'a Secret brings its list of revoked certificates itself, so Istio refuses "caCrl" beside it',
          severity: 'error',
          refuses: true,
          codes: tlsRefusal(tls, mode === 'SIMPLE' ? 'GW-33' : 'GW-34', ...(isPassing ? ['GW-27'] : [])),
        };
      } else if (isPassing && first !== undefined) {
        const why = modeAt === undefined ? 'without "mode" TLS is passed through' : `${mode} passes TLS through`;
        yield {
          at: fields.key(first),
          message: `${why}, so ${allOf(said.map(quoted))} ${said.length === 1 ? 'is' : 'are'} ignored`,
          codes: tlsWarning(tls, 'GW-27'),
        };
      }
    }
  },
});
