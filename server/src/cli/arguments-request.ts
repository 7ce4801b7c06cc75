import { parseArgs } from 'node:util';
import type { CommandSettings } from './arguments.ts';
import { meshOptions } from './mesh-options.ts';
import { UsageError } from './usage-error.ts';

/** `istio-yaml explain`: what a proxy does with one request. */
export interface ExplainCommand {
  readonly name: 'explain';
  readonly paths: readonly string[];
  readonly format: 'text' | 'json';
  readonly request: string;
  /** `name: value`, as they were typed. */
  readonly headers: readonly string[];
  readonly gateway: string | undefined;
  readonly sidecar: string | undefined;
  readonly labels: Readonly<Record<string, string>> | undefined;
  readonly settings: CommandSettings;
}

export const EXPLAIN_USAGE = `       istio-yaml explain [PATH…] --request 'METHOD URL' [-H 'NAME: VALUE']… [--format text|json]
                          [--gateway [NS/]NAME] [--sidecar NAMESPACE [--labels K=V,…]]
`;

/**
 * @param argv the arguments behind `explain`
 * @throws UsageError with one sentence for the user
 */
export function parseExplain(argv: readonly string[]): ExplainCommand | { readonly name: 'help' } {
  const { values, positionals } = read(() =>
    parseArgs({
      args: [...argv],
      allowPositionals: true,
      options: {
        request: { type: 'string' },
        header: { type: 'string', short: 'H', multiple: true },
        format: { type: 'string' },
        gateway: { type: 'string' },
        sidecar: { type: 'string' },
        labels: { type: 'string' },
        ...COMMON,
      },
    }),
  );
  if (values.help === true) return { name: 'help' };
  if (values.request === undefined)
    throw new UsageError("explain needs --request, such as --request 'GET https://api.example.com/v1/x'");
  if (values.gateway !== undefined && values.sidecar !== undefined)
    throw new UsageError('--gateway and --sidecar exclude each other');
  if (values.labels !== undefined && values.sidecar === undefined) throw new UsageError('--labels needs --sidecar');
  return {
    name: 'explain',
    paths: positionals.length === 0 ? ['.'] : positionals,
    format: choice(values.format ?? 'text', ['text', 'json']),
    request: values.request,
    headers: values.header ?? [],
    gateway: values.gateway,
    sidecar: values.sidecar,
    labels: values.labels === undefined ? undefined : labelsOf(values.labels),
    settings: settingsOf(values),
  };
}

/** Options that every command takes. */
export const COMMON = {
  namespace: { type: 'string' },
  owns: { type: 'string' },
  exclude: { type: 'string', multiple: true },
  mesh: { type: 'string', multiple: true },
  help: { type: 'boolean', short: 'h' },
} as const;

export function settingsOf(values: {
  readonly namespace?: string | undefined;
  readonly owns?: string | undefined;
  readonly exclude?: readonly string[] | undefined;
  readonly mesh?: readonly string[] | undefined;
}): CommandSettings {
  const { namespace, owns = '', exclude = [], mesh = [] } = values;
  const ownedNamespaces = owns.split(',').map(word => word.trim());
  return {
    defaultNamespace: namespace,
    ownedNamespaces: ownedNamespaces.filter(word => word !== ''),
    exclude,
    mesh: meshOptions(mesh),
  };
}

/** Runs Node's parser; its complaints become ours. */
export function read<T>(parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    throw new UsageError(error instanceof Error ? (error.message.split('. To specify')[0] ?? '') : String(error));
  }
}

export function choice<T extends string>(value: string, allowed: readonly T[]): T {
  const found = allowed.find(word => word === value);
  if (found === undefined) throw new UsageError(`--format takes ${allowed.join(', ')}, not "${value}"`);
  return found;
}

function labelsOf(text: string): Readonly<Record<string, string>> {
  const pairs = text.split(',').map(word => word.trim().split('='));
  if (pairs.some(pair => pair.length !== 2)) throw new UsageError(`--labels takes K=V,K2=V2, not "${text}"`);
  return Object.fromEntries(pairs.map(([key = '', value = '']) => [key, value]));
}
