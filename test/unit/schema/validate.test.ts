import { describe, expect, test } from 'vitest';
import { type SchemaProblem, validate } from '../../../server/src/schema/validate.ts';
import type { MapNode } from '../../../server/src/yaml/node.ts';
import { parseDocument } from '../../../server/src/yaml/parse.ts';
import { schemas } from '../../harness/schemas.ts';

const map = (text: string): MapNode => {
  const { root } = parseDocument('file', text);
  if (root?.kind !== 'map') throw new Error('no map');
  return root;
};
const problems = (type: string, text: string): readonly SchemaProblem[] => validate(schemas, map(text), type);
/** Code, path and the text that is marked. */
const said = (type: string, text: string): readonly string[] =>
  problems(type, text).map(({ code, path, node, name }) => {
    const field = code === 'missing-field' ? ` ${name}` : '';
    return `${code}${field} at ${path.join('.')}: ${text.slice(node.start, node.end)}`;
  });

describe('problems', () => {
  test.each([
    ['fits', 'Destination', 'host: a\nport: { number: 80 }\n', []],
    ['unknown field, at its key', 'Destination', 'host: a\nhots: b\n', ['unknown-field at : hots']],
    ['missing field, at the first key', 'Destination', 'subset: a\n', ['missing-field host at : subset']],
    [
      'missing field, at the key of the object',
      'HTTPRouteDestination',
      'destination: { subset: a }\n',
      ['missing-field host at destination: destination'],
    ],
    ['wrong type, at the value', 'Destination', 'host: [a]\n', ['wrong-type at host: [a]']],
    ['no value, at the key', 'Destination', 'host:\n', ['no-value at host: host']],
    ['a fraction', 'PortSelector', 'number: 1.5\n', ['wrong-type at number: 1.5']],
    ['an unknown word', 'LoadBalancerSettings', 'simple: random\n', ['unknown-value at simple: random']],
    [
      'fields that exclude each other, at the last',
      'StringMatch',
      'regex: a\nexact: b\n',
      ['conflicting-fields at : exact'],
    ],
    [
      'both groups of a type',
      'ConsistentHashLB',
      'ringHash: {}\nhttpHeaderName: a\nmaglev: {}\nuseSourceIp: true\n',
      ['conflicting-fields at : maglev', 'conflicting-fields at : useSourceIp'],
    ],
    ['a number that is too large', 'PortSelector', 'number: 4294967296\n', ['out-of-range at number: 4294967296']],
    ['a text that is too short', 'EnvVar', 'name: ""\n', ['too-short at name: ""']],
    ['a list that is too short, at its key', 'ServiceEntrySpec', 'hosts: []\n', ['too-few at hosts: hosts']],
    ['a pattern', 'ClaimToHeader', 'header: "a b"\nclaim: c\n', ['wrong-pattern at header: "a b"']],
    ['an entry of a list', 'VirtualServiceSpec', 'hosts: [a, 1]\n', ['wrong-type at hosts.1: 1']],
    ['an entry of a map', 'Headers', 'request: { set: { a/b~c: 1 } }\n', ['wrong-type at request.set.a/b~c: 1']],
  ])('%s', (_, type, text, expected) => {
    expect(said(type, text)).toEqual(expected);
  });

  test('stand in the order of the text', () => {
    expect(said('HTTPRoute', 'zzz: 1\ntimeout: 5\naaa: 1\n')).toEqual([
      'unknown-field at : zzz',
      'wrong-type at timeout: 5',
      'unknown-field at : aaa',
    ]);
  });

  test('tell what is allowed, and in which object of which type', () => {
    const text = 'destination: { host: a, hots: b }\n';
    expect(problems('HTTPRouteDestination', text)).toMatchObject([
      { name: 'hots', type: 'Destination', allowed: ['host', 'port', 'subset'], object: { start: text.indexOf('{') } },
    ]);
    expect(problems('StringMatch', 'regex: a\nexact: b\n')).toMatchObject([
      {
        conflicting: [{ key: { source: 'regex' } }, { key: { source: 'exact' } }],
        exclusive: ['exact', 'prefix', 'regex'],
      },
    ]);
  });

  test('of a value that stands several times through an alias are said once', () => {
    expect(said('VirtualServiceSpec', 'http: [{ route: &r [{}] }, { route: *r }]\n')).toEqual([
      'missing-field destination at http.0.route.0: {}',
    ]);
    expect(said('Headers', 'request: { set: { a: &a 1, b: *a } }\n')).toEqual(['wrong-type at request.set.a: 1']);
  });

  test('are not said of an alias that leads nowhere', () => {
    expect(said('Destination', 'host: *nowhere\n')).toEqual([]);
  });

  test('of duplicate keys concern the last', () => {
    expect(said('Destination', 'host: 1\nhost: a\n')).toEqual([]);
    expect(said('Destination', 'host: a\nhost: 1\n')).toEqual(['wrong-type at host: 1']);
  });

  test('are found in what merge keys bring in', () => {
    expect(said('HTTPRoute', '<<: { timeout: 5 }\n')).toEqual(['wrong-type at timeout: 5']);
  });

  test('are none for a type that nobody knows', () => {
    expect(problems('Nonsense', 'a: 1\n')).toEqual([]);
  });

  test('are found in a list of thousands without delay for each', () => {
    const text = `http:\n${'  - timeout: 5\n    hots: x\n'.repeat(3000)}`;
    expect(problems('VirtualServiceSpec', text).length).toBe(6000);
    const keys = `host: a\n${Array.from({ length: 20_000 }, (_, index) => `key${index}: 1`).join('\n')}\n`;
    expect(problems('Destination', keys).length).toBe(20_000);
  });
});
