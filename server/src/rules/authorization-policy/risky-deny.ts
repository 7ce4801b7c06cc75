import { acceptedWithWarning } from '../fields.ts';
import { resourceRule } from '../rule.ts';
import { type PolicyRule, policyOf } from './policy.ts';

/** Parts of a source that Envoy knows of every connection, as Istio counts them; trust domains it does not count. */
const OF_CONNECTIONS: readonly string[] = [
  'principals',
  'notPrincipals',
  'namespaces',
  'notNamespaces',
  'ipBlocks',
  'notIpBlocks',
  'remoteIpBlocks',
  'notRemoteIpBlocks',
  'serviceAccounts',
  'notServiceAccounts',
];

export const riskyDeny = resourceRule({
  id: 'authorization-policy/risky-deny',
  severity: 'warning',
  on: ['Other'],
  codes: ['IST0133', 'AP-27'],
  summary: 'A DENY rule that speaks of HTTP only.',
  why: 'Plain TCP has no paths, methods or tokens. To be on the safe side Envoy leaves such conditions out there, so the rule denies every connection to the TCP ports of its workloads.',
  remedy: 'Name the HTTP ports in `to.operation.ports`.',
  invalid: `
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: no-admin }
spec:
  action: DENY
  rules: [{ to: [{ operation: { paths: [/admin*] } }] }]
`,
  valid: `
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: no-admin }
spec:
  action: DENY
  rules: [{ to: [{ operation: { paths: [/admin*], ports: ["8080"] } }] }]
`,
  *check(resource) {
    const policy = policyOf(resource);
    if (policy?.action !== 'DENY') return;
    for (const rule of policy.rules) {
      const at = httpOnly(rule);
      if (at === undefined) continue;
      const message =
        'this DENY rule speaks of HTTP only, so it denies every connection to TCP ports as well: name the HTTP ports in "ports"';
      yield { at, message, ...acceptedWithWarning('AP-27') };
    }
  },
});

/** The part that speaks of HTTP only, by Istio's own reckoning (`ValidateAuthorizationPolicy`). */
function httpOnly({ fields, sources, operations }: PolicyRule): ReturnType<typeof fields.key> | undefined {
  const ofConnections = sources.some(source => OF_CONNECTIONS.some(field => source.count(field) > 0));
  if (operations.length > 0) {
    return operations.some(operation => operation.count('ports') + operation.count('notPorts') > 0)
      ? undefined
      : fields.key('to');
  }
  return sources.length > 0 && !ofConnections ? fields.key('from') : undefined;
}
