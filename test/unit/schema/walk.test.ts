import { describe, expect, test } from 'vitest';
import { kindOf, preferredVersion } from '../../../server/src/schema/facts.ts';
import { placeAt, walk } from '../../../server/src/schema/walk.ts';
import { parseDocument } from '../../../server/src/yaml/parse.ts';
import { schemas } from '../../harness/schemas.ts';

const { facts } = schemas;
const visited = (type: string, text: string): readonly string[] =>
  [...walk(facts, parseDocument('file', text).root, type)].map(
    ({ path, type: owner, fieldName, shape, inMap }) =>
      `${path.join('.')} ${owner}.${fieldName} ${shape.type}${inMap ? ' in map' : ''}`,
  );

describe('walking', () => {
  test('visits every value with its shape, parents first', () => {
    expect(visited('HTTPRoute', 'timeout: 5s\nmatch: [{ headers: { x: { exact: a } } }]\n')).toEqual([
      'timeout HTTPRoute.timeout string',
      'match HTTPRoute.match array',
      'match.0 HTTPRoute.match object',
      'match.0.headers HTTPMatchRequest.headers map',
      'match.0.headers.x HTTPMatchRequest.headers object in map',
      'match.0.headers.x.exact StringMatch.exact string',
    ]);
  });

  test('skips what the schema does not know, and does not enter what does not fit', () => {
    expect(visited('HTTPRoute', 'nonsense: { a: 1 }\nmatch: { uri: x }\nroute: 5\n')).toEqual([
      'match HTTPRoute.match array',
      'route HTTPRoute.route array',
    ]);
    expect(visited('Patch', 'value: { a: { b: 1 } }\n')).toEqual(['value Patch.value any']);
    expect(visited('Nonsense', 'a: 1\n')).toEqual([]);
    expect(visited('HTTPRoute', '- a\n')).toEqual([]);
  });

  test('of duplicate keys visits the last', () => {
    expect(visited('HTTPRoute', 'route: [{ weight: 1 }]\nroute: []\n')).toEqual(['route HTTPRoute.route array']);
  });

  test('follows aliases and merge keys', () => {
    expect(visited('HTTPRoute', '<<: &a { timeout: 5s }\nretries: *a\n')).toEqual([
      'retries HTTPRoute.retries object',
      'timeout HTTPRoute.timeout string',
    ]);
  });
});

describe('the place of a path', () => {
  test.each([
    [[], undefined, 'object'],
    [['spec', 'http', 0, 'match', 0, 'headers', 'x-user', 'exact'], 'exact', 'string'],
    [['spec', 'http', 0, 'match', 0, 'headers', 'x-user'], 'headers', 'object'],
    [['spec', 'http'], 'http', 'array'],
    [['metadata', 'labels', 'app'], 'labels', 'string'],
  ])('%j', (path, fieldName, shape) => {
    expect(placeAt(facts, 'VirtualService', path)).toMatchObject({
      shape: { type: shape },
      ...(fieldName === undefined ? {} : { fieldName }),
    });
  });

  test.each([[['nonsense']], [['spec', 'http', 0, 'timeout', 'deeper']], [['status', 'anything']]])(
    '%j is nowhere',
    path => {
      expect(placeAt(facts, 'VirtualService', path)).toBeUndefined();
    },
  );
});

describe('kinds', () => {
  test('are found by group and kind, whatever the version', () => {
    expect(kindOf(facts, 'networking.istio.io/v99', 'VirtualService')?.plural).toBe('virtualservices');
    expect(kindOf(facts, 'networking.istio.io', 'VirtualService')).toBeUndefined();
    expect(kindOf(facts, 'security.istio.io/v1', 'VirtualService')).toBeUndefined();
  });

  test.each([
    ['networking.istio.io/', 'VirtualService', 'v1'],
    ['networking.istio.io/', 'EnvoyFilter', 'v1alpha3'],
    ['networking.istio.io/', 'ProxyConfig', 'v1beta1'],
    ['telemetry.istio.io/', 'Telemetry', 'v1'],
  ])('%s%s is to be written as %s', (group, kind, version) => {
    const found = kindOf(facts, group, kind);
    expect(found === undefined ? undefined : preferredVersion(found)).toBe(version);
  });
});
