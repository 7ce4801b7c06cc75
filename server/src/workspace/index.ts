import type { ResourceType, TypedResource } from '../model/decode.ts';
import type { DestinationRule } from '../model/destination-rule.ts';
import type { Gateway } from '../model/gateway.ts';
import { resolveHost } from '../model/host.ts';
import type { VirtualService } from '../model/virtual-service.ts';
import type { MeshService } from '../routing/mesh.ts';
import { meshService, serviceEntryServices } from '../routing/services.ts';
import { push } from '../text/push.ts';
import type { FileId } from '../text/range.ts';
import type { SourceFile } from './file.ts';
import type { EffectiveSettings } from './mesh-settings.ts';
import { Fact, type Grouped, Groups, Reads, type Source, type Versions } from './reads.ts';
import { type TypeIndex, typesOf } from './type-index.ts';

type OfType<K extends ResourceType> = Extract<TypedResource, { type: K }>;

/** What an index was made of before, and that index. */
export interface IndexBefore {
  readonly files: ReadonlyMap<FileId, SourceFile>;
  readonly index: Index;
}

interface KeptFact {
  readonly value: unknown;
  readonly reads: Reads;
}

/** What is asked of one type, as sources of what is read. */
interface TypeSources {
  readonly all: Source;
  /** By `namespace/name`. */
  readonly found: Source;
  /** By namespace. */
  readonly known: Source;
}

const sources = new Map<ResourceType, TypeSources>();

function sourcesOf(type: ResourceType): TypeSources {
  const known = sources.get(type);
  if (known !== undefined) return known;
  const made: TypeSources = {
    all: { type, answer: index => index.all(type), isExact: true },
    found: { type, answer: (index, key) => index.find(type, key) },
    // Templates of all files play a part, too.
    known: { answer: (index, namespace) => index.knows(type, namespace) },
  };
  sources.set(type, made);
  return made;
}

const WORLD: Source = { answer: index => index.settings };
const NAMESPACES: Source = { answer: index => index.namespaces() };
const NONE: readonly never[] = [];
const TEMPLATES: Source = { answer: index => index.hasTemplates };

/**
 * All resources of a workspace by name: a fold of its files. What has not changed is taken from the index before. What is
 * asked of it can be recorded, to tell later whether a conclusion still holds.
 */
export class Index {
  /** Stands for this index where it must not be held. */
  readonly versions: Versions;
  readonly #settings: EffectiveSettings;
  readonly #hasTemplates: boolean;
  readonly #types: ReadonlyMap<ResourceType, TypeIndex>;
  readonly #facts = new Map<Fact<unknown>, KeptFact>();
  /** Those of the indexes before, which may hold. */
  readonly #factsBefore: Map<Fact<unknown>, KeptFact>;
  readonly #groups = new Map<Groups<unknown>, Grouped<unknown>>();
  readonly #groupsBefore: Map<Groups<unknown>, Grouped<unknown>>;
  #reads: Reads | undefined;
  #names: readonly string[] | undefined;

