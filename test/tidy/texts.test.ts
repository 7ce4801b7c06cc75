// The README and its neighbors say what is there: settings, commands, scripts, files.
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';

const ROOT = path.join(import.meta.dirname, '../..');
const TEXTS = ['README.md', 'CONTRIBUTING.md', 'ARCHITECTURE.md', 'CHANGELOG.md', 'schemas/README.md'];
const manifest = JSON.parse(read('package.json')) as {
  readonly scripts: Readonly<Record<string, string>>;
  readonly contributes: {
    readonly commands: readonly { readonly title: string }[];
    readonly configuration: { readonly properties: Readonly<Record<string, { readonly default: unknown }>> };
  };
};

describe('the README', () => {
  const readme = read('README.md');

  test('lists every setting with its default, and no other', () => {
    const rows = [...readme.matchAll(/^\| `(istio\.[\w.]+)` \| `([^`]*)` \|/gm)].map(row => [row[1], row[2]]);
    const settings = Object.entries(manifest.contributes.configuration.properties);
    expect(rows).toEqual(settings.map(([name, { default: value }]) => [name, plain(value)]));
  });

  test('lists every command, and no other', () => {
    const rows = [...readme.matchAll(/^\| `Istio: ([^`]+)` \|/gm)].map(row => row[1]);
    expect(rows.sort()).toEqual(manifest.contributes.commands.map(({ title }) => title).sort());
  });
});

test.each(TEXTS)('%s refers to files and scripts that there are', text => {
  const content = read(text);
  const folder = path.dirname(text);
  const links = [...content.matchAll(/\]\((?!https?:)([^)#]+)/g)].map(match => match[1] ?? '');
  expect(links.filter(link => !existsSync(path.join(ROOT, folder, link)))).toEqual([]);
  const scripts = [...content.matchAll(/npm run ([\w:]+)/g)].map(match => match[1] ?? '');
  expect(scripts.filter(script => !(script in manifest.scripts))).toEqual([]);
});

function plain(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function read(file: string): string {
  return readFileSync(path.join(ROOT, file), 'utf8');
}
