import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createHost, type Snapshot } from '../../../server/src/analysis.ts';
import { keyOf } from '../../../server/src/model/resource.ts';
import { schemas } from '../../harness/schemas.ts';

const TYPES = ['Service', 'VirtualService', 'DestinationRule', 'Gateway'] as const;

/** A manifest; few names and dates, so that they often meet. */
const manifest = fc
  .record({
    kind: fc.constantFrom(...TYPES),
    name: fc.constantFrom('a', 'b', 'c', '"*.y"'),
    namespace: fc.constantFrom('x', 'y'),
    created: fc.constantFrom('', '2024-01-01T00:00:00Z', '2025-01-01T00:00:00Z'),
  })
  .map(({ kind, name, namespace, created }) => {
    const group = kind === 'Service' ? 'v1' : 'networking.istio.io/v1';
    const date = created === '' ? '' : `, creationTimestamp: "${created}"`;
    return `apiVersion: ${group}\nkind: ${kind}\nmetadata: {name: ${name}, namespace: ${namespace}${date}}\nspec: {host: ${name}}\n`;
  });

const change = fc.tuple(
  fc.constantFrom('1.yaml', '2.yaml', '3.yaml', '4.yaml'),
  fc.option(
    fc.array(manifest, { maxLength: 4 }).map(list => list.join('---\n')),
    { nil: undefined },
  ),
);

/** What an index says, in the order in which it says it; documents by their place. */
function said({ index, references }: Snapshot): object {
  const place = (resource: { at: { anchor: { file: string }; start: number } }): string =>
    `${resource.at.anchor.file} ${resource.at.start}`;
  return {
    namespaces: index.namespaces(),
    services: [...index.services].map(([host, list]) => [host, list.length]),
    rules: [...index.rulesByHost].map(([host, list]) => [host, list.map(place)]),
    rulesOf: [...index.rulesByHost.keys(), 'a', '*.y'].map(host => index.rulesOf(host)?.map(place)),
    servicesOf: [...index.services.keys(), 'a'].map(host => index.servicesOf(host)?.length),
    wildcards: [index.wildcardRules, index.wildcardServices],
    types: TYPES.map(type => ({
      all: index.all(type).map(resource => `${keyOf(resource)} ${place(resource)}`),
      found: ['x/a', 'y/b', 'x/c'].map(key => index.find(type, key).map(place)),
      knows: ['x', 'y', 'z'].map(namespace => index.knows(type, namespace)),
      named: ['a', 'b'].map(name => references.named(type, name).map(place)),
    })),
  };
}

test('after any changes an index says what one that is made from scratch says', () => {
  fc.assert(
    fc.property(fc.array(fc.array(change, { minLength: 1, maxLength: 3 }), { maxLength: 8 }), changes => {
      const host = createHost(schemas);
      const texts = new Map<string, string>();
      for (const list of changes) {
        host.apply({ files: new Map(list) });
        for (const [file, text] of list) {
          if (text === undefined) texts.delete(file);
          else texts.set(file, text);
        }
        const fresh = createHost(schemas);
        // The order of files is that in which they have come.
        fresh.apply({ files: new Map([...host.snapshot().files.keys()].map(file => [file, texts.get(file)])) });
        expect(said(host.snapshot())).toEqual(said(fresh.snapshot()));
      }
    }),
    { numRuns: 150 },
  );
});

test('of equal names the order of file names decides, whichever file is read first', () => {
  const text = 'apiVersion: networking.istio.io/v1\nkind: Gateway\nmetadata: {name: a, namespace: x}\n';
  const texts: readonly (readonly [string, string])[] = [
    ['1.yaml', text],
    ['2.yaml', `${text}# other\n`],
  ];
  const orders = [texts, texts.toReversed()].map(order => {
    const host = createHost(schemas);
    host.apply({ files: new Map(order) });
    const { index } = host.snapshot();
    return [index.all('Gateway'), index.find('Gateway', 'x/a')].map(list => list.map(({ at }) => at.anchor.file));
  });
  expect(orders).toEqual(Array.from({ length: 2 }, () => [texts, texts].map(() => ['1.yaml', '2.yaml'])));
});
