import type { MeshSettings } from '../routing/mesh.ts';

/** What the workspace's owner says of the mesh, for everything that manifests do not say. */
export interface WorkspaceSettings {
  /** Namespace of manifests that name none. */
  readonly defaultNamespace: string;
  /** Namespaces of which the workspace holds every resource; `*` for all. There, what is not found does not exist. */
  readonly ownedNamespaces: readonly string[];
  /** What the user has set; the rest is found in manifests, or is Istio's default. */
  readonly mesh: Partial<MeshSettings>;
  /** Files with more text than this are left out, in UTF-16 units. */
  readonly maxFileSize: number;
  /** Files with more YAML documents than this are left out. */
  readonly maxDocuments: number;
  /** Files with a longer line than this are left out, in UTF-16 units without the line break. */
  readonly maxLineLength: number;
}

export const DEFAULT_SETTINGS: WorkspaceSettings = {
  defaultNamespace: 'default',
  ownedNamespaces: [],
  mesh: {},
  maxFileSize: 5_000_000,
  maxDocuments: 10_000,
  // More than the 1.5 MiB of text that a cluster takes in one object, such as a binary in base64.
  maxLineLength: 2_000_000,
};
