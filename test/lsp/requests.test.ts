import { expect, test } from 'vitest';
import { CancellationTokenSource } from 'vscode-languageserver';
import type { CompletionItem, SymbolNode } from '../../server/src/analysis.ts';
import { withoutPlaceholders } from '../../server/src/lsp/to-completion.ts';
import { type ClientOptions, type LspClient, startClient, uri } from '../harness/lsp-client.ts';
import { VIRTUAL_SERVICE } from './manifests.ts';

const CANCELLED = -32800;
const A = { textDocument: { uri: uri('a.yaml') } };

test('a completion is inserted as a snippet, indented by the editor, and asks for the value next', async () => {
  const client = await opened({
    features: { completion: () => [item({ insertText: 'route:\n  - destination:\n      host: $1', isSnippet: true })] },
    initializationOptions: { suggestCommand: 'suggest.more' },
  });
  expect(await complete(client)).toEqual([
    {
      label: 'route',
      kind: 10,
      detail: 'HTTPRoute',
      documentation: { kind: 'markdown', value: '**doc**' },
      sortText: '1',
      insertTextFormat: 2,
      insertTextMode: 2,
      textEdit: {
        newText: 'route:\n  - destination:\n      host: $1',
        insert: { start: { line: 2, character: 0 }, end: { line: 2, character: 4 } },
        replace: { start: { line: 2, character: 0 }, end: { line: 2, character: 8 } },
      },
      tags: [1],
      command: { title: 'Suggest', command: 'suggest.more' },
    },
  ]);
});

test('what ends a value, such as a quote, is replaced even by clients that keep the rest of a word', async () => {
  const start = VIRTUAL_SERVICE.indexOf('metadata');
  const client = await opened({
    features: { completion: () => [item({ replace: { start, end: start + 'metadata:'.length } })] },
  });
  const range = { start: { line: 2, character: 0 }, end: { line: 2, character: 9 } };
  expect(await complete(client)).toEqual([expect.objectContaining({ textEdit: { newText: 'route', range } })]);
});

test('a client without snippets gets indented text and plain documentation', async () => {
  const client = await opened({
    features: {
      completion: (snapshot, file) => {
        const start = snapshot.file(file)?.text.indexOf('host: reviews') ?? 0;
        const insertText = `host: ${'$'}{1:name}\nport:\n  number: ${'$'}{2|80,443|}$0`;
        return [item({ insertText, isSnippet: true, replace: { start, end: start } })];
      },
    },
    capabilities: () => ({}),
  });
  expect(await complete(client)).toEqual([
    expect.objectContaining({
      documentation: { kind: 'plaintext', value: '**doc**' },
      insertTextFormat: 1,
      deprecated: true,
      textEdit: {
        newText: 'host: name\n            port:\n              number: 80',
        range: { start: { line: 11, character: 12 }, end: { line: 11, character: 12 } },
      },
    }),
  ]);
});

test('placeholders stand for what they show', () => {
  // biome-ignore lint/suspicious/noTemplateCurlyInString: the syntax of snippets
  expect(withoutPlaceholders('a $1 ${2} ${3:b ${4:c}} ${5|d,e|} \\$6 \\} $0')).toBe('a   b c d $6 } ');
});

test('a space that only indents asks for nothing', async () => {
  let asked = 0;
  const client = await opened({
    features: {
      completion: () => {
        asked++;
        return [];
      },
    },
  });
  const typed = async (text: string): Promise<void> => {
    client.change('a.yaml', text);
    const position = { line: 0, character: text.length };
    await client.request('textDocument/completion', {
      ...A,
      position,
      context: { triggerKind: 2, triggerCharacter: ' ' },
    });
  };
  for (const text of ['  ', 'a b ', '# note ']) await typed(text);
  expect(asked).toBe(0);
  for (const text of ['host: ', '  - ', '- a, ']) await typed(text);
  expect(asked).toBe(3);
});