  constructor(files: ReadonlyMap<FileId, SourceFile>, settings: EffectiveSettings, before?: IndexBefore) {
    this.#settings = settings;
    let hasTemplates = false;
    for (const file of files.values()) hasTemplates ||= file.hasTemplates;
    this.#hasTemplates = hasTemplates;
    this.#types = typesOf(
      files,
      before === undefined ? undefined : { files: before.files, types: before.index.#types },
    );
    this.versions = { settings, types: new Map([...this.#types].map(([type, { all }]) => [type, versionOf(all)])) };
    this.#factsBefore =
      before === undefined ? new Map() : new Map([...before.index.#factsBefore, ...before.index.#facts]);
    this.#groupsBefore =
      before === undefined ? new Map() : new Map([...before.index.#groupsBefore, ...before.index.#groups]);
  }

  /** Records what some work reads. What it reads counts for recorded work around it, too. */
  record<T>(reads: Reads, work: () => T): T {
    const outer = this.#reads;
    this.#reads = reads;
    // Settings are read by their own way, too.
    reads.add(WORLD, '', this.#settings);
    try {
      return work();
    } finally {
      this.#reads = outer;
      reads.hold(this);
      outer?.include(reads);
    }
  }

  /** What was read when a conclusion was drawn that is taken now. */
  recall(reads: Reads): void {
    this.#reads?.include(reads);
  }

  /** Work of which nothing is recorded: its reader tells by itself what it depends on. */
  unrecorded<T>(work: () => T): T {
    const outer = this.#reads;
    this.#reads = undefined;
    try {
      return work();
    } finally {
      this.#reads = outer;
    }
  }

  fact<T>(fact: Fact<T>): T {
    const value = this.#valueOf(fact);
    this.#reads?.add(fact, '', value);
    return value;
  }

  /** One group; `undefined` where there is none. */
  group<V>(groups: Groups<V>, key: string): readonly V[] | undefined {
    const values = this.#grouped(groups).groups.get(key)?.values;
    this.#reads?.add(groups, key, values);
    return values;
  }

  #grouped<V>(groups: Groups<V>): Grouped<V> {
    const known = this.#groups.get(groups) as Grouped<V> | undefined;
    if (known !== undefined) return known;
    const before = this.#groupsBefore.get(groups) as Grouped<V> | undefined;
    this.#groupsBefore.delete(groups);
    const all = this.#types.get(groups.type)?.all ?? NONE;
    const settings = this.#settings;
    const made =
      before === undefined
        ? groups.make(all, settings)
        : before.all === all && before.settings === settings
          ? before
          : groups.update(before, all, settings);
    this.#groups.set(groups, made);
    return made;
  }

  #valueOf<T>(fact: Fact<T>): T {
    const known = this.#facts.get(fact);
    if (known !== undefined) return known.value as T;
    const before = this.#factsBefore.get(fact);
    this.#factsBefore.delete(fact);
    const isKept = before !== undefined && this.unrecorded(() => before.reads.holdIn(this));
    const reads = new Reads();
    const made = isKept ? before : { value: this.unrecorded(() => this.record(reads, () => fact.make(this))), reads };
    this.#facts.set(fact, made);
    return made.value as T;
  }

  get settings(): EffectiveSettings {
    this.#reads?.add(WORLD, '', this.#settings);
    return this.#settings;
  }

  get hasTemplates(): boolean {
    this.#reads?.add(TEMPLATES, '', this.#hasTemplates);
    return this.#hasTemplates;
  }

  /** All resources of a type in Pilot's order. */
  all<K extends ResourceType>(type: K): readonly OfType<K>[] {
    const all = this.#types.get(type)?.all ?? NONE;
    this.#reads?.add(sourcesOf(type).all, '', all);
    return all as readonly OfType<K>[];
  }

  /** All resources of other types than one: lists that are the same objects while nothing of their type has changed. */
  allBut(type: ResourceType): readonly (readonly TypedResource[])[] {
    const types = [...this.#types.keys()].filter(other => other !== type).sort();
    return types.map(other => this.#types.get(other)?.all ?? []);
  }

  /** Resources by `namespace/name`; more than one when a name is defined twice. */
  find<K extends ResourceType>(type: K, key: string): readonly OfType<K>[] {
    const found = this.#types.get(type)?.byKey.get(key) ?? NONE;
    this.#reads?.add(sourcesOf(type).found, key, found);
    return found as readonly OfType<K>[];
  }

  /** The resources of a type with a name, in whatever namespace. */
  named<K extends ResourceType>(type: K, name: string): readonly OfType<K>[] {
    return (this.group(namesOf(type), name) ?? NONE) as readonly OfType<K>[];
  }

  /**
   * Whether the workspace seems to hold all resources of a type in a namespace: it holds some, or the settings say so.
   * Only then does “not found” mean that there is none.
   */
  knows(type: ResourceType, namespace: string): boolean {
    const known =
      this.unrecorded(() => this.owns(namespace)) ||
      (!this.#hasTemplates && (this.#types.get(type)?.counts.get(namespace) ?? 0) > 0);
    this.#reads?.add(sourcesOf(type).known, namespace, known);
    return known;
  }

  /** The settings say that the workspace holds everything of this namespace. */
  owns(namespace: string): boolean {
    const { ownedNamespaces } = this.settings;
    return ownedNamespaces.includes('*') || ownedNamespaces.includes(namespace);
  }

  /** The names of all namespaces in which there is something, sorted. */
  namespaces(): readonly string[] {
    const names = this.#namespaces();
    this.#reads?.add(NAMESPACES, '', names);
    return names;
  }

  #namespaces(): readonly string[] {
    if (this.#names !== undefined) return this.#names;
    const names = new Set([...this.#types.values()].flatMap(({ counts }) => [...counts.keys()]));
    for (const { name } of this.unrecorded(() => this.all('Namespace'))) names.add(name);
    names.delete('');
    this.#names = [...names].sort();
    return this.#names;
  }

  /** Hosts of Services and ServiceEntries by full name in lower case; wildcards stand under their own name. */
  get services(): ReadonlyMap<string, readonly MeshService[]> {
    return this.fact(servicesByHost);
  }

  /** What defines a host, given by its full name in lower case, or a wildcard by its own name. */
  servicesOf(host: string): readonly MeshService[] | undefined {
    const [services, entries] = [this.group(hostsOfServices, host), this.group(hostsOfEntries, host)];
    if (services === undefined || entries === undefined) return services ?? entries;
    return [...services, ...entries];
  }

  /** The wildcards that ServiceEntries have as host. */
  get wildcardServices(): readonly string[] {
    return distinct(this.group(hostsOfEntries, WILDCARDS)?.map(({ host }) => host));
  }

  /** DestinationRules by the full name of their host, wildcards under their own name. */
  get rulesByHost(): ReadonlyMap<string, readonly DestinationRule[]> {
    return this.fact(rulesByHost);
  }

  /** The DestinationRules of a host, given by its full name in lower case, or of a wildcard. */
  rulesOf(host: string): readonly DestinationRule[] | undefined {
    return this.group(hostsOfRules, host);
  }

  /** The wildcards that DestinationRules are for. */
  get wildcardRules(): readonly string[] {
    const { clusterDomain } = this.settings.mesh;
    return distinct(this.group(hostsOfRules, WILDCARDS)?.map(rule => hostOf(rule, clusterDomain)));
  }

  gateway(key: string): Gateway | undefined {
    return this.find('Gateway', key)[0];
  }

  virtualService(key: string): VirtualService | undefined {
    return this.find('VirtualService', key)[0];
  }
}

const versions = new WeakMap<readonly TypedResource[], object>();

/** Stands for a list that is not to be held. */
function versionOf(list: readonly TypedResource[]): object {
  const known = versions.get(list) ?? {};
  versions.set(list, known);
  return known;
}

/** The key of a group of all that have a wildcard for a host; no host is called so. */
const WILDCARDS = '*…';

const hostsOfServices = Groups.of('Service', (service, { mesh }) => {
  const found = meshService(service, mesh.clusterDomain);
  return [[found.host, found]];
});

const hostsOfEntries = Groups.of('ServiceEntry', entry =>
  serviceEntryServices(entry).flatMap(found =>
    (found.host.startsWith('*') ? [found.host, WILDCARDS] : [found.host]).map(key => [key, found] as const),
  ),
);

const servicesByHost = new Fact((index): ReadonlyMap<string, readonly MeshService[]> => {
  const groups = new Map<string, MeshService[]>();
  const { clusterDomain } = index.settings.mesh;
  for (const service of index.all('Service')) {
    const found = meshService(service, clusterDomain);
    push(groups, found.host, found);
  }
  for (const entry of index.all('ServiceEntry'))
    for (const found of serviceEntryServices(entry)) push(groups, found.host, found);
  return groups;
});

const hostsOfRules = Groups.of('DestinationRule', (rule, { mesh }) => {
  if (rule.host === undefined) return [];
  const host = hostOf(rule, mesh.clusterDomain);
  return (host.startsWith('*') ? [host, WILDCARDS] : [host]).map(key => [key, rule] as const);
});

const rulesByHost = new Fact((index): ReadonlyMap<string, readonly DestinationRule[]> => {
  const rules = new Map<string, DestinationRule[]>();
  for (const rule of index.all('DestinationRule'))
    if (rule.host !== undefined) push(rules, hostOf(rule, index.settings.mesh.clusterDomain), rule);
  return rules;
});

/** The full name of the host of a rule in lower case; empty without one. */
function hostOf({ host, namespace }: DestinationRule, clusterDomain: string): string {
  return host === undefined ? '' : resolveHost(host.value, namespace, clusterDomain).toLowerCase();
}

function distinct(names: readonly string[] | undefined): readonly string[] {
  return names === undefined ? NONE : [...new Set(names)];
}

const byName = new Map<ResourceType, Groups<TypedResource>>();

/** The resources of a type by name, whatever their namespace. */
function namesOf(type: ResourceType): Groups<TypedResource> {
  const known = byName.get(type) ?? Groups.of(type, (resource: TypedResource) => [[resource.name, resource]]);
  byName.set(type, known);
  return known;
}
