import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { routesJson, selectedViews } from '../../../server/src/analysis.ts';
import { snapshotOf } from '../../harness/fixtures.ts';
import { placesOf } from '../../harness/places.ts';

/** One thing that a table leaves out, as `istio-yaml routes --format json` names it. */
interface LeftOut {
  readonly kind: string;
  readonly name: string;
  readonly reason: string;
  readonly line: number;
  readonly by?: { readonly line: number };
}

interface Case {
  readonly kind: string;
  readonly text: string;
  /** A sidecar's namespace with its labels, or a gateway. */
  readonly at: { readonly sidecar?: string; readonly labels?: Record<string, string>; readonly gateway?: string };
  readonly expected: { readonly name?: string; readonly reason?: string };
  /** A part of the line that is named, and of the line that it lost to. */
  readonly line?: string;
  readonly by?: string;
}

const NETWORKING = 'apiVersion: networking.istio.io/v1';
const service = (name: string, namespace = 'default', port = '{name: http, port: 80}'): string =>
  `apiVersion: v1\nkind: Service\nmetadata: {name: ${name}, namespace: ${namespace}}\nspec: {ports: [${port}]}\n---\n`;
const object = (kind: string, metadata: string, spec: string): string =>
  `${NETWORKING}\nkind: ${kind}\nmetadata: {${metadata}}\nspec:\n  ${spec.replaceAll('\n', '\n  ')}\n---\n`;
const vs = (metadata: string, spec: string): string => object('VirtualService', metadata, spec);
const dr = (metadata: string, spec: string): string => object('DestinationRule', metadata, spec);
const gateway = (name: string, servers: string): string =>
  object('Gateway', `name: ${name}, namespace: edge`, `selector: {istio: edge}\nservers: [${servers}]`);
const HTTP = '{port: {number: 80, name: http, protocol: HTTP}, hosts: ["*.example.com"]}';
const tls = (name: string, host: string): string =>
  `{port: {number: 443, name: ${name}, protocol: HTTPS}, tls: {mode: SIMPLE, credentialName: c}, hosts: [${host}]}`;
const TO_A = 'route: [{destination: {host: a}}]';
const SIDECAR = { sidecar: 'default' };
const GATEWAY = { gateway: 'edge/gw' };

