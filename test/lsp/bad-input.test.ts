import { expect, test } from 'vitest';
import { startClient, uri } from '../harness/lsp-client.ts';
import { MISSPELT, VIRTUAL_SERVICE } from './manifests.ts';

const END = { start: { line: 1e6, character: 0 }, end: { line: 1e6, character: 0 } };

/** What is said of a document, by rule. */
const codesOf = (client: Awaited<ReturnType<typeof startClient>>, path: string): unknown =>
  client.diagnostics(path)?.map(({ code }) => code);

test.each([
  ['size', { maxFileSize: 22_000 }, 'file/unread-large', `# ${'x'.repeat(5000)}\n`],
  ['number of documents', { maxDocuments: 5 }, 'file/unread-documents', '\n---\n# one more'],
  ['length of a line', { maxLineLength: 13_000 }, 'file/unread-long-line', 'x'.repeat(3000)],
])(
  'a document that grows past the limit of its %s while it is open gets one finding, and is read again when it shrinks',
  async (_, settings, rule, text) => {
    const client = await startClient({ settings });
    const small = `${MISSPELT}# `;
    client.open('big.yaml', small);
    client.open('other.yaml', VIRTUAL_SERVICE);
    const told: unknown[] = [];
    for (let grown = 0; grown < 5; grown++) {
      client.change('big.yaml', { range: END, text });
      await client.settled();
      told.push(codesOf(client, 'big.yaml'));
    }
    const read = ['schema/unknown-field'];
    expect(told).toEqual([read, read, read, read, [rule]]);
    client.change('other.yaml', MISSPELT);
    await client.settled();
    expect(codesOf(client, 'other.yaml')).toEqual(read);
    client.change('big.yaml', small);
    await client.settled();
    expect(codesOf(client, 'big.yaml')).toEqual(read);
  },
);

test('a hundred thousand documents and a line of three megabytes are each told once, by how much they are too many', async () => {
  const client = await startClient();
  client.open('many.yaml', `${MISSPELT}${'---\na: 1\n'.repeat(100_000)}`);
  client.open('long.yaml', `${MISSPELT}# ${'x'.repeat(3_000_000)}\n`);
  client.open('other.yaml', MISSPELT);
  await client.settled();
  const messages = (path: string): unknown => client.diagnostics(path)?.map(({ message }) => message);
  expect(messages('many.yaml')).toEqual([
    'this file is not read: its 100,001 documents are more than the 10,000 that the setting `istio.maxDocuments` allows',
  ]);
  expect(messages('long.yaml')).toEqual([
    "this file is not read: this line's 3,000,002 characters are more than the 2,000,000 that the setting `istio.maxLineLength` allows",
  ]);
  expect(client.diagnostics('long.yaml')?.[0]?.range.start).toEqual({ line: 12, character: 0 });
  expect(codesOf(client, 'other.yaml')).toEqual(['schema/unknown-field']);
});

test('a raised limit reads the files that were past it, those on the disk too', async () => {
  const files = { 'many.yaml': `${MISSPELT}---\n---\n`, 'small.yaml': MISSPELT };
  const client = await startClient({ files, settings: { maxDocuments: 2 } });
  expect(codesOf(client, 'many.yaml')).toEqual(['file/unread-documents']);
  expect(codesOf(client, 'small.yaml')).toEqual(['schema/unknown-field']);
  client.settings = { maxDocuments: 3 };
  client.notify('workspace/didChangeConfiguration', { settings: null });
  await client.settled();
  expect(codesOf(client, 'many.yaml')).toEqual(['schema/unknown-field']);
});

test('findings are of the text of the last edit when versions are out of order, and other files are served', async () => {
  const client = await startClient();
  client.open('a.yaml', VIRTUAL_SERVICE);
  client.open('other.yaml', VIRTUAL_SERVICE);
  const edit = (version: number, text: string): void =>
    client.notify('textDocument/didChange', {
      textDocument: { uri: uri('a.yaml'), version },
      contentChanges: [{ range: { start: { line: 6, character: 6 }, end: { line: 6, character: 7 } }, text }],
    });
  const told: unknown[] = [];
  for (const [version, text] of [
    [9, 'z'],
    [9, 's'],
    [2, 'z'],
    [-1, 's'],
    [2, 'z'],
  ] as const) {
    edit(version, text);
    await client.settled();
    told.push(codesOf(client, 'a.yaml'));
  }
  const wrong = ['schema/unknown-field'];
  expect(told).toEqual([wrong, [], wrong, [], wrong]);
  client.change('other.yaml', MISSPELT);
  await client.settled();
  expect(codesOf(client, 'other.yaml')).toEqual(wrong);
});

test.each([
  ['a line of a megabyte', `# ${'x'.repeat(1_000_000)}\n`],
  ['a value of a megabyte', `x: "${'y'.repeat(1_000_000)}"\n`],
  ['a value of a binary as large as a cluster takes it', `x: ${'QUJD'.repeat(350_000)}\n`],
  ['nearly as many documents as are allowed', '---\n'.repeat(9_990)],
])('%s behind a mistake hides nothing, and edits go on', async (_, text) => {
  const client = await startClient();
  client.open('a.yaml', `${MISSPELT}---\n${text}`);
  await client.settled();
  expect(codesOf(client, 'a.yaml')).toEqual(['schema/unknown-field']);
  client.change('a.yaml', { range: END, text: `---\n${MISSPELT}` });
  await client.settled();
  expect(codesOf(client, 'a.yaml')).toEqual(['schema/unknown-field', 'schema/unknown-field']);
});

test('ten thousand equal destinations in one line are told, and other files are served', async () => {
  const client = await startClient();
  const route = `[{ destination: { host: a }, weight: 1 }${', { destination: { host: a }, weight: 1 }'.repeat(10_000)}]`;
  client.open('a.yaml', VIRTUAL_SERVICE.slice(0, VIRTUAL_SERVICE.indexOf('route:')) + `route: ${route}\n`);
  client.open('other.yaml', MISSPELT);
  await client.settled();
  expect(codesOf(client, 'a.yaml')).toContain('virtual-service/duplicate-destination');
  expect(codesOf(client, 'other.yaml')).toEqual(['schema/unknown-field']);
});
