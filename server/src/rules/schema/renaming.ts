import type { Visit } from '../../schema/walk.ts';
import type { SpanEdit } from '../../text/edit.ts';
import type { YamlDocument } from '../../yaml/document.ts';
import { effectiveEntriesOf, type MapEntry, resolve } from '../../yaml/node.ts';
import type { Fix } from '../rule.ts';
import { inBrackets, listEntry } from './type-fixes.ts';

/** The repair that writes the successor of an old field with the same meaning; `undefined` where there is none. */
export function renaming(document: YamlDocument, { type, fieldName, entry, object }: Visit): Fix | undefined {
  const edits = entry === undefined ? undefined : WAYS[`${type}.${fieldName}`]?.(document, entry);
  if (edits === undefined) return undefined;
  const { name } = edits;
  const taken = effectiveEntriesOf(object).some(
    ({ key }) => key.source === name || EXCLUDED[name]?.includes(key.source),
  );
  if (taken) return undefined;
  return { title: `Change to "${name}"`, edits: edits.edits, preferred: true };
}

/** Fields that exclude a successor, and would make it a new mistake. */
const EXCLUDED: Readonly<Record<string, readonly string[]>> = {
  ringHash: ['maglev'],
  targetRefs: ['selector'],
};

interface Renamed {
  /** The new key. */
  readonly name: string;
  readonly edits: readonly SpanEdit[];
}

type Way = (document: YamlDocument, entry: MapEntry) => Renamed | undefined;

const WAYS: Readonly<Record<string, Way>> = {
  'HTTPRoute.mirrorPercent': wrap('mirrorPercentage', 'value', isPercent),
  'HTTPRoute.mirror_percent': wrap('mirrorPercentage', 'value', isPercent),
  'FaultDelay.percent': wrap('percentage', 'value', isPercent),
  'OutlierDetection.consecutiveErrors': rename('consecutive5xxErrors'),
  'ConsistentHashLB.minimumRingSize': wrap('ringHash', 'minimumRingSize', value => typeof value === 'number'),
  'LoadBalancerSettings.warmupDurationSecs': wrap('warmup', 'duration', value => typeof value === 'string'),
  'JWTRule.jwks_uri': rename('jwksUri'),
  'CorsPolicy.allowOrigin': origins,
  'AuthorizationPolicySpec.targetRef': toList('targetRefs'),
  'RequestAuthenticationSpec.targetRef': toList('targetRefs'),
  'TelemetrySpec.targetRef': toList('targetRefs'),
  'WasmPluginSpec.targetRef': toList('targetRefs'),
};

function isPercent(value: unknown): boolean {
  return typeof value === 'number' && value >= 0 && value <= 100;
}

function rename(name: string): Way {
  return (document, { key, value }) => {
    const scalar = resolve(value);
    if (scalar?.kind !== 'scalar' || scalar.value === null) return undefined;
    return { name, edits: [keyEdit(document, key, name)] };
  };
}

/** `old: 5` becomes `name: { inner: 5 }`, in the quotes that the key has. */
function wrap(name: string, inner: string, fits: (value: unknown) => boolean): Way {
  return (document, { key, value }) => {
    if (value.kind !== 'scalar' || !fits(value.value) || value.style === 'literal' || value.style === 'folded')
      return undefined;
    const quote = quoteOf(document, key);
    const source = document.text.slice(value.start, value.end);
    const newText = `{ ${quote}${inner}${quote}: ${inBrackets(value, source)} }`;
    return {
      name,
      edits: [keyEdit(document, key, name), { anchor: document, start: value.start, end: value.end, newText }],
    };
  };
}

/** `old: {…}` becomes `name: [{…}]`, or the same with a dash. */
function toList(name: string): Way {
  return (document, { key, value }) =>
    value.kind === 'map' ? { name, edits: [keyEdit(document, key, name), ...listEntry(document, value)] } : undefined;
}

/** A list of origins becomes a list of exact matches; a wildcard has no exact form. */
function origins(document: YamlDocument, { key, value }: MapEntry): Renamed | undefined {
  if (value.kind !== 'seq') return undefined;
  const edits = [keyEdit(document, key, 'allowOrigins')];
  for (const item of value.items) {
    const isOneLine = item.kind === 'scalar' && item.style !== 'literal' && item.style !== 'folded';
    if (!isOneLine || typeof item.value !== 'string' || item.value.includes('*') || item.end === item.start)
      return undefined;
    const source = document.text.slice(item.start, item.end);
    const newText = `{ exact: ${inBrackets(item, source)} }`;
    edits.push({ anchor: document, start: item.start, end: item.end, newText });
  }
  return { name: 'allowOrigins', edits };
}

function keyEdit(document: YamlDocument, key: MapEntry['key'], name: string): SpanEdit {
  const quote = quoteOf(document, key);
  return { anchor: document, start: key.start, end: key.end, newText: `${quote}${name}${quote}` };
}

function quoteOf(document: YamlDocument, key: MapEntry['key']): string {
  const first = document.text[key.start];
  return first === '"' || first === "'" ? first : '';
}