const CASES: readonly Case[] = [
  {
    kind: 'shadowed',
    text:
      service('a') +
      vs('name: one', `hosts: [a]\nhttp: [{${TO_A}}]`) +
      vs('name: two', `hosts: [a]\nhttp: [{${TO_A}}]`),
    at: SIDECAR,
    expected: {
      name: 'VirtualService default/two',
      reason:
        'Sidecars take only the first VirtualService of a host, and default/one comes before it for a.default.svc.cluster.local, by name; in a cluster the older one comes first.',
    },
    line: 'hosts: [a]',
    by: 'name: one',
  },
  {
    kind: 'shadowed',
    text:
      service('a') +
      vs('name: one, creationTimestamp: "2024-02-01T00:00:00Z"', `hosts: [a]\nhttp: [{${TO_A}}]`) +
      vs('name: two, creationTimestamp: "2024-01-01T00:00:00Z"', `hosts: [a]\nhttp: [{${TO_A}}]`),
    at: SIDECAR,
    expected: {
      name: 'VirtualService default/one',
      reason:
        'Sidecars take only the first VirtualService of a host, and default/two comes before it for a.default.svc.cluster.local.',
    },
  },
  {
    kind: 'delegate-conflict',
    text:
      service('a') +
      vs('name: root', 'hosts: [a]\nhttp: [{match: [{uri: {prefix: /api}}], delegate: {name: part}}]') +
      vs(
        'name: part',
        `http:\n- {match: [{uri: {prefix: /api/v1}}], ${TO_A}}\n- {name: odd, match: [{uri: {prefix: /else}}], ${TO_A}}`,
      ),
    at: SIDECAR,
    expected: { name: 'VirtualService default/part, odd' },
    line: 'name: odd',
    by: 'delegate: {name: part}',
  },
  {
    kind: 'unknown-delegate',
    text:
      service('a') +
      vs('name: root', `hosts: [a]\nhttp:\n- {match: [{uri: {prefix: /x}}], delegate: {name: gone}}\n- {${TO_A}}`),
    at: SIDECAR,
    expected: { reason: 'Its delegate default/gone is not there; the rule disappears.' },
  },
  {
    kind: 'delegate-with-hosts',
    text:
      service('a') +
      vs('name: root', `hosts: [a]\nhttp:\n- {match: [{uri: {prefix: /x}}], delegate: {name: whole}}\n- {${TO_A}}`) +
      vs('name: whole', `hosts: [b]\nhttp: [{${TO_A}}]`),
    at: SIDECAR,
    expected: { name: 'VirtualService default/root, http[0]' },
  },
  {
    kind: 'delegate-not-exported',
    text:
      service('a') +
      vs(
        'name: root',
        `hosts: [a]\nhttp:\n- {match: [{uri: {prefix: /x}}], delegate: {name: part, namespace: other}}\n- {${TO_A}}`,
      ) +
      vs('name: part, namespace: other', `exportTo: ["."]\nhttp: [{${TO_A}}]`),
    at: SIDECAR,
    expected: { reason: 'Its delegate other/part is not exported to default; the rule disappears.' },
  },
  {
    kind: 'after-catch-all',
    text:
      service('a') +
      vs('name: v', `hosts: [a]\nhttp:\n- {${TO_A}}\n- {name: late, match: [{uri: {exact: /x}}], ${TO_A}}`),
    at: SIDECAR,
    expected: { name: 'VirtualService default/v, late' },
    line: 'name: late',
    by: TO_A,
  },
  {
    kind: 'not-for-proxy',
    text:
      service('a') +
      vs('name: v', `hosts: [a]\nhttp:\n- {name: app, match: [{sourceLabels: {app: web}}], ${TO_A}}\n- {${TO_A}}`),
    at: SIDECAR,
    expected: { name: 'VirtualService default/v, app', reason: 'Not for this proxy: its sourceLabels do not fit.' },
  },
  {
    kind: 'host-not-in-gateway',
    text:
      gateway('gw', HTTP) +
      vs('name: v, namespace: edge', `hosts: [a.example.com, a.example.org]\ngateways: [gw]\nhttp: [{${TO_A}}]`),
    at: GATEWAY,
    expected: { name: 'VirtualService edge/v', reason: 'a.example.org is no host of a server of edge/gw here.' },
  },
  {
    kind: 'not-exported',
    text:
      gateway('gw', HTTP) +
      vs('name: v, namespace: edge', `hosts: [a.example.com]\ngateways: [gw]\nexportTo: ["."]\nhttp: [{${TO_A}}]`),
    at: GATEWAY,
    expected: {
      name: 'VirtualService edge/v',
      reason: 'Not exported to istio-system, where this proxy runs.',
    },
    line: 'exportTo:',
  },
  {
    kind: 'duplicate-host',
    text: gateway('gw', tls('one', 'a.example.com')) + gateway('gw2', tls('two', 'a.example.com')),
    at: GATEWAY,
    expected: { name: 'Gateway edge/gw2, two' },
    line: 'name: two',
    by: 'name: one',
  },
  {
    kind: 'protocol-conflict',
    text: gateway('gw', HTTP) + gateway('gw2', '{port: {number: 80, name: tcp, protocol: TCP}, hosts: ["*"]}'),
    at: GATEWAY,
    expected: { name: 'Gateway edge/gw2, tcp' },
  },
  {
    kind: 'duplicate-sni',
    text:
      gateway(
        'gw',
        '{port: {number: 443, name: tls, protocol: TLS}, tls: {mode: PASSTHROUGH}, hosts: ["*.example.com"]}',
      ) +
      vs(
        'name: v, namespace: edge',
        `hosts: ["*.example.com"]\ngateways: [gw]\ntls:\n- {match: [{sniHosts: [a.example.com]}], ${TO_A}}\n- {match: [{sniHosts: [a.example.com]}], ${TO_A}}`,
      ),
    at: GATEWAY,
    expected: { name: 'VirtualService edge/v, tls[1]' },
  },
  {
    kind: 'after-tcp-rule',
    text:
      service('db', 'default', '{name: tcp, port: 5432}') +
      vs(
        'name: v',
        'hosts: [db]\ntcp:\n- {route: [{destination: {host: db}}]}\n- {route: [{destination: {host: db}}]}',
      ),
    at: SIDECAR,
    expected: { name: 'VirtualService default/v, tcp[1]' },
    line: '- {route',
    by: '- {route',
  },
  {
    kind: 'unknown-host',
    text: service('a') + dr('name: d', 'host: a.default\ntrafficPolicy: {loadBalancer: {simple: RANDOM}}'),
    at: SIDECAR,
    expected: { reason: 'Nobody here uses it: its host a.default is no service that this proxy knows.' },
  },
  {
    kind: 'not-exported',
    text:
      service('a', 'one') +
      service('b') +
      dr('name: d, namespace: one', 'host: a\nexportTo: ["."]\ntrafficPolicy: {loadBalancer: {simple: RANDOM}}'),
    at: SIDECAR,
    expected: { name: 'DestinationRule one/d' },
  },
  {
    kind: 'other-workload',
    text:
      service('a') +
      dr(
        'name: d',
        'host: a\nworkloadSelector: {matchLabels: {app: web}}\ntrafficPolicy: {loadBalancer: {simple: RANDOM}}',
      ),
    at: SIDECAR,
    expected: { name: 'DestinationRule default/d' },
  },
  {
    kind: 'other-rule',
    text:
      service('a', 'one') +
      service('b') +
      dr('name: wide', 'host: "*.one.svc.cluster.local"\ntrafficPolicy: {loadBalancer: {simple: RANDOM}}') +
      dr('name: own, namespace: one', 'host: a\ntrafficPolicy: {loadBalancer: {simple: ROUND_ROBIN}}'),
    at: SIDECAR,
    expected: { name: 'DestinationRule one/own', reason: 'Nobody here uses it: default/wide is in force for a.' },
  },
  {
    kind: 'namespace-not-asked',
    text:
      service('a', 'one') +
      service('b') +
      dr(
        'name: third, namespace: third',
        'host: a.one.svc.cluster.local\ntrafficPolicy: {loadBalancer: {simple: RANDOM}}',
      ),
    at: SIDECAR,
    expected: { name: 'DestinationRule third/third' },
  },
  {
    kind: 'merged-policy',
    text:
      service('a') +
      dr('name: one', 'host: a\ntrafficPolicy: {loadBalancer: {simple: RANDOM}}') +
      dr('name: two', 'host: a\ntrafficPolicy: {loadBalancer: {simple: ROUND_ROBIN}}'),
    at: SIDECAR,
    expected: { name: 'DestinationRule default/two' },
    line: 'ROUND_ROBIN',
    by: 'name: one',
  },
  {
    kind: 'refused',
    text: service('a') + vs('name: v', `hosts: [a]\nhttp: [{timeout: soon, ${TO_A}}]`),
    at: SIDECAR,
    expected: { name: 'VirtualService default/v' },
    line: 'timeout: soon',
  },
];

