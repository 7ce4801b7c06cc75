import { expect, test } from 'vitest';
import { patienceFlag } from '../../../server/src/node/engine.ts';

test.each([
  ['11.3.244.8-node.33', '--interrupt-budget=675840'],
  ['12.4.254.21-node.57', '--invocation-count-for-turbofan=30000'],
  ['13.6.233.17-node.53', undefined],
  ['', undefined],
])('V8 %s is told %s', (version, flag) => {
  expect(patienceFlag(version)).toBe(flag);
});
