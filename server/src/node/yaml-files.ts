import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { globMatcher } from '../lsp/glob.ts';

/** Folders that never hold manifests of the workspace itself. */
const SKIPPED: ReadonlySet<string> = new Set([
  '.git',
  'node_modules',
  '.svn',
  '.hg',
  '.terraform',
  '.vscode-host',
  '.vscode-test',
]);

const YAML = /\.ya?ml$/i;

/** A test whether `listYamlFiles` would list a file below a folder, by its path relative to it with `/`. */
export function yamlFileFilter(exclude: readonly string[]): (relative: string) => boolean {
  const excluded = globMatcher(exclude);
  return relative =>
    YAML.test(relative) && !excluded(relative) && !relative.split('/').some(folder => SKIPPED.has(folder));
}

/**
 * The YAML files below a folder, in the order of their names. Folders that cannot be read are skipped; links are not
 * followed, so that a loop of them cannot hang the walk.
 *
 * @param exclude globs relative to the folder, as `istio.exclude` takes them
 * @returns paths that begin with `folder`
 */
export async function listYamlFiles(folder: string, exclude: readonly string[]): Promise<readonly string[]> {
  const excluded = globMatcher(exclude);
  const files: string[] = [];
  const walk = async (relative: string): Promise<void> => {
    const entries = await readdir(path.join(folder, relative), { withFileTypes: true }).catch(() => []);
    for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
      const name = relative === '' ? entry.name : `${relative}/${entry.name}`;
      if (excluded(name)) continue;
      if (entry.isDirectory()) {
        if (!SKIPPED.has(entry.name)) await walk(name);
      } else if (entry.isFile() && YAML.test(entry.name)) files.push(path.join(folder, name));
    }
  };
  await walk('');
  return files;
}
