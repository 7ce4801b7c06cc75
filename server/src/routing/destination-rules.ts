import type {
  ConsistentHash,
  DestinationRule,
  PolicyBlocks,
  Subset,
  TrafficPolicy,
} from '../model/destination-rule.ts';
import { hostMatches, resolveHost } from '../model/host.ts';
import { plainMap } from '../model/reader.ts';
import { byAge } from '../model/resource.ts';
import { defaultExportTo, type Mesh, type MeshProxy, type MeshService, selects } from './mesh.ts';

/** What the DestinationRules of one host in one namespace make together. */
export interface MergedRule {
  readonly host: string;
  readonly namespace: string;
  /** The rules it is made of, the one that counts most first. */
  readonly from: readonly DestinationRule[];
  readonly subsets: readonly Subset[];
  readonly trafficPolicy: TrafficPolicy | undefined;
  /** The rule whose top level policy is in force. */
  readonly policyFrom: DestinationRule | undefined;
  readonly selector: Readonly<Record<string, string>> | undefined;
  /** Namespaces; empty: all. */
  readonly exportTo: ReadonlySet<string>;
}

type ByHost = Map<string, MergedRule[]>;

/** DestinationRules, ready to be looked up (`PILOT.md` 8, Istio `setDestinationRules`). */
export interface DestinationRuleIndex {
  readonly rootNamespace: string;
  /** Rules that a client in their own namespace sees. */
  readonly local: ReadonlyMap<string, ByHost>;
  /** Rules that are exported, by the namespace that owns them. */
  readonly exported: ReadonlyMap<string, ByHost>;
  /** Private rules of the root namespace. */
  readonly rootPrivate: ByHost;
  /** Some rule spreads requests by a hash; without any, routes need not ask. */
  readonly hasConsistentHash: boolean;
}

export function indexDestinationRules(mesh: Pick<Mesh, 'settings' | 'destinationRules'>): DestinationRuleIndex {
  const { rootNamespace, clusterDomain } = mesh.settings;
  const local = new Map<string, ByHost>();
  const exported = new Map<string, ByHost>();
  const rootPrivate: ByHost = new Map();
  const unsetIsPrivate = defaultExportTo(mesh.settings.defaultDestinationRuleExportTo) === '.';
  // Rules with a selector come first (`PILOT.md` 8.4).
  const rules = [...mesh.destinationRules].sort(
    (a, b) => Number(b.workloadSelector !== undefined) - Number(a.workloadSelector !== undefined) || byAge(a, b),
  );
  for (const rule of rules) {
    if (rule.host === undefined) continue;
    const merged = single(rule, resolveHost(rule.host.value, rule.namespace, clusterDomain).toLowerCase());
    const { exportTo, namespace } = merged;
    if (exportTo.size === 0 || exportTo.has('*') || exportTo.has(namespace)) add(getOrAdd(local, namespace), merged);
    const isPrivate = exportTo.size === 0 ? unsetIsPrivate : exportTo.size === 1 && exportTo.has(namespace);
    if (!isPrivate) add(getOrAdd(exported, namespace), merged);
    else if (namespace === rootNamespace) add(rootPrivate, merged);
  }
  return { rootNamespace, local, exported, rootPrivate, hasConsistentHash: rules.some(hashes) };
}

function hashes({ trafficPolicy, subsets }: DestinationRule): boolean {
  const policies = [trafficPolicy, ...subsets.map(subset => subset.trafficPolicy)];
  return policies
    .flatMap(policy => (policy === undefined ? [] : [policy, ...policy.portLevelSettings]))
    .some(({ loadBalancer }) => loadBalancer?.consistentHash !== undefined);
}

function getOrAdd(map: Map<string, ByHost>, namespace: string): ByHost {
  const found = map.get(namespace) ?? new Map<string, MergedRule[]>();
  map.set(namespace, found);
  return found;
}