function leftOut({ text, at }: Case): readonly LeftOut[] {
  const snapshot = snapshotOf([{ path: 'all.yaml', text }]);
  const views = selectedViews(
    snapshot,
    { gateway: at.gateway, sidecar: at.sidecar, labels: at.labels, host: undefined, port: undefined },
    placesOf(snapshot),
  );
  const { viewpoints } = routesJson(views) as { viewpoints: readonly { leftOut: readonly LeftOut[] }[] };
  return viewpoints.flatMap(viewpoint => viewpoint.leftOut);
}

describe('what a table leaves out is named with its reason and its source', () => {
  test.each(CASES.map(found => [`${found.kind}: ${found.expected.name ?? found.expected.reason}`, found] as const))(
    '%s',
    (_name, found) => {
      const notes = leftOut(found).filter(({ kind }) => kind === found.kind);
      expect(notes).toEqual([expect.objectContaining(found.expected)]);
      const lines = found.text.split('\n');
      if (found.line !== undefined) expect(lines[(notes[0]?.line ?? 0) - 1]).toContain(found.line);
      if (found.by !== undefined) expect(lines[(notes[0]?.by?.line ?? 0) - 1]).toContain(found.by);
    },
  );

  test('every reason has a case', () => {
    const source = readFileSync(path.join(import.meta.dirname, '../../../server/src/routing/left-out.ts'), 'utf8');
    const union = source.slice(source.indexOf('LeftOutReason ='));
    const reasons = [...union.matchAll(/\| '([\w-]+)'/g)].map(match => match[1]);
    expect([...new Set(CASES.map(({ kind }) => kind))].sort()).toEqual(reasons.sort());
  });
});

test('order that depends on age is said to be so, and is not where manifests carry it', () => {
  const two = (times: readonly string[]): string =>
    gateway('gw', HTTP) +
    times
      .map((time, i) =>
        vs(
          `name: v${i}, namespace: edge${time}`,
          `hosts: [a.example.com]\ngateways: [gw]\nhttp: [{match: [{uri: {prefix: /${i}}}], ${TO_A}}]`,
        ),
      )
      .join('');
  const said = (times: readonly string[]) => {
    const snapshot = snapshotOf([{ path: 'all.yaml', text: two(times) }]);
    const [first] = selectedViews(
      snapshot,
      { gateway: 'gw', sidecar: undefined, labels: undefined, host: undefined, port: undefined },
      placesOf(snapshot),
    );
    return {
      order: first?.view.virtualHosts[0]?.order !== undefined,
      assumed: first?.view.assumptions.some(({ term }) => term === 'Order of VirtualServices'),
    };
  };
  expect(said(['', ''])).toEqual({ order: true, assumed: true });
  const times = [', creationTimestamp: "2024-01-01T00:00:00Z"', ', creationTimestamp: "2024-02-01T00:00:00Z"'];
  expect(said(times)).toEqual({ order: false, assumed: false });
  expect(said([''])).toEqual({ order: false, assumed: false });
});
