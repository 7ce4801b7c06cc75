import { expect, test } from 'vitest';
import type { Place, RouteModel } from '../../server/src/contract.ts';
import { type ClientOptions, type LspClient, startClient, uri } from '../harness/lsp-client.ts';
import { service, VIRTUAL_SERVICE } from './manifests.ts';

/** A model whose only content is the number of VirtualServices, under the id that was asked for. */
const features: ClientOptions['features'] = {
  routeModel: (snapshot, params, toPlace) => {
    const all = snapshot.index.all('VirtualService');
    const virtualService = all[0];
    return {
      viewpoints: [],
      selected: {
        ...EMPTY,
        id: params.viewpoint ?? 'first',
        port: all.length,
        assumptions: virtualService ? [{ term: 'place', value: JSON.stringify(toPlace(virtualService.nameAt)) }] : [],
      },
      stale: undefined,
      indexing: false,
    };
  },
};
const EMPTY: Omit<NonNullable<RouteModel['selected']>, 'id' | 'port' | 'assumptions'> = {
  kind: 'gateway',
  group: '',
  label: '',
  routeConfiguration: '',
  namespace: '',
  labels: {},
  gateways: [],
  virtualHosts: [],
  leftOut: [],
  policies: {},
  missing: [],
};

test('places in a model are those of the editor, 1-based', async () => {
  const client = await startClient({ features, files: { 'deep/a.yaml': VIRTUAL_SERVICE } });
  const { selected } = await routes(client, { viewpoint: 'x' });
  expect(selected?.id).toBe('x');
  expect(placeIn({ selected })).toEqual({
    uri: uri('deep/a.yaml'),
    path: 'deep/a.yaml',
    line: 4,
    column: 9,
    endLine: 4,
    endColumn: 16,
  });
});

test('the last good tables stay while an open document is broken, with the place that is broken', async () => {
  const client = await startClient({ features });
  client.open('a.yaml', VIRTUAL_SERVICE);
  client.open('b.yaml', VIRTUAL_SERVICE);
  expect(await routes(client, {})).toMatchObject({ selected: { port: 2 } });
  expect(await routes(client, {})).not.toHaveProperty('stale');
  const broken = VIRTUAL_SERVICE.replace('hosts:', 'hosts: [');
  client.change('b.yaml', broken);
  client.change('a.yaml', `# a line more\n${VIRTUAL_SERVICE}`);
  for (const params of [{}, { viewpoint: 'first' }, { viewpoint: 'never seen' }]) {
    const model = await routes(client, params);
    expect(model.selected).toMatchObject({ id: params.viewpoint ?? 'first', port: 2 });
    expect(placeIn(model).line).toBe(4);
    expect(model.stale).toEqual({
      place: expect.objectContaining({ uri: uri('b.yaml'), path: 'b.yaml', line: 7, column: 10 }),
      message: expect.stringContaining('"["'),
    });
  }
  client.change('b.yaml', 'kind: none\n');
  const live = await routes(client, {});
  expect(live.selected?.port).toBe(1);
  expect(placeIn(live).line).toBe(5);
  expect(live).not.toHaveProperty('stale');
});

test('of a document that is broken from the start the tables are made of what can be read', async () => {
  const client = await startClient({ features });
  client.open('a.yaml', `${VIRTUAL_SERVICE}---\n${VIRTUAL_SERVICE.replace('hosts:', 'hosts: [')}`);
  expect(await routes(client, {})).toMatchObject({ stale: { place: { line: 20 } } });
  client.close('a.yaml');
  await client.settled();
  expect(await routes(client, {})).not.toHaveProperty('stale');
});

test('a broken document that has nothing to do with Istio changes nothing', async () => {
  const client = await startClient({ features });
  client.open('a.yaml', VIRTUAL_SERVICE);
  client.open('b.yaml', 'compose: [\n');
  expect(await routes(client, {})).not.toHaveProperty('stale');
});

test('tells that tables may have changed, once for many edits, and only when they may', async () => {
  const client = await startClient({ features, files: { 'a.yaml': VIRTUAL_SERVICE, 'c.yaml': 'a: 1\n' } });
  const told = async (): Promise<number> => {
    const before = client.routesChanged;
    await client.settled();
    return client.routesChanged - before;
  };
  await told();
  client.open('a.yaml', VIRTUAL_SERVICE);
  expect(await told()).toBe(0);
  for (let i = 0; i < 9; i++) client.change('a.yaml', `${VIRTUAL_SERVICE}# ${i}\n`);
  expect(await told()).toBe(1);
  client.open('c.yaml', 'a: 2\n');
  client.change('c.yaml', 'a: 3\n');
  expect(await told()).toBe(0);
  client.change('c.yaml', service('c'));
  expect(await told()).toBe(1);
  client.close('c.yaml');
  expect(await told()).toBe(1);
  client.open('d.yaml', 'apiVersion: networking.istio.io/v1\nkind: [\n');
  expect(await told()).toBe(1);
  client.settings = { mesh: { outboundTrafficPolicy: 'REGISTRY_ONLY' } };
  client.notify('workspace/didChangeConfiguration', {});
  expect(await told()).toBe(1);
  client.notify('workspace/didChangeConfiguration', {});
  expect(await told()).toBe(0);
});

test('a client can ask for the first routes of a long table', async () => {
  const http = Array.from(
    { length: 5 },
    (_, i) => `    - {match: [{uri: {exact: /${i}}}], route: [{destination: {host: a}}]}\n`,
  );
  const text = `${VIRTUAL_SERVICE.slice(0, VIRTUAL_SERVICE.indexOf('spec:'))}spec:\n  hosts: [a.example.com]\n  http:\n${http.join('')}`;
  const client = await startClient({ files: { 'a.yaml': text } });
  const [whole, first] = [await routes(client, {}), await routes(client, { first: 2 })];
  const count = ({ selected }: RouteModel): number =>
    selected?.virtualHosts.reduce((sum, host) => sum + host.routes.length, 0) ?? 0;
  expect(whole).not.toHaveProperty('rest');
  expect([count(first), first.rest]).toEqual([2, count(whole) - 2]);
  for (const wrong of [0, 1.5, 'all'])
    await expect(client.request('istio/routes', { first: wrong })).rejects.toThrow('"first"');
});

test('a fault in the tables is told to who asked', async () => {
  const client = await startClient({
    features: {
      routeModel: () => {
        throw new Error('no luck');
      },
    },
  });
  await expect(routes(client, {})).rejects.toThrow('istio/routes failed: no luck');
  expect(client.logs).toHaveLength(1);
});

/** The place of the first VirtualService. */
function placeIn({ selected }: Pick<RouteModel, 'selected'>): Place {
  return JSON.parse(selected?.assumptions[0]?.value ?? '{}') as Place;
}

function routes(client: LspClient, params: { viewpoint?: string; uri?: string; first?: number }): Promise<RouteModel> {
  return client.request('istio/routes', params);
}
