import type { ResourceType, TypedResource } from '../model/decode.ts';
import type { DestinationRule } from '../model/destination-rule.ts';
import { type DestinationRuleIndex, indexDestinationRules } from '../routing/destination-rules.ts';
import type { MeshSettings } from '../routing/mesh.ts';
import { Routing } from '../routing/tables.ts';
import type { Schemas } from '../schema/schemas.ts';
import type { Position } from '../text/line-index.ts';
import type { FileId, FileRange, Span } from '../text/range.ts';
import type { SourceFile } from './file.ts';
import { Index } from './index.ts';
import { buildMesh } from './mesh.ts';
import { type EffectiveSettings, effectiveSettings } from './mesh-settings.ts';
import { References } from './references.ts';
import type { WorkspaceSettings } from './settings.ts';

/** Tells whether Istio's admission would take a resource. Given from above: the rules know it. */
export type Admission = (resource: TypedResource) => boolean;

/** A workspace without its VirtualServices. */
export interface Definitions {
  /** Stands for them where they need not be kept alive themselves. */
  readonly token: object;
  /** Lists of one type each. */
  readonly resources: readonly (readonly TypedResource[])[];
  readonly settings: WorkspaceSettings;
  readonly schemas: Schemas;
  readonly hasTemplates: boolean;
}

/** What is known from an earlier snapshot: its files with their index, and its definitions. */
export interface Before {
  readonly files?: ReadonlyMap<FileId, SourceFile>;
  readonly index?: Index;
  readonly definitions: Definitions | undefined;
}

/** Types that tables are made from. */
const ROUTED: readonly ResourceType[] = [
  'VirtualService',
  'DestinationRule',
  'Gateway',
  'Sidecar',
  'Service',
  'ServiceEntry',
];

interface KeptRules {
  readonly settings: MeshSettings;
  readonly admission: Admission;
  readonly rules: DestinationRuleIndex;
}

/** A list is the same object in every snapshot in which it has not changed. */
const rulesOf = new WeakMap<readonly DestinationRule[], KeptRules>();

function isSame(a: Definitions, b: Definitions): boolean {
  if (a.settings !== b.settings || a.schemas !== b.schemas || a.hasTemplates !== b.hasTemplates) return false;
  return a.resources.length === b.resources.length && a.resources.every((resource, at) => resource === b.resources[at]);
}

/** The workspace at one moment. Immutable; everything in it is computed at the first question and kept. */
export class Snapshot {
  readonly files: ReadonlyMap<FileId, SourceFile>;
  /** With what manifests say of the mesh. */
  readonly settings: EffectiveSettings;
  readonly schemas: Schemas;
  readonly #admission: Admission;
  #index: Index | undefined;
  #references: References | undefined;
  #routing: Routing | undefined;
  #definitions: Definitions | undefined;
  #before: Definitions | undefined;
  #indexBefore: Before | undefined;

  constructor(
    files: ReadonlyMap<FileId, SourceFile>,
    settings: WorkspaceSettings,
    schemas: Schemas,
    admission: Admission,
    before?: Before,
  ) {
    this.#before = before?.definitions;
    this.#indexBefore = before;
    this.files = files;
    this.settings = effectiveSettings(settings, files.values());
    this.schemas = schemas;
    this.#admission = admission;
  }

  get index(): Index {
    if (this.#index === undefined) {
      const { files, index } = this.#indexBefore ?? {};
      this.#index = new Index(this.files, this.settings, files && index && { files, index });
      this.#indexBefore = undefined;
    }
    return this.#index;
  }

  /**
   * Stands for everything but VirtualServices: the same object as in the snapshot before while that is the same. What was
   * concluded from it then, and from nothing else, holds now.
   */
  get definitions(): Definitions {
    if (this.#definitions !== undefined) return this.#definitions;
    const { index, settings, schemas } = this;
    const resources = index.allBut('VirtualService');
    const own: Definitions = { token: {}, resources, settings, schemas, hasTemplates: index.hasTemplates };
    this.#definitions = this.#before !== undefined && isSame(this.#before, own) ? this.#before : own;
    this.#before = undefined;
    return this.#definitions;
  }

  /** What the next snapshot can build upon. */
  get known(): Before {
    const definitions = this.#definitions ?? this.#before;
    if (this.#index !== undefined) return { files: this.files, index: this.#index, definitions };
    return { ...this.#indexBefore, definitions };
  }

  get references(): References {
    this.#references ??= new References(this.index, () => this.#rules);
    return this.#references;
  }

  /** The DestinationRules that Istio takes, ready to be looked up. */
  get #rules(): DestinationRuleIndex {
    const { index } = this;
    const { mesh } = index.settings;
    const all = index.all('DestinationRule');
    const known = rulesOf.get(all);
    if (known?.settings === mesh && known.admission === this.#admission) return known.rules;
    const accepted = all.filter(rule => this.#admission(rule));
    const rules = indexDestinationRules({ destinationRules: accepted, settings: mesh });
    rulesOf.set(all, { settings: mesh, admission: this.#admission, rules });
    return rules;
  }

  get routing(): Routing {
    const { index } = this;
    // Whoever asks depends on everything that it is made from, also where somebody else has asked before.
    for (const type of ROUTED) index.all(type);
    index.settings;
    index.hasTemplates;
    this.#routing ??= index.unrecorded(
      () => new Routing(buildMesh(index, this.references, this.#admission), () => this.#rules),
    );
    return this.#routing;
  }

  file(file: FileId): SourceFile | undefined {
    return this.files.get(file);
  }

  /** Where a span is now; `undefined` when its file is gone or its text has changed. */
  locate(span: Span): FileRange | undefined {
    return this.files.get(span.anchor.file)?.locate(span);
  }

  /** File and 0-based position of the start of a span. */
  position(span: Span): { readonly file: FileId; readonly position: Position } | undefined {
    const range = this.locate(span);
    const file = range === undefined ? undefined : this.files.get(range.file);
    return range === undefined || file === undefined
      ? undefined
      : { file: range.file, position: file.lines.position(range.start) };
  }
}
