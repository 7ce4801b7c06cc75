import { describe, expect, test } from 'vitest';
import type { CompletionItem } from '../../../../server/src/analysis.ts';
import { accept, completionsAt } from '../../../harness/completion.ts';
import { findingsOf } from '../../../harness/findings.ts';
import { snapshotOf } from '../../../harness/fixtures.ts';
import { schemas } from '../../../harness/schemas.ts';

const FILE = 'new.yaml';

function snippetsAt(text: string): readonly CompletionItem[] {
  const offset = text.indexOf('|');
  return completionsAt(snapshotOf([{ path: FILE, text: text.replace('|', '') }]), FILE, offset).filter(
    ({ kind }) => kind === 'snippet',
  );
}

/** The serious findings of a text in which a snippet was taken and nothing filled in. */
function faultsWith(text: string, item: CompletionItem): readonly string[] {
  const changed = accept(text.replace('|', ''), item);
  const findings = findingsOf(snapshotOf([{ path: FILE, text: changed }]));
  return (
    findings
      .filter(({ severity }) => severity === 'error' || severity === 'warning')
      // Istio says this of each EnvoyFilter.
      .filter(({ rule }) => rule.id !== 'envoy-filter/risky-internals')
      .map(({ rule, message }) => `${rule.id}: ${message}`)
  );
}

const whole = snippetsAt('|');

test('there is a snippet for every kind of Istio’s', () => {
  const labels = whole.map(({ label }) => label);
  for (const { kind } of schemas.facts.kinds) expect(labels).toContain(kind);
});

test('there is a snippet for every pattern of traffic management', () => {
  const patterns = whole
    .map(({ label }) => label)
    .filter(label => schemas.facts.kinds.every(({ kind }) => kind !== label));
  expect(patterns).toEqual([
    'canary 90/10',
    'header routing',
    'mirror',
    'fault: delay',
    'fault: abort',
    'retries and timeout',
    'circuit breaker',
    'gateway with redirect',
    'local rate limit',
  ]);
});

describe('a resource that a snippet makes has neither errors nor warnings', () => {
  test.each(whole.map(item => [item.label, item] as const))('%s', (_label, item) => {
    expect(faultsWith('|', item)).toEqual([]);
  });
});

describe('a part that a snippet makes fits into its resource', () => {
  const resources = {
    'rule of a VirtualService': `apiVersion: networking.istio.io/v1
kind: VirtualService
metadata:
  name: reviews
spec:
  hosts: [reviews]
  http:
    - |
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata:
  name: reviews
spec:
  host: reviews
  subsets:
    - { name: v1, labels: { version: v1 } }
    - { name: v2, labels: { version: v2 } }
`,
    'policy of a DestinationRule': `apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata:
  name: reviews
spec:
  host: reviews
  trafficPolicy:
    |
`,
    'server of a Gateway': `apiVersion: networking.istio.io/v1
kind: Gateway
metadata:
  name: public
spec:
  selector: { istio: ingressgateway }
  servers:
    |
`,
  };
  const parts = Object.entries(resources).flatMap(([place, text]) =>
    snippetsAt(text).map(item => [place, item.label, text, item] as const),
  );

  test.each(parts)('%s: %s', (_place, _label, text, item) => {
    expect(faultsWith(text, item)).toEqual([]);
  });
});
