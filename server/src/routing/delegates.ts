import type { Entry } from '../model/reader.ts';
import type { StringMatch, VirtualService } from '../model/virtual-service.ts';
import type { Located } from '../text/range.ts';
import type { LeftOut, LeftOutReason } from './left-out.ts';
import { defaultExportTo, type MeshSettings } from './mesh.ts';
import { type PreparedMatch, type PreparedRule, resolvedRules } from './prepare.ts';

/** Puts the rules of delegates in the place of the rules that name them (`PILOT.md` 2.2, Istio `MergeHTTPRoutes`). */
export function expandDelegates(
  root: VirtualService,
  rules: readonly PreparedRule[],
  byName: ReadonlyMap<string, VirtualService>,
  settings: Pick<MeshSettings, 'clusterDomain' | 'defaultVirtualServiceExportTo'>,
): { rules: readonly PreparedRule[]; leftOut: readonly LeftOut[] } {
  if (!rules.some(rule => rule.delegate !== undefined)) return { rules, leftOut: [] };
  const leftOut: LeftOut[] = [];
  const result: PreparedRule[] = [];
  for (const rule of rules) {
    if (rule.delegate === undefined) {
      result.push(rule);
      continue;
    }
    const name = rule.delegate.name?.value ?? '';
    const namespace = rule.delegate.namespace?.value || root.namespace;
    const delegate = byName.get(`${namespace}/${name}`);
    const fault = delegateFault(delegate, root, settings);
    if (delegate === undefined || fault !== undefined) {
      leftOut.push({
        reason: fault ?? 'unknown-delegate',
        resource: root,
        at: rule.delegate.at,
        rule: nameOf(rule),
        detail: `${namespace}/${name}`,
      });
      continue;
    }
    for (const inner of resolvedRules(delegate, settings.clusterDomain)) {
      const merged = mergeRule(rule, inner);
      if (merged !== undefined) result.push(merged);
      else {
        const by = { resource: root, at: rule.at };
        leftOut.push({ reason: 'delegate-conflict', resource: delegate, at: inner.at, rule: nameOf(inner), by });
      }
    }
  }
  return { rules: result, leftOut };
}

/** Why a VirtualService cannot stand in for a rule. */
function delegateFault(
  delegate: VirtualService | undefined,
  root: VirtualService,
  settings: Parameters<typeof isExported>[2],
): LeftOutReason | undefined {
  if (delegate === undefined) return 'unknown-delegate';
  if (delegate.hosts.length > 0) return 'delegate-with-hosts';
  return isExported(delegate, root.namespace, settings) ? undefined : 'delegate-not-exported';
}

export function nameOf(rule: PreparedRule): string {
  return rule.name || `http[${rule.index}]`;
}

function isExported(
  delegate: VirtualService,
  namespace: string,
  { defaultVirtualServiceExportTo }: Pick<MeshSettings, 'defaultVirtualServiceExportTo'>,
): boolean {
  const written = delegate.exportTo.map(({ value }) => value);
  const words = written.length === 0 ? [defaultExportTo(defaultVirtualServiceExportTo)] : written;
  return words.some(word => word === '*' || word === namespace || (word === '.' && delegate.namespace === namespace));
}

/** `undefined` when some match of the delegate fits no match of the root: then the whole rule is dropped. */
function mergeRule(root: PreparedRule, delegate: PreparedRule): PreparedRule | undefined {
  const match = mergeMatches(root.match, delegate.match);
  if (match === undefined) return undefined;
  return {
    ...delegate,
    name: joined(root.name, delegate.name),
    match,
    rewrite: delegate.rewrite ?? root.rewrite,
    directResponse: delegate.directResponse ?? root.directResponse,
    timeout: delegate.timeout ?? root.timeout,
    retries: delegate.retries ?? root.retries,
    fault: delegate.fault ?? root.fault,
    mirror: delegate.mirror ?? root.mirror,
    mirrorPercent: delegate.mirrorPercent ?? root.mirrorPercent,
    mirrorPercentage: delegate.mirrorPercentage ?? root.mirrorPercentage,
    mirrors: delegate.mirrors.length > 0 ? delegate.mirrors : root.mirrors,
    corsPolicy: delegate.corsPolicy ?? root.corsPolicy,
    headers: delegate.headers ?? root.headers,
    delegate: undefined,
    delegatedBy: root.source,
  };
}

