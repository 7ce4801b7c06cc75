import { expect, test } from 'vitest';
import { selectedViews } from '../../../server/src/analysis.ts';
import { snapshotOf } from '../../harness/fixtures.ts';
import { placesOf } from '../../harness/places.ts';

const BASE = `apiVersion: v1
kind: Service
metadata: {name: a}
spec: {selector: {app: a}, ports: [{name: http, port: 80}]}
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: a}
spec: {host: a, subsets: [{name: v1, labels: {version: v1}}, {name: v2, labels: {version: v2}}]}
---
`;
const route = (destination: string): string => `apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: v}
spec: {hosts: [a], http: [{name: rule, route: [{destination: ${destination}}]}]}
---
`;
const workload = (kind: string, spec: string): string =>
  `apiVersion: networking.istio.io/v1\nkind: ${kind}\nmetadata: {name: w}\nspec: ${spec}\n---\n`;
const ENTRY = workload('WorkloadEntry', '{address: 10.1.1.1, labels: {app: a, version: v1}}');
const GROUP = workload('WorkloadGroup', '{metadata: {labels: {app: a, version: v1}}, template: {ports: {http: 80}}}');

/** What is said to be missing at the one destination; the row is there in any case. */
function problem(text: string): string | undefined {
  const snapshot = snapshotOf([{ path: 'all.yaml', text }], new Map([['ownedNamespaces', '*']]));
  const selection = { gateway: undefined, sidecar: 'default', labels: undefined, host: 'a', port: 80 };
  const [shown] = selectedViews(snapshot, selection, placesOf(snapshot));
  const rows = shown?.view.virtualHosts[0]?.routes ?? [];
  expect(rows.map(({ name }) => name)).toEqual(['rule']);
  return rows[0]?.destinations[0]?.problem;
}

test.each([
  ['a service', '{host: gone}', '', '503: no such service'],
  ['a port', '{host: a, port: {number: 81}}', '', '503: a has no port 81'],
  ['a subset', '{host: a, subset: v3}', '', '503: no DestinationRule in force defines subset v3'],
  [
    'a workload of a subset, by a WorkloadEntry',
    '{host: a, subset: v2}',
    ENTRY,
    '503: no workload has the labels of subset v2',
  ],
  [
    'a workload of a subset, by a WorkloadGroup',
    '{host: a, subset: v2}',
    GROUP,
    '503: no workload has the labels of subset v2',
  ],
  ['nothing, as a WorkloadEntry has the labels', '{host: a, subset: v1}', ENTRY, undefined],
  ['nothing, as a WorkloadGroup has the labels', '{host: a, subset: v1}', GROUP, undefined],
  ['nothing, as no workload is known', '{host: a, subset: v2}', '', undefined],
])('a row stays and says what is missing: %s', (_what, destination, more, expected) => {
  expect(problem(BASE + more + route(destination))).toBe(expected);
});

test('the endpoints of a ServiceEntry decide on its subsets', () => {
  const entry = (endpoints: string): string =>
    `apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: {name: e}
spec:
  hosts: [ext.example.com]
  ports: [{number: 80, name: http, protocol: HTTP}]
  resolution: STATIC
  ${endpoints}
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: e}
spec: {host: ext.example.com, subsets: [{name: v2, labels: {version: v2}}]}
---
`;
  const to = route('{host: ext.example.com, subset: v2}');
  const missing = '503: no workload has the labels of subset v2';
  const inline = (version: string): string => entry(`endpoints: [{address: 1.1.1.1, labels: {version: ${version}}}]`);
  expect(problem(BASE + inline('v1') + to)).toBe(missing);
  expect(problem(BASE + inline('v2') + to)).toBeUndefined();
  const selected = entry('workloadSelector: {labels: {app: a}}');
  expect(problem(BASE + selected + ENTRY + to)).toBe(missing);
  expect(problem(BASE + selected + ENTRY.replace('v1}', 'v2}') + to)).toBeUndefined();
  expect(problem(BASE + selected + to)).toBeUndefined();
});