test('hover and definition are shown as the client can show them', async () => {
  const features: ClientOptions['features'] = {
    hover: (_snapshot, file, offset) => ({ range: { file, start: offset, end: offset + 4 }, markdown: '`host`' }),
    definition: (_snapshot, file) => ({
      origin: { file, start: 0, end: 10 },
      targets: [{ range: { file, start: 0, end: 40 }, nameRange: { file, start: 36, end: 40 } }],
    }),
  };
  const line = (number: number, start: number, end: number) => ({
    start: { line: number, character: start },
    end: { line: number, character: end },
  });
  const rich = await opened({ features });
  expect(await rich.request('textDocument/hover', { ...A, position: { line: 1, character: 2 } })).toEqual({
    contents: { kind: 'markdown', value: '`host`' },
    range: line(1, 2, 6),
  });
  const whole = { start: { line: 0, character: 0 }, end: { line: 1, character: 5 } };
  const name = line(1, 1, 5);
  expect(await rich.request('textDocument/definition', { ...A, position: { line: 0, character: 0 } })).toEqual([
    { originSelectionRange: line(0, 0, 10), targetUri: uri('a.yaml'), targetRange: whole, targetSelectionRange: name },
  ]);
  const poor = await opened({ features, capabilities: () => ({}) });
  expect(await poor.request('textDocument/hover', { ...A, position: { line: 0, character: 0 } })).toMatchObject({
    contents: { kind: 'plaintext' },
  });
  expect(await poor.request('textDocument/definition', { ...A, position: { line: 0, character: 0 } })).toEqual([
    { uri: uri('a.yaml'), range: name },
  ]);
});

test('references reach over files; declarations are included when they are asked for', async () => {
  const features: ClientOptions['features'] = {
    references: (snapshot, _file, _offset, { declarations }) =>
      [...snapshot.files.keys()].slice(declarations ? 0 : 1).map(file => ({ file, start: 0, end: 3 })),
  };
  const client = await opened({ features, files: { 'b.yaml': VIRTUAL_SERVICE } });
  const ask = (includeDeclaration: boolean) =>
    client.request<{ uri: string }[]>('textDocument/references', {
      ...A,
      position: { line: 0, character: 0 },
      context: { includeDeclaration },
    });
  expect((await ask(true)).map(location => location.uri)).toEqual([uri('b.yaml'), uri('a.yaml')]);
  expect(await ask(false)).toHaveLength(1);
});

test('symbols are a tree or a list, and folding ranges keep to the limit of the client', async () => {
  const features: ClientOptions['features'] = {
    documentSymbols: (_snapshot, file) => {
      const at = (start: number, end: number) => ({
        range: { file, start, end },
        nameRange: { file, start, end: start + 1 },
      });
      const child: SymbolNode = { name: '', detail: '', kind: 'route', ...at(5, 8), children: [] };
      return [{ name: 'reviews', detail: 'shop', kind: 'resource', ...at(0, 9), children: [child] }];
    },
    foldingRanges: () => [
      { startLine: 0, endLine: 9, kind: 'document' },
      { startLine: 1, endLine: 2, kind: 'comment' },
      { startLine: 3, endLine: 8, kind: 'block' },
    ],
  };
  const rich = await opened({ features });
  expect(await rich.request('textDocument/documentSymbol', A)).toMatchObject([
    { name: 'reviews', detail: 'shop', children: [{ name: 'route' }] },
  ]);
  expect(await rich.request('textDocument/foldingRange', A)).toContainEqual({
    startLine: 1,
    endLine: 2,
    kind: 'comment',
  });
  const poor = await opened({ features, capabilities: () => ({ textDocument: { foldingRange: { rangeLimit: 2 } } }) });
  expect(await poor.request('textDocument/documentSymbol', A)).toMatchObject([
    { name: 'reviews', location: { uri: uri('a.yaml') } },
    { name: 'route', containerName: 'reviews' },
  ]);
  expect(await poor.request('textDocument/foldingRange', A)).toEqual([
    { startLine: 0, endLine: 9 },
    { startLine: 3, endLine: 8 },
  ]);
});

