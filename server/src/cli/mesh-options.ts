import type { WorkspaceSettings } from '../analysis.ts';
import { UsageError } from './usage-error.ts';

export type MeshOptions = Readonly<Partial<Record<MeshOption, string>>>;
type MeshOption = (typeof MESH_OPTIONS)[number];

const MESH_OPTIONS = [
  'rootNamespace',
  'clusterDomain',
  'trustDomain',
  'outboundTrafficPolicy',
  'gatewayNamespace',
  'defaultVirtualServiceExportTo',
  'defaultServiceExportTo',
  'defaultDestinationRuleExportTo',
] as const;

const NAME = /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/;
const DOMAIN = /^[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?$/;
const MESH_VALUES: Readonly<Record<MeshOption, RegExp>> = {
  rootNamespace: NAME,
  clusterDomain: DOMAIN,
  trustDomain: DOMAIN,
  outboundTrafficPolicy: /^(ALLOW_ANY|REGISTRY_ONLY)$/,
  gatewayNamespace: NAME,
  defaultVirtualServiceExportTo: /^[*.]$/,
  defaultServiceExportTo: /^[*.]$/,
  defaultDestinationRuleExportTo: /^[*.]$/,
};

/**
 * Settings of the mesh as the command line gives them: `NAME=VALUE`.
 *
 * @throws UsageError with one sentence for the user
 */
export function meshOptions(pairs: readonly string[]): MeshOptions {
  const options: Partial<Record<MeshOption, string>> = {};
  for (const pair of pairs) {
    const equals = pair.indexOf('=');
    if (equals < 1) throw new UsageError(`--mesh takes NAME=VALUE, not "${pair}"`);
    const name = MESH_OPTIONS.find(word => word === pair.slice(0, equals));
    if (name === undefined)
      throw new UsageError(`--mesh takes ${MESH_OPTIONS.join(', ')}, not "${pair.slice(0, equals)}"`);
    const value = pair.slice(equals + 1);
    if (!MESH_VALUES[name].test(value)) throw new UsageError(`--mesh ${name} cannot be "${value}"`);
    options[name] = value;
  }
  return options;
}

/** The options as settings; the parser of the command line has checked their values. */
export function meshOf(options: MeshOptions): WorkspaceSettings['mesh'] {
  const lists: readonly string[] = [
    'defaultVirtualServiceExportTo',
    'defaultServiceExportTo',
    'defaultDestinationRuleExportTo',
  ];
  return Object.fromEntries(
    Object.entries(options).map(([name, value]) => [name, lists.includes(name) ? [value] : value]),
  );
}
