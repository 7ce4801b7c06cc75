import { expect, test } from 'vitest';
import { routeModel } from '../../../server/src/analysis.ts';
import type { RouteModel } from '../../../server/src/contract.ts';
import { snapshotOf } from '../../harness/fixtures.ts';
import { placesOf } from '../../harness/places.ts';

/** A VirtualService whose routes lead to a subset that nobody defines. */
function virtualService(host: string, routes: number): string {
  const http = Array.from(
    { length: routes },
    (_, i) => `    - {match: [{uri: {prefix: /${i}/}}], route: [{destination: {host: shop, subset: gone}}]}`,
  );
  return `apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: ${host}, namespace: shop}
spec:
  hosts: [${host}.example.com]
  gateways: [gw]
  http:
${http.join('\n')}
`;
}

const REST = `apiVersion: networking.istio.io/v1
kind: Gateway
metadata: {name: gw, namespace: shop}
spec:
  selector: {istio: gw}
  servers:
    - {port: {number: 80, name: http, protocol: HTTP}, hosts: [a.example.com, c.example.com]}
    - {port: {number: 80, name: http-b, protocol: HTTP}, hosts: [b.example.com], tls: {httpsRedirect: true}}
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: shop, namespace: shop}
spec: {host: shop, subsets: [{name: v1, labels: {version: v1}}]}
---
apiVersion: v1
kind: Service
metadata: {name: shop, namespace: shop}
spec: {ports: [{name: http, port: 80}]}
`;

const snapshot = snapshotOf([
  { path: 'a.yaml', text: virtualService('a', 4) },
  { path: 'b.yaml', text: virtualService('b', 7) },
  { path: 'c.yaml', text: virtualService('c', 5) },
  { path: 'rest.yaml', text: REST },
]);
const whole = model();

function model(first?: number): RouteModel {
  return routeModel(snapshot, { uri: 'a.yaml', ...(first === undefined ? {} : { first }) }, placesOf(snapshot));
}

/** How many rows are there for each host. */
function rowsOf({ selected }: RouteModel): Record<string, number> {
  return Object.fromEntries(
    selected?.virtualHosts.map(({ domains, routes }) => [domains[0] ?? '', routes.length]) ?? [],
  );
}

test('the first routes of a table are those of the whole, and say how many follow', () => {
  expect(rowsOf(whole)).toEqual({ 'a.example.com': 4, 'b.example.com': 7, 'c.example.com': 5 });
  expect(whole).not.toHaveProperty('rest');
  expect(rowsOf(model(3))).toEqual({ 'a.example.com': 3 });
  expect(model(3).rest).toBe(6);
  // A host that sends everything to HTTPS shows no route.
  expect(rowsOf(model(7))).toEqual({ 'a.example.com': 4, 'b.example.com': 0, 'c.example.com': 2 });
  expect(model(7).rest).toBe(3);
  for (const first of [1, 3, 4, 7]) {
    for (const host of model(first).selected?.virtualHosts ?? []) {
      const same = whole.selected?.virtualHosts.find(({ name }) => name === host.name);
      expect(host.routes).toEqual(same?.routes.slice(0, host.routes.length));
    }
  }
});

test('a table that has no more routes is whole', () => {
  for (const first of [10, 100]) expect(model(first)).toEqual(whole);
});

test('what stands around the rows is that of the whole table, without the answer at the end of a host that goes on', () => {
  const { selected } = model(3);
  expect({ ...selected, virtualHosts: [] }).toEqual({ ...whole.selected, virtualHosts: [] });
  expect(selected?.missing[0]?.routes).toHaveLength(16);
  expect(whole.selected?.virtualHosts[0]?.otherwise).toContain('404');
  expect(selected?.virtualHosts[0]?.otherwise).toBeUndefined();
});
