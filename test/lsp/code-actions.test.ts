import { expect, test } from 'vitest';
import type { CodeAction, Diagnostic, TextDocumentEdit } from 'vscode-languageserver';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { fileFindings, RULES, type Rule, type RuleFinding, type Span } from '../../server/src/analysis.ts';
import { type ClientOptions, type LspClient, startClient, uri } from '../harness/lsp-client.ts';
import { MISSPELT, VIRTUAL_SERVICE } from './manifests.ts';

const CONTENT_MODIFIED = -32801;

test('the fix of a finding is offered on it, and repairs it', async () => {
  const client = await startClient();
  client.open('a.yaml', MISSPELT);
  await client.settled();
  const [diagnostic] = client.diagnostics('a.yaml') ?? [];
  const [action, ...more] = await actions(client, 6, 6, { diagnostics: [diagnostic] });
  expect(more).toEqual([]);
  expect(action).toMatchObject({
    title: 'Change to "hosts"',
    kind: 'quickfix',
    isPreferred: true,
    diagnostics: [diagnostic],
    edit: { documentChanges: [{ textDocument: { uri: uri('a.yaml'), version: 1 } }] },
  });
  const repaired = apply(MISSPELT, action);
  expect(repaired).toBe(VIRTUAL_SERVICE);
  client.change('a.yaml', repaired);
  await client.settled();
  expect(client.diagnostics('a.yaml')).toEqual([]);
});

test('nothing is offered elsewhere, for other kinds, and to clients that know no such answers', async () => {
  const client = await startClient();
  client.open('a.yaml', MISSPELT);
  expect(await actions(client, 0, 5)).toEqual([]);
  expect(await actions(client, 0, 9, { only: ['refactor'] })).toEqual([]);
  expect(await actions(client, 0, 9, { only: ['quickfix'] })).toHaveLength(1);
  const poor = await startClient({ capabilities: () => ({}) });
  poor.open('a.yaml', MISSPELT);
  expect(await actions(poor, 0, 9)).toEqual([]);
});

test('fixes that reach into other files are edits of these, too', async () => {
  const features = saying(spans => [
    {
      at: spans.here(0, 4),
      fixes: [{ title: 'both', edits: [spans.edit(0, 0, '#1\n'), spans.editElsewhere(0, 0, '#2\n')] }],
    },
  ]);
  const client = await startClient({ features, files: { 'b.yaml': VIRTUAL_SERVICE } });
  client.open('a.yaml', VIRTUAL_SERVICE);
  const [action] = await actions(client, 0, 0);
  expect(action?.edit?.documentChanges).toMatchObject([
    { textDocument: { uri: uri('a.yaml'), version: 1 }, edits: [{ newText: '#1\n' }] },
    { textDocument: { uri: uri('b.yaml'), version: null }, edits: [{ newText: '#2\n' }] },
  ]);
  expect(action).not.toHaveProperty('isPreferred');
});

test('all deprecated spellings are repaired at once, and nothing else; overlapping repairs wait for the next time', async () => {
  const fix = (title: string, edits: readonly ReturnType<Spans['edit']>[], preferred = true) => ({
    title,
    edits,
    preferred,
  });
  const features = saying(spans => [
    { at: spans.here(0, 10), deprecated: true, fixes: [fix('first', [spans.edit(0, 10, 'APIVERSION')])] },
    { at: spans.here(5, 10), deprecated: true, fixes: [fix('overlaps', [spans.edit(5, 10, '?')])] },
    { at: spans.here(12, 14), deprecated: true, fixes: [fix('unsure', [spans.edit(12, 14, '?')], false)] },
    { at: spans.here(14, 16), fixes: [fix('other', [spans.edit(14, 16, '?')])] },
    { at: spans.here(35, 39), deprecated: true, fixes: [fix('second', [spans.edit(35, 39, 'KIND')])] },
  ]);
  const client = await startClient({ features });
  client.open('a.yaml', VIRTUAL_SERVICE);
  for (const only of ['source', 'source.fixAll', 'source.fixAll.istio']) {
    const [action, ...more] = await actions(client, 0, 0, { only: [only] });
    expect(more).toEqual([]);
    expect(action?.kind).toBe('source.fixAll.istio');
    expect(apply(VIRTUAL_SERVICE, action)).toBe(
      VIRTUAL_SERVICE.replace('apiVersion', 'APIVERSION').replace('kind', 'KIND'),
    );
  }
  expect((await actions(client, 0, 0)).map(({ kind }) => kind)).not.toContain('source.fixAll.istio');
});

test('actions of a text that has changed meanwhile are not given', async () => {
  let judged = 0;
  const client = await startClient({
    features: {
      *fileFindings() {
        judged++;
        for (let i = 0; i < 100; i++) yield;
        return [];
      },
    },
  });
  client.open('a.yaml', VIRTUAL_SERVICE);
  await client.settled();
  client.change('a.yaml', MISSPELT);
  const asked = actions(client, 0, 0);
  await client.handled();
  client.change('a.yaml', VIRTUAL_SERVICE);
  await expect(asked).rejects.toMatchObject({ code: CONTENT_MODIFIED });
  expect(judged).toBeGreaterThan(1);
});

test('another file that is read meanwhile takes no action away', async () => {
  const client = await startClient({
    features: {
      *fileFindings(...args) {
        for (let i = 0; i < 100; i++) yield;
        return yield* fileFindings(...args);
      },
    },
  });
  client.open('a.yaml', VIRTUAL_SERVICE);
  await client.settled();
  client.change('a.yaml', MISSPELT);
  const asked = actions(client, 0, 9);
  await client.handled();
  client.disk.set(uri('c.yaml'), VIRTUAL_SERVICE);
  client.changedOnDisk(['c.yaml', 1]);
  expect((await asked).map(({ title }) => title)).toEqual(['Change to "hosts"']);
});

function actions(
  client: LspClient,
  start: number,
  end: number,
  context: { diagnostics?: readonly (Diagnostic | undefined)[]; only?: readonly string[] } = {},
): Promise<CodeAction[]> {
  return client.request('textDocument/codeAction', {
    textDocument: { uri: uri('a.yaml') },
    range: { start: { line: start, character: 0 }, end: { line: end, character: 3 } },
    context: { diagnostics: [], ...context },
  });
}

function apply(text: string, action: CodeAction | undefined): string {
  const edits = action?.edit?.documentChanges?.flatMap(change => (change as TextDocumentEdit).edits) ?? [];
  return TextDocument.applyEdits(
    TextDocument.create('', 'yaml', 0, text),
    edits as Parameters<typeof TextDocument.applyEdits>[1],
  );
}

interface Spans {
  here(start: number, end: number): Span;
  edit(start: number, end: number, newText: string): Span & { newText: string };
  editElsewhere(start: number, end: number, newText: string): Span & { newText: string };
}

function saying(find: (spans: Spans) => readonly Partial<RuleFinding>[]): ClientOptions['features'] {
  const rule = RULES[0] as Rule;
  return {
    *fileFindings(snapshot, id) {
      const span = (file: string, start: number, end: number): Span => {
        const anchor = snapshot.file(file)?.documents[0]?.document;
        return { anchor: anchor ?? { file }, start, end };
      };
      const spans: Spans = {
        here: (start, end) => span(id, start, end),
        edit: (start, end, newText) => ({ ...span(id, start, end), newText }),
        editElsewhere: (start, end, newText) => ({ ...span(uri('b.yaml'), start, end), newText }),
      };
      return find(spans).map(finding => ({ at: spans.here(0, 0), message: 'm', severity: 'error', ...finding, rule }));
    },
  };
}
