import type { DestinationRule, OutlierDetection } from '../../model/destination-rule.ts';
import { formatDuration, parseDuration } from '../../model/duration.ts';
import type { Located } from '../../text/range.ts';
import { replaceString, replaceWith } from '../edits.ts';
import { type Finding, resourceRule } from '../rule.ts';
import { outlierDetectionsOf } from './policies.ts';

interface Range {
  readonly least: number;
  readonly most: number;
  /** What a smaller value brings about. */
  readonly below: string;
  /** What a larger value brings about. */
  readonly above: string;
}

const COUNT: Range = {
  least: 3,
  most: 5,
  below: 'a few unlucky requests eject a healthy host',
  above: 'a broken host stays in use for long',
};
const RANGES = {
  consecutive5xxErrors: COUNT,
  consecutiveLocalOriginFailures: COUNT,
  interval: {
    least: 10_000,
    most: 30_000,
    below: 'ejected hosts are looked at more often than anybody needs',
    above: 'hosts come back late',
  },
  baseEjectionTime: {
    least: 30_000,
    most: 60_000,
    below: 'a host comes back before it has recovered',
    above: 'a host that has recovered is kept out for long',
  },
  maxEjectionPercent: {
    least: 30,
    most: 50,
    below: '',
    above: 'the hosts that are left may get more load than they can carry',
  },
} satisfies Partial<Record<keyof OutlierDetection, Range>>;

export const riskyOutlierDetection = resourceRule({
  id: 'destination-rule/risky-outlier-detection',
  severity: 'hint',
  on: ['DestinationRule'],
  summary: 'A value of outlier detection outside the range that has proved itself.',
  why: 'Too sensitive, outlier detection takes healthy hosts out of use; too dull, it leaves broken ones in. Usual are 3 to 5 errors in a row, an interval of 10 to 30 seconds, an ejection of 30 to 60 seconds and at most 30 to 50 percent of the hosts.',
  remedy: 'Use a value of the usual range, unless you have measured that another one is better for this service.',
  invalid: `
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: reviews }
spec:
  host: reviews
  trafficPolicy:
    outlierDetection:
      consecutive5xxErrors: 50
      interval: 10s
`,
  valid: `
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: reviews }
spec:
  host: reviews
  trafficPolicy:
    outlierDetection:
      consecutive5xxErrors: 5
      interval: 10s
`,
  *check(rule) {
    for (const block of outlierDetectionsOf(rule)) {
      // 0 does not mean “few”: it switches a count off, and a percentage back to the default.
      for (const name of ['consecutive5xxErrors', 'consecutiveLocalOriginFailures'] as const) {
        const value = block[name];
        if (value !== undefined && value.value > 0) yield* countFindings(name, value, RANGES[name]);
      }
      for (const name of ['interval', 'baseEjectionTime'] as const) {
        const value = block[name];
        if (value !== undefined) yield* durationFindings(rule, name, value, RANGES[name]);
      }
      const percent = block.maxEjectionPercent;
      if (percent === undefined || percent.value < 1 || percent.value > 100) continue;
      const hosts = Math.ceil(100 / percent.value);
      const below = `of fewer than ${hosts} hosts none is ever ejected`;
      yield* countFindings('maxEjectionPercent', percent, { ...RANGES.maxEjectionPercent, below });
    }
  },
});

function* countFindings(name: string, value: Located<number>, range: Range): Iterable<Finding> {
  const found = outside(name, value.value, range, String);
  if (found === undefined) return;
  const fixes = [{ title: `Change to ${found.nearest}`, edits: [replaceWith(value, String(found.nearest))] }];
  yield { at: value, message: found.message, fixes };
}

function* durationFindings(
  rule: DestinationRule,
  name: string,
  value: Located<string>,
  range: Range,
): Iterable<Finding> {
  const milliseconds = parseDuration(value.value);
  if (milliseconds === undefined || milliseconds < 1) return;
  const found = outside(name, milliseconds, range, formatDuration);
  if (found === undefined) return;
  const text = formatDuration(found.nearest);
  yield {
    at: value,
    message: found.message,
    fixes: [{ title: `Change to ${text}`, edits: [replaceString(rule.document, value, text)] }],
  };
}

function outside(
  name: string,
  value: number,
  { least, most, below, above }: Range,
  text: (value: number) => string,
): { nearest: number; message: string } | undefined {
  if (value >= least && value <= most) return undefined;
  const effect = value < least ? below : above;
  const message = `"${name}" is ${text(value)}, so ${effect}; ${text(least)} to ${text(most)} are usual`;
  return { nearest: value < least ? least : most, message };
}
