import { removeEntry } from '../edits.ts';
import type { Fields } from '../fields.ts';
import { type Finding, resourceRule } from '../rule.ts';
import { allOf, quoted } from '../words.ts';
import { clientTls, saidFields } from './client-tls.ts';
import { blockRefusal } from './settings.ts';

export const conflictingCredentials = resourceRule({
  id: 'destination-rule/conflicting-credentials',
  severity: 'error',
  on: ['DestinationRule'],
  summary: 'TLS settings that contradict each other.',
  why: 'A Secret in `credentialName` brings certificate, key and authority itself, so paths of files beside it would be ignored; and who does not verify the server needs no authority and no names to verify. Istio refuses the DestinationRule.',
  remedy: 'Keep the Secret or the files; remove `insecureSkipVerify`, or what is there to verify.',
  invalid: `
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: api }
spec:
  host: api.example.com
  trafficPolicy: { tls: { mode: SIMPLE, credentialName: api-ca, caCertificates: /etc/certs/ca.pem } }
`,
  valid: `
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: api }
spec:
  host: api.example.com
  trafficPolicy: { tls: { mode: SIMPLE, caCertificates: /etc/certs/ca.pem } }
`,
  codes: ['IST0106', 'DR-54', 'DR-55', 'DR-56'],
  refuses: true,
  *check(rule, { schemas }) {
    for (const { block, mode } of clientTls(rule, schemas.facts)) {
      if (mode !== 'SIMPLE' && mode !== 'MUTUAL') continue;
      const tls = block.fields;
      if (tls.boolean('insecureSkipVerify')?.value === true) {
        const verified =
          mode === 'SIMPLE'
            ? ['caCertificates', 'credentialName', 'subjectAltNames']
            : ['caCertificates', 'subjectAltNames'];
        yield* conflict(
          tls,
          'insecureSkipVerify',
          verified,
          'the server is not verified at all',
          blockRefusal(block, mode === 'SIMPLE' ? 'DR-54' : 'DR-55'),
        );
      }
      if (saidFields(tls, ['credentialName']).length === 0) continue;
      // What has been said of a field is not said again.
      const isUnverified = tls.boolean('insecureSkipVerify')?.value === true;
      const files = ['clientCertificate', 'privateKey', 'caCrl', ...(isUnverified ? [] : ['caCertificates'])];
      yield* conflict(tls, 'credentialName', files, 'the Secret has all of them', blockRefusal(block, 'DR-56'));
    }
  },
});

function* conflict(
  tls: Fields,
  field: string,
  others: readonly string[],
  reason: string,
  codes: readonly string[],
): Generator<Finding> {
  const said = saidFields(tls, others);
  const [first] = said;
  if (first === undefined) return;
  const edit = said.length === 1 ? removeEntry(tls.document, tls.map, first) : undefined;
  yield {
    at: tls.key(first),
    message: `beside ${quoted(field)} Istio refuses ${allOf(said.map(quoted))}: ${reason}`,
    related: [{ at: tls.key(field), message: `excludes ${allOf(said.map(quoted))}` }],
    fixes: edit === undefined ? [] : [{ title: `Remove "${first}"`, edits: [edit] }],
    codes,
  };
}
