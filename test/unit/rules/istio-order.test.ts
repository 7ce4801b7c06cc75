import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createHost, type Snapshot } from '../../../server/src/analysis.ts';
import { orderWarnings } from '../../../server/src/rules/virtual-service/istio-order.ts';
import { schemas } from '../../harness/schemas.ts';

const FILE = 'order.yaml';

/** A match as flow YAML: few different ones, so that many are equal or begin with each other. */
const match = fc
  .record(
    {
      uri: fc.oneof(
        fc.record({ prefix: fc.constantFrom('/', '/a', '/a/b', '/a/b/c', '/ab', '/b') }),
        fc.record({ exact: fc.constantFrom('/a', '/b') }),
      ),
      method: fc.record({ exact: fc.constantFrom('GET', 'POST') }),
      headers: fc.constantFrom({ x: { exact: 'a' } }, { x: { prefix: 'a' } }, { y: { regex: 'a' } }),
      port: fc.constantFrom(80, 443),
      name: fc.constantFrom('one', 'two'),
    },
    { requiredKeys: ['uri'] },
  )
  .map(value => JSON.stringify(value));

const rule = fc
  .array(match, { maxLength: 3, minLength: 0 })
  .map(matches => `    - name: x\n      match: [${matches.join(', ')}]\n`);

/** Takes some rules away at a place, and puts others there. */
const edit = fc.record({ at: fc.nat(40), without: fc.nat(3), rules: fc.array(rule, { maxLength: 3 }) });

function textOf(rules: readonly string[]): string {
  return `apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: order }
spec:
  hosts: [order]
  http:
${rules.join('')}`;
}

function warnings(snapshot: Snapshot): unknown {
  const [resource] = snapshot.file(FILE)?.resources ?? [];
  return resource?.type === 'VirtualService' ? orderWarnings(resource) : undefined;
}

describe('Istio’s warnings on the order of rules', () => {
  test('after any edits they are those of the text read from scratch', () => {
    fc.assert(
      fc.property(
        fc.array(rule, { minLength: 1, maxLength: 40 }),
        fc.array(edit, { minLength: 1, maxLength: 6 }),
        (first, list) => {
          const host = createHost(schemas, 1);
          let rules = first;
          host.apply({ files: new Map([[FILE, textOf(rules)]]) });
          warnings(host.snapshot());
          for (const { at, without, rules: others } of list) {
            rules = rules.toSpliced(at % (rules.length + 1), without, ...others);
            host.apply({ files: new Map([[FILE, textOf(rules)]]) });
            const fresh = createHost(schemas);
            fresh.apply({ files: new Map([[FILE, textOf(rules)]]) });
            expect(warnings(host.snapshot())).toEqual(warnings(fresh.snapshot()));
          }
        },
      ),
      { numRuns: 150 },
    );
  });
});
