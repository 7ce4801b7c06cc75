import { expect, test } from 'vitest';
import { createHost, DEFAULT_SETTINGS, type Snapshot } from '../../../server/src/analysis.ts';
import { readClient } from '../../../server/src/lsp/client.ts';
import { Rehearsal } from '../../../server/src/lsp/rehearsal.ts';
import type { View } from '../../../server/src/lsp/to-protocol.ts';
import { schemas } from '../../harness/schemas.ts';

const TEXT = `apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: reviews }
spec:
  hosts: [reviews]
  http:
    - route:
        - destination:
            host: reviews
`;

function snapshotOf(text: string): Snapshot {
  const host = createHost(schemas);
  host.apply({ settings: DEFAULT_SETTINGS, files: new Map([['a.yaml', text]]) });
  return host.snapshot();
}

function viewOf(snapshot: Snapshot): View {
  const name = (file: string): string => file;
  return {
    snapshot,
    client: readClient({ capabilities: {} }),
    uriOf: name,
    versionOf: () => 1,
    pathOf: name,
    rulePage: () => undefined,
  };
}

function stepsOf(rehearsal: Rehearsal, text: string, ids: readonly string[]): number {
  const snapshot = snapshotOf(text);
  return [...rehearsal.run(snapshot, viewOf(snapshot), ids)].length;
}

test('the first document that is open is asked about, once', () => {
  const rehearsal = new Rehearsal();
  expect(stepsOf(rehearsal, TEXT, [])).toBe(0);
  expect(stepsOf(rehearsal, TEXT, ['gone.yaml'])).toBe(0);
  expect(stepsOf(rehearsal, TEXT, ['a.yaml'])).toBe(6);
  expect(stepsOf(rehearsal, TEXT, ['a.yaml'])).toBe(0);
});

test.each(['', '\n', '- [', 'x'.repeat(300), '\u0000'])('nothing is too odd: %j', text => {
  expect(stepsOf(new Rehearsal(), text, ['a.yaml'])).toBeLessThanOrEqual(6);
});
