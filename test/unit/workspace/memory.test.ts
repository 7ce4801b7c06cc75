import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import { createHost, drain, fileFindings, type Snapshot } from '../../../server/src/analysis.ts';
import { schemas } from '../../harness/schemas.ts';

const FILE = 'shop.yaml';
const ROUTES = 120;

/** One long VirtualService in which each rule has something to be said of, and a Service. */
function textWith(edited: number): string {
  const rules = Array.from({ length: ROUTES }, (_, index) =>
    [
      `    - name: rule-${index}`,
      `      match: [{ uri: { prefix: /path/${index}${index === edited ? 'x' : ''} } }]`,
      '      timeout: 1s',
      '      retries: { attempts: 9, perTryTimeout: 2s }',
      '      route: [{ destination: { host: shop } }]',
    ].join('\n'),
  );
  const head =
    'apiVersion: networking.istio.io/v1\nkind: VirtualService\nmetadata: { name: shop, namespace: shop }\nspec:\n';
  const service =
    'apiVersion: v1\nkind: Service\nmetadata: { name: shop, namespace: shop }\nspec: { ports: [{ port: 80, name: http }] }\n';
  return `${head}  hosts: [shop]\n  http:\n${rules.join('\n')}\n---\n${service}`;
}

function judged(of: Snapshot): number {
  // The same object for all of them, as in a session: what was found is kept for it.
  return drain(fileFindings(of, FILE, OPTIONS)).length;
}

const OPTIONS = {
  severities: {},
  onFault: (_: unknown, fault: unknown): void => {
    throw fault;
  },
};

test('an edit lets go of what it takes the place of', async () => {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  const host = createHost(schemas, 1);
  const gone: WeakRef<object>[] = [];
  for (let edit = 0; edit < ROUTES; edit++) {
    // Each rule in turn, and back: what was found in a rule stays with it for long.
    for (const edited of [edit, -1]) {
      host.apply({ files: new Map([[FILE, textWith(edited)]]) });
      expect(judged(host.snapshot())).toBeGreaterThan(ROUTES);
      const [document] = host.snapshot().file(FILE)?.documents ?? [];
      if (document !== undefined) gone.push(new WeakRef(document.document));
    }
  }
  // References that were made in this turn of the event loop hold until its end.
  await new Promise(resolve => setTimeout(resolve, 0));
  collect();
  // Some are shared by copies of an index for a while.
  expect(gone.filter(reference => reference.deref() !== undefined).length).toBeLessThan(40);
});

test('every place in a rule moves with it', () => {
  const host = createHost(schemas, 1);
  const placeOf = (edited: number): string | undefined => {
    const text = textWith(edited);
    host.apply({ files: new Map([[FILE, text]]) });
    const vs = host.snapshot().index.all('VirtualService')[0];
    const at = vs?.http.at(-1)?.match[0]?.uri?.at;
    const range = at === undefined ? undefined : host.snapshot().locate(at);
    return range === undefined ? undefined : text.slice(range.start, range.end);
  };
  const wanted = `{ prefix: /path/${ROUTES - 1} }`;
  expect(placeOf(-1)).toBe(wanted);
  expect(placeOf(0)).toBe(wanted);
  expect(placeOf(1)).toBe(wanted);
});
