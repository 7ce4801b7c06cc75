import { removeEntry } from '../edits.ts';
import { Fields, refused } from '../fields.ts';
import { resourceRule } from '../rule.ts';
import { isTls } from '../service-entry/protocols.ts';
import { quoted } from '../words.ts';

/** Fields of a Gateway's TLS settings that Istio refuses in a Sidecar, with the id of the check. */
const UNSUPPORTED: Readonly<Record<string, string>> = {
  subjectAltNames: 'SC-12',
  httpsRedirect: 'SC-13',
  credentialName: 'SC-14',
  credentialNames: 'SC-15',
  tlsCertificates: 'SC-16',
};

export const invalidTls = resourceRule({
  id: 'sidecar/invalid-tls',
  severity: 'error',
  on: ['Sidecar'],
  refuses: true,
  codes: ['IST0106', ...Object.values(UNSUPPORTED), 'SC-17', 'SC-18'],
  summary: 'TLS settings that an ingress listener of a Sidecar does not have.',
  why: 'A sidecar ends TLS with certificates in files of its own pod. What needs a Secret, a redirect or the mesh’s own certificates is for Gateways; Istio refuses it here.',
  remedy:
    'Name `serverCertificate` and `privateKey`, for `mode: MUTUAL` also `caCertificates`, on a port of the protocol `HTTPS` or `TLS`.',
  invalid: `
apiVersion: networking.istio.io/v1
kind: Sidecar
metadata: { name: default, namespace: shop }
spec:
  ingress:
    - port: { number: 8443, protocol: HTTPS, name: https }
      defaultEndpoint: 127.0.0.1:9080
      tls: { mode: SIMPLE, serverCertificate: /etc/cert.pem, privateKey: /etc/key.pem, subjectAltNames: [shop.example.com] }
`,
  valid: `
apiVersion: networking.istio.io/v1
kind: Sidecar
metadata: { name: default, namespace: shop }
spec:
  ingress:
    - port: { number: 8443, protocol: HTTPS, name: https }
      defaultEndpoint: 127.0.0.1:9080
      tls: { mode: SIMPLE, serverCertificate: /etc/cert.pem, privateKey: /etc/key.pem }
`,
  *check(sidecar) {
    for (const listener of Fields.spec(sidecar, 'Sidecar')?.objects('ingress') ?? []) {
      const tls = listener.object('tls');
      const port = listener.object('port');
      if (tls === undefined || port === undefined) continue;
      for (const [field, id] of Object.entries(UNSUPPORTED)) {
        const isSet =
          tls.count(field) > 0 || (tls.string(field)?.value ?? '') !== '' || tls.boolean(field)?.value === true;
        if (!isSet) continue;
        // Without the files, what is removed leaves no certificate at all.
        const isLast = field !== 'subjectAltNames' && field !== 'httpsRedirect' && !tls.has('serverCertificate');
        const edit = isLast ? undefined : removeEntry(sidecar.document, tls.map, field);
        yield {
          at: tls.key(field),
          message: `${quoted(field)} is not supported in a Sidecar, only in a Gateway`,
          fixes: edit === undefined ? [] : [{ title: `Remove "${field}"`, edits: [edit] }],
          ...refused(id),
        };
      }
      const mode = tls.string('mode');
      if (mode !== undefined && ['ISTIO_MUTUAL', 'AUTO_PASSTHROUGH'].includes(mode.value)) {
        yield {
          at: mode,
          message: `${quoted(mode.value)} is for Gateways: a Sidecar ends TLS with SIMPLE or MUTUAL`,
          ...refused('SC-17'),
        };
      }
      const protocol = port.string('protocol');
      if (protocol === undefined || !isTls(protocol.value)) {
        yield {
          at: protocol ?? port.head,
          message: 'TLS settings need a port of the protocol HTTPS or TLS',
          related: [{ at: listener.key('tls'), message: 'the TLS settings' }],
          ...refused('SC-18'),
        };
      }
    }
  },
});
