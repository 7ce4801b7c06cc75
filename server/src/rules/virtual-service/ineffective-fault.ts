import type { Fault, HttpRoute, Percent, VirtualService } from '../../model/virtual-service.ts';
import type { Span } from '../../text/range.ts';
import { addEntry, hasEntry, keyAt, mapAt, replaceWith } from '../edits.ts';
import { type Finding, type Fix, resourceRule } from '../rule.ts';
import { isForSomeClients } from './conditions.ts';

/** What a fix sets where a fault on all requests would hit every client. */
const CAREFUL_PERCENTAGE = 10;

export const ineffectiveFault = resourceRule({
  id: 'virtual-service/ineffective-fault',
  severity: 'warning',
  on: ['VirtualService'],
  per: 'route',
  summary: 'A fault that never strikes.',
  why: 'A delay or an abort without `percentage` has 0 percent, not 100. Without `fixedDelay`, or without a status, Istio leaves it out.',
  remedy: 'Write `percentage: {value: …}` with the share of requests that the fault is for.',
  invalid: `
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: ratings }
spec:
  hosts: [ratings]
  http:
    - fault: { delay: { fixedDelay: 3s } }
      route: [{ destination: { host: ratings } }]
`,
  valid: `
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: ratings }
spec:
  hosts: [ratings]
  http:
    - fault: { delay: { fixedDelay: 3s, percentage: { value: 50 } } }
      route: [{ destination: { host: ratings } }]
`,
  *check(vs) {
    for (const rule of vs.http) {
      if (rule.fault === undefined) continue;
      yield* delayFindings(vs, rule.fault);
      yield* abortFindings(vs, rule, rule.fault);
    }
  },
});

function* delayFindings(vs: VirtualService, { delay }: Fault): Iterable<Finding> {
  if (delay === undefined) return;
  const map = mapAt(vs.document, delay.at);
  if (delay.fixedDelay === undefined) {
    // What is written there is refused for another reason.
    if (hasEntry(map, 'fixedDelay') || hasEntry(map, 'exponentialDelay')) return;
    yield { at: keyAt(vs.document, delay.at), message: 'this delay has no "fixedDelay", so no request is delayed' };
    return;
  }
  const percent = delay.percentage === undefined ? delay.percent : undefined;
  if (percent !== undefined) {
    if (percent.value === 0)
      yield {
        at: percent,
        message: 'this delay is for 0 percent of the requests, so it never strikes',
        severity: 'information',
      };
    return;
  }
  yield* percentageFindings(vs, 'delay', delay, 100);
}

function* abortFindings(vs: VirtualService, rule: HttpRoute, { abort }: Fault): Iterable<Finding> {
  if (abort === undefined) return;
  const map = mapAt(vs.document, abort.at);
  if (abort.httpStatus === undefined && abort.grpcStatus === undefined) {
    if (['httpStatus', 'grpcStatus', 'http2Error'].some(key => hasEntry(map, key))) return;
    const message = 'this abort has neither "httpStatus" nor "grpcStatus", so no request is aborted';
    yield { at: keyAt(vs.document, abort.at), message, codes: ['IST0133', 'VS-45'] };
    return;
  }
  yield* percentageFindings(vs, 'abort', abort, isForSomeClients(rule) ? 100 : CAREFUL_PERCENTAGE);
}

function* percentageFindings(
  vs: VirtualService,
  kind: 'delay' | 'abort',
  { at, percentage }: { at: Span; percentage: Percent | undefined },
  target: number,
): Iterable<Finding> {
  const effect = kind === 'delay' ? 'delayed' : 'aborted';
  if (percentage?.value?.value === 0) {
    const message = `this ${kind} is for 0 percent of the requests, so it never strikes`;
    yield { at: percentage.value, message, severity: 'information' };
  } else if (percentage?.value === undefined) {
    if (percentage !== undefined && hasEntry(mapAt(vs.document, percentage.at), 'value')) return;
    const message = `this ${kind} has no percentage, which means 0 percent: no request is ${effect}`;
    yield { at: keyAt(vs.document, at), message, fixes: percentageFix(vs, at, percentage, target) };
  }
}

function percentageFix(vs: VirtualService, at: Span, percentage: Percent | undefined, target: number): readonly Fix[] {
  const title = `Set the percentage to ${target}`;
  if (percentage !== undefined) {
    return [{ title, edits: [replaceWith(percentage.at, `{value: ${target}}`)], preferred: true }];
  }
  const map = mapAt(vs.document, at);
  if (map === undefined) return [];
  return [{ title, edits: [addEntry(vs.document, map, `percentage: {value: ${target}}`)], preferred: true }];
}
