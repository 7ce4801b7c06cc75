import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { diskFiles } from '../../server/src/node/files.ts';

let folder = '';
const at = (...names: string[]): string => path.join(folder, ...names);
const uri = (...names: string[]): string => pathToFileURL(at(...names)).href;
const read = (name: string) => diskFiles.read(uri('ws', name), 1000);

beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'istio-disk-'));
  mkdirSync(at('ws/deep/er'), { recursive: true });
  mkdirSync(at('ws/skipped'));
  mkdirSync(at('ws/folder.yaml'));
  const files = [
    'ws/a.yaml',
    'ws/deep/er/B.YML',
    'ws/deep/not.yaml.txt',
    'ws/skipped/c.yaml',
    'ws/ä b.yaml',
    'outside.yaml',
  ];
  for (const file of files) writeFileSync(at(file), file);
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('lists YAML files of all depths, without what is left out', async () => {
  const found = await diskFiles.list(uri('ws'), relative => relative === 'skipped');
  expect(found).toEqual(['a.yaml', 'deep/er/B.YML', 'ä b.yaml'].map(name => uri('ws', name)));
});

test.skipIf(process.platform === 'win32')('a link is followed to a file outside, and nowhere else', async () => {
  symlinkSync(at('outside.yaml'), at('ws/deep/out.yaml'));
  symlinkSync(at('ws/a.yaml'), at('ws/deep/in.yaml'));
  symlinkSync(at('ws'), at('ws/deep/loop'));
  symlinkSync(at('gone.yaml'), at('ws/deep/dangling.yaml'));
  expect(await diskFiles.list(uri('ws', 'deep'), () => false)).toEqual([
    uri('ws/deep/er/B.YML'),
    uri('ws/deep/in.yaml'),
    uri('ws/deep/out.yaml'),
  ]);
  expect(await diskFiles.list(uri('ws'), () => false)).not.toContain(uri('ws/deep/in.yaml'));
});

test('what is no folder has no files', async () => {
  for (const wrong of [uri('ws/a.yaml'), uri('gone'), 'untitled:x', 'not a uri']) {
    expect(await diskFiles.list(wrong, () => false)).toEqual([]);
  }
});

test('byte order marks are no part of the text, and UTF-16 is read', async () => {
  writeFileSync(at('ws/bom.yaml'), '\uFEFFä: 1');
  writeFileSync(at('ws/utf16.yaml'), '\uFEFFä: 1', 'utf16le');
  expect(await read('bom.yaml')).toEqual({ text: 'ä: 1' });
  expect(await read('utf16.yaml')).toEqual({ text: 'ä: 1' });
});

test('of a large file only the start is read', async () => {
  writeFileSync(at('ws/large.yaml'), 'x'.repeat(1_000_000));
  const content = await read('large.yaml');
  expect(content).toEqual({ start: expect.stringMatching(/^x{1000,100000}$/), size: 1_000_000 });
});

test.skipIf(process.platform === 'win32')('what is no file is not read', async () => {
  execFileSync('mkfifo', [at('ws/pipe.yaml')]);
  for (const name of ['pipe.yaml', 'folder.yaml', 'gone.yaml']) expect(await read(name)).toBeUndefined();
  expect(await diskFiles.read('untitled:x', 1)).toBeUndefined();
});
