import type { TypedResource } from '../../model/decode.ts';
import type { Visit } from '../../schema/walk.ts';
import { resolve, type ScalarNode } from '../../yaml/node.ts';
import { refusal } from '../codes.ts';
import { removeEntry, replaceString } from '../edits.ts';
import { type Finding, type Fix, ISTIO_TYPES, resourceRule } from '../rule.ts';
import { quoted } from '../words.ts';
import { goDuration } from './go-duration.ts';
import { at } from './problems.ts';
import { visitsOf } from './visits.ts';

export const invalidDuration = resourceRule({
  id: 'schema/invalid-duration',
  severity: 'error',
  on: ISTIO_TYPES,
  per: 'route',
  summary: 'A time that Istio does not take as a duration.',
  why: 'Durations are numbers with a unit, such as `1h30m`, `5s` or `250ms`; almost everywhere they must be at least `1ms`, in whole milliseconds. The API server or Istio refuses anything else.',
  remedy: 'Add the unit, or round to milliseconds. To have no timeout, leave the field out.',
  invalid: `
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: reviews }
spec:
  hosts: [reviews]
  http:
    - timeout: 5
      route: [{ destination: { host: reviews } }]
`,
  valid: `
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: reviews }
spec:
  hosts: [reviews]
  http:
    - timeout: 5s
      route: [{ destination: { host: reviews } }]
`,
  codes: ['IST0106', 'COM-01', 'COM-02', 'CEL-01'],
  refuses: true,
  *check(resource, { schemas }) {
    for (const visit of visitsOf(resource, schemas.facts)) {
      const value = resolve(visit.node);
      if (visit.field.value !== 'duration' || visit.shape.type !== 'string' || value?.kind !== 'scalar') continue;
      if (typeof value.value !== 'string' && typeof value.value !== 'number') continue;
      const finding = judge(resource, visit, value);
      if (finding !== undefined) yield finding;
    }
  },
});

/** What is asked of a duration beyond its form (`VALIDATION.md` part 1 COM-01, COM-02; part 2, CEL rules). */
type Bounds = 'none' | 'one-millisecond' | 'zero-or-milliseconds' | 'whole-seconds' | 'milliseconds';

const BOUNDS: Readonly<Record<string, Bounds>> = {
  // Neither the CRD nor Istio's validation looks at these; `ttl: 0s` is a cookie for the session.
  'HTTPCookie.ttl': 'none',
  'BackendUtilization.weightExpirationPeriod': 'none',
  'BackendUtilization.weightStabilizationPeriod': 'none',
  'BackendUtilization.weightUpdatePeriod': 'none',
  'RetryBudget.budgetInterval': 'none',
  // Only the API server looks at these.
  'Metrics.reportingInterval': 'one-millisecond',
  'LoadBalancerSettings.warmupDurationSecs': 'one-millisecond',
  // Zero switches it off.
  'TCPSettings.idleTimeout': 'zero-or-milliseconds',
  'CorsPolicy.maxAge': 'whole-seconds',
};

/** The ids of our list of what Istio judges that speak of a field (`schemas/validation.yaml`). */
const FIELD_IDS: Readonly<Record<string, string>> = {
  'CorsPolicy.maxAge': 'VS-39',
  'FaultDelay.fixedDelay': 'VS-46',
  'HTTPRetry.perTryTimeout': 'VS-65',
  'HTTPRetry.backoff': 'VS-65',
  'HTTPRoute.timeout': 'VS-71',
  'OutlierDetection.baseEjectionTime': 'DR-12',
  'OutlierDetection.interval': 'DR-12',
  'HTTPSettings.idleTimeout': 'DR-22',
  'HTTP2KeepAlive.interval': 'DR-24',
  'HTTP2KeepAlive.timeout': 'DR-25',
  'TCPSettings.connectTimeout': 'DR-27',
  'TCPSettings.maxConnectionDuration': 'DR-27',
  'TCPSettings.idleTimeout': 'DR-28',
  'TcpKeepalive.time': 'DR-29',
  'TcpKeepalive.interval': 'DR-29',
  'WarmupConfiguration.duration': 'DR-50',
  'JWTRule.timeout': 'RA-12',
};

const MILLISECOND = 1_000_000n;

