import type { DestinationRule } from '../../model/destination-rule.ts';
import { Reader } from '../../model/reader.ts';
import type { Snapshot } from '../../workspace/snapshot.ts';
import { workspaceRule } from '../rule.ts';
import { quoted } from '../words.ts';
import { areTogether } from '../workloads.ts';

export const shadowedPolicy = workspaceRule({
  id: 'destination-rule/shadowed-policy',
  severity: 'warning',
  on: ['DestinationRule'],
  ignores: 'VirtualService',
  codes: ['KIA0201'],
  summary: 'A part of a DestinationRule loses to an older one for the same host.',
  why: 'Istio merges DestinationRules of one host in one namespace by age: of several top level policies only the first counts, for the subsets of all of them, and of subsets with one name the first.',
  remedy: 'Put everything for the host into one DestinationRule.',
  invalid: `
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: a, namespace: shop }
spec:
  host: reviews
  trafficPolicy: { loadBalancer: { simple: RANDOM } }
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: b, namespace: shop }
spec:
  host: reviews
  trafficPolicy: { connectionPool: { tcp: { maxConnections: 10 } } }
`,
  valid: `
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: a, namespace: shop }
spec:
  host: reviews
  trafficPolicy: { loadBalancer: { simple: RANDOM } }
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: b, namespace: shop }
spec:
  host: reviews
  subsets: [{ name: v1, labels: { version: v1 } }]
`,
  *check(rule, snapshot) {
    const older = olderRules(rule, snapshot);
    const read = new Reader(rule.document);
    const policy = older.find(({ trafficPolicy }) => trafficPolicy !== undefined);
    const at = read.keyAt(rule.spec, 'trafficPolicy');
    if (rule.trafficPolicy !== undefined && policy !== undefined && at !== undefined) {
      yield {
        at,
        message: `DestinationRule ${quoted(policy.name)} has a policy for ${quoted(rule.host?.value ?? '')}, too, and only the older counts: this one probably has no effect; put both into one`,
        related: [{ at: policy.nameAt, message: `DestinationRule ${quoted(policy.name)}` }],
      };
    }
    for (const { name } of rule.subsets) {
      const other = older.find(({ subsets }) => subsets.some(subset => subset.name?.value === name?.value));
      const there = other?.subsets.find(subset => subset.name?.value === name?.value)?.name;
      if (name === undefined || other === undefined || there === undefined) continue;
      yield {
        at: name,
        message: `DestinationRule ${quoted(other.name)} defines the subset ${quoted(name.value)}, too, and only the older counts: this one probably has no effect`,
        related: [{ at: there, message: `DestinationRule ${quoted(other.name)}` }],
      };
    }
  },
});

/** The rules with which Pilot merges one and that come before it (`PILOT.md` 8.3). */
function olderRules(rule: DestinationRule, { index, references }: Snapshot): readonly DestinationRule[] {
  if (rule.host === undefined || rule.workloadSelector !== undefined || rule.name === '') return [];
  const all = index.rulesOf(references.fullHost(rule.host.value, rule.namespace).toLowerCase()) ?? [];
  const before = all.slice(0, Math.max(0, all.indexOf(rule)));
  const scope = ({ exportTo, namespace }: DestinationRule): string =>
    [...new Set(exportTo.map(({ value }) => (value === '.' ? namespace : value)))].sort().join(' ');
  return before.filter(
    other =>
      other.namespace === rule.namespace &&
      other.name !== rule.name &&
      other.workloadSelector === undefined &&
      scope(other) === scope(rule) &&
      areTogether(other, rule, index),
  );
}
