import type { DestinationRule } from '../../model/destination-rule.ts';
import { parseServiceHost } from '../../model/host.ts';
import type { Snapshot } from '../../workspace/snapshot.ts';
import { type Finding, workspaceRule } from '../rule.ts';
import { allOf, quoted } from '../words.ts';
import { workloadsIn } from '../workloads.ts';

export const ineffectiveExport = workspaceRule({
  id: 'destination-rule/ineffective-export',
  severity: 'warning',
  on: ['DestinationRule'],
  ignores: 'VirtualService',
  summary: 'A DestinationRule in a namespace in which those for whom it is meant do not look.',
  why: 'A proxy looks for DestinationRules in its own namespace, then in that of the service, then in the root namespace, and nowhere else. One in a third namespace counts only for clients there, whatever `exportTo` says.',
  remedy: 'Move it to the namespace of the service, or to the root namespace.',
  invalid: `
apiVersion: v1
kind: Service
metadata: { name: reviews, namespace: shop }
spec: { ports: [{ name: http, port: 80 }] }
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: reviews, namespace: platform }
spec:
  host: reviews.shop.svc.cluster.local
  exportTo: ['*']
  trafficPolicy: { loadBalancer: { simple: RANDOM } }
`,
  valid: `
apiVersion: v1
kind: Service
metadata: { name: reviews, namespace: shop }
spec: { ports: [{ name: http, port: 80 }] }
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: reviews, namespace: shop }
spec:
  host: reviews.shop.svc.cluster.local
  exportTo: ['*']
  trafficPolicy: { loadBalancer: { simple: RANDOM } }
`,
  *check(rule, snapshot) {
    const finding = ineffectiveness(rule, snapshot);
    if (finding !== undefined) yield finding;
  },
});

/** Why those for whom a rule is meant do not read it (`PILOT.md` 8.2, Istio `PushContext.destinationRule`). */
export function ineffectiveness(rule: DestinationRule, { references, index, settings }: Snapshot): Finding | undefined {
  const { host, namespace } = rule;
  const { rootNamespace, clusterDomain } = settings.mesh;
  if (host === undefined || host.value.startsWith('*') || namespace === rootNamespace || rule.namespaceAt === undefined)
    return undefined;
  const owner = parseServiceHost(references.fullHost(host.value, namespace).toLowerCase(), clusterDomain)?.namespace;
  if (owner === undefined || owner === namespace) return undefined;
  const others = rule.exportTo.filter(({ value }) => value !== '.' && value !== namespace);
  const [first] = others;
  const where = `clients look only in their own namespace, in ${quoted(owner)} and in ${quoted(rootNamespace)}`;
  if (first !== undefined && rule.workloadSelector === undefined) {
    return {
      at: first,
      message: `${allOf(others.map(({ value }) => quoted(value)))} ${others.length === 1 ? 'sees' : 'see'} nothing of this: ${where}, so the rule counts only for clients in ${quoted(namespace)}`,
    };
  }
  // Without an export to others it is a matter of the clients beside it; where there surely are none, nobody reads it.
  const mayHaveClients = workloadsIn(index, namespace).length > 0 || !index.owns(namespace);
  return mayHaveClients
    ? undefined
    : { at: host, message: `nobody reads this rule: ${where}, and there are no clients in ${quoted(namespace)}` };
}
