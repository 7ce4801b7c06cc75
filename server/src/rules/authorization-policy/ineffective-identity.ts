import type { Located } from '../../text/range.ts';
import { mtlsMode } from '../mtls-mode.ts';
import { asPolicy, authorizationRules } from '../policies.ts';
import { workspaceRule } from '../rule.ts';
import { quoted } from '../words.ts';
import { workloadsOf } from './targets.ts';

/** Fields and attributes that come from the certificate of the caller. */
const FIELDS: readonly string[] = [
  'principals',
  'notPrincipals',
  'namespaces',
  'notNamespaces',
  'serviceAccounts',
  'notServiceAccounts',
];
const ATTRIBUTES: readonly string[] = [
  'source.principal',
  'source.namespace',
  'source.serviceAccount',
  'connection.sni',
];

export const ineffectiveIdentity = workspaceRule({
  id: 'authorization-policy/ineffective-identity',
  severity: 'warning',
  on: ['Other'],
  codes: ['KIA0105'],
  summary: 'A policy asks who the caller is, and mTLS is off for the workload.',
  why: 'Identity and namespace of a caller come from its certificate. With the mode DISABLE there is none: an ALLOW rule never fits, and a DENY rule never strikes.',
  remedy: 'Use STRICT or PERMISSIVE in the PeerAuthentication, or conditions that need no identity.',
  invalid: `
apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: { name: default, namespace: shop }
spec: { mtls: { mode: DISABLE } }
---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: reviews, namespace: shop }
spec:
  rules: [{ from: [{ source: { namespaces: [shop] } }] }]
`,
  valid: `
apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: { name: default, namespace: shop }
spec: { mtls: { mode: STRICT } }
---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: reviews, namespace: shop }
spec:
  rules: [{ from: [{ source: { namespaces: [shop] } }] }]
`,
  *check(resource, snapshot) {
    const policy = asPolicy(resource, 'AuthorizationPolicy');
    if (
      policy === undefined ||
      resource.namespace === snapshot.settings.mesh.rootNamespace ||
      policy.targetRefs.length > 0
    )
      return;
    const keys = identityKeys();
    if (keys.length === 0) return;
    const workloads = (policy.selector?.length ?? 0) === 0 ? [undefined] : workloadsOf(policy, snapshot);
    const modes = workloads.map(workload => mtlsMode(snapshot, resource.namespace, workload));
    const [first] = modes;
    if (first === undefined || modes.some(mode => mode?.mode !== 'DISABLE')) return;
    for (const key of keys) {
      yield {
        at: key,
        message: `${quoted(key.value)} needs the certificate of the caller, and PeerAuthentication ${quoted(first.policy.resource.name)} switches mTLS off: nobody has it`,
        related: [{ at: first.at, message: `PeerAuthentication ${quoted(first.policy.resource.name)}` }],
      };
    }

    function identityKeys(): readonly Located<string>[] {
      return (policy === undefined ? [] : authorizationRules(policy)).flatMap(({ from, when }) => [
        ...from.flatMap(source => source.fields.map(({ key }) => key)).filter(({ value }) => FIELDS.includes(value)),
        ...when.flatMap(({ key }) => (key !== undefined && ATTRIBUTES.includes(key.value) ? [key] : [])),
      ]);
    }
  },
});
