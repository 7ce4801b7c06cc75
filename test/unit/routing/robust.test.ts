import path from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  createHost,
  DEFAULT_SETTINGS,
  routeModel,
  routesJson,
  selectedProxies,
  selectedViews,
} from '../../../server/src/analysis.ts';
import { AnalysisHost } from '../../../server/src/workspace/host.ts';
import { generateRouting } from '../../bench/generator/routing.ts';
import { readCases } from '../../conformance/oracle.ts';
import { placesOf } from '../../harness/places.ts';
import { schemas } from '../../harness/schemas.ts';

const ALL = { gateway: undefined, sidecar: undefined, labels: undefined, host: undefined, port: undefined };
const INPUTS = readCases(path.join(import.meta.dirname, '../../fixtures/routing'))
  .flatMap(({ files }) => files.map(({ text }) => text))
  .filter(text => text.length < 6000);

/** Everything that is made of a text: tables, listeners and clusters of all proxies, views, what is left out. */
function everything(text: string, admitAll: boolean): void {
  const host = admitAll ? new AnalysisHost(schemas, () => true) : createHost(schemas);
  host.apply({ settings: { ...DEFAULT_SETTINGS, ownedNamespaces: ['*'] }, files: new Map([['a.yaml', text]]) });
  const snapshot = host.snapshot();
  JSON.stringify(selectedProxies(snapshot, ALL));
  JSON.stringify(routesJson(selectedViews(snapshot, ALL, placesOf(snapshot))));
  routeModel(snapshot, { uri: 'a.yaml' }, placesOf(snapshot));
}

/** Values that no manifest means and that somebody types all the same. */
const ODD = fc.constantFrom(
  ...[
    '""',
    'null',
    '~',
    '[]',
    '{}',
    '-1',
    '0',
    '99999999999',
    '"*"',
    '[[]]',
    '{a: {b: c}}',
    'true',
    '&x',
    '*x',
    '1.5e309',
    '"\\u0000"',
    'a/b/c',
    '{number: x}',
    '"/"',
    '1s',
    'mesh',
    '!!binary x',
  ],
);
const mutation = fc.oneof(
  fc.record({ what: fc.constant('cut' as const), at: fc.nat(), size: fc.nat(60), odd: ODD }),
  fc.record({ what: fc.constant('value' as const), at: fc.nat(), size: fc.nat(60), odd: ODD }),
  fc.record({ what: fc.constant('line' as const), at: fc.nat(), size: fc.nat(60), odd: ODD }),
);

