import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { type CelList, type CelRules, celGaps, celHash } from '../../schemas/cel.ts';
import { type Crd, factsOf, type Overlay } from '../../schemas/crd.ts';
import { readDocumentation } from '../../schemas/documentation.ts';
import type { Facts } from '../../server/src/analysis.ts';
import { readValidationList } from '../harness/coverage.ts';

const ROOT = path.join(import.meta.dirname, '../../schemas');
const facts = JSON.parse(readFileSync(path.join(ROOT, 'generated/facts.json'), 'utf8')) as Facts;
const overlay = parse(readFileSync(path.join(ROOT, 'overlay.yaml'), 'utf8')) as Overlay;

describe('documentation', () => {
  test('says something of every field, every enum value and nothing else', () => {
    expect(readDocumentation(path.join(ROOT, 'documentation'), facts).faults).toEqual([]);
  });
});

describe('facts', () => {
  test('hold all fifteen kinds', () => {
    expect(facts.kinds.map(({ kind }) => kind).sort()).toEqual([
      'AuthorizationPolicy',
      'DestinationRule',
      'EnvoyFilter',
      'Gateway',
      'PeerAuthentication',
      'ProxyConfig',
      'RequestAuthentication',
      'ServiceEntry',
      'Sidecar',
      'Telemetry',
      'TrafficExtension',
      'VirtualService',
      'WasmPlugin',
      'WorkloadEntry',
      'WorkloadGroup',
    ]);
  });

  test('refer only to types that there are', () => {
    const names = new Set(Object.keys(facts.types));
    const refs = [...JSON.stringify(facts.types).matchAll(/"ref":"([^"]+)"/g)].map(match => match[1]);
    expect(refs.filter(name => name === undefined || !names.has(name))).toEqual([]);
  });

  test('carry no description of Istio’s over', () => {
    expect(JSON.stringify(facts)).not.toContain('description');
  });

  test('are complete: every field has been decided in the overlay', () => {
    const undecided = Object.entries(facts.types)
      .filter(([name]) => !facts.kinds.some(kind => kind.type === name))
      .flatMap(([name, type]) =>
        Object.keys(type.fields)
          .filter(field => overlay[name]?.[field] === undefined)
          .map(field => `${name}.${field}`),
      );
    expect(undecided).toEqual([]);
  });
});

describe('the rules in CEL', () => {
  const found = JSON.parse(readFileSync(path.join(ROOT, 'generated/cel.json'), 'utf8')) as CelRules;
  const decided = parse(readFileSync(path.join(ROOT, 'cel.yaml'), 'utf8')) as CelList;

  test('are all decided, where they stand', () => {
    expect(celGaps(found, decided)).toEqual([]);
  });

  test('are those of the list of validations, each with a check', () => {
    const listed =
      readValidationList()
        .groups.find(({ name }) => name === 'CEL')
        ?.meanings.keys() ?? [];
    expect([...new Set(Object.values(decided).map(({ id }) => id))].sort()).toEqual([...listed].sort());
  });

  test('that are new, that have moved or that are gone are named', () => {
    const hash = celHash('self != "*"');
    expect(hash).toBe(celHash('self\n  != "*"'));
    expect(celGaps({ 'Thing.a': [hash] }, {})).toEqual([`Thing.a: the rule in CEL ${hash} is not in schemas/cel.yaml`]);
    expect(celGaps({ 'Thing.b': [hash] }, { [hash]: { id: 'CEL-17', at: ['Thing.a'] } })).toEqual([
      `Thing.b: the rule in CEL ${hash} is decided in schemas/cel.yaml, though not for this place`,
      `schemas/cel.yaml: the CRDs have no rule ${hash} at Thing.a`,
    ]);
    expect(celGaps({}, { [hash]: { id: 'CEL-17', at: '*' } })).toEqual([
      `schemas/cel.yaml: the CRDs have no rule ${hash}`,
    ]);
  });
});

