import { resourceRule } from '../rule.ts';
import { isPlain } from '../slips.ts';
import { allOf, quoted } from '../words.ts';
import { clientTls, saidFields } from './client-tls.ts';
import { blockRefusal } from './settings.ts';

const IDS = { clientCertificate: 'DR-57', privateKey: 'DR-58' } as const;

export const missingClientCertificate = resourceRule({
  id: 'destination-rule/missing-client-certificate',
  severity: 'error',
  on: ['DestinationRule'],
  summary: 'Mutual TLS without a certificate of the client.',
  why: 'With `MUTUAL` the client shows a certificate. Istio refuses the DestinationRule when neither a Secret nor the files of certificate and key are named.',
  remedy:
    'Name a Secret in `credentialName`, or both files. For the certificates of the mesh itself, the mode is `ISTIO_MUTUAL`.',
  invalid: `
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: api }
spec:
  host: api.example.com
  trafficPolicy: { tls: { mode: MUTUAL, caCertificates: /etc/certs/ca.pem } }
`,
  valid: `
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: api }
spec:
  host: api.example.com
  trafficPolicy:
    tls: { mode: MUTUAL, clientCertificate: /etc/certs/tls.crt, privateKey: /etc/certs/tls.key, caCertificates: /etc/certs/ca.pem }
`,
  codes: ['IST0106', 'DR-57', 'DR-58'],
  refuses: true,
  *check(rule, { schemas }) {
    for (const { block, mode } of clientTls(rule, schemas.facts)) {
      const tls = block.fields;
      if (mode !== 'MUTUAL' || !isPlain(rule, schemas, tls.map) || saidFields(tls, ['credentialName']).length > 0)
        continue;
      const missing = (['clientCertificate', 'privateKey'] as const).filter(
        field => saidFields(tls, [field]).length === 0,
      );
      if (missing.length === 0) continue;
      yield {
        at: tls.string('mode') ?? block.at,
        message: `mode "MUTUAL" shows a certificate of the client, so Istio refuses the DestinationRule: without "credentialName" it needs ${allOf(missing.map(quoted))}`,
        codes: blockRefusal(block, ...missing.map(field => IDS[field])),
      };
    }
  },
});
