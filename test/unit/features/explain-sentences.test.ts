import { expect, test } from 'vitest';
import { failureSentence } from '../../../server/src/features/explain/sentences.ts';
import type { EnvoyHeaderMatcher, EnvoyStringMatcher } from '../../../server/src/routing/envoy.ts';
import { firstFailure } from '../../../server/src/routing/explain/conditions.ts';

const request = {
  method: 'GET',
  scheme: 'http',
  authority: 'a',
  path: '/',
  query: '',
  headers: [['x', 'v1']] as const,
};

const header = (stringMatch: EnvoyStringMatcher | undefined, invert: boolean): EnvoyHeaderMatcher => ({
  name: 'x',
  ...(stringMatch === undefined ? { presentMatch: true } : { stringMatch }),
  ...(invert ? { invertMatch: true } : {}),
});

test.each<[EnvoyStringMatcher | undefined, boolean, string]>([
  [{ exact: 'v2' }, false, 'header x is v1, but must be v2'],
  [{ prefix: 'w' }, false, 'header x is v1, but must start with w'],
  [{ safeRegex: { regex: 'w.' } }, false, 'header x is v1, but must match w.'],
  [undefined, true, 'header x is v1, but must be absent'],
  [{ exact: 'v1' }, true, 'header x is v1, but must not be v1'],
  [{ prefix: 'v' }, true, 'header x is v1, but must not start with v'],
  [{ safeRegex: { regex: 'v.' } }, true, 'header x is v1, but must not match v.'],
])('%j, inverted %s: %s', (matcher, invert, sentence) => {
  const failed = firstFailure({ prefix: '/', headers: [header(matcher, invert)] }, request);
  expect(failed && failureSentence(failed)).toBe(sentence);
});

test('a claim is unknown without a verified token', () => {
  const value = { orMatch: { valueMatchers: [{ stringMatch: { exact: 'admin' } }] } };
  const path = [{ key: 'payload' }, { key: 'role' }];
  const failed = firstFailure({ prefix: '/', dynamicMetadata: [{ filter: 'jwt', path, value }] }, request);
  expect(failed && failureSentence(failed)).toBe(
    'JWT claim role is unknown: the request has no verified token, but must be admin',
  );
});