describe('the generator', () => {
  const crd = (fields: Record<string, object>): Crd => ({
    kind: 'CustomResourceDefinition',
    spec: {
      group: 'networking.istio.io',
      names: { kind: 'Thing', plural: 'things' },
      versions: [
        {
          name: 'v1',
          served: true,
          storage: true,
          schema: { openAPIV3Schema: { type: 'object', properties: { spec: { type: 'object', properties: fields } } } },
        },
      ],
    },
  });
  const meta = overlay['ObjectMeta'] ?? {};

  test('names a field that nobody has decided', () => {
    const { gaps } = factsOf(
      [crd({ old: { type: 'string' }, fresh: { type: 'string' } })],
      { ObjectMeta: meta, Thing: { spec: 'ThingSpec' }, ThingSpec: { old: 'plain' } },
      'test',
    );
    expect(gaps).toEqual(['ThingSpec.fresh: not in the overlay']);
  });

  test('names a field that is decided and is not there, and a word that is no meaning', () => {
    const decided: Overlay = {
      ObjectMeta: meta,
      Thing: { spec: 'ThingSpec' },
      ThingSpec: { here: 'hots' as 'host', gone: 'plain' },
    };
    const { gaps } = factsOf([crd({ here: { type: 'string' } })], decided, 'test');
    expect(gaps).toEqual(['ThingSpec.here: “hots” is no meaning', 'ThingSpec.gone: is in the overlay, not in the CRD']);
  });

  test('names a duration that the overlay calls something else', () => {
    const timeout = { type: 'string', 'x-kubernetes-validations': [{ rule: "duration(self) >= duration('1ms')" }] };
    const { gaps } = factsOf(
      [crd({ timeout })],
      { ObjectMeta: meta, Thing: { spec: 'ThingSpec' }, ThingSpec: { timeout: 'plain' } },
      'test',
    );
    expect(gaps).toEqual(['ThingSpec.timeout: is a duration']);
  });

  test('collects the rules in CEL by type and field, without their texts', () => {
    const rule = (text: string): object => ({ 'x-kubernetes-validations': [{ rule: text }] });
    const { cel } = factsOf(
      [
        crd({
          hosts: { type: 'array', items: { type: 'string', ...rule('self != "*"') }, ...rule('self.size() < 9') },
          labels: { type: 'object', additionalProperties: { type: 'string', ...rule('self != ""') } },
          choice: { type: 'object', properties: { a: { type: 'string' } }, ...rule('has(self.a)') },
        }),
      ],
      {
        ObjectMeta: meta,
        Thing: { spec: 'ThingSpec' },
        ThingSpec: { hosts: 'plain', labels: 'plain', choice: 'Choice' },
        Choice: { a: 'plain' },
      },
      'test',
    );
    expect(cel).toEqual({
      Choice: [celHash('has(self.a)')],
      'ThingSpec.hosts': [celHash('self.size() < 9')],
      'ThingSpec.hosts[]': [celHash('self != "*"')],
      'ThingSpec.labels{}': [celHash('self != ""')],
    });
  });

  test('reads oneOf groups, enums, bounds and lists', () => {
    const { facts: made, gaps } = factsOf(
      [
        crd({
          mode: { type: 'string', enum: ['A', 'B'] },
          port: { type: 'integer', maximum: 65535, minimum: 0 },
          hosts: { type: 'array', items: { type: 'string' }, minItems: 1 },
          choice: {
            type: 'object',
            properties: { a: { type: 'string' }, b: { type: 'string' } },
            oneOf: [{ required: ['a'] }, { required: ['b'] }],
          },
        }),
      ],
      {
        ObjectMeta: meta,
        Thing: { spec: 'ThingSpec' },
        ThingSpec: { mode: 'choice', port: 'port', hosts: 'host', choice: 'Choice' },
        Choice: { a: 'plain', b: 'plain' },
      },
      'test',
    );
    expect(gaps).toEqual([]);
    expect(made.types['ThingSpec']?.fields).toEqual({
      mode: { type: 'string', enum: ['A', 'B'] },
      port: { type: 'integer', minimum: 0, maximum: 65535, value: 'port' },
      hosts: { type: 'array', items: { type: 'string' }, minItems: 1, value: 'host' },
      choice: { type: 'object', ref: 'Choice' },
    });
    expect(made.types['Choice']?.oneOf).toEqual([['a', 'b']]);
  });
});
