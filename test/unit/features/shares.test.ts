import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { sharesOf, shareText } from '../../../server/src/features/shares.ts';

describe('sharesOf', () => {
  test.each([
    [[0], [100]],
    [[undefined], [100]],
    [
      [60, 30],
      [66.7, 33.3],
    ],
    [
      [100, 100],
      [50, 50],
    ],
    [
      [100, undefined],
      [100, 0],
    ],
    [
      [0, undefined],
      [0, 0],
    ],
    [[], []],
  ])('%j → %j', (weights, shares) => {
    expect(sharesOf(weights).map(share => Math.round(share * 10) / 10)).toEqual(shares);
  });

  test('shares add up to 100, or to nothing', () => {
    fc.assert(
      fc.property(fc.array(fc.option(fc.nat(1000), { nil: undefined }), { minLength: 1, maxLength: 8 }), weights => {
        const sum = sharesOf(weights).reduce((a, b) => a + b, 0);
        const total = weights.reduce<number>((a, b) => a + (b ?? 0), 0);
        expect(sum).toBeCloseTo(weights.length === 1 || total > 0 ? 100 : 0);
      }),
    );
  });
});

test.each([
  [0, '0 %'],
  [0.02, '0.02 %'],
  [0.5, '0.5 %'],
  [66.666, '67 %'],
  [99.98, '99.9 %'],
  [99.5, '99.5 %'],
  [100, '100 %'],
])('a share of %f reads %s', (share, text) => {
  expect(shareText(share)).toBe(text);
});
