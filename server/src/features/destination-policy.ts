import type { DestinationPolicyView, SettingView } from '../contract.ts';
import type { PolicyBlocks } from '../model/destination-rule.ts';
import { type BlockName, destinationRuleFor, type MergedRule, portSettings } from '../routing/destination-rules.ts';
import { parseClusterName } from '../routing/envoy.ts';
import type { MeshService } from '../routing/mesh.ts';
import { POLICY_SETTINGS, type PolicySetting, type WrittenValue } from './destination-settings.ts';
import { clustersOf, serviceOf } from './route-destinations.ts';
import type { ViewContext } from './route-model.ts';

/** What is in force on each cluster that a route of the table leads to, by the cluster's name. */
export function destinationPolicies(context: ViewContext): Readonly<Record<string, DestinationPolicyView>> {
  const policies: Record<string, DestinationPolicyView> = {};
  for (const { routes } of context.table.virtualHosts) {
    for (const { envoy } of routes) {
      for (const name of clustersOf(envoy)) {
        if (policies[name] !== undefined) continue;
        const policy = destinationPolicy(context, name);
        if (policy !== undefined) policies[name] = policy;
      }
    }
  }
  return policies;
}

/** What is in force on a cluster; `undefined` where no service is known, of which a rule could speak. */
function destinationPolicy(context: ViewContext, cluster: string): DestinationPolicyView | undefined {
  const parsed = parseClusterName(cluster);
  const service = parsed === undefined ? undefined : serviceOf(context, parsed.host);
  if (parsed === undefined || service === undefined) return undefined;
  const rule = destinationRuleFor(context.snapshot.routing.rules, context.routing.proxy, service);
  const layers = layersOf(rule, parsed.port, parsed.subset);
  return {
    rules: (rule?.from ?? []).flatMap(({ namespace, name, nameAt }) => {
      const place = context.toPlace(nameAt);
      return place === undefined ? [] : [{ name: `${namespace}/${name}`, place }];
    }),
    found: rule === undefined ? '' : foundText(context, rule, service),
    settings: POLICY_SETTINGS.flatMap(setting => settingView(context, setting, layers) ?? []),
  };
}

/** Why this rule and no other (`PILOT.md` 8.2 to 8.4). */
function foundText({ routing, snapshot }: ViewContext, rule: MergedRule, service: MeshService): string {
  const { proxy } = routing;
  const where =
    rule.namespace === proxy.namespace
      ? 'found in the namespace of the client'
      : rule.namespace === service.namespace
        ? 'found in the namespace of the service'
        : `found in the root namespace ${snapshot.routing.mesh.settings.rootNamespace}`;
  const wildcard = rule.host.startsWith('*') ? `, through its wildcard host ${rule.host}` : '';
  const selected = Object.entries(rule.selector ?? {}).map(([key, value]) => `${key}=${value}`);
  return `${where}${wildcard}${selected.length === 0 ? '' : `, for workloads with ${selected.join(', ')}`}`;
}

/** A part of a DestinationRule that can hold a setting. */
interface Layer {
  readonly blocks: PolicyBlocks;
  readonly level: string;
  /** What becomes of the layers below; the last part of a sentence. */
  readonly replaces: (block: BlockName) => string;
  /** Whether it decides on a block, by holding it or by replacing everything. */
  readonly decides: (block: BlockName) => boolean;
}

/** The layers for a port and a subset, the strongest first (`PILOT.md` 8.5, 8.6, as `effectivePolicy`). */
function layersOf(rule: MergedRule | undefined, port: number, subsetName: string): readonly Layer[] {
  const policy = rule?.trafficPolicy;
  const own = subsetName === '' ? undefined : rule?.subsets.find(({ name }) => name?.value === subsetName);
  const layers: Layer[] = [];
  const add = (blocks: PolicyBlocks | undefined, level: string, whole: boolean, replaces: Layer['replaces']): void => {
    if (blocks === undefined) return;
    layers.push({ blocks, level, replaces, decides: block => whole || blocks[block] !== undefined });
  };
  const ports = 'portLevelSettings';
  add(
    portSettings(own?.trafficPolicy, port),
    `subset ${subsetName}, port ${port}`,
    true,
    () => `the ${ports} of subset ${subsetName} for port ${port} replace the whole policy`,
  );
  add(
    own?.trafficPolicy,
    `subset ${subsetName}`,
    false,
    block => `subset ${subsetName} has a ${block} of its own, which replaces the whole block`,
  );
  add(portSettings(policy, port), `port ${port}`, true, () => `the ${ports} for port ${port} replace the whole policy`);
  add(policy, 'DestinationRule', true, () => '');
  return layers;
}

function settingView(context: ViewContext, setting: PolicySetting, layers: readonly Layer[]): SettingView | undefined {
  const { name, block, unset } = setting;
  const deciding = layers.findIndex(({ decides }) => decides(block));
  const layer = layers[deciding];
  const found = layer === undefined ? undefined : setting.read(layer.blocks);
  const lost = layer === undefined ? undefined : lostValue(context, setting, layers.slice(deciding), found);
  if (found !== undefined && layer !== undefined) {
    return { setting: name, value: found.text, level: layer.level, place: context.toPlace(found.at), lost };
  }
  const written = layer?.blocks[block];
  // A block without a mode means none, and one without counters means Envoy's own: it counts to five.
  if (name === 'tls.mode' && written !== undefined && layer !== undefined)
    return { setting: name, value: 'DISABLE', level: layer.level, place: context.toPlace(written.at), lost };
  if (name === 'outlierDetection.consecutive5xxErrors' && layer?.blocks.outlierDetection !== undefined) {
    const { consecutiveGatewayErrors } = layer.blocks.outlierDetection;
    if (consecutiveGatewayErrors === undefined)
      return { setting: name, value: '5', level: 'Envoy default', place: undefined, lost };
  }
  if (unset === undefined && lost === undefined) return undefined;
  return { setting: name, value: unset ?? 'not set', level: 'Istio default', place: undefined, lost };
}

/** The value that would hold without the layer that decides, when it is another one. */
function lostValue(
  context: ViewContext,
  { block, read }: PolicySetting,
  [deciding, ...below]: readonly Layer[],
  found: WrittenValue | undefined,
): SettingView['lost'] {
  const next = below.find(({ decides }) => decides(block));
  const value = next === undefined ? undefined : read(next.blocks);
  if (deciding === undefined || value === undefined || value.text === found?.text) return undefined;
  return { value: value.text, why: deciding.replaces(block), place: context.toPlace(value.at) };
}
