import { describe, expect, test } from 'vitest';
import { cursorAt } from '../../../server/src/yaml/cursor.ts';
import { at, lines } from './describe-cursor.ts';

describe('flow style', () => {
  test('maps', () => {
    expect(at(lines('spec: {|}'))).toBe('key of spec, flow');
    expect(at(lines('spec: { | }'))).toBe('key of spec, flow');
    expect(at(lines('spec: { host: a, | }'))).toBe('key of spec, keys host, flow');
    expect(at(lines('spec: { | host: a }'))).toBe('key of spec, keys host, flow, comma missing');
    expect(at(lines('spec: { host: a, |, port: {} }'))).toBe('key of spec, keys host port, flow');
    expect(at(lines('spec: { host: a, su|, port: {} }'))).toBe('key of spec, keys host port, word "su", flow');
    expect(at(lines('spec: { ho|st: a }'))).toBe(
      'key of spec, word "host", prefix "ho", flow, colon follows, content follows',
    );
    expect(at(lines('spec: { host: | }'))).toBe('value of spec.host, flow');
    expect(at(lines('spec: { host:|}'))).toBe('value of spec.host, flow, gap 1');
    expect(at(lines('spec: { host: re|, a: 1 }'))).toBe('value of spec.host, word "re", flow');
    expect(at(lines('spec: {"host":"re|"}'))).toBe('value of spec.host, word "\\"re\\"", prefix "re", quote ", flow');
    expect(at(lines('{ kind: A, | }'))).toBe('key of root, keys kind, flow');
    expect(at(lines('- { a: 1, | }'))).toBe('key of 0, keys a, flow');
  });
  test('sequences', () => {
    expect(at(lines('hosts: [|]'))).toBe('key of hosts.0, flow');
    expect(at(lines('hosts: [a, b|]'))).toBe('key of hosts.0, word "b", flow');
    expect(at(lines('hosts: [a,|]'))).toBe('key of hosts.0, flow, gap 1');
    expect(at(lines('- [a, |]'))).toBe('key of 0.0, flow');
    expect(at(lines('hosts: [| a]'))).toBe('key of hosts.0, flow, comma missing');
  });
  test('nested', () => {
    const text = lines(
      'spec: { http: [{ name: x, route: [{ destination: { host: reviews, subset: | } }], timeout: 1s }] }',
    );
    expect(at(text)).toBe('value of spec.http.0.route.0.destination.subset, flow');
    const cursor = cursorAt(text.replace('|', ''), text.indexOf('|'));
    expect(cursor?.levels.map(({ depth, keys }) => [depth, ...keys.keys()])).toEqual([
      [0, 'spec'],
      [1, 'http'],
      [3, 'name', 'route', 'timeout'],
      [5, 'destination'],
      [6, 'host'],
    ]);
    expect(cursor?.levels.at(-1)?.keys.get('host')).toBe('reviews');
  });
  test('over several lines', () => {
    expect(at(lines('spec: {', '  host: a,', '  |', '}'))).toBe('key of spec, keys host, flow');
    expect(
      at(lines('spec:', '  http: [', '    {', '      name: a,', '      |', '      timeout: 1s', '    }', '  ]')),
    ).toBe('key of spec.http.0, keys name timeout, flow, comma missing');
    expect(at(lines('spec: {', '  host: a', '  |', '}'))).toBe('nothing');
    expect(at(lines('spec:', '  hosts: [', '    a,', '    |', '  ]', '  http: []'))).toBe('key of spec.hosts.0, flow');
    expect(at(lines('spec:', '  hosts: [', '    a,', '  ]', '  |'))).toBe('key of spec, keys hosts, column 2');
  });
  test('JSON', () => {
    const json = lines('{', '"kind": "A",', '"spec": {', '"hosts": ["a"],', '|', '}', '}');
    expect(at(json)).toBe('key of spec, keys hosts, flow');
  });
  test('brackets and commas in quotes and comments do not count', () => {
    expect(at(lines('a: { b: "}", | }'))).toBe('key of a, keys b, flow');
    expect(at(lines(`a: { b: '{,', | }`))).toBe('key of a, keys b, flow');
    expect(at(lines('a: { b: 1, # }', '  | }'))).toBe('key of a, keys b, flow');
    expect(at(lines('a:', '  regex: "[a-z"', '  |'))).toBe('key of a, keys regex, column 2');
    expect(at(lines('a:', '  regex: ^/a{2', '  |'))).toBe('key of a, keys regex, column 2');
    expect(at(lines(`a: [don't, {b: | }]`))).toBe('value of a.0.b, flow');
  });
  test('a bracket that was never closed ends with its block', () => {
    expect(at(lines('spec:', '  hosts: [a', '  http:', '    - |'))).toBe('key of spec.http.0, column 6');
    expect(at(lines('spec:', '  a: { b: 1, |', '  http: []'))).toBe('key of spec.a, keys b, flow');
  });
  test('behind a collection on one line', () => {
    expect(at(lines('a: [b]', '|'))).toBe('key of root, keys a, column 0');
    expect(at(lines('a: { b: 1 } |'))).toBe('nothing');
  });
});