function joined(root: string, delegate: string): string {
  return root !== '' && delegate !== '' ? `${root}-${delegate}` : root || delegate;
}

function mergeMatches(
  root: readonly PreparedMatch[],
  delegate: readonly PreparedMatch[],
): readonly PreparedMatch[] | undefined {
  if (root.length === 0) return delegate;
  if (delegate.length === 0) return root;
  const merged: PreparedMatch[] = [];
  for (const inner of delegate) {
    const fitting = root.filter(outer => !conflicts(outer, inner));
    if (fitting.length === 0) return undefined;
    for (const outer of fitting) merged.push(mergeMatch(outer, inner));
  }
  return merged;
}

function mergeMatch(root: PreparedMatch, delegate: PreparedMatch): PreparedMatch {
  return {
    ...delegate,
    name: joined(root.name, delegate.name),
    uri: delegate.uri ?? root.uri,
    scheme: delegate.scheme ?? root.scheme,
    method: delegate.method ?? root.method,
    authority: delegate.authority ?? root.authority,
    headers: mergeEntries(root.headers, delegate.headers),
    withoutHeaders: mergeEntries(root.withoutHeaders, delegate.withoutHeaders),
    queryParams: mergeEntries(root.queryParams, delegate.queryParams),
    ignoreUriCase: delegate.ignoreUriCase?.value === true ? delegate.ignoreUriCase : root.ignoreUriCase,
    port: isSet(delegate.port) ? delegate.port : root.port,
    sourceLabels: mergeEntries(root.sourceLabels, delegate.sourceLabels),
    sourceNamespace: delegate.sourceNamespace?.value ? delegate.sourceNamespace : root.sourceNamespace,
    gateways: delegate.gateways.length > 0 ? delegate.gateways : root.gateways,
    statPrefix: delegate.statPrefix?.value ? delegate.statPrefix : root.statPrefix,
  };
}

function mergeEntries<T>(root: readonly Entry<T>[], delegate: readonly Entry<T>[]): readonly Entry<T>[] {
  if (root.length === 0) return delegate;
  const own = new Set(delegate.map(({ key }) => key.value));
  return [...root.filter(({ key }) => !own.has(key.value)), ...delegate];
}

function conflicts(root: PreparedMatch, delegate: PreparedMatch): boolean {
  for (const field of ['uri', 'scheme', 'method', 'authority'] as const) {
    if (stringConflict(root[field], delegate[field])) return true;
  }
  for (const field of ['headers', 'withoutHeaders', 'queryParams'] as const) {
    for (const { key, value } of delegate[field]) {
      const outer = root[field].find(entry => entry.key.value === key.value);
      if (outer !== undefined && stringConflict(outer.value, value)) return true;
    }
  }
  if ((root.ignoreUriCase?.value === true) !== (delegate.ignoreUriCase?.value === true)) return true;
  if (isSet(root.port) && isSet(delegate.port) && root.port?.value !== delegate.port?.value) return true;
  for (const { key, value } of delegate.sourceLabels) {
    const outer = root.sourceLabels.find(entry => entry.key.value === key.value);
    if (outer !== undefined && outer.value.value !== value.value) return true;
  }
  const sourceNamespace = root.sourceNamespace?.value ?? '';
  if (sourceNamespace !== '' && sourceNamespace !== (delegate.sourceNamespace?.value ?? '')) return true;
  if (root.gateways.length > 0 && delegate.gateways.length > 0) {
    return !delegate.gateways.every(name => root.gateways.includes(name));
  }
  return false;
}

function isSet(port: Located<number> | undefined): boolean {
  return port !== undefined && port.value !== 0;
}

/** Istio `stringMatchConflict`: a regex fits nothing, a prefix holds what begins with it, an exact value only itself. */
function stringConflict(root: StringMatch | undefined, delegate: StringMatch | undefined): boolean {
  if (root === undefined || delegate === undefined) return false;
  if (root.kind === 'regex' || delegate.kind === 'regex') return true;
  const [outer, inner] = [root.value?.value ?? '', delegate.value?.value ?? ''];
  if (root.kind === 'exact') return delegate.kind !== 'exact' || outer !== inner;
  if (root.kind === 'prefix') return delegate.kind === 'present' || !inner.startsWith(outer);
  return true;
}