test('a request that is canceled before its turn is not worked on', async () => {
  let worked = 0;
  const client = await opened({
    features: {
      hover: () => {
        worked++;
        return undefined;
      },
    },
  });
  const source = new CancellationTokenSource();
  const params = { ...A, position: { line: 0, character: 0 } };
  const answer = client.request('textDocument/hover', params, source.token);
  source.cancel();
  await expect(answer).rejects.toMatchObject({ code: CANCELLED });
  expect(worked).toBe(0);
  await expect(client.request('textDocument/hover', params)).resolves.toBeNull();
  expect(worked).toBe(1);
});

test('a feature that throws gives an empty answer, is told once, and the next request is answered', async () => {
  const client = await opened({
    features: {
      hover: () => {
        throw new Error('no luck');
      },
    },
  });
  const params = { ...A, position: { line: 0, character: 0 } };
  for (let i = 0; i < 3; i++) await expect(client.request('textDocument/hover', params)).resolves.toBeNull();
  expect(client.logs).toEqual([expect.stringMatching(/^error: internal fault in textDocument\/hover: .*no luck/s)]);
  await expect(client.request('textDocument/documentSymbol', A)).resolves.not.toBeNull();
  const { faults, timings } = await client.request<{ faults: unknown; timings: unknown }>('istio/status');
  expect(faults).toEqual(['textDocument/hover: no luck']);
  expect(timings).toContainEqual(expect.objectContaining({ method: 'textDocument/hover', count: 3 }));
});

test('positions behind the end of a line stand for its end', async () => {
  let offset = 0;
  const client = await startClient({
    features: {
      hover: (_snapshot, _file, at) => {
        offset = at;
        return undefined;
      },
    },
  });
  client.open('a.yaml', 'ab\r\ncd\r\n');
  const at = async (line: number, character: number): Promise<number> => {
    await client.request('textDocument/hover', { ...A, position: { line, character } });
    return offset;
  };
  expect([await at(0, 99), await at(0, 3), await at(1, 1), await at(1, 2), await at(9, 9)]).toEqual([2, 2, 5, 6, 8]);
});

test('keys that every object of JavaScript has are keys like others', async () => {
  const keys = ['__proto__', 'constructor', 'hasOwnProperty', 'toString', 'valueOf'];
  const text = VIRTUAL_SERVICE.replace('spec:\n', `spec:\n${keys.map(key => `  ${key}: { ${key}: 1 }\n`).join('')}`);
  const client = await startClient();
  client.open('a.yaml', text);
  await client.settled();
  for (let line = 5; line < 12; line++) {
    for (const character of [4, 20]) {
      for (const method of ['hover', 'completion', 'definition']) {
        await client.request(`textDocument/${method}`, { ...A, position: { line, character } });
      }
    }
  }
  expect(client.logs).toEqual([]);
  expect(client.diagnostics('a.yaml')?.map(({ code }) => code)).toEqual(keys.map(() => 'schema/unknown-field'));
});

async function opened(options: ClientOptions): Promise<LspClient> {
  const client = await startClient(options);
  client.open('a.yaml', VIRTUAL_SERVICE);
  await client.settled();
  return client;
}

/** Completion in line 2, behind its fourth character. */
function complete(client: LspClient): Promise<unknown> {
  return client.request('textDocument/completion', { ...A, position: { line: 2, character: 4 } });
}

/** An item that replaces the word in line 2. */
function item(changes: Partial<CompletionItem>): CompletionItem {
  const start = VIRTUAL_SERVICE.indexOf('metadata');
  return {
    label: 'route',
    kind: 'field',
    detail: 'HTTPRoute',
    documentation: '**doc**',
    insertText: 'route',
    isSnippet: false,
    replace: { start, end: start + 'metadata'.length },
    sortText: '1',
    filterText: undefined,
    deprecated: true,
    retrigger: true,
    ...changes,
  };
}
