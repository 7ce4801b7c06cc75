import {
  createHost,
  DEFAULT_SETTINGS,
  drain,
  fileFindings,
  type RuleFinding,
  routesJson,
  routesMarkdown,
  routesTable,
  type Schemas,
  type Snapshot,
  selectedProxies,
  selectedViews,
  type ToPlace,
} from '../analysis.ts';
import { type Command, type CommandSettings, parseCommand, USAGE } from './arguments.ts';
import { diff } from './diff.ts';
import { explain } from './explain.ts';
import { type Input, readInput } from './input.ts';
import { meshOf } from './mesh-options.ts';
import { findingsText, reported } from './report/findings.ts';
import { importTests, manifestPaths, readTests, test } from './test.ts';
import { UsageError } from './usage-error.ts';

/** What the command line program needs of its surroundings. */
export interface Surroundings {
  readonly schemas: Schemas;
  readonly version: string;
  readonly stdin: () => Promise<string>;
  readonly write: (text: string) => void;
  readonly complain: (text: string) => void;
}

/**
 * Runs one command.
 *
 * @param argv the arguments behind the program's name
 * @returns the exit code: 0 fine, 1 errors were found, 2 arguments or inputs could not be read
 */
export async function run(argv: readonly string[], surroundings: Surroundings): Promise<number> {
  const { write, complain, version } = surroundings;
  let command: Command;
  try {
    command = parseCommand(argv);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    complain(`istio-yaml: ${error.message}\n\n${USAGE}`);
    return 2;
  }
  if (command.name === 'help') write(USAGE);
  else if (command.name === 'version') write(`${version}\n`);
  else if (command.name === 'import') return importTests(command.file, surroundings);
  else if (command.name === 'diff') {
    return diff(command, surroundings, input => {
      const snapshot = snapshotOf(input, command.settings, surroundings.schemas);
      return { snapshot, toPlace: placesOf(snapshot) };
    });
  } else {
    const isTest = command.name === 'test';
    const paths = isTest ? manifestPaths(command.paths) : command.paths;
    const tests = isTest ? await readTests(command.paths, command.settings.exclude) : [];
    const input = await readInput(paths, command.settings.exclude, surroundings.stdin);
    for (const fault of input.faults) complain(`istio-yaml: ${fault}\n`);
    const snapshot = snapshotOf(input, command.settings, surroundings.schemas);
    const code =
      command.name === 'check'
        ? check(snapshot, command.format, input, surroundings)
        : command.name === 'explain'
          ? explain(snapshot, placesOf(snapshot), command, surroundings)
          : command.name === 'test'
            ? test(snapshot, tests, command, surroundings)
            : routes(snapshot, command, write);
    return input.faults.length > 0 ? 2 : code;
  }
  return 0;
}

function snapshotOf({ files }: Input, settings: CommandSettings, schemas: Schemas): Snapshot {
  const host = createHost(schemas);
  host.apply({
    settings: {
      ...DEFAULT_SETTINGS,
      defaultNamespace: settings.defaultNamespace ?? DEFAULT_SETTINGS.defaultNamespace,
      ownedNamespaces: settings.ownedNamespaces,
      mesh: meshOf(settings.mesh),
    },
    files: new Map(files.map(({ path, text }) => [path, text])),
  });
  return host.snapshot();
}

function check(snapshot: Snapshot, format: 'text' | 'json', input: Input, { write, complain }: Surroundings): number {
  const findings: RuleFinding[] = [];
  const onFault = (rule: { readonly id: string }, fault: unknown): void =>
    complain(`istio-yaml: rule ${rule.id} failed: ${String(fault)}\n`);
  for (const { path } of input.files)
    findings.push(...drain(fileFindings(snapshot, path, { severities: {}, onFault })));
  const report = reported(snapshot, findings);
  write(format === 'json' ? `${JSON.stringify(report, null, 2)}\n` : findingsText(report, input.files.length));
  return report.some(({ severity }) => severity === 'error') ? 1 : 0;
}

function routes(
  snapshot: Snapshot,
  { format, filter }: Extract<Command, { name: 'routes' }>,
  write: Surroundings['write'],
): number {
  if (format === 'envoy') {
    write(`${JSON.stringify({ proxies: selectedProxies(snapshot, filter) }, null, 2)}\n`);
    return 0;
  }
  const views = selectedViews(snapshot, filter, placesOf(snapshot));
  if (format === 'json') write(`${JSON.stringify(routesJson(views), null, 2)}\n`);
  else write((format === 'markdown' ? routesMarkdown : routesTable)(views.map(({ view }) => view)));
  return 0;
}

function placesOf(snapshot: Snapshot): ToPlace {
  return span => {
    const range = snapshot.locate(span);
    const lines = range === undefined ? undefined : snapshot.file(range.file)?.lines;
    if (range === undefined || lines === undefined) return undefined;
    const start = lines.position(range.start);
    const end = lines.position(range.end);
    return {
      uri: range.file,
      path: range.file,
      line: start.line + 1,
      column: start.character + 1,
      endLine: end.line + 1,
      endColumn: end.character + 1,
    };
  };
}
