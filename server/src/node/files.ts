import { readFileSync } from 'node:fs';
import { open, readdir, readFile, realpath, stat } from 'node:fs/promises';
import path from 'node:path';
import { URI } from 'vscode-uri';
import type { Files } from '../lsp/runtime.ts';

/** What is read of a file that is too large, in bytes: enough to tell what it holds. */
const START = 64 * 1024;

/** Files of the disk. Only `file:` URIs have any. */
export const diskFiles: Files = {
  async list(folder, ignored) {
    const root = pathOf(folder);
    if (root === undefined) return [];
    const found: string[] = [];
    await walk(root, '', ignored, found);
    return found.sort().map(file => URI.file(file).toString());
  },

  async read(uri, maxSize) {
    const file = pathOf(uri);
    if (file === undefined) return undefined;
    try {
      const { size, isFile } = await about(file);
      // Reading a pipe would wait for ever.
      if (!isFile) return undefined;
      return size > maxSize ? { start: await readStart(file), size } : { text: decode(await readWhole(file, size)) };
    } catch {
      return undefined; // gone since it was listed, or not ours to read
    }
  },
};

/** @param below path of the folder relative to `root`, with `/`; empty for `root` itself */
async function walk(root: string, below: string, ignored: (path: string) => boolean, found: string[]): Promise<void> {
  const folder = path.join(root, below);
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  await Promise.all(
    entries.map(async entry => {
      const relative = below === '' ? entry.name : `${below}/${entry.name}`;
      const isYaml = /\.ya?ml$/i.test(entry.name);
      if (!(entry.isDirectory() || isYaml) || ignored(relative)) return;
      if (entry.isDirectory()) await walk(root, relative, ignored, found);
      else if (entry.isFile()) found.push(path.join(folder, entry.name));
      else if (entry.isSymbolicLink() && (await leadsOut(root, path.join(folder, entry.name)))) {
        found.push(path.join(folder, entry.name));
      }
    }),
  );
}

/** Whether a link leads to a file outside of the folder: one inside is found by itself. */
async function leadsOut(root: string, link: string): Promise<boolean> {
  try {
    const [target, home] = await Promise.all([realpath(link), realpath(root)]);
    const { isFile } = await about(target);
    return isFile && path.relative(home, target).startsWith('..');
  } catch {
    return false;
  }
}

async function about(file: string): Promise<{ size: number; isFile: boolean }> {
  const info = await stat(file);
  return { size: info.size, isFile: info.isFile() };
}

/** A file of so many bytes is read at once: handing it to a thread takes longer than reading it from a disk. */
const SMALL = 64 * 1024;
/** Reading at once that takes so many milliseconds shows a slow disk, and the next files are left to threads. */
const SLOW = 4;
const FILES_OF_A_SLOW_DISK = 100;
let leftToThreads = 0;

async function readWhole(file: string, size: number): Promise<Buffer> {
  if (size > SMALL || leftToThreads > 0) {
    if (leftToThreads > 0) leftToThreads--;
    return readFile(file);
  }
  const start = performance.now();
  const bytes = readFileSync(file);
  if (performance.now() - start > SLOW) leftToThreads = FILES_OF_A_SLOW_DISK;
  return bytes;
}

async function readStart(file: string): Promise<string> {
  const handle = await open(file);
  try {
    const { bytesRead, buffer } = await handle.read(Buffer.alloc(START), 0, START, 0);
    return decode(buffer.subarray(0, bytesRead));
  } finally {
    await handle.close();
  }
}

/** UTF-8, or UTF-16 where a byte order mark says so; editors keep the mark out of the text, too. */
function decode(bytes: Buffer): string {
  const [first, second] = bytes;
  if (first === 0xff && second === 0xfe) return new TextDecoder('utf-16le').decode(bytes);
  if (first === 0xfe && second === 0xff) return new TextDecoder('utf-16be').decode(bytes);
  return bytes.toString('utf8', first === 0xef && second === 0xbb && bytes[2] === 0xbf ? 3 : 0);
}

function pathOf(uri: string): string | undefined {
  try {
    const parsed = URI.parse(uri);
    return parsed.scheme === 'file' ? parsed.fsPath : undefined;
  } catch {
    return undefined;
  }
}
