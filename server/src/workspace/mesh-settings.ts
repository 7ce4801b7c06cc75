import { type MeshConfig, type MeshConfigForm, meshConfigOf } from '../model/mesh-config.ts';
import { DEFAULT_MESH, type MeshSettings } from '../routing/mesh.ts';
import type { Span } from '../text/range.ts';
import type { SourceFile } from './file.ts';
import type { WorkspaceSettings } from './settings.ts';

/** Where a setting of the mesh comes from. */
export type MeshSource =
  | { readonly from: 'settings' }
  | { readonly from: 'manifest'; readonly form: MeshConfigForm; readonly at: Span }
  | { readonly from: 'default' };

/** The settings of a workspace with everything that manifests say of the mesh filled in. */
export interface EffectiveSettings extends WorkspaceSettings {
  readonly mesh: MeshSettings;
  readonly meshSources: Readonly<Record<keyof MeshSettings, MeshSource>>;
  /** The mesh config among the manifests that is taken. */
  readonly meshConfig: MeshConfig | undefined;
  /** Mesh configs that lost against the one that is taken. */
  readonly otherMeshConfigs: readonly MeshConfig[];
}

const FORMS: readonly MeshConfigForm[] = ['ConfigMap', 'IstioOperator', 'Istio', 'Helm values'];
const KEYS = Object.keys(DEFAULT_MESH) as readonly (keyof MeshSettings)[];

const perFile = new WeakMap<SourceFile, readonly MeshConfig[]>();
const NONE: readonly MeshConfig[] = [];

/**
 * The settings in force. What the user has set wins; then counts the mesh config that tells most: the ConfigMap `istio`
 * of the root namespace before others, an IstioOperator, Helm values; of several alike the first by file name. What
 * nobody says is Istio's default.
 */
export function effectiveSettings(settings: WorkspaceSettings, files: Iterable<SourceFile>): EffectiveSettings {
  const root = settings.mesh.rootNamespace ?? DEFAULT_MESH.rootNamespace;
  const found = [...files]
    .flatMap(file => configsOf(file).map(config => ({ config, file: file.file })))
    .sort((a, b) => rank(a.config, root) - rank(b.config, root) || (a.file < b.file ? -1 : a.file > b.file ? 1 : 0))
    .map(({ config }) => config);
  return kept(settings, found);
}

function configsOf(file: SourceFile): readonly MeshConfig[] {
  const known = perFile.get(file);
  if (known !== undefined) return known;
  const configs = file.documents.map(({ document }) => meshConfigOf(document)).filter(config => config !== undefined);
  const result = configs.length === 0 ? NONE : configs;
  perFile.set(file, result);
  return result;
}

function rank({ form, namespace }: MeshConfig, root: string): number {
  const away = form === 'ConfigMap' && namespace !== root ? 0.5 : 0;
  return FORMS.indexOf(form) + away;
}

const last = new WeakMap<
  WorkspaceSettings,
  { readonly found: readonly MeshConfig[]; readonly made: EffectiveSettings }
>();

/** The same object as long as nothing has changed, so that what was computed from it can be kept. */
function kept(settings: WorkspaceSettings, found: readonly MeshConfig[]): EffectiveSettings {
  const known = last.get(settings);
  if (known !== undefined && known.found.length === found.length && known.found.every((c, i) => c === found[i]))
    return known.made;
  const made = merge(settings, found);
  last.set(settings, { found, made });
  return made;
}

function merge(settings: WorkspaceSettings, [config, ...others]: readonly MeshConfig[]): EffectiveSettings {
  const values: Record<string, unknown> = {};
  const sources: Record<string, MeshSource> = {};
  for (const key of KEYS) {
    const set = settings.mesh[key];
    const written = config?.[key];
    if (set !== undefined) {
      values[key] = set;
      sources[key] = { from: 'settings' };
    } else if (config !== undefined && written !== undefined) {
      values[key] = written.value;
      sources[key] = { from: 'manifest', form: config.form, at: written };
    } else {
      values[key] = DEFAULT_MESH[key];
      sources[key] = { from: 'default' };
    }
  }
  const mesh = values as unknown as MeshSettings;
  return {
    ...settings,
    // Where istiod runs with another root namespace, its gateways are taken to run there as well.
    mesh:
      sources['gatewayNamespace']?.from === 'default' && sources['rootNamespace']?.from !== 'settings'
        ? { ...mesh, gatewayNamespace: mesh.rootNamespace }
        : mesh,
    meshSources: sources as EffectiveSettings['meshSources'],
    meshConfig: config,
    otherMeshConfigs: others,
  };
}
