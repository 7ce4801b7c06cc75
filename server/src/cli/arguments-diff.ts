import { parseArgs } from 'node:util';
import type { CommandSettings } from './arguments.ts';
import { COMMON, choice, read, settingsOf } from './arguments-request.ts';
import { UsageError } from './usage-error.ts';

/** `istio-yaml diff`: which requests go somewhere else. */
export interface DiffCommand {
  readonly name: 'diff';
  /** A file or folder; `git`: what stands in a revision of the paths. */
  readonly before: { readonly path: string } | { readonly git: string };
  readonly paths: readonly string[];
  readonly format: 'text' | 'markdown' | 'json';
  readonly exitCode: boolean;
  readonly settings: CommandSettings;
}

export const DIFF_USAGE = `       istio-yaml diff BEFORE AFTER [--format text|markdown|json] [--exit-code]
       istio-yaml diff --git REV [PATH…] [--format text|markdown|json] [--exit-code]
`;

/**
 * @param argv the arguments behind `diff`
 * @throws UsageError with one sentence for the user
 */
export function parseDiff(argv: readonly string[]): DiffCommand | { readonly name: 'help' } {
  const { values, positionals } = read(() =>
    parseArgs({
      args: [...argv],
      allowPositionals: true,
      options: {
        git: { type: 'string' },
        format: { type: 'string' },
        'exit-code': { type: 'boolean' },
        ...COMMON,
      },
    }),
  );
  if (values.help === true) return { name: 'help' };
  const common = {
    name: 'diff' as const,
    format: choice(values.format ?? 'text', ['text', 'markdown', 'json'] as const),
    exitCode: values['exit-code'] === true,
    settings: settingsOf(values),
  };
  if (values.git !== undefined) {
    // Git would take it for an option.
    if (values.git === '' || values.git.startsWith('-'))
      throw new UsageError(`--git takes a revision, not "${values.git}"`);
    return { ...common, before: { git: values.git }, paths: positionals.length === 0 ? ['.'] : positionals };
  }
  const [before, after, more] = positionals;
  if (before === undefined || after === undefined || more !== undefined) {
    throw new UsageError('diff takes two files or folders, BEFORE and AFTER, or --git REV');
  }
  return { ...common, before: { path: before }, paths: [after] };
}
