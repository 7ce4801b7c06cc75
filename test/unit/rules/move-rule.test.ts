import { expect, test } from 'vitest';
import { applyFix, findingsOf } from '../../harness/findings.ts';
import { snapshotOf } from '../../harness/fixtures.ts';

const HEAD = `apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: shop }
spec:
  hosts: [shop]
  http:
`;
const API = `    # everything of the API
    - match: [{ uri: { prefix: /api } }]
      route: [{ destination: { host: api } }]
`;
const HEALTH = `
    - match: [{ uri: { exact: /health } }]
      route: [{ destination: { host: health } }]
`;
const V2 = `    # the new one,
    # which is narrower
    - match: [{ uri: { prefix: /api/v2 } }]
      route: [{ destination: { host: api-v2 } }] # canary
`;

function moved(text: string): string | undefined {
  const snapshot = snapshotOf([{ path: 'a.yaml', text }]);
  const fix = findingsOf(snapshot)
    .flatMap(({ fixes = [] }) => fixes)
    .find(({ title }) => title.startsWith('Move the rule'));
  return fix === undefined ? undefined : applyFix(snapshot, fix).get('a.yaml');
}

test.each([
  ['with what follows', HEAD + API + HEALTH + V2 + HEALTH, HEAD + V2 + API + HEALTH + HEALTH],
  ['at the end', HEAD + API + HEALTH + V2, HEAD + V2 + API + HEALTH],
  ['at the end, without a line break', (HEAD + API + V2).trimEnd(), (HEAD + V2 + API).trimEnd()],
  [
    'with the line breaks of Windows',
    (HEAD + API + V2 + HEALTH).replaceAll('\n', '\r\n'),
    (HEAD + V2 + API + HEALTH).replaceAll('\n', '\r\n'),
  ],
])('a rule is moved up with its comments, %s', (_, text, expected) => {
  expect(moved(text)).toBe(expected);
});

test('a rule that would take everything from the other one stays where it is', () => {
  expect(moved(HEAD + API + API)).toBeUndefined();
});
