import type { DestinationRule } from '../model/destination-rule.ts';
import { hostMatches, resolveHost } from '../model/host.ts';
import { plainMap } from '../model/reader.ts';
import { type DestinationRuleIndex, destinationRuleFor, type MergedRule } from './destination-rules.ts';
import type { LeftOut } from './left-out.ts';
import { defaultExportTo, type Mesh, type MeshProxy, type MeshService, selects } from './mesh.ts';

/**
 * The DestinationRules that decide nothing for a proxy, each with what it lost to (`PILOT.md` 8.2 to 8.4): its host is no
 * service that the proxy knows, it is hidden from the proxy, it is for other workloads, or another rule wins. A rule that
 * is merged into another and whose own policy is lost there is named as well.
 *
 * @param services the services for which the proxy has clusters
 */
export function unusedRules(
  mesh: Mesh,
  rules: DestinationRuleIndex,
  proxy: MeshProxy,
  services: readonly MeshService[],
): readonly LeftOut[] {
  const used = new Set<DestinationRule>();
  const inForce = new Map<MeshService, MergedRule | undefined>();
  for (const service of services) {
    const merged = destinationRuleFor(rules, proxy, service);
    inForce.set(service, merged);
    for (const rule of merged?.from ?? []) used.add(rule);
  }
  const notes: LeftOut[] = [];
  for (const rule of mesh.destinationRules) {
    if (rule.host === undefined) continue;
    const host = resolveHost(rule.host.value, rule.namespace, mesh.settings.clusterDomain).toLowerCase();
    const matching = services.filter(service => service.host === host || hostMatches(host, service.host));
    const base = { resource: rule, at: rule.host, rule: '', detail: rule.host.value };
    if (used.has(rule)) {
      const owner = lostPolicy(rule, matching, inForce);
      if (owner !== undefined && rule.trafficPolicy !== undefined)
        notes.push({
          ...base,
          at: rule.trafficPolicy.at,
          reason: 'merged-policy',
          by: { resource: owner, at: owner.nameAt },
        });
      continue;
    }
    const [service] = matching;
    const winner = matching.map(found => inForce.get(found)?.from[0]).find(found => found !== undefined);
    if (service === undefined) notes.push({ ...base, reason: 'unknown-host' });
    else if (!isSeenBy(rule, proxy, mesh)) notes.push({ ...base, reason: 'not-exported', detail: proxy.namespace });
    else if (rule.workloadSelector !== undefined && !selects(plainMap(rule.workloadSelector), proxy.labels))
      notes.push({ ...base, reason: 'other-workload' });
    else if (winner !== undefined)
      notes.push({ ...base, reason: 'other-rule', by: { resource: winner, at: winner.nameAt } });
    else notes.push({ ...base, reason: 'namespace-not-asked', detail: rule.namespace });
  }
  return notes;
}

/** The rule whose top level policy counts in the place of this one's, for every service that both are for. */
function lostPolicy(
  rule: DestinationRule,
  services: readonly MeshService[],
  inForce: ReadonlyMap<MeshService, MergedRule | undefined>,
): DestinationRule | undefined {
  const merged = services.map(service => inForce.get(service)).filter(found => found?.from.includes(rule));
  return merged.every(found => found?.policyFrom !== rule) ? merged[0]?.policyFrom : undefined;
}

function isSeenBy(rule: DestinationRule, { namespace }: MeshProxy, { settings }: Mesh): boolean {
  if (rule.namespace === namespace) return true;
  if (rule.workloadSelector !== undefined) return false;
  const written = rule.exportTo.map(({ value }) => value);
  const words = written.length > 0 ? written : [defaultExportTo(settings.defaultDestinationRuleExportTo)];
  return words.some(word => word === '*' || word === namespace);
}
