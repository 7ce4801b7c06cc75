import { removeEntry } from '../edits.ts';
import { type Finding, type Fix, resourceRule } from '../rule.ts';
import { allOf, quoted } from '../words.ts';
import { type ServerTls, saidFields, serverTls, tlsRefusal } from './server-tls.ts';

/** What a server with the certificates of the mesh may not name, with the ids of the checks. */
const OF_MUTUAL: Readonly<Record<string, string>> = {
  serverCertificate: 'GW-21',
  privateKey: 'GW-22',
  caCertificates: 'GW-23',
  tlsCertificates: 'GW-24',
  credentialName: 'GW-25',
  credentialNames: 'GW-26',
};

const SOURCES = ['credentialName', 'credentialNames', 'serverCertificate', 'tlsCertificates'] as const;

export const conflictingCertificates = resourceRule({
  id: 'gateway/conflicting-certificates',
  severity: 'error',
  on: ['Gateway', 'Sidecar'],
  summary: 'A server takes its certificate from two places, or names one where it has the one of the mesh.',
  why: 'A certificate comes from one Secret, from a list of Secrets, from a pair of files or from a list of pairs; with `ISTIO_MUTUAL` Istio brings it itself. The API server or Istio refuses more than one source.',
  remedy: 'Keep one source. Two certificates, say one with RSA and one with ECDSA, stand in `credentialNames`.',
  invalid: `
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: { name: public }
spec:
  selector: { istio: ingressgateway }
  servers:
    - port: { number: 443, name: https, protocol: HTTPS }
      hosts: [shop.example.com]
      tls: { mode: SIMPLE, credentialName: shop-cert, serverCertificate: /etc/certs/tls.crt, privateKey: /etc/certs/tls.key }
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
  codes: ['IST0106', ...Object.values(OF_MUTUAL), 'GW-28', 'CEL-11', 'CEL-12'],
  refuses: true,
  *check(resource) {
    for (const tls of serverTls(resource)) yield* tls.mode === 'ISTIO_MUTUAL' ? ofMutual(tls) : ofOthers(tls);
  },
});

function* ofMutual(tls: ServerTls): Generator<Finding> {
  const said = saidFields(tls.fields, Object.keys(OF_MUTUAL));
  const [first] = said;
  // For a Sidecar the mode itself is refused.
  if (first === undefined || tls.isSidecar) return;
  yield {
    at: tls.fields.key(first),
    message: `with ISTIO_MUTUAL the certificates are those of the mesh, so Istio refuses ${allOf(said.map(quoted))}`,
    fixes: removal(tls, said),
    codes: tlsRefusal(tls, ...said.flatMap(field => OF_MUTUAL[field] ?? [])),
  };
}

function* ofOthers(tls: ServerTls): Generator<Finding> {
  const said = saidFields(tls.fields, SOURCES).filter(
    field => field !== 'serverCertificate' || saidFields(tls.fields, ['privateKey']).length > 0,
  );
  if (said.length < 2) return;
  const inOrder = [...said].sort((a, b) => tls.fields.key(a).start - tls.fields.key(b).start);
  const [first = '', second = ''] = inOrder;
  const has = (...fields: readonly string[]): boolean => fields.every(field => said.includes(field));
  const ids = [
    'GW-28',
    ...(has('tlsCertificates', 'credentialNames') ? ['CEL-11'] : []),
    ...(has('credentialName', 'credentialNames') ? ['CEL-12'] : []),
  ];
  yield {
    at: tls.fields.key(second),
    message: `the certificate comes from ${allOf(inOrder.map(quoted))}, and Istio takes only one source`,
    related: [{ at: tls.fields.key(first), message: 'the first source' }],
    codes: tlsRefusal(tls, ...ids),
  };
}

/** One field too many can go. */
function removal({ fields }: ServerTls, said: readonly string[]): readonly Fix[] {
  const [field, other] = said;
  const edit = field === undefined || other !== undefined ? undefined : removeEntry(fields.document, fields.map, field);
  return edit === undefined ? [] : [{ title: `Remove "${field}"`, edits: [edit] }];
}
