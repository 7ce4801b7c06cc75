import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type ClientOptions, type LspClient, startClient, uri } from '../harness/lsp-client.ts';
import { MISSPELT, VIRTUAL_SERVICE } from './manifests.ts';

/** Shows the server's text of a file in the place of a hover. */
const features: ClientOptions['features'] = {
  hover: (snapshot, file) => ({ range: { file, start: 0, end: 0 }, markdown: `text:${snapshot.file(file)?.text}` }),
};

test('edits arrive as they were made, with CRLF, surrogates and lone carriage returns', async () => {
  const client = await startClient({ features });
  client.open('a.yaml', 'a: 1\r\nb: 😀é\r\n');
  client.change(
    'a.yaml',
    { range: range(1, 3, 1, 5), text: 'x' },
    { range: range(0, 4, 1, 0), text: '\n' },
    { range: range(2, 0, 2, 0), text: 'c: 𝄞\r' },
  );
  expect(await textOf(client, 'a.yaml')).toBe('a: 1\nb: xé\r\nc: 𝄞\r');
  client.change('a.yaml', 'all new');
  expect(await textOf(client, 'a.yaml')).toBe('all new');
});

test('any edits give the text that they describe', async () => {
  const client = await startClient({ features });
  const text = fc.string({ unit: fc.constantFrom('a', '\n', '\r', '\r\n', '😀', ':', ' '), maxLength: 12 });
  const edit = fc.record({ start: fc.nat(30), length: fc.nat(8), text });
  let number = 0;
  await fc.assert(
    fc.asyncProperty(text, fc.array(edit, { maxLength: 6 }), async (before, edits) => {
      const path = `${number++}.yaml`;
      client.open(path, before);
      let expected = before;
      for (const { start, length, text: inserted } of edits) {
        // Editors make no edits that part a line break.
        const from = outsideBreak(expected, Math.min(start, expected.length));
        const to = Math.max(from, outsideBreak(expected, Math.min(from + length, expected.length)));
        const edited = { start: positionOf(expected, from), end: positionOf(expected, to) };
        client.change(path, { range: edited, text: inserted });
        expected = expected.slice(0, from) + inserted + expected.slice(to);
      }
      expect(await textOf(client, path)).toBe(expected);
      client.close(path);
    }),
    { numRuns: 60 },
  );
});

test('no edit is lost when versions are out of order, and each is told', async () => {
  const client = await startClient({ features });
  client.open('a.yaml', 'a');
  for (const version of [7, 3, 3]) {
    const textDocument = { uri: uri('a.yaml'), version };
    client.notify('textDocument/didChange', {
      textDocument,
      contentChanges: [{ range: range(0, 0, 0, 0), text: 'x' }],
    });
  }
  expect(await textOf(client, 'a.yaml')).toBe('xxxa');
  expect(client.logs).toEqual([
    expect.stringContaining('version 3 comes after version 7'),
    expect.stringContaining('version 3 comes after version 3'),
  ]);
});

test('ranges outside the text are moved to its end, and a change that is none is left out', async () => {
  const client = await startClient({ features });
  client.open('a.yaml', 'a\nb');
  client.change('a.yaml', { range: range(9, 9, 99, 9), text: '1' }, { range: range(0, 50, 0, 60), text: '2' });
  expect(await textOf(client, 'a.yaml')).toBe('a2\nb1');
  client.change('a.yaml', { range: { start: { line: 'x' } }, text: 'lost' }, { range: range(1, 2, 1, 2), text: '3' });
  expect(await textOf(client, 'a.yaml')).toBe('a2\nb13');
  expect(client.logs).toEqual([expect.stringContaining('a change is left out')]);
  client.change('a.yaml', { range: range(9, 0, 10, 0), text: 'x\ny' }, { range: range(2, 0, 2, 0), text: '!' });
  expect(await textOf(client, 'a.yaml')).toBe('a2\nb13x\n!y');
});

test('a change of a document that was not opened is told; with the whole text it counts as opened', async () => {
  const client = await startClient({ features });
  client.change('a.yaml', { range: range(0, 0, 0, 0), text: 'x' });
  await client.settled();
  expect(client.logs).toEqual([expect.stringContaining('was not opened: the change is left out')]);
  client.change('a.yaml', 'whole', { range: range(0, 5, 0, 5), text: '!' });
  expect(await textOf(client, 'a.yaml')).toBe('whole!');
  client.close('b.yaml');
  await client.settled();
  expect(client.logs.at(-1)).toContain('closed and was not open');
});

test('the buffer wins over the disk while it is open, and the disk counts again after', async () => {
  const client = await startClient({ files: { 'a.yaml': VIRTUAL_SERVICE }, features });
  client.open('a.yaml', MISSPELT);
  client.disk.set(uri('a.yaml'), `# newer\n${VIRTUAL_SERVICE}`);
  client.changedOnDisk(['a.yaml', 2]);
  await client.settled();
  expect(await textOf(client, 'a.yaml')).toBe(MISSPELT);
  expect(client.published.at(-1)).toMatchObject({ version: 1, diagnostics: [{ code: 'schema/unknown-field' }] });
  client.close('a.yaml');
  await client.settled();
  expect(await textOf(client, 'a.yaml')).toBe(`# newer\n${VIRTUAL_SERVICE}`);
  expect(client.published.at(-1)).toEqual({ uri: uri('a.yaml'), diagnostics: [] });
});

test('documents that are in no file or in no workspace folder are served while they are open', async () => {
  const client = await startClient();
  for (const name of ['untitled:Untitled-1', 'file:///elsewhere/a.yaml', 'vscode-vfs://host/a.yaml']) {
    client.open(name, MISSPELT);
    await client.settled();
    expect(client.diagnostics(name)).toHaveLength(1);
    client.close(name);
    await client.settled();
    expect(client.diagnostics(name)).toEqual([]);
  }
});

test('a file is the same however its URI is written, and is called as the editor calls it', async () => {
  const client = await startClient({ files: { 'a%20%C3%A9.yaml': MISSPELT } });
  expect(client.published.map(params => params.uri)).toEqual([uri('a%20%C3%A9.yaml')]);
  client.open('a é.yaml', VIRTUAL_SERVICE);
  await client.settled();
  expect(client.diagnostics('a é.yaml')).toEqual([]);
  expect(client.diagnostics('a%20%C3%A9.yaml')).toEqual([]);
  expect(await client.request('istio/status')).toMatchObject({ files: 1, resources: 1 });
});

async function textOf(client: LspClient, path: string): Promise<string> {
  const params = { textDocument: { uri: uri(path) }, position: { line: 0, character: 0 } };
  const { contents } = await client.request<{ contents: { value: string } }>('textDocument/hover', params);
  return contents.value.slice('text:'.length);
}

function range(line: number, character: number, endLine: number, endCharacter: number) {
  return { start: { line, character }, end: { line: endLine, character: endCharacter } };
}

/** By the protocol's rule: lines end with `\n`, `\r\n` or `\r`. */
function positionOf(text: string, offset: number) {
  const lines = text.slice(0, offset).split(/\r\n|\n|\r/);
  return { line: lines.length - 1, character: lines.at(-1)?.length ?? 0 };
}

function outsideBreak(text: string, offset: number): number {
  return text.slice(offset - 1, offset + 1) === '\r\n' ? offset - 1 : offset;
}
