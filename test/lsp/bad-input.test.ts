import { expect, test } from 'vitest';
import { startClient } from '../harness/lsp-client.ts';
import { MISSPELT, VIRTUAL_SERVICE } from './manifests.ts';

const END = { start: { line: 1e6, character: 0 }, end: { line: 1e6, character: 0 } };
const LIMIT = 20_000;

/** What is said of a document, by rule. */
const codesOf = (client: Awaited<ReturnType<typeof startClient>>, path: string): unknown =>
  client.diagnostics(path)?.map(({ code }) => code);

test('a document that grows past the limit while it is open gets one finding, and is read again when it shrinks', async () => {
  const client = await startClient({ settings: { maxFileSize: LIMIT } });
  client.open('big.yaml', MISSPELT);
  client.open('other.yaml', VIRTUAL_SERVICE);
  for (let size = 0; size <= LIMIT; size += 5000)
    client.change('big.yaml', { range: END, text: `# ${'x'.repeat(5000)}\n` });
  await client.settled();
  expect(codesOf(client, 'big.yaml')).toEqual(['file/unread-large']);
  client.change('other.yaml', MISSPELT);
  await client.settled();
  expect(codesOf(client, 'other.yaml')).toEqual(['schema/unknown-field']);
  client.change('big.yaml', MISSPELT);
  await client.settled();
  expect(codesOf(client, 'big.yaml')).toEqual(['schema/unknown-field']);
});

test.each([
  ['a line of a megabyte', `# ${'x'.repeat(1_000_000)}\n`],
  ['a value of a megabyte', `x: "${'y'.repeat(1_000_000)}"\n`],
  ['a hundred thousand documents', '---\n'.repeat(100_000)],
])('%s behind a mistake hides nothing, and edits go on', async (_, text) => {
  const client = await startClient();
  client.open('a.yaml', `${MISSPELT}---\n${text}`);
  await client.settled();
  expect(codesOf(client, 'a.yaml')).toEqual(['schema/unknown-field']);
  client.change('a.yaml', { range: END, text: `---\n${MISSPELT}` });
  await client.settled();
  expect(codesOf(client, 'a.yaml')).toEqual(['schema/unknown-field', 'schema/unknown-field']);
});
