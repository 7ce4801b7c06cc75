import { readFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createHost, type Snapshot } from '../../../server/src/analysis.ts';
import { readClient } from '../../../server/src/lsp/client.ts';
import { toDiagnostics } from '../../../server/src/lsp/to-diagnostic.ts';
import type { View } from '../../../server/src/lsp/to-protocol.ts';
import { edits, withEdit } from '../../harness/edits.ts';
import { findingsOf } from '../../harness/findings.ts';
import { schemas } from '../../harness/schemas.ts';

const FILE = 'shop.yaml';
const OTHER = 'others.yaml';
const examples = path.join(import.meta.dirname, '../../../examples');
const mistakes = readFileSync(path.join(examples, 'mistakes.yaml'), 'utf8');
const others = ['storefront.yaml', 'services.yaml'].map(name => readFileSync(path.join(examples, name), 'utf8'));
const twin = mistakes.replace('name: orders', 'name: twin').replaceAll('/orders', '/twin');
const text = [mistakes, others[0], twin].join('\n---\n');

const publishDiagnostics = { relatedInformation: true, codeDescriptionSupport: true, tagSupport: { valueSet: [1, 2] } };
const client = readClient({ capabilities: { textDocument: { publishDiagnostics } } });

function viewOf(snapshot: Snapshot): View {
  return {
    snapshot,
    client,
    uriOf: file => `file:///${file}`,
    versionOf: () => 1,
    pathOf: file => file,
    rulePage: rule => `file:///${rule}`,
  };
}

function started(): ReturnType<typeof createHost> {
  const host = createHost(schemas, 1);
  host.apply({
    files: new Map([
      [FILE, text],
      [OTHER, others[1]],
    ]),
  });
  return host;
}

/** The diagnostics of the file, made with what is known of findings, and made anew. */
function bothWays(snapshot: Snapshot): readonly [readonly object[], readonly object[]] {
  const file = snapshot.file(FILE)!;
  const findings = findingsOf(snapshot).filter(({ at }) => at.anchor.file === FILE);
  const view = viewOf(snapshot);
  return [
    toDiagnostics(view, file, findings),
    toDiagnostics(
      view,
      file,
      findings.map(finding => ({ ...finding })),
    ),
  ];
}

describe('diagnostics of findings that are kept', () => {
  test('stand where the findings stand, after any edits', () => {
    fc.assert(
      fc.property(edits, list => {
        const host = started();
        let now = text;
        for (const edit of list) {
          bothWays(host.snapshot());
          now = withEdit(now, edit);
          host.apply({ files: new Map([[FILE, now]]) });
        }
        const [kept, made] = bothWays(host.snapshot());
        expect(kept).toEqual(made);
      }),
      { numRuns: 60 },
    );
  });

  test('are the same objects until their document moves', () => {
    const host = started();
    const [before] = bothWays(host.snapshot());
    const at = text.lastIndexOf('timeuot');
    host.apply({ files: new Map([[FILE, `${text.slice(0, at)}x${text.slice(at)}`]]) });
    const [after] = bothWays(host.snapshot());
    expect(before.length).toBeGreaterThan(20);
    expect(after.filter(one => before.includes(one)).length).toBeGreaterThan(5);
    host.apply({ files: new Map([[FILE, `\n${text}`]]) });
    const [moved, made] = bothWays(host.snapshot());
    expect(moved).toEqual(made);
    expect(moved.some(one => after.includes(one))).toBe(false);
  });
});
