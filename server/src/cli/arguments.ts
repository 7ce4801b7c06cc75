import { parseArgs } from 'node:util';
import { DIFF_USAGE, type DiffCommand, parseDiff } from './arguments-diff.ts';
import { EXPLAIN_USAGE, type ExplainCommand, parseExplain } from './arguments-request.ts';
import { type ImportCommand, parseTest, TEST_USAGE, type TestCommand } from './arguments-test.ts';
import { type MeshOptions, meshOptions } from './mesh-options.ts';
import { UsageError } from './usage-error.ts';

/** What the command line asks for. */
export type Command =
  | { readonly name: 'help' }
  | { readonly name: 'version' }
  | {
      readonly name: 'check';
      readonly paths: readonly string[];
      readonly format: 'text' | 'json';
      readonly settings: CommandSettings;
    }
  | {
      readonly name: 'routes';
      readonly paths: readonly string[];
      readonly format: RoutesFormat;
      readonly filter: RoutesFilter;
      readonly settings: CommandSettings;
    }
  | ExplainCommand
  | DiffCommand
  | TestCommand
  | ImportCommand;

export type RoutesFormat = 'table' | 'markdown' | 'json' | 'envoy';

/** Which tables and hosts are shown; `undefined` shows all. */
export interface RoutesFilter {
  /** `namespace/name`, or a name in any namespace. */
  readonly gateway: string | undefined;
  readonly sidecar: string | undefined;
  readonly labels: Readonly<Record<string, string>> | undefined;
  readonly host: string | undefined;
  readonly port: number | undefined;
}

export interface CommandSettings {
  readonly defaultNamespace: string | undefined;
  /** Settings of the mesh by the names of the mesh config; they win over what manifests say. */
  readonly mesh: MeshOptions;
  readonly ownedNamespaces: readonly string[];
  readonly exclude: readonly string[];
}

export const USAGE = `usage: istio-yaml check [PATH…] [--format text|json]
       istio-yaml routes [PATH…] [--format table|markdown|json|envoy]
                         [--gateway [NS/]NAME] [--sidecar NAMESPACE [--labels K=V,…]] [--host HOST] [--port PORT]
${EXPLAIN_USAGE}${DIFF_USAGE}${TEST_USAGE}
PATH is a file or a folder (default: the current one); - reads standard input.

check    prints what is wrong; exit 0 without errors, 1 with errors, 2 when an input cannot be read
routes   prints what Envoy will do: route tables merged over all files, as Istio makes them
explain  prints what Envoy will do with one request, and why; exit 2 when it is no request
diff     prints which requests go somewhere else, each with one that shows it; with --git, since a revision;
         exit 1 with --exit-code when some do
test     runs the tests in *.routes.test.yaml; exit 1 when one fails, 2 when one cannot be run;
         --generate writes a test for each live route, --import and --export speak Envoy's router_check_tool

options of all
  --namespace NAME   namespace of manifests that name none (default: default)
  --owns NAMES       namespaces of which PATH holds everything, separated by commas; * for all:
                     there, what is not found does not exist
  --mesh NAME=VALUE  a setting of the mesh that no manifest says, or says otherwise; may be given several times:
                     rootNamespace, clusterDomain, trustDomain, outboundTrafficPolicy, gatewayNamespace,
                     defaultVirtualServiceExportTo, defaultServiceExportTo, defaultDestinationRuleExportTo
  --exclude GLOB     leave out files; may be given several times
  --help, --version
`;

/**
 * @param argv the arguments behind the program's name
 * @throws UsageError with one sentence for the user
 */
export function parseCommand(argv: readonly string[]): Command {
  if (argv[0] === 'explain') return parseExplain(argv.slice(1));
  if (argv[0] === 'diff') return parseDiff(argv.slice(1));
  if (argv[0] === 'test') return parseTest(argv.slice(1));
  const { values, positionals } = read(argv);
  if (values.help === true) return { name: 'help' };
  if (values.version === true) return { name: 'version' };
  const [name, ...rest] = positionals;
  if (name === undefined) throw new UsageError('a command is missing: check, routes, explain, diff or test');
  const paths = rest.length === 0 ? ['.'] : rest;
  const settings: CommandSettings = {
    defaultNamespace: values.namespace,
    ownedNamespaces: words(values.owns),
    exclude: values.exclude ?? [],
    mesh: meshOptions(values.mesh ?? []),
  };
  if (name === 'check') {
    for (const option of ['gateway', 'sidecar', 'labels', 'host', 'port'] as const) {
      if (values[option] !== undefined) throw new UsageError(`--${option} belongs to routes, not to check`);
    }
    return { name, paths, format: choice('--format', values.format ?? 'text', ['text', 'json']), settings };
  }
  if (name === 'routes') {
    const format = choice('--format', values.format ?? 'table', ['table', 'markdown', 'json', 'envoy']);
    if (values.gateway !== undefined && values.sidecar !== undefined)
      throw new UsageError('--gateway and --sidecar exclude each other');
    if (values.labels !== undefined && values.sidecar === undefined) throw new UsageError('--labels needs --sidecar');
    const filter: RoutesFilter = {
      gateway: values.gateway,
      sidecar: values.sidecar,
      labels: values.labels === undefined ? undefined : labels(values.labels),
      host: values.host,
      port: values.port === undefined ? undefined : portNumber(values.port),
    };
    return { name, paths, format, filter, settings };
  }
  throw new UsageError(`unknown command "${name}"; there are check, routes, explain, diff and test`);
}

function read(argv: readonly string[]) {
  try {
    return parseArgs({
      args: [...argv],
      allowPositionals: true,
      options: {
        format: { type: 'string' },
        gateway: { type: 'string' },
        sidecar: { type: 'string' },
        labels: { type: 'string' },
        host: { type: 'string' },
        port: { type: 'string' },
        namespace: { type: 'string' },
        owns: { type: 'string' },
        exclude: { type: 'string', multiple: true },
        mesh: { type: 'string', multiple: true },
        help: { type: 'boolean', short: 'h' },
        version: { type: 'boolean' },
      },
    });
  } catch (error) {
    const message = error instanceof Error ? (error.message.split('. To specify')[0] ?? '') : String(error);
    throw new UsageError(message);
  }
}

function choice<T extends string>(option: string, value: string, allowed: readonly T[]): T {
  const found = allowed.find(word => word === value);
  if (found === undefined) throw new UsageError(`${option} takes ${allowed.join(', ')}, not "${value}"`);
  return found;
}

function words(text: string | undefined): readonly string[] {
  return (text ?? '')
    .split(',')
    .map(word => word.trim())
    .filter(word => word !== '');
}

function labels(text: string): Readonly<Record<string, string>> {
  const pairs = words(text).map(word => word.split('='));
  if (pairs.some(pair => pair.length !== 2)) throw new UsageError(`--labels takes K=V,K2=V2, not "${text}"`);
  return Object.fromEntries(pairs.map(([key = '', value = '']) => [key, value]));
}

function portNumber(text: string): number {
  const port = Number(text);
  if (!Number.isInteger(port) || port < 1 || port > 65_535)
    throw new UsageError(`--port takes a port number, not "${text}"`);
  return port;
}
