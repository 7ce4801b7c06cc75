import type { Snapshot } from '../../workspace/snapshot.ts';
import { changeTo } from '../edits.ts';
import { mayBeOfGateway } from '../gateway-policies.ts';
import { nearest } from '../nearest.ts';
import { asPolicy, authorizationRules } from '../policies.ts';
import { workspaceRule } from '../rule.ts';
import { oneOf, quoted } from '../words.ts';

/** Stands for the trust domain of the mesh and its aliases, whatever they are (Istio `ReplaceTrustDomainAliases`). */
const OWN = 'cluster.local';
const PRINCIPAL = /^([^/*]+)\/ns\/[^/]+\/sa\/[^/]+$/;

export const unknownTrustDomain = workspaceRule({
  id: 'authorization-policy/unknown-trust-domain',
  severity: 'information',
  on: ['Other'],
  ignores: 'VirtualService',
  codes: ['KIA0108'],
  summary: 'A principal of a trust domain that the mesh does not know.',
  why: 'Sidecars and waypoints take connections of the mesh’s own trust domain and its aliases only. Nobody else comes as far as the policy: an ALLOW rule lets nobody in, a DENY rule keeps nobody out.',
  remedy:
    'Write the mesh’s trust domain, or `cluster.local`, which always stands for it; or add the other one to `trustDomainAliases` of the mesh config.',
  invalid: `
apiVersion: install.istio.io/v1alpha1
kind: IstioOperator
spec:
  meshConfig: { trustDomain: shop.example }
---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: reviews, namespace: shop }
spec:
  rules: [{ from: [{ source: { principals: [store.example/ns/shop/sa/front] } }] }]
`,
  valid: `
apiVersion: install.istio.io/v1alpha1
kind: IstioOperator
spec:
  meshConfig: { trustDomain: shop.example, trustDomainAliases: [store.example] }
---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: reviews, namespace: shop }
spec:
  rules: [{ from: [{ source: { principals: [store.example/ns/shop/sa/front] } }] }]
`,
  *check(resource, snapshot) {
    const policy = asPolicy(resource, 'AuthorizationPolicy');
    if (policy === undefined) return;
    const known = trustDomains(snapshot);
    // A gateway takes the clients whose certificates its own servers accept, of whatever trust domain.
    if (known === undefined || mayBeOfGateway(policy, snapshot)) return;
    for (const { from, when } of authorizationRules(policy)) {
      const fields = from
        .flatMap(source => source.fields)
        .filter(({ key }) => key.value === 'principals' || key.value === 'notPrincipals');
      const keys = when.filter(({ key }) => key?.value === 'source.principal');
      for (const principal of [
        ...fields.flatMap(({ value }) => value),
        ...keys.flatMap(({ values, notValues }) => [...values, ...notValues]),
      ]) {
        const domain = PRINCIPAL.exec(principal.value)?.[1];
        if (domain === undefined || domain === OWN || known.includes(domain)) continue;
        const guess = nearest(domain, [...known, OWN]);
        const meant = guess === undefined ? undefined : guess + principal.value.slice(domain.length);
        yield {
          at: principal,
          message: `nobody has this principal: ${quoted(domain)} is neither the trust domain of the mesh nor an alias (${oneOf(known.map(quoted))}), so sidecars refuse its connections`,
          fixes: meant === undefined ? [] : [changeTo(resource.document, principal, meant)],
        };
      }
    }
  },
});

/**
 * The trust domains of which a sidecar takes connections (Istio `TrustDomainsForValidation`); `undefined` where no
 * manifest says it, or where other roots are trusted as well.
 */
function trustDomains({ settings }: Snapshot): readonly string[] | undefined {
  const { mesh, meshConfig, meshSources } = settings;
  if (meshConfig === undefined || meshConfig.trustsOthers || meshSources.trustDomain.from === 'default')
    return undefined;
  return [...new Set([mesh.trustDomain, ...meshConfig.trustDomainAliases])];
}
