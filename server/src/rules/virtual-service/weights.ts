import type { VirtualService } from '../../model/virtual-service.ts';
import { hasEntry, mapAt } from '../edits.ts';
import type { RouteList } from './route-lists.ts';

/**
 * The weights of a list of destinations as Istio takes them: a missing one is 0 (`PILOT.md` 7).
 *
 * @returns `undefined` when some weight is not a whole number: the schema says what is wrong with it
 */
export function weightsOf(vs: VirtualService, { route }: RouteList): readonly number[] | undefined {
  const isUnreadable = route.some(({ at, weight }) =>
    weight === undefined ? hasEntry(mapAt(vs.document, at), 'weight') : !Number.isInteger(weight.value),
  );
  return isUnreadable ? undefined : route.map(({ weight }) => weight?.value ?? 0);
}

export function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

/**
 * Weights that add up to 100 in the same proportions, rounded by largest remainders; what was 0 stays 0.
 *
 * @returns `undefined` when rounding would leave a destination without requests
 */
export function balanced(weights: readonly number[]): readonly number[] | undefined {
  const total = sum(weights);
  const exact = weights.map(weight => (weight * 100) / total);
  const result = exact.map(Math.floor);
  const byRemainder = exact.map((share, index) => ({ index, remainder: share - Math.floor(share) }));
  byRemainder.sort((a, b) => b.remainder - a.remainder || a.index - b.index);
  for (const { index } of byRemainder.slice(0, 100 - sum(result))) result[index] = (result[index] ?? 0) + 1;
  return result.some((weight, index) => weight === 0 && weights[index] !== 0) ? undefined : result;
}
