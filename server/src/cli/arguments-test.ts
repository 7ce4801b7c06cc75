import { parseArgs } from 'node:util';
import type { CommandSettings } from './arguments.ts';
import { COMMON, choice, read, settingsOf } from './arguments-request.ts';
import { UsageError } from './usage-error.ts';

/** `istio-yaml test`: runs route tests, makes them, and takes them from and to Envoy's own tool. */
export interface TestCommand {
  readonly name: 'test';
  readonly action: 'run' | 'generate' | 'export';
  readonly paths: readonly string[];
  readonly format: 'text' | 'json' | 'junit';
  readonly settings: CommandSettings;
}

/** `istio-yaml test --import FILE`; it needs no manifests. */
export interface ImportCommand {
  readonly name: 'import';
  readonly file: string;
}

export const TEST_USAGE = `       istio-yaml test [PATH…] [--format text|json|junit]
       istio-yaml test [PATH…] --generate | --export
       istio-yaml test --import FILE
`;

/**
 * @param argv the arguments behind `test`
 * @throws UsageError with one sentence for the user
 */
export function parseTest(argv: readonly string[]): TestCommand | ImportCommand | { readonly name: 'help' } {
  const { values, positionals } = read(() =>
    parseArgs({
      args: [...argv],
      allowPositionals: true,
      options: {
        format: { type: 'string' },
        generate: { type: 'boolean' },
        export: { type: 'boolean' },
        import: { type: 'string' },
        ...COMMON,
      },
    }),
  );
  if (values.help === true) return { name: 'help' };
  const actions = [values.generate === true, values.export === true, values.import !== undefined].filter(Boolean);
  if (actions.length > 1) throw new UsageError('--generate, --export and --import exclude each other');
  if (actions.length > 0 && values.format !== undefined) throw new UsageError('--format belongs to running tests');
  if (values.import !== undefined) {
    if (positionals.length > 0) throw new UsageError('--import takes one file and no PATH');
    return { name: 'import', file: values.import };
  }
  return {
    name: 'test',
    action: values.generate === true ? 'generate' : values.export === true ? 'export' : 'run',
    paths: positionals.length === 0 ? ['.'] : positionals,
    format: choice(values.format ?? 'text', ['text', 'json', 'junit']),
    settings: settingsOf(values),
  };
}
