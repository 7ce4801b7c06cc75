/**
 * Names that one resource gives and others use. Definition, references and rename are views of this module: what name
 * is at a place, where it is declared, where it is used.
 */

import type { TypedResource } from '../model/decode.ts';
import type { DestinationRule, PolicyBlocks } from '../model/destination-rule.ts';
import { parseServiceHost, resolveGatewayName, serviceHost } from '../model/host.ts';
import type { Entry } from '../model/reader.ts';
import { type Origin, originsOf } from '../model/references.ts';
import { keyOf } from '../model/resource.ts';
import { type FileId, type Located, type Span, span, type TextRange } from '../text/range.ts';
import type { Snapshot } from '../workspace/snapshot.ts';
import { locationAt, resolve } from '../yaml/node.ts';

/** What is named. Hosts are full names in lower case; keys are `namespace/name`. */
export type Name =
  | { readonly type: 'host'; readonly host: string }
  | { readonly type: 'port'; readonly host: string; readonly port: number }
  /** `host` is that of the DestinationRules, which may be a wildcard. */
  | { readonly type: 'subset'; readonly host: string; readonly subset: string }
  | { readonly type: 'gateway'; readonly key: string }
  | { readonly type: 'virtualService'; readonly key: string }
  | { readonly type: 'secret'; readonly secret: string }
  /** A label of the pods of a namespace. */
  | { readonly type: 'label'; readonly namespace: string; readonly label: string; readonly value: string };

/** A place that uses or declares a name. */
export interface NamePlace {
  readonly at: Span;
  /** More than one where a ServiceEntry has several hosts. */
  readonly names: readonly Name[];
  readonly role: 'use' | 'declaration';
  readonly resource: TypedResource;
  /** Set for uses that `originsOf` knows. */
  readonly origin: Origin | undefined;
  /** For a label of a subset or a selector: all labels that are asked for together. */
  readonly together: readonly Entry<Located<string>>[];
}

export interface Declaration {
  /** What is declared: a resource, or the part of it that has the name. */
  readonly at: Span;
  readonly nameAt: Span;
}

/**
 * The name at an offset of a file.
 *
 * @returns `at` is the word itself, also where it is an alias (`*name`) of a text elsewhere
 */
export function nameAt(snapshot: Snapshot, file: FileId, offset: number): NamePlace | undefined {
  const source = snapshot.file(file);
  const placed = source?.documentAt(offset);
  if (source === undefined || placed === undefined) return undefined;
  const location = locationAt(placed.document.root, offset - placed.offset);
  const scalar = location?.onKey?.key ?? resolve(location?.node);
  if (location === undefined || scalar?.kind !== 'scalar') return undefined;
  for (const resource of source.resourcesOf(placed.document) ?? []) {
    if (!within(resource.at, location.node)) continue;
    const [found] = placesOf(snapshot, resource, at => at.start === scalar.start && at.end === scalar.end);
    if (found !== undefined) return { ...found, at: span(placed.document, location.node) };
  }
  return undefined;
}

function within(outer: TextRange, inner: TextRange): boolean {
  return outer.start <= inner.start && inner.end <= outer.end;
}

/** Where the names of a place are declared; for a use, what counts for its resource before what counts elsewhere. */
export function declarationsOf(snapshot: Snapshot, place: NamePlace): readonly Declaration[] {
  const { origin } = place;
  if (origin?.type === 'subset') {
    const inForce = snapshot.references.destinationRule(origin.host.value, origin.resource.namespace);
    const subset = inForce?.subsets.find(({ name }) => name?.value === origin.at.value);
    if (subset?.name !== undefined) return [{ at: subset.at, nameAt: subset.name }];
  }
  const together = workloadsWith(snapshot, place.names[0], place.together);
  return together.length > 0 ? together : place.names.flatMap(name => declared(snapshot, name));
}

/** Every place that uses one of these names, in the order of the files. */
export function usesOf(snapshot: Snapshot, names: readonly Name[]): readonly Span[] {
  const wanted = new Set(names.map(keyOfName));
  const types = new Set(names.map(({ type }) => type));
  const found: Span[] = [];
  for (const file of snapshot.files.values()) {
    for (const resource of file.resources) {
      for (const place of placesOf(snapshot, resource, (_, type) => types.has(type))) {
        if (place.role === 'use' && place.names.some(name => wanted.has(keyOfName(name)))) found.push(place.at);
      }
    }
  }
  return found;
}

