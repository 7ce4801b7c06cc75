import { describe, expect, test } from 'vitest';
import { goDuration } from '../../../server/src/rules/schema/go-duration.ts';
import { applyFix, findingsOf } from '../../harness/findings.ts';
import { snapshotOf } from '../../harness/fixtures.ts';

const FILE = 'file.yaml';

/** The text after the first repair of a rule. */
function repaired(text: string, rule: string): string | undefined {
  const snapshot = snapshotOf([{ path: FILE, text }]);
  const fix = findingsOf(snapshot).find(finding => finding.rule.id === rule)?.fixes?.[0];
  return fix === undefined ? undefined : applyFix(snapshot, fix).get(FILE);
}

const header = (kind: string, group = 'networking'): string =>
  `apiVersion: ${group}.istio.io/v1\nkind: ${kind}\nmetadata: { name: a }\nspec:\n`;
const virtualService = (route: string): string =>
  `${header('VirtualService')}  hosts: [a]\n  http:\n    - route: [{ destination: { host: a } }]\n${route}`;

// What Go 1.24's time.ParseDuration makes of these.
describe('durations of Go', () => {
  test.each([
    ['0', 0n],
    ['-0', 0n],
    ['5s', 5_000_000_000n],
    ['1h30m', 5_400_000_000_000n],
    ['1m1s1ms1us1ns', 61_001_001_001n],
    ['1.005s', 1_005_000_000n],
    ['.5s', 500_000_000n],
    ['1.s', 1_000_000_000n],
    ['+1s', 1_000_000_000n],
    ['-1.5h', -5_400_000_000_000n],
    ['1µs', 1000n],
    ['1μs', 1000n],
    ['0.000000001s', 1n],
    ['0.0000000001s', 0n],
    ['1s1h', 3_601_000_000_000n],
    ['2540400h10m10.000000000s', 9_145_440_610_000_000_000n],
  ])('%s', (text, nanoseconds) => {
    expect(goDuration(text)).toBe(nanoseconds);
  });

  test.each([
    '',
    '5',
    '-',
    '+',
    '.',
    '.s',
    '+.s',
    's',
    '5 s',
    ' 5s',
    '5s ',
    '1d',
    '5S',
    '1h30',
    '1e3s',
    '--5s',
    '3000000h',
    '1 h',
  ])('%j is none', text => {
    expect(goDuration(text)).toBeUndefined();
  });
});

