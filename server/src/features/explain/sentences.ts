import type { ConsideredView, FaultView, HeaderChangeView, TimeoutView } from '../../contract/explain.ts';
import { formatDuration, parseDuration } from '../../model/duration.ts';
import type { FailedCondition } from '../../routing/explain/conditions.ts';
import type { Faults } from '../../routing/explain/evaluate.ts';
import type { HeaderChange } from '../../routing/explain/headers.ts';
import type { Timing } from '../../routing/explain/timing.ts';
import type { ChosenHost } from '../../routing/explain/virtual-host.ts';
import { COMMAND_OPERATORS, operatorsIn } from '../command-operators.ts';
import { percentText } from '../route-rows.ts';

/** `path is /v1/x, but must start with /api`: why a route was passed over. */
export function failureSentence({ subject, expected, actual, field }: FailedCondition): string {
  const has = field === 'claim' ? `${subject} is unknown: the request has ${actual}` : `${subject} is ${actual}`;
  return `${has}, but ${must(expected)}`;
}

/** `starts with /api` → `must start with /api` */
function must(expected: string): string {
  return `must ${expected
    .replace(/^is (?=not )/, '')
    .replace(/^does /, '')
    .replace(/^is /, 'be ')
    .replace(/^not (?!start|match)/, 'not be ')
    .replace(/^starts /, 'start ')
    .replace(/^matches /, 'match ')}`;
}

/** Why a virtual host was chosen. */
export function hostReason({ by, domain }: ChosenHost): string {
  switch (by) {
    case 'exact':
      return `${domain} is the host asked for`;
    case 'suffix':
      return `${domain} is the longest wildcard that fits; no exact name does`;
    case 'prefix':
      return `${domain} is the longest wildcard that fits; no exact name and no *.suffix does`;
    case 'any':
      return 'no other name fits, and * takes any host';
  }
}

/** The limits of a route, and how long a client may wait at worst. */
export function timeoutView(timing: Timing, faults: Faults): TimeoutView {
  const { timeout, retries, perTryTimeout, retryOn, worstCase } = timing;
  const delay =
    faults.delay === undefined || faults.delay.percent === 0 ? 0 : (parseDuration(faults.delay.duration) ?? 0);
  const total = worstCase === undefined ? undefined : worstCase + delay;
  const behind = delay === 0 ? '' : `, the injected delay of ${formatDuration(delay)} included`;
  const tries = retries === 0 ? 'one try, no retries' : `${retries + 1} tries at most`;
  const each = perTryTimeout === undefined ? '' : ` of ${formatDuration(perTryTimeout)} each`;
  const limit =
    total === undefined
      ? 'no limit: no timeout is written'
      : timing.because === 'timeout'
        ? `at most ${formatDuration(total)}: the timeout holds for all tries together${behind}`
        : `at most ${formatDuration(total)}: all tries and the pauses between them${behind}`;
  const on = retries === 0 ? '' : `, a new one on ${retryOn.split(',').join(', ')}`;
  return {
    timeout,
    retries,
    perTryTimeout,
    retryOn,
    worstCase: total,
    text: `${limit}; ${tries}${each}${on}`,
  };
}

/** What the fault filter does, with its odds. */
export function faultViews({ delay, abort }: Faults): readonly FaultView[] {
  const views: FaultView[] = [];
  if (delay !== undefined) {
    const time = formatDuration(parseDuration(delay.duration) ?? 0);
    const text =
      delay.percent === 0
        ? `never delayed by ${time}: the percentage is 0`
        : `${odds(delay.percent)} delayed by ${time} first`;
    views.push({ kind: 'delay', percent: delay.percent, text });
  }
  if (abort !== undefined) {
    const code = abort.grpcStatus === undefined ? `${abort.status}` : `gRPC status ${abort.grpcStatus}`;
    const text =
      abort.percent === 0
        ? `never answered with ${code}: the percentage is 0`
        : `${odds(abort.percent)} answered with ${code} by the proxy itself`;
    views.push({ kind: 'abort', percent: abort.percent, text });
  }
  return views;
}

function odds(percent: number): string {
  return percent >= 100 ? 'every request is' : `${percentText(percent)} of the requests are`;
}

/** A change of a header with its command operators explained. */
export function headerChangeView(change: HeaderChange, cluster: string | undefined): HeaderChangeView {
  const { on, operation, name, value, becomes } = change;
  const operators = operatorsIn(value).map(({ name: operator }) => ({
    name: operator,
    meaning: COMMAND_OPERATORS.get(operator) ?? 'not an operator of Envoy’s',
  }));
  const shown = becomes === value ? undefined : becomes;
  const result = shown === undefined ? '' : shown === '' ? ' (nothing here, so no header)' : ` (here: ${shown})`;
  const told = operators
    .filter(() => shown === undefined)
    .map(({ name: operator, meaning }) => `${operator}: ${meaning}`);
  return {
    on,
    operation,
    name,
    value,
    becomes: shown,
    operators,
    cluster,
    text: `${operation} ${name}${operation === 'remove' ? '' : `: ${value}${result}`}${told.length === 0 ? '' : ` (${told.join('; ')})`}`,
  };
}

/** `#3 of 7, reviews-v2`: a route by its place. */
export function routeLabel({ order, name }: Pick<ConsideredView, 'order' | 'name'>): string {
  return name === '' ? `#${order}` : `#${order} ${name}`;
}