/** The name that an origin stands for; `undefined` for `mesh`, which is no Gateway. */
export function nameOf(snapshot: Snapshot, origin: Origin): Name | undefined {
  const { namespace } = origin.resource;
  switch (origin.type) {
    case 'host':
      return { type: 'host', host: identity(snapshot, origin.at.value, origin.resource) };
    case 'port':
      return { type: 'port', host: identity(snapshot, origin.host.value, origin.resource), port: origin.at.value };
    case 'subset':
      return {
        type: 'subset',
        host: subsetOwner(snapshot, origin.host.value, origin.at.value, namespace),
        subset: origin.at.value,
      };
    case 'gateway': {
      const key = resolveGatewayName(origin.at.value, namespace);
      return key === 'mesh' ? undefined : { type: 'gateway', key };
    }
    case 'delegate':
      return { type: 'virtualService', key: `${origin.namespace}/${origin.at.value}` };
    case 'secret':
      return { type: 'secret', secret: origin.at.value };
  }
}

function keyOfName(name: Name): string {
  return JSON.stringify(Object.values(name));
}

/** The host of the service that a name stands for: a wildcard's where only that covers it. */
function identity(snapshot: Snapshot, host: string, user: TypedResource): string {
  const full = snapshot.references.fullHost(host, user.namespace).toLowerCase();
  // A wildcard stands for many services, and names none of them.
  if (full.startsWith('*')) return full;
  const resolution = snapshot.references.host(host, user.namespace, user);
  return resolution.outcome === 'found' ? resolution.target.host : full;
}

/** The host of the DestinationRule that gives a subset: of the one in force, else of any for this host. */
function subsetOwner(snapshot: Snapshot, host: string, subset: string, namespace: string): string {
  const inForce = snapshot.references.destinationRule(host, namespace);
  if (inForce?.subsets.some(({ name }) => name?.value === subset) === true) return inForce.host;
  const rule = snapshot.references
    .rulesFor(host, namespace)
    .find(({ subsets }) => subsets.some(({ name }) => name?.value === subset));
  return snapshot.references.fullHost(rule?.host?.value ?? host, rule?.namespace ?? namespace).toLowerCase();
}

// ---------------------------------------------------------------- places

/** Whether a place is asked for: names are resolved for those places only. */
type Wanted = (at: Span, type: Name['type']) => boolean;

/** The names that a resource uses and declares. */
function placesOf(snapshot: Snapshot, resource: TypedResource, wanted: Wanted): readonly NamePlace[] {
  const places: NamePlace[] = [];
  const declare = (at: Span | undefined, type: Name['type'], names: () => readonly Name[]): void => {
    if (at !== undefined && wanted(at, type)) places.push({ ...NO_USE, at, names: names(), resource });
  };
  const labels = (role: NamePlace['role'], entries: readonly Entry<Located<string>>[], namespace: string): void => {
    for (const { key, value } of entries) {
      if (!wanted(value, 'label') && !wanted(key, 'label')) continue;
      const names = [{ type: 'label', namespace, label: key.value, value: value.value } as const];
      places.push({ ...NO_USE, at: value, names, role, resource, together: role === 'use' ? entries : [] });
    }
  };
  for (const origin of cachedOrigins(resource)) {
    if (!wanted(origin.at, origin.type === 'delegate' ? 'virtualService' : origin.type)) continue;
    const name = nameOf(snapshot, origin);
    if (name !== undefined) places.push({ ...NO_USE, at: origin.at, names: [name], role: 'use', resource, origin });
  }
  switch (resource.type) {
    case 'Service': {
      const host = serviceHost(resource.name, resource.namespace, snapshot.settings.mesh.clusterDomain);
      if (resource.name !== '') declare(resource.nameAt, 'host', () => [{ type: 'host', host }]);
      for (const { number, name } of resource.ports) {
        if (number === undefined) continue;
        for (const at of [number, name]) declare(at, 'port', () => [{ type: 'port', host, port: number.value }]);
      }
      labels('use', resource.selector, resource.namespace);
      break;
    }
    case 'ServiceEntry': {
      const hosts = resource.hosts.map(({ value }) => value.toLowerCase());
      if (resource.name !== '') declare(resource.nameAt, 'host', () => hosts.map(host => ({ type: 'host', host })));
      for (const at of resource.hosts) declare(at, 'host', () => [{ type: 'host', host: at.value.toLowerCase() }]);
      for (const { number, name } of resource.ports) {
        if (number === undefined) continue;
        for (const at of [number, name])
          declare(at, 'port', () => hosts.map(host => ({ type: 'port', host, port: number.value })));
      }
      break;
    }
    case 'DestinationRule': {
      const host = snapshot.references.fullHost(resource.host?.value ?? '', resource.namespace).toLowerCase();
      const namespace = parseServiceHost(host, snapshot.settings.mesh.clusterDomain)?.namespace ?? resource.namespace;
      for (const subset of resource.subsets) {
        const { name } = subset;
        if (name !== undefined) declare(name, 'subset', () => [{ type: 'subset', host, subset: name.value }]);
        labels('use', subset.labels, namespace);
      }
      for (const at of credentialNames(resource)) {
        if (wanted(at, 'secret'))
          places.push({ ...NO_USE, at, names: [{ type: 'secret', secret: at.value }], role: 'use', resource });
      }
      break;
    }
    case 'Gateway':
      if (resource.name !== '') declare(resource.nameAt, 'gateway', () => [{ type: 'gateway', key: keyOf(resource) }]);
      break;
    case 'VirtualService':
      if (resource.name !== '')
        declare(resource.nameAt, 'virtualService', () => [{ type: 'virtualService', key: keyOf(resource) }]);
      break;
    case 'Secret':
      if (resource.name !== '') declare(resource.nameAt, 'secret', () => [{ type: 'secret', secret: resource.name }]);
      break;
    case 'Workload':
      labels('declaration', resource.podLabels, resource.namespace);
      break;
    default:
      break;
  }
  return places;
}

