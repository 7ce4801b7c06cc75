import { describe, expect, test } from 'vitest';
import { ANY, type EnvoyFacts, envoyField, envoyPlaceAt, jsonName } from '../../../server/src/schema/envoy-facts.ts';
import { validateEnvoy } from '../../../server/src/schema/envoy-validate.ts';
import { envoySchemas } from '../../../server/src/schema/envoy-view.ts';
import type { Shape } from '../../../server/src/schema/facts.ts';
import { parseDocument } from '../../../server/src/yaml/parse.ts';
import { schemas } from '../../harness/schemas.ts';

const facts: EnvoyFacts = schemas.envoy();
const LIMIT = 'envoy.extensions.filters.http.local_ratelimit.v3.LocalRateLimit';

function refs(shape: Shape): readonly string[] {
  if (shape.type === 'array') return refs(shape.items);
  if (shape.type === 'map') return refs(shape.values);
  return shape.type === 'object' ? [shape.ref] : [];
}

describe('the facts of Envoy', () => {
  test('every message that a field holds is there', () => {
    const missing = Object.entries(facts.types).flatMap(([type, { fields }]) =>
      Object.entries(fields).flatMap(([name, field]) =>
        refs(field)
          .filter(ref => facts.types[ref] === undefined)
          .map(ref => `${type}.${name}: ${ref}`),
      ),
    );
    expect(missing).toEqual([]);
  });

  test('every patched part and every extension is there', () => {
    const named = [...Object.values(facts.applyTo), ...Object.values(facts.extensions).flat()];
    expect(named.filter(type => facts.types[type] === undefined)).toEqual([]);
    expect(facts.extensions['http']).toContain(LIMIT);
  });

  test('required and exclusive fields are fields', () => {
    const strangers = Object.entries(facts.types).flatMap(([type, { fields, required = [], oneOf = [] }]) =>
      [...required, ...oneOf.flat()].filter(name => fields[name] === undefined).map(name => `${type}.${name}`),
    );
    expect(strangers).toEqual([]);
  });

  test('no message needs itself: completion writes what is needed in one go', () => {
    const circles: string[] = [];
    const visit = (type: string, way: readonly string[]): void => {
      if (way.includes(type)) circles.push([...way, type].join(' → '));
      else {
        const { fields, required = [] } = facts.types[type] ?? { fields: {} };
        for (const name of required)
          for (const ref of fields[name] ? refs(fields[name]) : []) visit(ref, [...way, type]);
      }
    };
    for (const type of Object.keys(facts.types)) visit(type, []);
    expect(circles).toEqual([]);
  });

  test('each field of each message has a place in the documentation', () => {
    const documentation = envoySchemas(schemas).documentation();
    for (const [type, { fields }] of Object.entries(facts.types)) {
      expect(Object.keys(documentation[type]?.fields ?? {})).toEqual(Object.keys(fields));
    }
  });
});

describe('names of fields', () => {
  test.each([
    ['fill_interval', 'fillInterval'],
    ['http2_protocol_options', 'http2ProtocolOptions'],
    ['enable_x_ratelimit_headers', 'enableXRatelimitHeaders'],
  ])('%s may be written as %s', (own, json) => {
    expect(jsonName(own)).toBe(json);
  });

  test('both spellings lead to the field, and no others', () => {
    expect(envoyField(facts, LIMIT, 'stat_prefix')?.name).toBe('stat_prefix');
    expect(envoyField(facts, LIMIT, 'statPrefix')?.name).toBe('stat_prefix');
    for (const name of ['StatPrefix', 'stat-prefix', 'constructor', '__proto__', '']) {
      expect(envoyField(facts, LIMIT, name)).toBeUndefined();
    }
  });
});

describe('places in a patch', () => {
  const at = (path: readonly (string | number)[], urls: Readonly<Record<number, string>> = {}): string | undefined => {
    const place = envoyPlaceAt(facts, facts.applyTo['HTTP_FILTER'] ?? '', path, depth => urls[depth]);
    return place === undefined ? undefined : `${place.type?.split('.').at(-1) ?? ''}.${place.fieldName ?? ''}`;
  };

  test('follow the type behind `@type`', () => {
    const urls = { 1: `type.googleapis.com/${LIMIT}` };
    expect(at(['typed_config', 'tokenBucket', 'fill_interval'], urls)).toBe('TokenBucket.fill_interval');
    expect(at(['typed_config', '@type'], urls)).toBe('Any.@type');
    expect(at(['typed_config', 'response_headers_to_add', 0, 'header', 'key'], urls)).toBe('HeaderValue.key');
  });

  test('end where nothing is known', () => {
    expect(at(['typed_config', 'token_bucket'])).toBeUndefined();
    expect(at(['typed_config', 'anything'], { 1: 'type.googleapis.com/a.B' })).toBeUndefined();
    expect(at(['name', 'further'])).toBeUndefined();
    expect(ANY in facts.types).toBe(true);
  });
});

describe('a value against its message', () => {
  const problems = (text: string, isWhole = false): readonly string[] => {
    const { root } = parseDocument('file', text);
    return root === undefined
      ? []
      : validateEnvoy(facts, root, facts.applyTo['HTTP_FILTER'] ?? '', isWhole).map(
          ({ code, name }) => `${code} ${name}`,
        );
  };
  const config = (body: string): string =>
    `name: a\ntyped_config:\n  "@type": type.googleapis.com/${LIMIT}\n  ${body}\n`;

  test.each([
    ['stat_prefix: a', []],
    ['stat_prefix: 1', ['wrong-type stat_prefix']],
    ['token_bucket: { max_tokens: "10", fill_interval: 1.5h }', []],
    ['token_bucket: { max_tokens: -1 }', ['out-of-range max_tokens']],
    ['token_bucket: { fill_interval: soon }', ['wrong-duration fill_interval']],
    ['vh_rate_limits: 1', []],
    ['vh_rate_limits: SOMETIMES', ['unknown-value vh_rate_limits']],
    ['rate_limits: [null, { actions: [] }]', ['too-few actions']],
    ['filter_enabled: null', []],
    ['nothing_like_it: { a: 1 }', ['unknown-field nothing_like_it']],
  ])('%s', (body, expected) => {
    expect(problems(config(body))).toEqual(expected);
  });

  test('what is merged needs nothing, what is whole needs its fields', () => {
    expect(problems(config('stage: 1'))).toEqual([]);
    expect(problems(config('stage: 1'), true)).toEqual(['missing-field stat_prefix']);
  });
});
