import { percent } from '../rules/words.ts';

/**
 * The real share of each destination of a rule in percent (`PILOT.md` 7, weights): one destination gets everything,
 * several share by weight, and a missing weight is 0. All shares are 0 where the weights add up to nothing, which Istio
 * refuses.
 */
export function sharesOf(weights: readonly (number | undefined)[]): readonly number[] {
  if (weights.length === 1) return [100];
  const known = weights.map(weight => Math.max(0, weight ?? 0));
  const sum = known.reduce((a, b) => a + b, 0);
  return known.map(weight => (sum > 0 ? (100 * weight) / sum : 0));
}

/** A share as one would say it; what is not all or nothing does not read so: `67 %`, `0.02 %`, `99.9 %`. */
export function shareText(share: number): string {
  if (share > 0 && share < 1) return `${Number(share.toPrecision(2))} %`;
  if (share > 99 && share < 100) return `${Math.min(99.9, Math.round(share * 10) / 10)} %`;
  return percent(share);
}
