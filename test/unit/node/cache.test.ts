import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { DiskCache } from '../../../server/src/node/cache.ts';

let root = '';
let folder = '';
let program = '';
beforeEach(() => {
  root = mkdtempSync(path.join(tmpdir(), 'istio-yaml-cache-'));
  folder = path.join(root, 'new', 'folder');
  program = path.join(root, 'program.js');
  writeFileSync(program, 'one');
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const open = (): Promise<DiskCache> => DiskCache.open(folder, [program]);

async function filled(): Promise<DiskCache> {
  const cache = await open();
  cache.put('a', '');
  cache.put('b', '[[1]]');
  await cache.save();
  return cache;
}

test('gives in a later session what was put in', async () => {
  const first = await filled();
  expect([first.get('a'), first.get('c')]).toEqual(['', undefined]);
  const second = await open();
  expect([second.get('a'), second.get('b'), second.get('c')]).toEqual(['', '[[1]]', undefined]);
  expect(readdirSync(folder)).toEqual(['findings']);
});

test('forgets what another program has concluded', async () => {
  await filled();
  writeFileSync(program, 'two');
  expect((await open()).get('b')).toBeUndefined();
});

test.each([
  ['a changed sign', (text: string) => text.replace('[[1]]', '[[2]]')],
  ['an end that is cut off', (text: string) => text.slice(0, -3)],
  ['nothing', () => ''],
  ['rubbish', () => 'rubbish\n\n x\n'],
])('%s makes it empty', async (_, damage) => {
  await filled();
  const file = path.join(folder, 'findings');
  writeFileSync(file, damage(readFileSync(file, 'utf8')));
  const cache = await open();
  expect([cache.get('a'), cache.get('b')]).toEqual([undefined, undefined]);
});

test('a folder that cannot be made costs nothing but the cache', async () => {
  writeFileSync(path.join(root, 'new'), 'a file');
  expect((await filled()).get('b')).toBe('[[1]]');
  expect((await open()).get('b')).toBeUndefined();
});

test('is bounded, and keeps what was used last', async () => {
  const big = 'x'.repeat(5_000_000);
  const first = await open();
  for (const text of ['a', 'b', 'c']) first.put(text, big);
  await first.save();
  const second = await open();
  expect(second.get('a')).toBe(big);
  second.put('d', big);
  await second.save();
  const third = await open();
  expect(['a', 'b', 'c', 'd'].map(text => third.get(text) !== undefined)).toEqual([true, false, true, true]);
  expect(readFileSync(path.join(folder, 'findings')).length).toBeLessThan(16_100_000);
});

test('what is put in anew takes the place of what it was, and counts as used', async () => {
  const big = 'x'.repeat(5_000_000);
  const cache = await open();
  for (const text of ['a', 'b', 'c']) cache.put(text, big);
  cache.put('a', 'small');
  cache.put('d', big);
  cache.put('e', big);
  await cache.save();
  const next = await open();
  expect(['a', 'b', 'c', 'd', 'e'].map(text => next.get(text)?.length)).toEqual([5, undefined, 5e6, 5e6, 5e6]);
});

test('texts have short hashes, which differ where they do', async () => {
  const cache = await open();
  const long = 'x'.repeat(100_000);
  expect(cache.hash(long)).toBe((await open()).hash(long));
  expect(cache.hash(long)).not.toBe(cache.hash(`${long}y`));
  expect(cache.hash(long).length).toBeLessThan(50);
});
