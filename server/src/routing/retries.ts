import { parseDuration } from '../model/duration.ts';
import type { Retries } from '../model/virtual-service.ts';
import { type EnvoyExtension, type EnvoyRetryPolicy, protoDuration } from './envoy.ts';
import type { MeshRetryPolicy } from './mesh.ts';

export const DEFAULT_RETRY_ON = 'connect-failure,refused-stream,unavailable,cancelled,retriable-status-codes';
export const DEFAULT_ATTEMPTS = 2;

const PREVIOUS_HOSTS: EnvoyExtension = {
  name: 'envoy.retry_host_predicates.previous_hosts',
  typedConfig: { '@type': 'type.googleapis.com/envoy.extensions.retry.host.previous_hosts.v3.PreviousHostsPredicate' },
};
const PREVIOUS_PRIORITIES: EnvoyExtension = {
  name: 'envoy.retry_priorities.previous_priorities',
  typedConfig: {
    '@type': 'type.googleapis.com/envoy.extensions.retry.priority.previous_priorities.v3.PreviousPrioritiesConfig',
    updateFrequency: 2,
  },
};

const DEFAULT_RETRIES = { retryOn: DEFAULT_RETRY_ON, numRetries: DEFAULT_ATTEMPTS };
/** One object for all routes that write nothing, so that most of them are known by their identity. */
const DEFAULT_POLICY: EnvoyRetryPolicy = {
  hostSelectionRetryMaxAttempts: '5',
  retryHostPredicate: [PREVIOUS_HOSTS],
  ...DEFAULT_RETRIES,
};
const DEFAULT_TEXT = JSON.stringify(DEFAULT_POLICY);

/**
 * The retry policy of a rule (`PILOT.md` 7, Istio `retry.ConvertPolicy`).
 *
 * @param hashed the single destination is chosen by consistent hash: a retry goes to the same host again
 * @param unset what counts where the rule says nothing: the mesh's default policy, if it has one
 * @returns `undefined` when retries are switched off
 */
export function retryPolicy(
  retries: Retries | undefined,
  hashed: boolean,
  unset: MeshRetryPolicy | undefined,
): EnvoyRetryPolicy | undefined {
  const policy = retries === undefined ? unset : plain(retries);
  const predicate =
    hashed || policy?.retryIgnorePreviousHosts === false ? {} : { retryHostPredicate: [PREVIOUS_HOSTS] };
  const base = { hostSelectionRetryMaxAttempts: '5', ...predicate };
  if (policy === undefined) return hashed ? { ...base, ...DEFAULT_RETRIES } : DEFAULT_POLICY;
  const attempts = policy.attempts ?? 0;
  if (attempts <= 0) return undefined;
  const conditions = splitRetryOn(policy.retryOn ?? '');
  const perTry = parseDuration(policy.perTryTimeout ?? '');
  const backoff = parseDuration(policy.backoff ?? '');
  return {
    ...base,
    retryOn: conditions?.retryOn ?? DEFAULT_RETRY_ON,
    numRetries: attempts,
    ...(conditions === undefined || conditions.codes.length === 0 ? {} : { retriableStatusCodes: conditions.codes }),
    ...(perTry === undefined ? {} : { perTryTimeout: protoDuration(perTry) }),
    ...(policy.retryRemoteLocalities === true ? { retryPriority: PREVIOUS_PRIORITIES } : {}),
    ...(backoff === undefined ? {} : { retryBackOff: { baseInterval: protoDuration(backoff) } }),
  };
}

function plain(retries: Retries): MeshRetryPolicy {
  const fields = [
    'attempts',
    'perTryTimeout',
    'retryOn',
    'retryRemoteLocalities',
    'retryIgnorePreviousHosts',
    'backoff',
  ] as const;
  return Object.fromEntries(
    fields.flatMap(field => {
      const at = retries[field];
      return at === undefined ? [] : [[field, at.value]];
    }),
  );
}

/** Numbers in `retryOn` are status codes; they bring `retriable-status-codes` along. */
function splitRetryOn(text: string): { retryOn: string; codes: readonly number[] } | undefined {
  if (text === '') return undefined;
  const words = text.split(',');
  const codes = words.filter(isStatusCode).map(Number);
  let retryOn = words.filter(word => !isStatusCode(word)).join(',');
  if (codes.length > 0 && !retryOn.includes('retriable-status-codes')) retryOn += ',retriable-status-codes';
  return { retryOn, codes };
}

function isStatusCode(word: string): boolean {
  return /^\d+$/.test(word);
}

/** Whether a policy is Istio's default one. */
export function isDefaultRetryPolicy(policy: EnvoyRetryPolicy): boolean {
  return policy === DEFAULT_POLICY || JSON.stringify(policy) === DEFAULT_TEXT;
}