const NO_USE = { role: 'declaration', origin: undefined, together: [] } as const;

const originsByResource = new WeakMap<TypedResource, readonly Origin[]>();

function cachedOrigins(resource: TypedResource): readonly Origin[] {
  const known = originsByResource.get(resource);
  if (known !== undefined) return known;
  const origins = originsOf(resource);
  originsByResource.set(resource, origins);
  return origins;
}

/** The Secrets with client certificates that a DestinationRule names. */
function credentialNames(rule: DestinationRule): readonly Located<string>[] {
  const policies = [rule.trafficPolicy, ...rule.subsets.map(subset => subset.trafficPolicy)];
  const all: (PolicyBlocks | undefined)[] = policies.flatMap(policy => [policy, ...(policy?.portLevelSettings ?? [])]);
  return all.map(policy => policy?.tls?.credentialName).filter(name => name !== undefined);
}

// ---------------------------------------------------------------- declarations

function declared(snapshot: Snapshot, name: Name): readonly Declaration[] {
  const { index } = snapshot;
  switch (name.type) {
    case 'host':
      return (index.services.get(name.host) ?? []).flatMap(({ resource }) => {
        if (resource === undefined) return [];
        if (resource.type === 'Service') return [whole(resource)];
        const host = resource.hosts.find(({ value }) => value.toLowerCase() === name.host);
        return [{ at: resource.at, nameAt: host ?? resource.nameAt }];
      });
    case 'port':
      return (index.services.get(name.host) ?? []).flatMap(({ resource }) =>
        (resource?.ports ?? []).flatMap(({ at, number }) =>
          number?.value === name.port ? [{ at, nameAt: number }] : [],
        ),
      );
    case 'subset':
      return (index.rulesByHost.get(name.host) ?? []).flatMap(({ subsets }) =>
        subsets.flatMap(subset => (subset.name?.value === name.subset ? [{ at: subset.at, nameAt: subset.name }] : [])),
      );
    case 'gateway':
      return index.find('Gateway', name.key).map(whole);
    case 'virtualService':
      return index.find('VirtualService', name.key).map(whole);
    case 'secret': {
      const all = index.all('Secret').filter(secret => secret.name === name.secret);
      const near = all.filter(({ namespace }) => namespace === snapshot.settings.mesh.gatewayNamespace);
      return (near.length > 0 ? near : all).map(whole);
    }
    case 'label':
      return index
        .all('Workload')
        .filter(({ namespace }) => namespace === name.namespace)
        .flatMap(workload => {
          const label = workload.podLabels.find(
            ({ key, value }) => key.value === name.label && value.value === name.value,
          );
          return label === undefined ? [] : [{ at: workload.at, nameAt: workload.nameAt }];
        });
  }
}

function whole(resource: TypedResource): Declaration {
  return { at: resource.at, nameAt: resource.nameAt };
}

/** The workloads of the namespace of a label whose pods carry all labels that are asked for together. */
function workloadsWith(
  snapshot: Snapshot,
  name: Name | undefined,
  labels: readonly Entry<Located<string>>[],
): readonly Declaration[] {
  if (name?.type !== 'label' || labels.length === 0) return [];
  return snapshot.index
    .all('Workload')
    .filter(({ namespace, podLabels }) => {
      const carries = ({ key, value }: Entry<Located<string>>): boolean =>
        podLabels.some(label => label.key.value === key.value && label.value.value === value.value);
      return namespace === name.namespace && labels.every(carries);
    })
    .map(whole);
}
