import type { Gateway } from '../../model/gateway.ts';
import { OfRoutes } from '../../model/kept-routes.ts';
import type { HttpMatch, VirtualService } from '../../model/virtual-service.ts';
import type { Located } from '../../text/range.ts';
import type { Snapshot } from '../../workspace/snapshot.ts';
import { boundServers } from '../bound-servers.ts';
import { policiesOf } from '../policies.ts';
import { workspaceRule } from '../rule.ts';
import { quoted } from '../words.ts';
import { isWithin } from '../workloads.ts';

export const missingRequestAuthentication = workspaceRule({
  id: 'virtual-service/missing-request-authentication',
  severity: 'error',
  on: ['VirtualService'],
  codes: ['IST0149'],
  summary: 'Routes ask for claims of a JWT that nobody reads.',
  why: 'The gateway has the claims only when a RequestAuthentication for its workload checks the token. Without one the match never fits, and requests fall through to the next rule.',
  remedy: 'Add a RequestAuthentication for the gateway’s pods, in their namespace.',
  invalid: `
#! ownedNamespaces: *
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: { name: public, namespace: infra }
spec:
  selector: { istio: ingressgateway }
  servers: [{ port: { number: 80, name: http, protocol: HTTP }, hosts: [members.example.com] }]
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: members, namespace: infra }
spec:
  hosts: [members.example.com]
  gateways: [public]
  http:
    - match: [{ headers: { '@request.auth.claims.group': { exact: admin } } }]
      directResponse: { status: 200 }
`,
  valid: `
#! ownedNamespaces: *
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: { name: public, namespace: infra }
spec:
  selector: { istio: ingressgateway }
  servers: [{ port: { number: 80, name: http, protocol: HTTP }, hosts: [members.example.com] }]
---
apiVersion: security.istio.io/v1
kind: RequestAuthentication
metadata: { name: members, namespace: istio-system }
spec:
  selector: { matchLabels: { istio: ingressgateway } }
  jwtRules: [{ issuer: issuer.example.com, jwksUri: 'https://issuer.example.com/keys' }]
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: members, namespace: infra }
spec:
  hosts: [members.example.com]
  gateways: [public]
  http:
    - match: [{ headers: { '@request.auth.claims.group': { exact: admin } } }]
      directResponse: { status: 200 }
`,
  *check(vs, snapshot) {
    const claim = firstClaim(vs);
    const bound = claim === undefined ? undefined : boundServers(vs, snapshot);
    if (claim === undefined || bound === undefined) return;
    const lacking = bound.gateways.find(gateway => isMissing(gateway, snapshot));
    if (lacking === undefined) return;
    yield {
      at: claim,
      message: `no RequestAuthentication is for the pods of Gateway ${quoted(lacking.name)}, so the gateway knows no claim ${quoted(claim.value)} and this never matches`,
      related: [{ at: lacking.nameAt, message: `Gateway ${quoted(lacking.name)}` }],
    };
  },
});

function firstClaim(vs: VirtualService): Located<string> | undefined {
  for (const [place, isAsking] of asking.of(vs).entries()) {
    if (!isAsking) continue;
    for (const match of vs.http[place]?.match ?? []) {
      const claim = claimIn(match);
      if (claim !== undefined) return claim.key;
    }
  }
  return undefined;
}

/** Whether a rule asks for a claim: the same as long as it is not edited. */
const asking = new OfRoutes(rule => rule.match.some(match => claimIn(match) !== undefined));

function claimIn({ headers, withoutHeaders }: HttpMatch): HttpMatch['headers'][number] | undefined {
  const isClaim = ({ key }: HttpMatch['headers'][number]): boolean => key.value.startsWith('@request.auth.claims');
  return headers.find(isClaim) ?? withoutHeaders.find(isClaim);
}

/** Any that may be for the pods of the gateway counts, in whatever namespace they run. */
function isMissing(gateway: Gateway, { index, settings }: Snapshot): boolean {
  const { gatewayNamespace, rootNamespace } = settings.mesh;
  if (index.hasTemplates || !index.owns(gatewayNamespace) || !index.owns(rootNamespace)) return false;
  return !policiesOf(index, 'RequestAuthentication').some(
    ({ selector = [], targetRefs }) => targetRefs.length > 0 || isWithin(gateway.selector, selector),
  );
}
