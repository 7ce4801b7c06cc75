import { expect, test } from 'vitest';
import { METHOD, type RouteModel } from '../../server/src/contract.ts';
import { type LspClient, startClient } from '../harness/lsp-client.ts';
import { service } from './manifests.ts';

async function open(): Promise<{ readonly client: LspClient; readonly viewpoint: string }> {
  const client = await startClient({ files: { 'services.yaml': service('reviews') } });
  const model = await client.request<RouteModel>(METHOD.routes, {});
  return { client, viewpoint: model.selected?.id ?? '' };
}

test('a table can be had as Markdown, and as the JSON of the command line', async () => {
  const { client, viewpoint } = await open();
  const markdown = await client.request(METHOD.exportRoutes, { viewpoint, format: 'markdown' });
  expect(markdown).toContain('| # | When | Then | Source |');
  expect(markdown).toContain('reviews');
  const json = JSON.parse(await client.request<string>(METHOD.exportRoutes, { viewpoint, format: 'json' }));
  expect(json.viewpoints).toHaveLength(1);
  expect(json.viewpoints[0]).toMatchObject({ kind: 'sidecar', namespace: 'shop', port: 80 });
});

test('the Markdown says what somebody wrote for a destination, and what is assumed', async () => {
  const files = { 'services.yaml': service('reviews'), 'rule.yaml': RULE };
  const client = await startClient({ files });
  const viewpoint = 'sidecar shop 80';
  const markdown = await client.request<string>(METHOD.exportRoutes, { viewpoint, format: 'markdown' });
  const cluster = 'outbound\\|80\\|\\|reviews.shop.svc.cluster.local';
  expect(markdown).toContain(`| ${cluster} | loadBalancer | RANDOM | DestinationRule, rule.yaml:6 |`);
  expect(markdown).not.toContain('LEAST');
  expect(markdown).toMatch(/^> Assumed: .*Root namespace: istio-system/m);
});

test('a table can be had as Envoy reads it', async () => {
  const { client, viewpoint } = await open();
  const text = await client.request<string>(METHOD.exportRoutes, { viewpoint, format: 'envoy' });
  const configuration = JSON.parse(text);
  expect(configuration).toMatchObject({ name: '80', ignorePortInHostMatching: true });
  // Nothing is abbreviated: the default retry policy is written out.
  expect(configuration.virtualHosts[0].routes[0].route).toMatchObject({
    cluster: 'outbound|80||reviews.shop.svc.cluster.local',
    retryPolicy: { numRetries: 2 },
  });
});

test('of a listener that decides on connections Envoy’s form is the listener', async () => {
  const client = await startClient({ files: { 'passthrough.yaml': PASSTHROUGH } });
  const { viewpoints } = await client.request<RouteModel>(METHOD.routes, {});
  const viewpoint = viewpoints.find(({ label }) => label.includes('connections'))?.id ?? '';
  const text = await client.request<string>(METHOD.exportRoutes, { viewpoint, format: 'envoy' });
  expect(JSON.parse(text)).toMatchObject({ filterChains: [{ match: { serverNames: ['db.example.com'] } }] });
});

test.each([
  ['a table that is gone', { viewpoint: 'gone', format: 'json' }],
  ['a format that is none', { viewpoint: 'sidecar shop 80', format: 'html' }],
  ['no viewpoint', { format: 'json' }],
])('%s is refused', async (_, params) => {
  const { client, viewpoint } = await open();
  expect(viewpoint).toBe('sidecar shop 80');
  await expect(client.request(METHOD.exportRoutes, params)).rejects.toThrow(/viewpoint|format/);
});

const PASSTHROUGH = `apiVersion: networking.istio.io/v1
kind: Gateway
metadata: {name: tls, namespace: shop}
spec:
  selector: {istio: ingressgateway}
  servers:
  - port: {number: 443, name: tls, protocol: TLS}
    hosts: [db.example.com]
    tls: {mode: PASSTHROUGH}
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: db, namespace: shop}
spec:
  hosts: [db.example.com]
  gateways: [tls]
  tls:
  - match: [{port: 443, sniHosts: [db.example.com]}]
    route: [{destination: {host: db, port: {number: 443}}}]
`;

const RULE = `apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: reviews, namespace: shop}
spec:
  host: reviews
  trafficPolicy: {loadBalancer: {simple: RANDOM}}
`;
