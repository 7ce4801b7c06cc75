import {
  routeDiff,
  routeDiffJson,
  routeDiffMarkdown,
  routeDiffText,
  type Snapshot,
  type ToPlace,
} from '../analysis.ts';
import type { DiffCommand } from './arguments-diff.ts';
import { readRevision } from './git.ts';
import { type Input, readInput } from './input.ts';
import type { Surroundings } from './run.ts';

/**
 * `istio-yaml diff`.
 *
 * @returns the exit code: 0 compared, 1 something goes elsewhere and that was asked for, 2 an input could not be read
 */
export async function diff(
  { before, paths, format, exitCode, settings }: DiffCommand,
  { stdin, write, complain }: Pick<Surroundings, 'stdin' | 'write' | 'complain'>,
  analyse: (input: Input) => { readonly snapshot: Snapshot; readonly toPlace: ToPlace },
): Promise<number> {
  const { exclude } = settings;
  const old =
    'git' in before ? await readRevision(before.git, paths, exclude) : await readInput([before.path], exclude, stdin);
  const next = await readInput(paths, exclude, stdin);
  const faults = [...old.faults, ...next.faults];
  for (const fault of faults) complain(`istio-yaml: ${fault}\n`);
  // What could not be read would look like a change.
  if (faults.length > 0) return 2;
  const found = routeDiff(analyse(old), analyse(next));
  const forms = {
    text: routeDiffText,
    markdown: routeDiffMarkdown,
    json: (own: typeof found) => `${JSON.stringify(routeDiffJson(own), null, 2)}\n`,
  };
  write(forms[format](found));
  return exitCode && found.changes.length > 0 ? 1 : 0;
}
