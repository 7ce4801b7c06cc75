import { parseDuration } from '../model/duration.ts';
import type { CorsPolicy, Fault, Percent } from '../model/virtual-service.ts';
import { type EnvoyCors, type EnvoyFault, type EnvoyFractionalPercent, protoDuration } from './envoy.ts';
import { stringMatcher } from './match.ts';

/** Codes of gRPC's statuses by name. */
const GRPC_CODES: readonly string[] = [
  'OK',
  'CANCELLED',
  'UNKNOWN',
  'INVALID_ARGUMENT',
  'DEADLINE_EXCEEDED',
  'NOT_FOUND',
  'ALREADY_EXISTS',
  'PERMISSION_DENIED',
  'RESOURCE_EXHAUSTED',
  'FAILED_PRECONDITION',
  'ABORTED',
  'OUT_OF_RANGE',
  'UNIMPLEMENTED',
  'INTERNAL',
  'UNAVAILABLE',
  'DATA_LOSS',
  'UNAUTHENTICATED',
];

/** Istio's `percentage` as parts of a million. */
export function perMillion(percent: Percent): EnvoyFractionalPercent {
  const numerator = Math.trunc((percent.value?.value ?? 0) * 10_000);
  return numerator === 0 ? { denominator: 'MILLION' } : { numerator, denominator: 'MILLION' };
}

/** An old integer percentage: parts of a hundred. */
export function perHundred(percent: number): EnvoyFractionalPercent {
  return percent === 0 ? {} : { numerator: percent };
}

/** Percent of a fraction, 0 to 100. */
export function percentOf(fraction: EnvoyFractionalPercent): number {
  return ((fraction.numerator ?? 0) / (fraction.denominator === 'MILLION' ? 1_000_000 : 100)) * 100;
}

/**
 * The fault filter's settings (`PILOT.md` 7, fault). Without a percentage a fault has 0 % and never strikes; a delay
 * without a duration, or an abort without a status, is left out.
 */
export function faultConfig(fault: Fault): EnvoyFault {
  const config: { -readonly [K in keyof EnvoyFault]: EnvoyFault[K] } = {
    '@type': 'type.googleapis.com/envoy.extensions.filters.http.fault.v3.HTTPFault',
  };
  const delay = parseDuration(fault.delay?.fixedDelay?.value ?? '');
  if (fault.delay !== undefined && delay !== undefined) {
    const { percentage, percent } = fault.delay;
    const share = percentage !== undefined ? perMillion(percentage) : perHundred(percent?.value ?? 0);
    config.delay = { fixedDelay: protoDuration(delay), percentage: share };
  }
  const { httpStatus, grpcStatus, percentage } = fault.abort ?? {};
  const share = percentage === undefined ? {} : { percentage: perMillion(percentage) };
  if (httpStatus !== undefined) config.abort = { httpStatus: httpStatus.value, ...share };
  else if (grpcStatus !== undefined) {
    const code = GRPC_CODES.indexOf(grpcStatus.value);
    if (code >= 0) config.abort = { grpcStatus: code, ...share };
  }
  return config;
}

/** The CORS filter's settings (`PILOT.md` 7, corsPolicy). */
export function corsConfig(cors: CorsPolicy): EnvoyCors {
  const origins = [
    ...cors.allowOrigins.map(stringMatcher).filter(matcher => matcher !== undefined),
    ...cors.allowOrigin.map(({ value }) => ({ exact: value })),
  ];
  const words = (list: CorsPolicy['allowMethods']): string => list.map(({ value }) => value).join(',');
  const maxAge = parseDuration(cors.maxAge?.value ?? '');
  return {
    '@type': 'type.googleapis.com/envoy.extensions.filters.http.cors.v3.CorsPolicy',
    ...(origins.length === 0 ? {} : { allowOriginStringMatch: origins }),
    ...(cors.allowMethods.length === 0 ? {} : { allowMethods: words(cors.allowMethods) }),
    ...(cors.allowHeaders.length === 0 ? {} : { allowHeaders: words(cors.allowHeaders) }),
    ...(cors.exposeHeaders.length === 0 ? {} : { exposeHeaders: words(cors.exposeHeaders) }),
    ...(maxAge === undefined ? {} : { maxAge: String(Math.trunc(maxAge / 1000)) }),
    ...(cors.allowCredentials === undefined ? {} : { allowCredentials: cors.allowCredentials.value }),
    forwardNotMatchingPreflights: cors.unmatchedPreflights?.value !== 'IGNORE',
    filterEnabled: { defaultValue: { numerator: 100 } },
  };
}
