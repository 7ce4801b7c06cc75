import type { OutlierDetection, PolicyBlocks } from '../../model/destination-rule.ts';
import { hasEntry, mapAt, replaceWith } from '../edits.ts';
import { type Finding, resourceRule } from '../rule.ts';
import { policiesOf } from './policies.ts';

/** Envoy's own, which counts wherever there is a block (`PILOT.md` 8.7). */
const DEFAULT_5XX = 5;

export const ineffectiveOutlierDetection = resourceRule({
  id: 'destination-rule/ineffective-outlier-detection',
  severity: 'warning',
  on: ['DestinationRule'],
  summary: 'Outlier detection, or one of its counts, that never ejects a host.',
  why: 'A count of 0 is switched off. With `minHealthPercent: 100` the first ejection already brings Envoy into panic mode, in which it sends to all hosts, ejected ones too. And gateway errors are 5xx errors as well: their count is never reached before a lower or equal count of 5xx errors.',
  remedy:
    'Give at least one count a value, keep `minHealthPercent` well below 100, and the count of gateway errors below that of 5xx errors.',
  invalid: `
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: reviews }
spec:
  host: reviews
  trafficPolicy:
    outlierDetection:
      consecutive5xxErrors: 0
`,
  valid: `
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: reviews }
spec:
  host: reviews
  trafficPolicy:
    outlierDetection:
      consecutive5xxErrors: 0
      consecutiveGatewayErrors: 3
`,
  *check(rule) {
    for (const policy of policiesOf(rule)) {
      const block = policy.outlierDetection;
      if (block === undefined) continue;
      yield* switchedOff(policy, block);
      yield* alwaysInPanic(block);
      // From Istio 1.32 on, a list of codes can make one count see what the other does not.
      if (!hasEntry(mapAt(rule.document, block.at), 'outlierDetectionHttpErrorCodes')) yield* neverFirst(block);
    }
  },
});

function* switchedOff({ loadBalancer }: PolicyBlocks, block: OutlierDetection): Iterable<Finding> {
  const count = block.consecutive5xxErrors;
  if (count?.value !== 0 || (block.consecutiveGatewayErrors?.value ?? 0) > 0) return;
  // Failures of the connection have a count of their own then, which 0 does not switch off.
  if (block.splitExternalLocalOriginErrors?.value === true) return;
  // Locality failover wants the block, whether it ejects or not.
  if (loadBalancer?.localityLbSetting !== undefined || loadBalancer?.zoneAwareLbSetting !== undefined) return;
  yield {
    at: count,
    message: 'no host is ever ejected: 0 switches this count off, and no other is switched on',
    fixes: [{ title: `Change to ${DEFAULT_5XX}, the default`, edits: [replaceWith(count, String(DEFAULT_5XX))] }],
  };
}

function* alwaysInPanic({ minHealthPercent }: OutlierDetection): Iterable<Finding> {
  if (minHealthPercent?.value !== 100) return;
  yield {
    at: minHealthPercent,
    message:
      'no ejection ever counts: as soon as one host is out, less than 100 percent are healthy, and Envoy sends to all of them again',
  };
}

function* neverFirst({ consecutive5xxErrors, consecutiveGatewayErrors: gateway }: OutlierDetection): Iterable<Finding> {
  const limit = consecutive5xxErrors?.value ?? DEFAULT_5XX;
  if (gateway === undefined || limit === 0 || gateway.value < limit) return;
  const source = consecutive5xxErrors === undefined ? ', which is its default' : '';
  yield {
    at: gateway,
    message: `this count has no effect: gateway errors are 5xx errors too, and "consecutive5xxErrors" ejects after ${limit}${source}`,
    severity: 'information',
    ...(consecutive5xxErrors === undefined
      ? {}
      : { related: [{ at: consecutive5xxErrors, message: 'reached first' }] }),
  };
}