describe('repairs', () => {
  test.each([
    [
      'mirrorPercent, with its comment',
      virtualService('      mirror: { host: b }\n      mirrorPercent: 50 # half\n'),
      'schema/deprecated-field',
      virtualService('      mirror: { host: b }\n      mirrorPercentage: { value: 50 } # half\n'),
    ],
    [
      'mirrorPercent in JSON',
      `{"apiVersion": "networking.istio.io/v1", "kind": "VirtualService", "metadata": {"name": "a"}, "spec": {"hosts": ["a"], "http": [{"route": [{"destination": {"host": "a"}}], "mirror": {"host": "b"}, "mirrorPercent": 5}]}}\n`,
      'schema/deprecated-field',
      `{"apiVersion": "networking.istio.io/v1", "kind": "VirtualService", "metadata": {"name": "a"}, "spec": {"hosts": ["a"], "http": [{"route": [{"destination": {"host": "a"}}], "mirror": {"host": "b"}, "mirrorPercentage": { "value": 5 }}]}}\n`,
    ],
    [
      'mirrorPercent beside its successor',
      virtualService('      mirror: { host: b }\n      mirrorPercent: 50\n      mirrorPercentage: { value: 5 }\n'),
      'schema/deprecated-field',
      virtualService('      mirror: { host: b }\n      mirrorPercentage: { value: 5 }\n'),
    ],
    [
      'a block that becomes an entry of a list',
      `${header('AuthorizationPolicy', 'security')}  targetRef: # one\n    # of all\n    kind: Gateway\n\n    group: gateway.networking.k8s.io\n    name: b\n  action: DENY\n`,
      'schema/deprecated-field',
      `${header('AuthorizationPolicy', 'security')}  targetRefs: # one\n    # of all\n    - kind: Gateway\n\n      group: gateway.networking.k8s.io\n      name: b\n  action: DENY\n`,
    ],
    [
      'a list of origins',
      virtualService('      corsPolicy:\n        allowOrigin: ["https://a", https://b]\n'),
      'schema/deprecated-field',
      virtualService('      corsPolicy:\n        allowOrigins: [{ exact: "https://a" }, { exact: https://b }]\n'),
    ],
    [
      'an object where a list is wanted',
      `${header('VirtualService')}  hosts: [a]\n  http:\n    route:\n      - destination:\n          host: a\n    timeout: 5s\n`,
      'schema/invalid-type',
      `${header('VirtualService')}  hosts: [a]\n  http:\n    - route:\n        - destination:\n            host: a\n      timeout: 5s\n`,
    ],
    [
      'a bare value where a list is wanted',
      `${header('Sidecar')}  egress: [{ hosts: ./* }]\n`,
      'schema/invalid-type',
      `${header('Sidecar')}  egress: [{ hosts: [./*] }]\n`,
    ],
    [
      'a bare value with signs of brackets',
      `${header('Sidecar')}  egress: [{ hosts: ["./*"] }]\n  ingress:\n    - port: { number: 80 }\n      tls:\n        subjectAltNames: a{b\n`,
      'schema/invalid-type',
      `${header('Sidecar')}  egress: [{ hosts: ["./*"] }]\n  ingress:\n    - port: { number: 80 }\n      tls:\n        subjectAltNames: ["a{b"]\n`,
    ],
    [
      'a boolean in quotes',
      virtualService('      match: [{ uri: { prefix: / }, ignoreUriCase: "true" }]\n'),
      'schema/invalid-type',
      virtualService('      match: [{ uri: { prefix: / }, ignoreUriCase: true }]\n'),
    ],
    ['a timeout of nothing', virtualService('      timeout: 0s\n'), 'schema/invalid-duration', virtualService('')],
    [
      'a timeout without unit',
      virtualService('      timeout: 5 # s\n'),
      'schema/invalid-duration',
      virtualService('      timeout: 5s # s\n'),
    ],
    ['a version', virtualService('').replace('/v1', '/v1beta1'), 'schema/deprecated-version', virtualService('')],
    ['tabs', virtualService('\t\t\ttimeout: 5s\n'), 'yaml/invalid-syntax', virtualService('      timeout: 5s\n')],
    [
      'a bracket over several lines',
      virtualService('      match: [\n        { uri: { prefix: / } }\n      timeout: 5s\n'),
      'yaml/invalid-syntax',
      virtualService('      match: [\n        { uri: { prefix: / } }]\n      timeout: 5s\n'),
    ],
    [
      'a further document',
      `${virtualService('')}...\n${virtualService('')}`,
      'yaml/invalid-syntax',
      `${virtualService('')}...\n---\n${virtualService('')}`,
    ],
    [
      'an earlier key',
      virtualService('      timeout: 1s\n      name: b\n      timeout: 2s\n'),
      'yaml/duplicate-key',
      virtualService('      name: b\n      timeout: 2s\n'),
    ],
  ])('%s', (_, before, rule, after) => {
    expect(repaired(before, rule)).toBe(after);
  });

  test.each([
    [
      'an origin that is a wildcard',
      virtualService('      corsPolicy: { allowOrigin: ["*"] }\n'),
      'schema/deprecated-field',
    ],
    [
      'a value that is no percentage',
      virtualService('      mirror: { host: b }\n      mirrorPercent: 500\n'),
      'schema/deprecated-field',
    ],
    [
      'a bracket in a document of many',
      virtualService(`      match: [\n${'      # c\n'.repeat(20_000)}`),
      'yaml/invalid-syntax',
    ],
  ])('none for %s', (_, text, rule) => {
    expect(repaired(text, rule)).toBeUndefined();
  });
});

describe('regular expressions', () => {
  const found = (regex: string): readonly string[] =>
    findingsOf(snapshotOf([{ path: FILE, text: virtualService(`      match: [{ uri: { regex: '${regex}' } }]\n`) }]))
      .filter(({ rule }) => rule.id === 'schema/invalid-regex')
      .map(({ message }) => message);

  test('have a limit in bytes', () => {
    expect(found('a'.repeat(1024))).toEqual([]);
    expect(found('a'.repeat(1025))).toEqual(['the regular expression has 1025 bytes, and Istio takes at most 1024']);
    expect(found('ä'.repeat(513))).toEqual(['the regular expression has 1026 bytes, and Istio takes at most 1024']);
    expect(found('\u{1f600}'.repeat(257))).toEqual([
      'the regular expression has 1028 bytes, and Istio takes at most 1024',
    ]);
  });

  test.each(['(a+)+$', '(a|a)*b', '((a{0,30}){0,30})', '(x+x+)+y', `${'a?'.repeat(40)}${'a'.repeat(40)}`])(
    '%s costs nothing',
    regex => {
      expect(found(regex)).toEqual([]);
    },
  );
});
