import { parseDuration } from '../../model/duration.ts';
import type { EnvoyRouteAction } from '../envoy.ts';

/** How long a client may have to wait for a route, and how often the service is tried. Times in milliseconds. */
export interface Timing {
  /** `undefined`: none. */
  readonly timeout: number | undefined;
  /** Retries besides the first try. */
  readonly retries: number;
  readonly perTryTimeout: number | undefined;
  readonly retryOn: string;
  /** The longest that a client waits for a service that never answers; `undefined`: for ever. */
  readonly worstCase: number | undefined;
  /** What the worst case is made of. */
  readonly because: 'timeout' | 'tries' | 'unlimited';
}

/** Envoy's base of the back-off between tries, and how many times the base it grows to at most. */
const BACK_OFF = 25;
const BACK_OFF_LIMIT = 10;

/**
 * Envoy's limits of a route (`PILOT.md` 7, timeout and retries): the timeout holds for all tries together; without one,
 * each try by itself and the pauses between them add up.
 */
export function timingOf(route: EnvoyRouteAction): Timing {
  const timeout = parseDuration(route.timeout) || undefined;
  const policy = route.retryPolicy;
  const retries = policy?.numRetries ?? 0;
  const perTryTimeout = parseDuration(policy?.perTryTimeout ?? '') || undefined;
  const base = parseDuration(policy?.retryBackOff?.baseInterval ?? '') || BACK_OFF;
  const tries = perTryTimeout === undefined ? undefined : (retries + 1) * perTryTimeout + pauses(retries, base);
  const limits = [timeout, tries].filter(limit => limit !== undefined);
  const worstCase = limits.length === 0 ? undefined : Math.min(...limits);
  return {
    timeout,
    retries,
    perTryTimeout,
    retryOn: policy?.retryOn ?? '',
    worstCase,
    because: worstCase === undefined ? 'unlimited' : worstCase === timeout ? 'timeout' : 'tries',
  };
}

/** The pauses before each retry at their longest: `(2^n - 1) × base`, at most ten times the base. */
function pauses(retries: number, base: number): number {
  let sum = 0;
  for (let i = 1; i <= Math.min(retries, 4); i++) sum += Math.min(2 ** i - 1, BACK_OFF_LIMIT) * base;
  return sum + Math.max(0, retries - 4) * BACK_OFF_LIMIT * base;
}
