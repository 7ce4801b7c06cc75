import type { TypedResource } from '../../model/decode.ts';
import { entry, itemsOf, resolve, type ScalarNode } from '../../yaml/node.ts';
import { refusal } from '../codes.ts';
import { type Finding, ISTIO_TYPES, resourceRule } from '../rule.ts';
import { quoted } from '../words.ts';
import { at } from './problems.ts';
import { visitsOf } from './visits.ts';

export const duplicateEntry = resourceRule({
  id: 'schema/duplicate-entry',
  severity: 'error',
  on: ISTIO_TYPES,
  per: 'route',
  summary: 'Two entries of a list with the same key.',
  why: 'The API server keeps such a list by that key, so it refuses the object.',
  remedy: 'Rename one of the entries, or remove it.',
  invalid: `
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: { name: external }
spec:
  hosts: [api.example.com]
  resolution: DNS
  ports:
    - { number: 80, name: web, protocol: HTTP }
    - { number: 443, name: web, protocol: TLS }
`,
  valid: `
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: { name: external }
spec:
  hosts: [api.example.com]
  resolution: DNS
  ports:
    - { number: 80, name: web, protocol: HTTP }
    - { number: 443, name: secure-web, protocol: TLS }
`,
  *check(resource, { schemas }) {
    for (const { node, shape, fieldName, type } of visitsOf(resource, schemas.facts)) {
      if (shape.type !== 'array' || shape.uniqueBy === undefined) continue;
      // Istio's own validation looks at names, not at the ports of extensions (`VALIDATION.md` SE-10, WP-06).
      const refuses = type !== 'TrafficSelector';
      for (const key of [shape.uniqueBy, ...(ALSO_UNIQUE[`${type}.${fieldName}`] ?? [])]) {
        const ids = IDS[`${type}.${fieldName}.${key}`] ?? ['CRD-11'];
        const codes = refuses ? refusal(...ids) : ids;
        for (const finding of duplicates(resource, itemsOf(node), key, fieldName)) yield { ...finding, refuses, codes };
      }
    }
  },
});

/** What the API server asks of such lists beside their key, by a rule of its own (`VALIDATION.md` SE-11). */
const ALSO_UNIQUE: Readonly<Record<string, readonly string[]>> = { 'ServiceEntrySpec.ports': ['number'] };

/** The ids of our list of what Istio judges, by list and key (`schemas/validation.yaml`). */
const IDS: Readonly<Record<string, readonly string[]>> = {
  'ServiceEntrySpec.ports.name': ['SE-10', 'CRD-11'],
  'ServiceEntrySpec.ports.number': ['SE-11', 'CEL-18'],
  'VmConfig.env.name': ['WP-06', 'CRD-11'],
};

function* duplicates(
  resource: TypedResource,
  items: ReturnType<typeof itemsOf>,
  key: string,
  list: string,
): Generator<Finding> {
  const seen = new Map<string, ScalarNode>();
  for (const item of items) {
    const value = resolve(entry(item, key)?.value);
    if (value?.kind !== 'scalar' || value.value === null) continue;
    const name = `${typeof value.value} ${value.value}`;
    const first = seen.get(name);
    if (first === undefined) {
      seen.set(name, value);
      continue;
    }
    // One entry that stands twice through an alias has one place, and nothing to tell apart.
    const related = first === value ? [] : [{ at: at(resource, first), message: 'the first one' }];
    yield {
      at: at(resource, value),
      message: `two entries of ${quoted(list)} have the ${key} ${quoted(value.source)}`,
      related,
    };
  }
}