function single(rule: DestinationRule, host: string): MergedRule {
  const selector = rule.workloadSelector === undefined ? undefined : plainMap(rule.workloadSelector);
  const written = rule.exportTo.map(({ value }) => (value === '.' ? rule.namespace : value));
  return {
    host,
    namespace: rule.namespace,
    from: [rule],
    subsets: uniqueSubsets([], rule.subsets),
    trafficPolicy: rule.trafficPolicy,
    policyFrom: rule.trafficPolicy === undefined ? undefined : rule,
    selector,
    exportTo: new Set(selector === undefined ? written : [rule.namespace]),
  };
}

/** Istio `mergeDestinationRule`: merges into the rules of the same host where exportTo and selector allow it. */
function add(byHost: ByHost, rule: MergedRule): void {
  const known = byHost.get(rule.host);
  if (known === undefined) {
    byHost.set(rule.host, [rule]);
    return;
  }
  let separate = true;
  known.forEach((existing, index) => {
    const equal = sameSet(existing.exportTo, rule.exportTo);
    const superset = existing.exportTo.size > 0 && [...existing.exportTo].every(word => rule.exportTo.has(word));
    if (!equal && !superset) return;
    if (existing.selector !== undefined && rule.selector !== undefined && !sameLabels(existing.selector, rule.selector))
      return;
    if (equal) separate = false;
    known[index] = {
      ...existing,
      from: [...existing.from, ...rule.from],
      subsets: uniqueSubsets(existing.subsets, rule.subsets),
      trafficPolicy: existing.trafficPolicy ?? rule.trafficPolicy,
      policyFrom: existing.policyFrom ?? rule.policyFrom,
    };
  });
  if (separate) known.push(rule);
}

/** Of subsets with one name the first counts. */
function uniqueSubsets(first: readonly Subset[], more: readonly Subset[]): readonly Subset[] {
  const names = new Set(first.map(subset => subset.name?.value));
  const added = more.filter(subset => {
    const name = subset.name?.value;
    if (names.has(name)) return false;
    names.add(name);
    return true;
  });
  return [...first, ...added];
}

function sameSet(a: ReadonlySet<string>, b: ReadonlySet<string>): boolean {
  return a.size === b.size && [...a].every(word => b.has(word));
}

function sameLabels(a: Readonly<Record<string, string>>, b: Readonly<Record<string, string>>): boolean {
  return selects(a, b) && selects(b, a);
}

/** The rules of a host in one namespace: its own, else those of the longest wildcard that covers it. */
function mostSpecific(byHost: ByHost | undefined, host: string): readonly MergedRule[] | undefined {
  const exact = byHost?.get(host);
  if (exact !== undefined) return exact;
  let best: string | undefined;
  for (const pattern of byHost?.keys() ?? []) {
    if (pattern.startsWith('*') && hostMatches(pattern, host) && pattern.length > (best?.length ?? 0)) best = pattern;
  }
  return best === undefined ? undefined : byHost?.get(best);
}

/**
 * The rule in force for a client and a service: the first namespace that has one decides, of the client, of the
 * service, of the root; nothing is merged across namespaces (`PILOT.md` 8.2, Istio `destinationRule`).
 */
export function destinationRuleFor(
  index: DestinationRuleIndex,
  proxy: MeshProxy,
  service: Pick<MeshService, 'host' | 'namespace'>,
): MergedRule | undefined {
  const candidates = candidatesFor(index, proxy.namespace, service);
  let general: MergedRule | undefined;
  for (const rule of candidates) {
    if (rule.selector === undefined) general = rule;
    else if (rule.namespace === proxy.namespace && selects(rule.selector, proxy.labels)) return rule;
  }
  return general;
}

function candidatesFor(
  index: DestinationRuleIndex,
  client: string,
  service: Pick<MeshService, 'host' | 'namespace'>,
): readonly MergedRule[] {
  const host = service.host.toLowerCase();
  const own = client === index.rootNamespace ? index.rootPrivate : index.local.get(client);
  const found = mostSpecific(own, host);
  if (found !== undefined) return found;
  for (const namespace of [service.namespace, index.rootNamespace]) {
    const rules = mostSpecific(index.exported.get(namespace), host)?.filter(
      ({ exportTo }) => exportTo.size === 0 || exportTo.has('*') || exportTo.has(client),
    );
    if (rules !== undefined && rules.length > 0) return rules;
  }
  return [];
}

