import { expect, test } from 'vitest';
import { conditionTexts, matchText } from '../../../server/src/features/match-text.ts';
import { snapshotOf } from '../../harness/fixtures.ts';

const MANIFEST = `
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: a }
spec:
  hosts: [a]
  http:
    - match:
        - uri: { prefix: /api }
          method: { exact: GET }
          authority: { regex: 'a.*' }
          scheme: { exact: https }
          headers: { x: {}, x-user: { exact: z } }
          withoutHeaders: { w: {} }
          queryParams: { q: { prefix: '1' } }
          port: 80
          sourceLabels: { app: b }
          sourceNamespace: ns
          gateways: [g]
        - {}
      route: [{ destination: { host: a } }]
`;

test('every condition of a match shows', () => {
  const [vs] = snapshotOf([{ path: 'a.yaml', text: MANIFEST }]).index.all('VirtualService');
  const [full, empty] = vs!.http[0]!.match;
  expect(conditionTexts(full!)).toEqual([
    '/api*',
    'GET',
    'authority ~a.*',
    'scheme https',
    'x',
    'x-user=z',
    'not w',
    '?q=1*',
    'port 80',
    'from app=b',
    'from namespace ns',
    'on g',
  ]);
  expect(conditionTexts(empty!)).toEqual([]);
});

test('entries are joined; an empty one takes everything', () => {
  expect(matchText([])).toBe('everything');
  expect(matchText([['/a'], []])).toBe('everything');
  expect(matchText([['/a', 'GET'], ['/b']])).toBe('/a and GET or /b');
  expect(matchText([['a'], ['b'], ['c'], ['d'], ['e']])).toBe('a or b or c or 2 more');
});
