import { expect, test } from 'vitest';
import { type CompareResult, METHOD } from '../../server/src/contract.ts';
import { startClient, uri } from '../harness/lsp-client.ts';

const manifest = (prefix: string): string => `apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: shop, namespace: shop }
spec:
  hosts: [shop]
  http:
    - match: [{ uri: { prefix: ${prefix} } }]
      route: [{ destination: { host: api } }]
    - route: [{ destination: { host: shop } }]
`;

test('the tables are compared with those of older texts', async () => {
  const client = await startClient({ files: { 'shop.yaml': manifest('/api/') } });
  const compare = (text: string | null) =>
    client.request<CompareResult>(METHOD.compareRoutes, { files: [{ uri: uri('shop.yaml'), text }] });
  const changed = await compare(manifest('/api'));
  expect(changed.changes).toBe(1);
  expect(changed.markdown).toContain('`GET http://shop.shop.svc.cluster.local/api`');
  expect(changed.markdown).toContain('shop.yaml:7');
  expect((await compare(manifest('/api/'))).changes).toBe(0);
  expect((await compare(null)).changes).toBeGreaterThan(0);
  await expect(client.request(METHOD.compareRoutes, { files: [{ text: '' }] })).rejects.toThrow(/uri/);
});