function judge(resource: TypedResource, visit: Visit, value: ScalarNode): Finding | undefined {
  const text = value.source;
  const bounds = BOUNDS[`${visit.type}.${visit.fieldName}`] ?? 'milliseconds';
  const found = (message: string, id: string, fixes: readonly Fix[] = []): Finding => ({
    at: at(resource, value),
    message,
    fixes,
    codes: refusal(...idsOf(resource, visit), id),
  });
  const length = typeof value.value === 'number' ? undefined : goDuration(text);
  if (length === undefined) return found(malformed(text), 'CEL-01', repair(resource, value, text));
  if (bounds === 'none' || (length === 0n && bounds === 'zero-or-milliseconds')) return undefined;
  if (length < MILLISECOND) {
    const finding = found(tooShort(text, length, visit), 'COM-01', length === 0n ? removal(resource, visit) : []);
    return bounds === 'one-millisecond' ? { ...finding, refuses: false, codes: ['CEL-01'] } : finding;
  }
  if (bounds === 'one-millisecond') return undefined;
  if (length % MILLISECOND !== 0n)
    return found(`${quoted(text)} is no whole number of milliseconds, and Istio takes nothing finer`, 'COM-02');
  if (bounds === 'whole-seconds' && length % (1000n * MILLISECOND) !== 0n) {
    const message = `${quoted(text)} is no whole number of seconds, and ${quoted(visit.fieldName)} takes nothing finer`;
    return found(message, 'COM-02');
  }
  return undefined;
}

function idsOf({ kind }: TypedResource, { type, fieldName, path }: Visit): readonly string[] {
  const id = FIELD_IDS[`${type}.${fieldName}`];
  if (id === undefined) return [];
  if (kind === 'Sidecar') return ['SC-20'];
  return path.includes('portLevelSettings') ? [id, 'DR-61'] : [id];
}

function malformed(text: string): string {
  if (/^\d+(\.\d+)?$/.test(text))
    return `${quoted(text)} has no unit: write "${text}s" for seconds, "${text}ms" for milliseconds`;
  const unit = /^[\d.]+\s*([A-Za-z]+)$/.exec(text)?.[1];
  if (unit !== undefined && !/^(h|m|s|ms|us|ns)$/.test(unit))
    return `${quoted(text)} is no duration: ${quoted(unit)} is no unit, only h, m, s and ms are`;
  return `${quoted(text)} is no duration such as "1h30m", "5s" or "250ms"`;
}

function tooShort(text: string, length: bigint, { type, fieldName }: Visit): string {
  if (length < 0n) return `${quoted(text)} is negative, and a duration must be at least 1ms`;
  const remedy =
    length === 0n && type === 'HTTPRoute' && fieldName === 'timeout' ? ': to have no timeout, leave it out' : '';
  return `${quoted(text)} is less than 1ms, the shortest duration that Istio takes${remedy}`;
}

const UNITS: readonly (readonly [RegExp, string])[] = [
  [/^(s|secs?|seconds?)$/i, 's'],
  [/^(m|mins?|minutes?)$/, 'm'],
  [/^(mins?|minutes?)$/i, 'm'],
  [/^(h|hrs?|hours?)$/i, 'h'],
  [/^(ms|msecs?|millis?|milliseconds?)$/i, 'ms'],
];

/** Seconds for a bare number, as everywhere else in Istio's world; other units where they are plain. */
function repair(resource: TypedResource, value: ScalarNode, text: string): readonly Fix[] {
  const [, number, unit = ''] = /^(\d+(?:\.\d+)?)\s*([A-Za-z]*)$/.exec(text) ?? [];
  if (number === undefined) return [];
  let meant: string | undefined;
  if (unit === '') meant = `${number}s`;
  else if (/^d(ays?)?$/i.test(unit)) meant = number.includes('.') ? undefined : `${BigInt(number) * 24n}h`;
  else meant = UNITS.filter(([names]) => names.test(unit)).map(([, short]) => `${number}${short}`)[0];
  const length = meant === undefined ? undefined : goDuration(meant);
  if (meant === undefined || length === undefined || length < MILLISECOND || length % MILLISECOND !== 0n) return [];
  const edit = replaceString(resource.document, at(resource, value), meant);
  return [{ title: `Change to "${meant}"`, edits: [edit], preferred: true }];
}

/** Without the field a route has no timeout, which is what zero means. */
function removal(resource: TypedResource, { type, fieldName, object, entry }: Visit): readonly Fix[] {
  if (type !== 'HTTPRoute' || fieldName !== 'timeout' || entry === undefined) return [];
  const edit = removeEntry(resource.document, object, fieldName);
  return edit === undefined ? [] : [{ title: 'Remove "timeout"', edits: [edit] }];
}
