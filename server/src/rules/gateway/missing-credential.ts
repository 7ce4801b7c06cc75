import type { Fields } from '../fields.ts';
import { resourceRule } from '../rule.ts';
import { isPlain } from '../slips.ts';
import { allOf, quoted } from '../words.ts';
import { type ServerTls, saidFields, serverTls, tlsRefusal } from './server-tls.ts';

const IDS = { caCertificates: 'GW-29', serverCertificate: 'GW-31', privateKey: 'GW-32' } as const;
type Part = keyof typeof IDS;

/** Modes in which the gateway itself shows a certificate from a Secret or a file. */
const MODES: readonly string[] = ['SIMPLE', 'MUTUAL', 'OPTIONAL_MUTUAL'];

export const missingCredential = resourceRule({
  id: 'gateway/missing-credential',
  severity: 'error',
  on: ['Gateway', 'Sidecar'],
  refuses: true,
  codes: ['IST0106', 'GW-29', 'GW-31', 'GW-32'],
  summary: 'A server terminates TLS and has no certificate.',
  why: 'Istio refuses the Gateway: in the modes SIMPLE, MUTUAL and OPTIONAL_MUTUAL the gateway needs a certificate and its key, for the latter two also the CA of its clients.',
  remedy: 'Name a Secret in `credentialName`; it has to be in the namespace of the gateway workload.',
  invalid: `
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: { name: public }
spec:
  selector: { istio: ingressgateway }
  servers:
    - port: { number: 443, name: https, protocol: HTTPS }
      hosts: [shop.example.com]
      tls: { mode: SIMPLE }
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
  *check(resource, { schemas }) {
    for (const tls of serverTls(resource)) {
      const { fields, mode, modeAt } = tls;
      if (modeAt === undefined || !MODES.includes(mode) || !isPlain(resource, schemas, fields.map)) continue;
      if (saidFields(fields, ['credentialName', 'credentialNames']).length > 0) continue;
      const missing = missingParts(tls);
      if (missing.length > 0) {
        const empty = fields.string('credentialName');
        const name = empty === undefined ? 'there is no "credentialName"' : '"credentialName" is empty';
        const isAnyGiven = tls.isSidecar || missing.length < (mode === 'SIMPLE' ? 2 : 3);
        const reason = isAnyGiven ? missingText(missing) : name;
        yield {
          at: empty ?? modeAt,
          message: `mode ${quoted(mode)} needs a certificate, so Istio refuses the ${resource.kind}: ${reason}`,
          codes: tlsRefusal(tls, ...missing.map(part => IDS[part])),
        };
      }
      for (const pair of fields.objects('tlsCertificates')) {
        const parts = missingFiles(pair);
        if (parts.length === 0 || !isPlain(resource, schemas, pair.map)) continue;
        yield {
          at: pair.head,
          message: `this certificate is incomplete, so Istio refuses the ${resource.kind}: ${missingText(parts)}`,
          codes: tlsRefusal(tls, ...parts.map(part => IDS[part])),
        };
      }
    }
  },
});

/** Istio `validateTLSOptions`: the fields that are needed where no Secret is named. */
function missingParts({ fields, mode }: ServerTls): readonly Part[] {
  const ca: readonly Part[] =
    mode !== 'SIMPLE' && saidFields(fields, ['caCertificates']).length === 0 ? ['caCertificates'] : [];
  return fields.count('tlsCertificates') > 0 ? ca : [...missingFiles(fields), ...ca];
}

function missingFiles(fields: Fields): readonly Part[] {
  return (['serverCertificate', 'privateKey'] as const).filter(field => saidFields(fields, [field]).length === 0);
}

function missingText(parts: readonly Part[]): string {
  return `${allOf(parts.map(quoted))} ${parts.length === 1 ? 'is' : 'are'} missing`;
}