/** A block of a policy and where it comes from. */
export type PolicyLevel = 'destinationRule' | 'port' | 'subset' | 'subsetPort';
export type BlockName = 'loadBalancer' | 'connectionPool' | 'outlierDetection' | 'tls';
export interface EffectivePolicy {
  readonly blocks: Pick<PolicyBlocks, BlockName>;
  readonly levels: Readonly<Record<BlockName, PolicyLevel | undefined>>;
  /** The load balancer of the subset is PASSTHROUGH, which also counts beside port level settings. */
  readonly passthrough: boolean;
}

const BLOCKS: readonly BlockName[] = ['loadBalancer', 'connectionPool', 'outlierDetection', 'tls'];

/**
 * The policy for a port and a subset (`PILOT.md` 8.5, 8.6). A port's entry replaces the whole top level; a subset
 * replaces block by block; an entry for the port inside the subset replaces everything.
 */
export function effectivePolicy(rule: MergedRule | undefined, port: number, subsetName: string): EffectivePolicy {
  const result: { blocks: Record<BlockName, unknown>; levels: Record<BlockName, PolicyLevel | undefined> } = {
    blocks: { loadBalancer: undefined, connectionPool: undefined, outlierDetection: undefined, tls: undefined },
    levels: { loadBalancer: undefined, connectionPool: undefined, outlierDetection: undefined, tls: undefined },
  };
  const replaceAll = (blocks: PolicyBlocks, level: PolicyLevel): void => {
    for (const name of BLOCKS) {
      result.blocks[name] = blocks[name];
      result.levels[name] = blocks[name] === undefined ? undefined : level;
    }
  };
  const policy = rule?.trafficPolicy;
  const portPolicy = portSettings(policy, port);
  if (portPolicy !== undefined) replaceAll(portPolicy, 'port');
  else if (policy !== undefined) replaceAll(policy, 'destinationRule');
  const subset = subsetName === '' ? undefined : rule?.subsets.find(({ name }) => name?.value === subsetName);
  const own = subset?.trafficPolicy;
  if (own !== undefined) {
    const ownPort = portSettings(own, port);
    if (ownPort !== undefined) replaceAll(ownPort, 'subsetPort');
    else {
      for (const name of BLOCKS) {
        if (own[name] === undefined) continue;
        result.blocks[name] = own[name];
        result.levels[name] = 'subset';
      }
    }
  }
  return {
    blocks: result.blocks as EffectivePolicy['blocks'],
    levels: result.levels,
    passthrough: own?.loadBalancer?.simple?.value === 'PASSTHROUGH',
  };
}

/** The entry for a port; of several the first counts (`PILOT.md` 8.5). */
export function portSettings(policy: TrafficPolicy | undefined, port: number): PolicyBlocks | undefined {
  return policy?.portLevelSettings.find(entry => entry.port?.value === port);
}

/**
 * The consistent hash that a destination's requests are spread by (`PILOT.md` 8.8): of the port inside the subset, of
 * the subset, of the port, of the rule. The port counts only where the destination writes it.
 */
export function consistentHashFor(
  rule: MergedRule | undefined,
  subsetName: string,
  port: number | undefined,
): ConsistentHash | undefined {
  const ofPort = (policy: TrafficPolicy | undefined): ConsistentHash | undefined =>
    port === undefined ? undefined : portSettings(policy, port)?.loadBalancer?.consistentHash;
  const subset = rule?.subsets.find(({ name }) => (name?.value ?? '') === subsetName);
  return (
    ofPort(subset?.trafficPolicy) ??
    subset?.trafficPolicy?.loadBalancer?.consistentHash ??
    ofPort(rule?.trafficPolicy) ??
    rule?.trafficPolicy?.loadBalancer?.consistentHash
  );
}
