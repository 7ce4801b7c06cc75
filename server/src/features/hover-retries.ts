import { formatDuration } from '../model/duration.ts';
import { DEFAULT_ATTEMPTS } from '../routing/retries.ts';
import { child, type MapNode, stringOf, type YamlNode } from '../yaml/node.ts';
import { type HoverPoint, mapAround } from './hover-point.ts';
import { blocks, bold, code, table, warning } from './markdown.ts';
import { durationOf, flagOf, numberOf, setting } from './node-values.ts';

/** The conditions of Istio's default policy that can come true: it lists no status codes (`PILOT.md` 7, retries). */
const DEFAULT_RETRY_ON = 'connect-failure,refused-stream,unavailable,cancelled';
const DEFAULT_BACKOFF = 25;

/**
 * On `retries`, `timeout` and `route` of an HTTP rule, and on `attempts` and `perTryTimeout`: the retries in force and
 * the longest time that a request can take.
 */
export function retriesHover(point: HoverPoint): string | undefined {
  const { place, on } = point;
  if (on !== 'key') return undefined;
  if (place?.type === 'HTTPRoute') {
    const rule = mapAround(point, 0);
    if (rule === undefined) return undefined;
    if (place.fieldName === 'retries') return blocks([policyTable(rule), worstCase(rule)]);
    if (place.fieldName === 'timeout') return blocks([`Retries: ${policyText(rule)}.`, worstCase(rule)]);
    if (place.fieldName === 'route') return `Timeout: ${timeoutText(rule)}. Retries: ${policyText(rule)}.`;
    return undefined;
  }
  const isPart = place?.type === 'HTTPRetry' && (place.fieldName === 'attempts' || place.fieldName === 'perTryTimeout');
  const rule = isPart ? mapAround(point, 1) : undefined;
  return rule === undefined ? undefined : worstCase(rule);
}

interface EffectiveRetries {
  /** Tries besides the first; 0: retries are off. */
  readonly attempts: number;
  readonly perTry: number | undefined;
  readonly timeout: number | undefined;
  readonly isDefault: boolean;
}

/** Without `retries` Istio's default holds; with it, missing `attempts` are 0 (`PILOT.md` 7). */
function effectiveRetries(rule: MapNode): EffectiveRetries {
  const retries = child(rule, 'retries');
  const isDefault = retries?.kind !== 'map';
  return {
    attempts: isDefault ? DEFAULT_ATTEMPTS : Math.max(0, numberOf(retries, 'attempts') ?? 0),
    perTry: durationOf(retries, 'perTryTimeout'),
    timeout: durationOf(rule, 'timeout'),
    isDefault,
  };
}

function policyTable(rule: MapNode): string | undefined {
  const retries = child(rule, 'retries');
  const { attempts, perTry } = effectiveRetries(rule);
  if (attempts === 0)
    return warning('Retries are **off**: `attempts` is 0 or missing. Only without `retries` the default of 2 holds.');
  const backoff = durationOf(retries, 'backoff') ?? DEFAULT_BACKOFF;
  const rows = table(
    ['setting', 'value', 'from'],
    [
      setting(retries, 'attempts', `${attempts}: up to ${attempts + 1} tries`),
      setting(retries, 'perTryTimeout', perTry === undefined ? 'none' : formatDuration(perTry)),
      setting(retries, 'retryOn', conditions(retries)),
      setting(retries, 'backoff', `${formatDuration(backoff)}, grows up to ${formatDuration(10 * backoff)}`),
      setting(retries, 'retryRemoteLocalities', String(flagOf(retries, 'retryRemoteLocalities') ?? false)),
      setting(retries, 'retryIgnorePreviousHosts', String(flagOf(retries, 'retryIgnorePreviousHosts') ?? true)),
    ],
  );
  return blocks([bold('With the defaults filled in:'), rows]);
}

function conditions(retries: YamlNode | undefined): string {
  return (stringOf(child(retries, 'retryOn')) || DEFAULT_RETRY_ON).split(',').map(code).join(', ');
}

function policyText(rule: MapNode): string {
  const { attempts, perTry, timeout, isDefault } = effectiveRetries(rule);
  if (attempts === 0) return bold('off');
  const limit =
    perTry === undefined || (timeout !== undefined && perTry >= timeout)
      ? ''
      : `, each try at most ${formatDuration(perTry)}`;
  return `${bold(String(attempts))}${isDefault ? " (Istio's default)" : ''} on ${conditions(child(rule, 'retries'))}${limit}`;
}

function timeoutText(rule: MapNode): string {
  const timeout = durationOf(rule, 'timeout');
  return timeout === undefined ? `${bold('none')} (Istio's default)` : bold(formatDuration(timeout));
}

/**
 * The longest time of a request: `timeout`, or the time of all tries if that is less. A `perTryTimeout` that is not
 * less than `timeout` is ignored by Envoy.
 */
function worstCase(rule: MapNode): string {
  const { attempts, perTry, timeout } = effectiveRetries(rule);
  const tries = attempts + 1;
  const limited = perTry !== undefined && attempts > 0 && (timeout === undefined || perTry < timeout);
  const all = limited ? tries * perTry : undefined;
  if (all === undefined) {
    if (timeout === undefined)
      return 'A request may take **any time**: there is neither `timeout` nor `perTryTimeout`.';
    const ignored =
      perTry !== undefined && attempts > 0 ? ' `perTryTimeout` is not less than `timeout`, so Envoy ignores it.' : '';
    const shared =
      attempts > 0 ? ' The first try and all retries share it; a try that hangs leaves nothing for the others.' : '';
    return `A request takes at most ${bold(formatDuration(timeout))} (${code('timeout')}).${ignored}${ignored === '' ? shared : ''}`;
  }
  const product = `${tries} tries × ${formatDuration(perTry ?? 0)} = ${formatDuration(all)}`;
  if (timeout === undefined)
    return `A request takes at most ${bold(formatDuration(all))} and the pauses between tries: ${product}.`;
  if (all < timeout)
    return `A request takes at most ${bold(formatDuration(all))} and the pauses between tries: ${product}, less than ${code('timeout')} (${formatDuration(timeout)}).`;
  const late =
    all > timeout
      ? 'so the last tries may be cut off or never happen'
      : 'which leaves no time for the pauses between tries';
  return `A request takes at most ${bold(formatDuration(timeout))} (${code('timeout')}). All tries would take ${product}, ${late}.`;
}
