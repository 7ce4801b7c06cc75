import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';

const ROOT = path.join(import.meta.dirname, '../..');

/**
 * Which folder may import which, and which packages. Imports point down; this is the only place where the table stands.
 * `.` is the top of `server/src`, where only the façade and the contract are.
 */
const LAYERS: Readonly<Record<string, readonly string[]>> = {
  'server/src/text': [],
  'server/src/yaml': ['server/src/text', 'yaml'],
  'server/src/schema': ['server/src/yaml', 'server/src/text'],
  'server/src/model': ['server/src/schema', 'server/src/yaml', 'server/src/text'],
  'server/src/routing': ['server/src/model', 'server/src/text', 're2js', 'refa'],
  'server/src/workspace': [
    'server/src/routing',
    'server/src/model',
    'server/src/schema',
    'server/src/yaml',
    'server/src/text',
  ],
  'server/src/rules': [
    'server/src/workspace',
    'server/src/routing',
    'server/src/model',
    'server/src/schema',
    'server/src/yaml',
    'server/src/text',
    '@marcbachmann/cel-js',
    'fastest-levenshtein',
    're2js',
  ],
  'server/src/features': [
    'server/src/contract',
    'server/src/rules',
    'server/src/workspace',
    'server/src/routing',
    'server/src/model',
    'server/src/schema',
    'server/src/yaml',
    'server/src/text',
  ],
  'server/src/contract': [],
  'server/src/analysis': [
    'server/src/features',
    'server/src/rules',
    'server/src/workspace',
    'server/src/model',
    'server/src/schema',
    'server/src/text',
  ],
  'server/src/lsp': [
    'server/src/analysis',
    'server/src/contract',
    're2js',
    'vscode-languageserver',
    'vscode-languageserver-textdocument',
    'vscode-uri',
  ],
  'server/src/node': [
    'server/src/analysis',
    'server/src/contract',
    'server/src/lsp',
    'vscode-languageserver',
    'vscode-uri',
    'node:',
  ],
  'server/src/cli': ['server/src/analysis', 'server/src/contract', 'server/src/node', 'node:'],
  'client/src/webview': ['server/src/contract'],
  'client/src': ['server/src/contract', 'vscode', 'vscode-languageclient', 'node:'],
};

test.each(Object.entries(LAYERS))('%s imports only what is below it', (layer, allowed) => {
  const wrong: string[] = [];
  for (const file of sourcesOf(layer)) {
    for (const target of importsOf(file)) {
      const name = target.startsWith('.')
        ? layerOf(path.relative(ROOT, path.resolve(path.dirname(file), target)))
        : packageOf(target);
      if (name !== layer && !allowed.includes(name)) wrong.push(`${path.relative(ROOT, file)} imports ${target}`);
    }
  }
  expect(wrong).toEqual([]);
});

test('every source file is in a layer', () => {
  const files = ['server/src', 'client/src'].flatMap(folder => list(path.join(ROOT, folder)));
  const lost = files.map(file => path.relative(ROOT, file)).filter(file => LAYERS[layerOf(file)] === undefined);
  expect(lost).toEqual([]);
});

test('source files stay under 400 lines', () => {
  const long = ['server/src', 'client/src', 'schemas', 'scripts', 'test']
    .flatMap(folder => list(path.join(ROOT, folder)))
    // The registry is generated: a line for each rule.
    .filter(file => !file.endsWith(path.join('rules', 'all.ts')))
    .map(file => ({ file: path.relative(ROOT, file), lines: readFileSync(file, 'utf8').split('\n').length - 1 }))
    .filter(({ lines }) => lines > 400);
  expect(long).toEqual([]);
});

function sourcesOf(layer: string): string[] {
  return ['server/src', 'client/src']
    .flatMap(folder => list(path.join(ROOT, folder)))
    .filter(file => layerOf(path.relative(ROOT, file)) === layer);
}

function list(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter(file => /\.(ts|mts|mjs)$/.test(file) && !file.includes('generated') && !file.startsWith('fixtures'))
    .map(file => path.join(folder, file));
}

/** The longest entry of the table that holds a file. */
function layerOf(file: string): string {
  const name = file.split(path.sep).join('/').replace(/\.ts$/, '');
  const layers = Object.keys(LAYERS).filter(layer => name === layer || name.startsWith(`${layer}/`));
  return layers.sort((a, b) => b.length - a.length)[0] ?? name;
}

function importsOf(file: string): string[] {
  const text = readFileSync(file, 'utf8');
  return [
    ...text.matchAll(
      /(?:^|\n)\s*(?:import|export)\b[^'";]*?from\s*'([^']+)'|(?:^|[^.\w])(?:import|require)\(\s*'([^']+)'|(?:^|\n)import\s*'([^']+)'/g,
    ),
  ].map(match => match[1] ?? match[2] ?? match[3] ?? '');
}

function packageOf(name: string): string {
  if (name.startsWith('node:')) return 'node:';
  return name.startsWith('@') ? name.split('/').slice(0, 2).join('/') : (name.split('/')[0] ?? name);
}
