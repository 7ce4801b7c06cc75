import { spawn } from 'node:child_process';
import { stat } from 'node:fs/promises';
import path from 'node:path';
import { yamlFileFilter } from '../node/yaml-files.ts';
import { type Input, type InputFile, mayHoldAny, shown } from './input.ts';

/**
 * The YAML files below paths as they are in a revision of the repository that holds them, under the names that
 * `readInput` gives them.
 *
 * @returns faults for paths outside of a repository and for revisions that there are not
 */
export async function readRevision(
  revision: string,
  paths: readonly string[],
  exclude: readonly string[],
): Promise<Input> {
  const files = new Map<string, InputFile>();
  const faults: string[] = [];
  for (const name of paths) {
    try {
      for (const file of await filesOf(revision, name, yamlFileFilter(exclude))) files.set(file.path, file);
    } catch (error) {
      faults.push(`${name} in ${revision}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  return { files: [...files.values()], faults };
}

async function filesOf(
  revision: string,
  name: string,
  isWanted: (relative: string) => boolean,
): Promise<readonly InputFile[]> {
  const found = await stat(name).catch(() => undefined);
  const folder = found?.isDirectory() === true ? name : path.dirname(name);
  const commit = (await git(folder, ['rev-parse', '--verify', '--quiet', '--end-of-options', `${revision}^{commit}`]))
    .toString()
    .trim();
  const wanted = found?.isDirectory() === true ? '.' : path.basename(name);
  const list = (await git(folder, ['ls-tree', '-r', '-z', commit, '--', wanted])).toString();
  const entries = list
    .split('\0')
    .map(line => /^\d+ blob ([0-9a-f]+)\t(.*)$/s.exec(line))
    .filter(match => match !== null)
    .map(([, id = '', file = '']) => ({ id, file }))
    .filter(({ file }) => wanted !== '.' || isWanted(file));
  const texts = await blobs(
    folder,
    entries.map(({ id }) => id),
  );
  return entries.flatMap(({ file }, index) => {
    const text = texts[index];
    const wantedText = text !== undefined && (wanted !== '.' || mayHoldAny(text));
    return wantedText ? [{ path: shown(path.join(folder, file)), text }] : [];
  });
}

/** The texts of objects, in one call. */
async function blobs(folder: string, ids: readonly string[]): Promise<readonly string[]> {
  if (ids.length === 0) return [];
  const output = await git(folder, ['cat-file', '--batch'], `${ids.join('\n')}\n`);
  const texts: string[] = [];
  let at = 0;
  for (const _ of ids) {
    const end = output.indexOf(10, at);
    const size = Number(output.subarray(at, end).toString().split(' ')[2]);
    texts.push(output.subarray(end + 1, end + 1 + size).toString('utf8'));
    at = end + 1 + size + 1;
  }
  return texts;
}

/** Runs git in a folder. @throws Error with git's own first line */
function git(folder: string, args: readonly string[], input = ''): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const child = spawn('git', ['-C', folder, ...args], {
      stdio: ['pipe', 'pipe', 'pipe'],
      env: { ...process.env, LC_ALL: 'C' },
    });
    const [output, complaints]: [Buffer[], Buffer[]] = [[], []];
    child.stdout.on('data', (chunk: Buffer) => output.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => complaints.push(chunk));
    child.on('error', error =>
      reject(new Error((error as NodeJS.ErrnoException).code === 'ENOENT' ? 'git is not installed' : error.message)),
    );
    child.on('close', code => {
      if (code === 0) resolve(Buffer.concat(output));
      else reject(new Error(complaint(Buffer.concat(complaints).toString(), args)));
    });
    child.stdin.on('error', () => undefined);
    child.stdin.end(input);
  });
}

function complaint(text: string, [command]: readonly string[]): string {
  const line = text.split('\n')[0] ?? '';
  if (line === '' && command === 'rev-parse') return 'there is no such revision';
  return line.includes('not a git repository') ? 'it is in no git repository' : line.replace(/^fatal: /, '');
}
