import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { isRouteTestFile, mayHoldMeshConfig, mentionsResources } from '../analysis.ts';
import { listYamlFiles } from '../node/yaml-files.ts';

/** A text that was read, by the name under which it is shown. */
export interface InputFile {
  readonly path: string;
  readonly text: string;
}

/** What could not be read, one sentence each. */
export interface Input {
  readonly files: readonly InputFile[];
  readonly faults: readonly string[];
}

/**
 * Reads files, the YAML files below folders, and standard input for `-`. A file that is named is always taken; of a
 * folder only the files that can hold Istio's or Kubernetes' objects, and route tests. A path that cannot be read is a fault; the others
 * are read all the same.
 */
export async function readInput(
  paths: readonly string[],
  exclude: readonly string[],
  stdin: () => Promise<string>,
): Promise<Input> {
  const files = new Map<string, string>();
  const faults: string[] = [];
  for (const name of paths) {
    try {
      if (name === '-') files.set('<stdin>', await stdin());
      else if ((await stat(name)).isDirectory()) {
        for (const file of await listYamlFiles(name, exclude)) {
          const text = await readFile(file, 'utf8').catch(() => undefined);
          if (text !== undefined && (mayHoldAny(text) || isRouteTestFile(file))) files.set(shown(file), text);
        }
      } else files.set(shown(name), await readFile(name, 'utf8'));
    } catch (error) {
      faults.push(`${name}: ${reasonOf(error)}`);
    }
  }
  return { files: [...files].map(([file, text]) => ({ path: file, text })), faults };
}

/** A text of which some document may be worth reading; very large ones are kept, so that they are reported. */
export function mayHoldAny(text: string): boolean {
  if (mayHoldMeshConfig(text)) return true;
  return text.includes('apiVersion') && (text.includes('{{') || mentionsResources(text) || text.includes('\n---'));
}

/** The name under which a file is shown. */
export function shown(file: string): string {
  return path.normalize(file).split(path.sep).join('/');
}

function reasonOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'ENOENT') return 'there is no such file or folder';
  if (code === 'EACCES') return 'it may not be read';
  return error instanceof Error ? error.message : String(error);
}
