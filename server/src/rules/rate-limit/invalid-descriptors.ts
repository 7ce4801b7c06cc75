import { effectiveEntriesOf, entry, itemsOf, type MapNode, resolve, type YamlNode } from '../../yaml/node.ts';
import { replaceWith } from '../edits.ts';
import { nearest } from '../nearest.ts';
import { type Finding, resourceRule } from '../rule.ts';
import { oneOf, quoted } from '../words.ts';
import { type InnerYaml, innerYaml } from './inner-yaml.ts';

/** Keys that the service knows, wherever they stand (envoyproxy/ratelimit, `src/config/config_impl.go`). */
const KEYS: readonly string[] = [
  'domain',
  'descriptors',
  'key',
  'value',
  'rate_limit',
  'unit',
  'requests_per_unit',
  'unlimited',
  'name',
  'replaces',
  'shadow_mode',
  'detailed_metric',
];
const UNITS: readonly string[] = ['second', 'minute', 'hour', 'day', 'week', 'month', 'year'];

export const invalidDescriptors = resourceRule({
  id: 'rate-limit/invalid-descriptors',
  severity: 'warning',
  on: ['ConfigMap'],
  summary: 'A configuration that the rate limit service refuses.',
  why: 'Envoy’s rate limit service reads its limits from a file, mostly out of a ConfigMap. With a key or a unit that it does not know, a descriptor without key or one that is there twice, it refuses the whole file, and keeps the old limits, or none.',
  remedy: 'Correct the key or the unit; give each descriptor a `key`, and each pair of key and value one entry.',
  invalid: `
apiVersion: v1
kind: ConfigMap
metadata: { name: ratelimit-config, namespace: istio-system }
data:
  config.yaml: |
    domain: production
    descriptors:
      - key: remote_address
        rate_limit: { unit: minut, requests_per_unit: 10 }
`,
  valid: `
apiVersion: v1
kind: ConfigMap
metadata: { name: ratelimit-config, namespace: istio-system }
data:
  config.yaml: |
    domain: production
    descriptors:
      - key: remote_address
        rate_limit: { unit: minute, requests_per_unit: 10 }
`,
  *check(resource) {
    const data = resolve(entry(resource.node, 'data')?.value);
    if (data?.kind !== 'map') return;
    for (const { value } of effectiveEntriesOf(data)) {
      const text = resolve(value);
      // A cheap look before anything is parsed: most ConfigMaps hold something else.
      if (text?.kind !== 'scalar' || !/^descriptors:/m.test(text.source) || !/^domain:/m.test(text.source)) continue;
      const inner = innerYaml(resource.document, text);
      const root = resolve(inner?.document.root);
      if (inner === undefined || root?.kind !== 'map' || inner.document.problems.length > 0) continue;
      yield* keys(inner, root);
      yield* descriptors(inner, entry(root, 'descriptors')?.value);
    }
  },
});

/** Newer services know more keys: only what is nearly a known one is a slip. */
function* keys(inner: InnerYaml, node: YamlNode): Generator<Finding> {
  const value = resolve(node);
  if (value?.kind === 'seq') for (const item of value.items) yield* keys(inner, item);
  if (value?.kind !== 'map') return;
  const present = new Set(value.entries.map(({ key }) => key.source));
  for (const { key, value: below } of value.entries) {
    const meant = KEYS.includes(key.source)
      ? undefined
      : nearest(
          key.source,
          KEYS.filter(name => !present.has(name)),
        );
    if (meant !== undefined) {
      const at = inner.place(key);
      yield {
        at,
        message: `the rate limit service knows no key ${quoted(key.source)}, and refuses the file; did you mean ${quoted(meant)}?`,
        fixes: [{ title: `Change to "${meant}"`, edits: [replaceWith(at, meant)], preferred: true }],
      };
    }
    yield* keys(inner, below);
  }
}

function* descriptors(inner: InnerYaml, list: YamlNode | undefined): Generator<Finding> {
  const seen = new Map<string, YamlNode>();
  for (const item of itemsOf(list)) {
    const descriptor = resolve(item);
    if (descriptor?.kind !== 'map') continue;
    const key = textOf(descriptor, 'key');
    const misspelt = descriptor.entries.some(({ key: name }) => !KEYS.includes(name.source));
    if (key === undefined || key.text === '') {
      const head = descriptor.entries[0]?.key;
      if (head !== undefined && !misspelt)
        yield {
          at: inner.place(key?.node ?? head),
          message: 'this descriptor has no "key", and the rate limit service refuses the file',
        };
    } else {
      const name = `${key.text}_${textOf(descriptor, 'value')?.text ?? ''}`;
      const first = seen.get(name);
      if (first === undefined) seen.set(name, key.node);
      else {
        yield {
          at: inner.place(key.node),
          message: `another descriptor beside this one has the key ${quoted(key.text)} and the same value, and the rate limit service refuses the file`,
          related: [{ at: inner.place(first), message: 'the first one' }],
        };
      }
    }
    yield* unit(inner, entry(descriptor, 'rate_limit')?.value);
    yield* descriptors(inner, entry(descriptor, 'descriptors')?.value);
  }
}

function* unit(inner: InnerYaml, node: YamlNode | undefined): Generator<Finding> {
  const limit = resolve(node);
  if (limit?.kind !== 'map') return;
  const found = textOf(limit, 'unit');
  const unlimited = resolve(entry(limit, 'unlimited')?.value);
  if (found === undefined || (unlimited?.kind === 'scalar' && unlimited.value === true)) return;
  if (UNITS.includes(found.text.toLowerCase())) return;
  const meant = nearest(found.text, UNITS);
  const at = inner.place(found.node);
  yield {
    at,
    message: `${quoted(found.text)} is no unit of the rate limit service${meant === undefined ? `: it takes ${oneOf(UNITS)}` : `; did you mean ${quoted(meant)}?`}`,
    fixes:
      meant === undefined ? [] : [{ title: `Change to "${meant}"`, edits: [replaceWith(at, meant)], preferred: true }],
  };
}

function textOf(map: MapNode, key: string): { readonly text: string; readonly node: YamlNode } | undefined {
  const value = resolve(entry(map, key)?.value);
  return value?.kind === 'scalar' && value.value !== null ? { text: value.source, node: value } : undefined;
}