function mutate(
  text: string,
  { what, at, size, odd }: { what: 'cut' | 'value' | 'line'; at: number; size: number; odd: string },
): string {
  if (what === 'cut') {
    const start = at % text.length;
    return text.slice(0, start) + text.slice(start + size);
  }
  if (what === 'line') {
    const lines = text.split('\n');
    const line = lines[at % lines.length] ?? '';
    lines.splice(size % lines.length, 0, line);
    return lines.join('\n');
  }
  const values = [...text.matchAll(/(?<=[:,[] )[^\s,{}[\]]+/g)];
  const found = values[at % Math.max(1, values.length)];
  return found === undefined ? text : text.slice(0, found.index) + odd + text.slice(found.index + found[0].length);
}

test.each([true, false])('nothing throws on inputs with mistakes, admitted all: %s', admitAll => {
  fc.assert(
    fc.property(fc.constantFrom(...INPUTS), fc.array(mutation, { minLength: 1, maxLength: 4 }), (text, mutations) => {
      everything(mutations.reduce(mutate, text), admitAll);
    }),
    { numRuns: 60 },
  );
});

test('what is kept over an edit gives the same tables as a fresh start', () => {
  const tables = (host: AnalysisHost): string => JSON.stringify(selectedProxies(host.snapshot(), ALL));
  const settings = { ...DEFAULT_SETTINGS, ownedNamespaces: ['*'] };
  fc.assert(
    fc.property(fc.constantFrom(...INPUTS), fc.array(mutation, { minLength: 1, maxLength: 4 }), (text, mutations) => {
      const edited = new AnalysisHost(schemas, () => true);
      edited.apply({ settings, files: new Map([['a.yaml', text]]) });
      tables(edited);
      let now = text;
      for (const one of mutations) {
        now = mutate(now, one);
        edited.apply({ files: new Map([['a.yaml', now]]) });
        const fresh = new AnalysisHost(schemas, () => true);
        fresh.apply({ settings, files: new Map([['a.yaml', now]]) });
        expect(tables(edited)).toBe(tables(fresh));
      }
    }),
    { numRuns: 40 },
  );
});

test('the same in a long VirtualService, of which an edit reads one rule anew', () => {
  const { files } = generateRouting({ seed: 7, virtualServices: 1, routes: 300, hosts: 1, gateways: 1 });
  const texts = new Map(files.map(file => [file.path, file.text]));
  const long = files.find(({ path: name }) => name.includes('virtual-services'));
  expect(long).toBeDefined();
  if (long === undefined) return;
  const edited = new AnalysisHost(schemas, () => true);
  edited.apply({ files: texts });
  const tables = (host: AnalysisHost): string => JSON.stringify(selectedProxies(host.snapshot(), ALL));
  const before = tables(edited);
  const rules = [...long.text.matchAll(/\n( *)route:\n/g)];
  const edits = [
    (text: string, at: number, indent: string) => `${text.slice(0, at)}\n${indent}timeout: 7s${text.slice(at)}`,
    (text: string, at: number) => text.replace(/namespace: team-\d+/, 'namespace: moved') + (at === 0 ? '' : '\n'),
    (text: string, at: number) => text.slice(0, at) + text.slice(at).replace(/weight: 90/, 'weight: 40'),
  ];
  for (const [i, edit] of edits.entries()) {
    const rule = rules[100 * i + 20];
    const text = edit(long.text, rule?.index ?? 0, rule?.[1] ?? '');
    edited.apply({ files: new Map([[long.path, text]]) });
    const fresh = new AnalysisHost(schemas, () => true);
    fresh.apply({ files: new Map([...texts, [long.path, text]]) });
    const after = tables(edited);
    expect(after === tables(fresh)).toBe(true);
    expect(after === before).toBe(false);
  }
});

const NETWORKING = 'apiVersion: networking.istio.io/v1';
const delegate = (name: string, to: string, hosts = ''): string =>
  `${NETWORKING}\nkind: VirtualService\nmetadata: {name: ${name}}\nspec: {${hosts}http: [{match: [{uri: {prefix: /}}], delegate: {name: ${to}}}]}\n---\n`;

test.each([
  ['a VirtualService that delegates to itself', delegate('a', 'a', 'hosts: [a], ')],
  [
    'delegates that delegate to each other',
    delegate('root', 'a', 'hosts: [a], ') + delegate('a', 'b') + delegate('b', 'a'),
  ],
  ['a delegate of itself', delegate('root', 'a', 'hosts: [a], ') + delegate('a', 'a')],
  [
    'a Service that is another name of itself',
    `apiVersion: v1\nkind: Service\nmetadata: {name: a}\nspec: {type: ExternalName, externalName: a.default.svc.cluster.local, ports: [{name: http, port: 80}]}\n---\n` +
      `${NETWORKING}\nkind: VirtualService\nmetadata: {name: v}\nspec: {hosts: [a], http: [{route: [{destination: {host: a}}]}]}\n`,
  ],
  ['a gateway that is its own VirtualService', delegate('gw', 'gw', 'hosts: ["*.a.com"], gateways: [gw], ')],
])('%s comes to an end', (_what, text) => {
  expect(() => everything(text, true)).not.toThrow();
  expect(() => everything(text, false)).not.toThrow();
});
