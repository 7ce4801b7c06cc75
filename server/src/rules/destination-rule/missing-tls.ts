import type { ClientTls, DestinationRule } from '../../model/destination-rule.ts';
import { hostMatches, parseServiceHost } from '../../model/host.ts';
import type { Located } from '../../text/range.ts';
import type { Snapshot } from '../../workspace/snapshot.ts';
import { workspaceRule } from '../rule.ts';
import { quoted } from '../words.ts';
import { areTogether } from '../workloads.ts';
import { policiesOf } from './policies.ts';

export const missingTls = workspaceRule({
  id: 'destination-rule/missing-tls',
  severity: 'information',
  on: ['DestinationRule'],
  ignores: 'VirtualService',
  codes: ['KIA0204'],
  summary: 'A DestinationRule without `tls` takes the place of a wider one that has it.',
  why: 'One DestinationRule counts for a host, the most special one; nothing of the wider ones is inherited. Without `tls` of its own, Istio encrypts to pods with a sidecar and to nobody else, and nothing at all where automatic mTLS is switched off.',
  remedy: 'Write the same `tls` into this rule, or `mode: DISABLE` to show that it is meant so.',
  invalid: `
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: default, namespace: shop }
spec: { host: '*.shop.svc.cluster.local', trafficPolicy: { tls: { mode: ISTIO_MUTUAL } } }
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: reviews, namespace: shop }
spec: { host: reviews, trafficPolicy: { loadBalancer: { simple: RANDOM } } }
`,
  valid: `
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: default, namespace: shop }
spec: { host: '*.shop.svc.cluster.local', trafficPolicy: { tls: { mode: ISTIO_MUTUAL } } }
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: reviews, namespace: shop }
spec: { host: reviews, trafficPolicy: { loadBalancer: { simple: RANDOM }, tls: { mode: ISTIO_MUTUAL } } }
`,
  *check(rule, snapshot) {
    if (rule.host === undefined || rule.workloadSelector !== undefined) return;
    if (policiesOf(rule).some(({ tls }) => tls !== undefined)) return;
    const hidden = hiddenRule(rule, rule.host, snapshot);
    const mode = hidden?.trafficPolicy?.tls?.mode;
    if (hidden === undefined || mode === undefined) return;
    const effect = withoutTls(mode.value, snapshot);
    if (effect === undefined) return;
    yield {
      at: rule.host,
      message: `this rule hides DestinationRule ${quoted(hidden.name)} (${mode.value} for ${quoted(hidden.host?.value ?? '')}) and has no "tls" itself: ${effect.text}`,
      severity: effect.severity,
      related: [{ at: mode, message: `DestinationRule ${quoted(hidden.name)}` }],
    };
  },
});

function withoutTls(
  mode: NonNullable<ClientTls['mode']>['value'],
  { settings }: Snapshot,
): { readonly text: string; readonly severity: 'warning' | 'information' } | undefined {
  if (mode === 'SIMPLE' || mode === 'MUTUAL')
    return { text: 'no TLS is originated, and what clients send goes out as it is', severity: 'warning' };
  if (mode !== 'ISTIO_MUTUAL') return undefined;
  return settings.meshConfig?.enableAutoMtls === false
    ? { text: 'clients speak plain text, since automatic mTLS is switched off', severity: 'warning' }
    : { text: 'automatic mTLS decides, which speaks plain text to pods without a sidecar', severity: 'information' };
}

/**
 * The rule that clients in the namespace of a rule would have without it: for a wider host, or of the service's or the
 * root namespace (`PILOT.md` 8.2); `undefined` where another rule for the same host is merged with it.
 */
function hiddenRule(rule: DestinationRule, host: Located<string>, snapshot: Snapshot): DestinationRule | undefined {
  const { references, index, settings } = snapshot;
  const { namespace } = rule;
  const { clusterDomain, rootNamespace } = settings.mesh;
  if (!sees(rule, namespace)) return undefined;
  const full = references.fullHost(host.value, namespace).toLowerCase();
  const owner = parseServiceHost(full.replace(/^\*/, 'x'), clusterDomain)?.namespace;
  const patternOf = (other: DestinationRule): string =>
    references.fullHost(other.host?.value ?? '', other.namespace).toLowerCase();
  const others = references
    .rulesFor(host.value, namespace)
    .filter(other => other !== rule && other.workloadSelector === undefined && sees(other, namespace));
  if (others.some(other => other.namespace === namespace && patternOf(other) === full)) return undefined;
  for (const place of new Set([namespace, owner, rootNamespace])) {
    const [best] = others
      .filter(other => other.namespace === place && hostMatches(patternOf(other), full))
      .sort((a, b) => patternOf(b).length - patternOf(a).length);
    if (best !== undefined) return areTogether(best, rule, index) ? best : undefined;
  }
  return undefined;
}

/** Whether a rule is exported to a namespace. */
function sees({ exportTo, namespace }: DestinationRule, client: string): boolean {
  return (
    exportTo.length === 0 ||
    exportTo.some(({ value }) => value === '*' || value === client || (value === '.' && namespace === client))
  );
}
