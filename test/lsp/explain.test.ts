import { expect, test } from 'vitest';
import type { ExplainAnswer } from '../../server/src/contract/explain.ts';
import { METHOD } from '../../server/src/contract.ts';
import { startClient } from '../harness/lsp-client.ts';

const REVIEWS = `apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: reviews}
spec:
  hosts: [reviews]
  http:
    - name: testers
      match: [{headers: {end-user: {exact: jason}}}]
      route: [{destination: {host: reviews, subset: v2}}]
    - route: [{destination: {host: reviews}}]
---
apiVersion: v1
kind: Service
metadata: {name: reviews}
spec: {ports: [{name: http, port: 9080}]}
`;

const get = (url: string, ...headers: readonly (readonly [string, string])[]) => ({
  request: { method: 'GET', url, headers },
});

test('a request is explained, with places that the client can open', async () => {
  const client = await startClient({ files: { 'reviews.yaml': REVIEWS } });
  const answer = await client.request<ExplainAnswer>(
    METHOD.explain,
    get('http://reviews:9080/', ['end-user', 'jason']),
  );
  expect(answer).toMatchObject({
    viewpoint: { id: 'sidecar default 9080' },
    route: { order: 1, name: 'testers', source: { place: { path: 'reviews.yaml', line: 8 } } },
  });
});

test('the viewpoint that is shown may be asked, and a mistake is a sentence', async () => {
  const client = await startClient({ files: { 'reviews.yaml': REVIEWS } });
  const ask = (more: object) => client.request<ExplainAnswer>(METHOD.explain, more);
  expect(await ask({ ...get('http://other/'), viewpoint: 'sidecar default 9080' })).toMatchObject({
    virtualHost: { name: 'allow_any' },
  });
  expect(await ask({ ...get('http://reviews/'), viewpoint: 'gone' })).toEqual({
    fault: 'this table is no longer there',
  });
  expect(await ask(get('reviews'))).toEqual({ fault: '"reviews" is no URL: it begins with http:// or https://' });
  await expect(ask({ request: { method: 'GET' } })).rejects.toThrow('"request.url" is not a string');
  await expect(ask({ ...get('http://a/'), labels: { a: 1 } })).rejects.toThrow('"labels"');
});

test('while a document is broken, the last good tables answer', async () => {
  const client = await startClient({ files: { 'reviews.yaml': REVIEWS } });
  client.open('reviews.yaml', REVIEWS);
  await client.settled();
  client.change('reviews.yaml', REVIEWS.replace('hosts: [reviews]', 'hosts: [reviews'));
  const answer = await client.request<ExplainAnswer>(
    METHOD.explain,
    get('http://reviews:9080/', ['end-user', 'jason']),
  );
  expect(answer).toMatchObject({ route: { name: 'testers' } });
});
