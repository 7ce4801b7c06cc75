import { createHash, webcrypto } from 'node:crypto';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Cache } from '../lsp/runtime.ts';

/** What the file may hold, in UTF-16 units; what was not used for longest is left out. */
const MAX_SIZE = 16_000_000;
const FILE = 'findings';

/**
 * Conclusions by the hash of their text, in one file: a line of the program that made them and of the hash of all that
 * follows, and one line for each text. A file of another program, a damaged one and none are the same: empty.
 */
export class DiskCache implements Cache {
  readonly #file: string;
  readonly #program: string;
  /** Those that were used last stand last. */
  readonly #entries: Map<string, string>;
  #isChanged = false;

  private constructor(file: string, program: string, entries: Map<string, string>) {
    this.#file = file;
    this.#program = program;
    this.#entries = entries;
  }

  /**
   * @param folder need not exist
   * @param programs the files that decide about conclusions: those of other contents are forgotten
   */
  static async open(folder: string, programs: readonly string[]): Promise<DiskCache> {
    const file = path.join(folder, FILE);
    const program = hash((await Promise.all(programs.map(hashOfFile))).join(' '));
    const text = await readFile(file, 'utf8').catch(() => '');
    return new DiskCache(file, program, entriesOf(text, program));
  }

  get(text: string): string | undefined {
    const key = hash(text);
    const found = this.#entries.get(key);
    if (found === undefined) return undefined;
    this.#entries.delete(key);
    this.#entries.set(key, found);
    return found;
  }

  put(text: string, conclusion: string): void {
    if (conclusion.includes('\n')) return;
    const key = hash(text);
    this.#entries.delete(key);
    this.#entries.set(key, conclusion);
    this.#isChanged = true;
  }

  hash(text: string): string {
    return hash(text);
  }

  async save(): Promise<void> {
    if (!this.#isChanged) return;
    this.#isChanged = false;
    const lines: string[] = [];
    let size = 0;
    for (const [key, conclusion] of [...this.#entries].reverse()) {
      size += key.length + conclusion.length + 2;
      if (size > MAX_SIZE) break;
      lines.push(`${key} ${conclusion}\n`);
    }
    const body = lines.reverse().join('');
    // Whoever reads meanwhile sees the old file or the new one, and never a part.
    const draft = `${this.#file}.${process.pid}`;
    try {
      await mkdir(path.dirname(this.#file), { recursive: true });
      await writeFile(draft, `${this.#program} ${hash(body)}\n${body}`);
      await rename(draft, this.#file);
    } catch {
      // It would only have made the next start faster.
      await rm(draft, { force: true }).catch(() => undefined);
    }
  }
}

function entriesOf(text: string, program: string): Map<string, string> {
  const entries = new Map<string, string>();
  const head = text.indexOf('\n');
  const body = text.slice(head + 1);
  if (text.slice(0, Math.max(head, 0)) !== `${program} ${hash(body)}`) return entries;
  for (let at = 0; at < body.length; ) {
    const end = body.indexOf('\n', at);
    const space = body.indexOf(' ', at);
    entries.set(body.slice(at, space), body.slice(space + 1, end));
    at = end + 1;
  }
  return entries;
}

/** The hash of a large file is made in a thread of its own. */
async function hashOfFile(file: string): Promise<string> {
  return Buffer.from(await webcrypto.subtle.digest('SHA-256', await readFile(file))).toString('base64');
}

function hash(text: string): string {
  return createHash('sha256').update(text).digest('base64').slice(0, 32);
}
