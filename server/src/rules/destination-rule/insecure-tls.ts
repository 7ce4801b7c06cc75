import type { ClientTls } from '../../model/destination-rule.ts';
import { type Finding, resourceRule } from '../rule.ts';
import { quoted } from '../words.ts';

export const insecureTls = resourceRule({
  id: 'destination-rule/insecure-tls',
  severity: 'information',
  on: ['DestinationRule'],
  codes: ['IST0128'],
  summary: 'TLS to a server whose certificate is not checked, or only against the CAs of the proxy’s image.',
  why: 'Without `caCertificates` a sidecar trusts the public CAs that come with its image: a server with a certificate of an own CA is refused, and any certificate of a public one is taken. With `insecureSkipVerify` nothing is checked at all.',
  remedy: 'Name the file of the CA in `caCertificates`, and the names of the server in `subjectAltNames`.',
  invalid: `
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: db }
spec:
  host: db.example.com
  trafficPolicy: { tls: { mode: SIMPLE } }
`,
  valid: `
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: db }
spec:
  host: db.example.com
  trafficPolicy: { tls: { mode: SIMPLE, caCertificates: /etc/certs/ca.pem } }
`,
  *check(rule) {
    const hasSelector = rule.workloadSelector !== undefined;
    const policies = [
      { tls: rule.trafficPolicy?.tls, codes: ['IST0128'] },
      ...(rule.trafficPolicy?.portLevelSettings ?? []).map(({ tls }) => ({ tls, codes: ['IST0129'] })),
    ];
    for (const { tls, codes } of policies) {
      const finding = tls === undefined ? undefined : judge(tls, hasSelector);
      if (finding !== undefined) yield { ...finding, codes };
    }
  },
});

/** Istio `CaCertificateAnalyzer`; its routes show that the CAs of the system are used (`ca: file-root:system`). */
function judge(tls: ClientTls, hasSelector: boolean): Finding | undefined {
  const mode = tls.mode;
  if (mode === undefined || (mode.value !== 'SIMPLE' && mode.value !== 'MUTUAL') || tls.caCertificates?.value)
    return undefined;
  if (tls.insecureSkipVerify?.value === true)
    return {
      at: tls.insecureSkipVerify,
      message: 'the certificate of the server is not checked: anybody in between can answer',
      severity: 'warning',
    };
  if (tls.credentialName?.value) {
    if (hasSelector) return undefined;
    return {
      at: tls.credentialName,
      message: `only gateways read ${quoted(tls.credentialName.value)}: a sidecar takes a credentialName of a DestinationRule only with "workloadSelector"`,
    };
  }
  return {
    at: mode,
    message:
      'without "caCertificates" the server is checked only against the public CAs of the proxy’s image; name the CA for a server of your own',
  };
}
