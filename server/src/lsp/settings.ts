import { DEFAULT_SETTINGS, RULES, type Severity, type WorkspaceSettings } from '../analysis.ts';
import type { ClientSettings } from '../contract.ts';
import { isGlob } from './glob.ts';

/** The settings in force. */
export interface Settings {
  readonly workspace: WorkspaceSettings;
  /** Glob patterns of files and folders that are not read, relative to their workspace folder. */
  readonly exclude: readonly string[];
  /** By rule id or by group. */
  readonly severities: Readonly<Record<string, Severity | 'off'>>;
}

/** What holds until the client has told its settings. */
export const INITIAL_SETTINGS: Settings = { workspace: DEFAULT_SETTINGS, exclude: [], severities: {} };

/** Largest `maxFileSize`: a text of this size is still one string. No limit on what is in a text needs to be larger. */
const LARGEST_FILE = 256_000_000;
const LEVELS: readonly string[] = ['off', 'error', 'warning', 'information', 'hint'];
const POLICIES: readonly string[] = ['ALLOW_ANY', 'REGISTRY_ONLY'];
const DURATION = /^(\d+(\.\d+)?(h|m|s|ms))+$/;
const LABEL = /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/;
const DOMAIN = /^[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?$/;

/**
 * Reads what a client sends as `ClientSettings`. A value that cannot be used is left out, the default stays in force.
 *
 * @returns the settings, and a sentence for each value that was left out
 */
export function readSettings(value: unknown): { settings: Settings; problems: readonly string[] } {
  const problems: string[] = [];
  const wrong = (key: string, found: unknown, expected: string): undefined => {
    problems.push(`istio.${key}: ${JSON.stringify(found) ?? String(found)} is not ${expected}; it is ignored`);
    return undefined;
  };
  const read = <T>(
    key: string,
    found: unknown,
    is: (value: unknown) => value is T,
    expected: string,
  ): T | undefined => {
    if (found === undefined || found === null) return undefined;
    return is(found) ? found : wrong(key, found, expected);
  };
  const given: Readonly<Partial<Record<keyof ClientSettings, unknown>>> =
    read('*', value, isRecord, 'an object of settings') ?? {};
  const mesh: Readonly<Record<string, unknown>> = read('mesh', given.mesh, isRecord, 'an object') ?? {};
  const { workspace, exclude } = INITIAL_SETTINGS;
  const settings: Settings = {
    workspace: {
      defaultNamespace:
        read('defaultNamespace', given.defaultNamespace, isNamespace, 'the name of a namespace') ??
        workspace.defaultNamespace,
      ownedNamespaces:
        read('ownedNamespaces', given.ownedNamespaces, isListOf(isOwned), 'a list of namespaces, or of "*"') ??
        workspace.ownedNamespaces,
      maxFileSize:
        read('maxFileSize', given.maxFileSize, isSize, `a whole number of bytes from 1 to ${LARGEST_FILE}`) ??
        workspace.maxFileSize,
      maxDocuments:
        read('maxDocuments', given.maxDocuments, isSize, `a whole number from 1 to ${LARGEST_FILE}`) ??
        workspace.maxDocuments,
      maxLineLength:
        read('maxLineLength', given.maxLineLength, isSize, `a whole number of characters from 1 to ${LARGEST_FILE}`) ??
        workspace.maxLineLength,
      mesh: readMesh(mesh, read),
    },
    exclude: read('exclude', given.exclude, isListOf(isPattern), 'a list of glob patterns') ?? exclude,
    severities: readSeverities(read('rules', given.rules, isRecord, 'an object of rules and severities') ?? {}, wrong),
  };
  return { settings, problems };
}

type Read = <T>(key: string, found: unknown, is: (value: unknown) => value is T, expected: string) => T | undefined;

/** Settings of the mesh that are set; what is not comes from manifests, or is Istio's default. */
function readMesh(mesh: Readonly<Record<string, unknown>>, read: Read): WorkspaceSettings['mesh'] {
  const field = <T>(key: string, is: (value: unknown) => value is T, expected: string): T | undefined =>
    read(`mesh.${key}`, mesh[key], is, expected);
  const words = (key: string): readonly string[] | undefined =>
    field(key, isListOf(isExportTo), 'a list of "*" or "."');
  const found = {
    rootNamespace: field('rootNamespace', isNamespace, 'the name of a namespace'),
    clusterDomain: field('clusterDomain', isDomain, 'a domain such as "cluster.local"'),
    trustDomain: field('trustDomain', isDomain, 'a domain such as "cluster.local"'),
    outboundTrafficPolicy: field('outboundTrafficPolicy', isPolicy, `one of ${POLICIES.join(', ')}`),
    gatewayNamespace: field('gatewayNamespace', isNamespace, 'the name of a namespace'),
    defaultVirtualServiceExportTo: words('defaultVirtualServiceExportTo'),
    defaultServiceExportTo: words('defaultServiceExportTo'),
    defaultDestinationRuleExportTo: words('defaultDestinationRuleExportTo'),
    defaultHttpRetryPolicy: field(
      'defaultHttpRetryPolicy',
      isRetryPolicy,
      'an object of attempts, retryOn, perTryTimeout, backoff, retryRemoteLocalities and retryIgnorePreviousHosts',
    ),
  };
  return Object.fromEntries(Object.entries(found).filter(([, value]) => value !== undefined));
}

function readSeverities(
  rules: Readonly<Record<string, unknown>>,
  wrong: (key: string, found: unknown, expected: string) => undefined,
): Settings['severities'] {
  const names = new Set(RULES.flatMap(({ id }) => [id, id.slice(0, id.indexOf('/'))]));
  const severities: Record<string, Severity | 'off'> = {};
  for (const [rule, level] of Object.entries(rules)) {
    if (!names.has(rule)) wrong('rules', rule, 'the id of a rule or of a group of rules');
    else if (!isLevel(level)) wrong(`rules["${rule}"]`, level, `one of ${LEVELS.join(', ')}`);
    else severities[rule] = level;
  }
  return severities;
}

/** An object that is no list. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isListOf<T>(is: (value: unknown) => value is T): (value: unknown) => value is readonly T[] {
  return (value): value is readonly T[] => Array.isArray(value) && value.every(is);
}

function isNamespace(value: unknown): value is string {
  return typeof value === 'string' && LABEL.test(value);
}

function isOwned(value: unknown): value is string {
  return value === '*' || isNamespace(value);
}

function isDomain(value: unknown): value is string {
  return typeof value === 'string' && DOMAIN.test(value);
}

function isPattern(value: unknown): value is string {
  return typeof value === 'string' && isGlob(value);
}

function isSize(value: unknown): value is number {
  return Number.isInteger(value) && Number(value) >= 1 && Number(value) <= LARGEST_FILE;
}

function isLevel(value: unknown): value is Severity | 'off' {
  return typeof value === 'string' && LEVELS.includes(value);
}

function isExportTo(value: unknown): value is string {
  return value === '*' || value === '.';
}

const RETRY_FIELDS: Readonly<Record<string, (value: unknown) => boolean>> = {
  attempts: value => Number.isInteger(value) && Number(value) >= 0,
  retryOn: value => typeof value === 'string',
  perTryTimeout: isDuration,
  backoff: isDuration,
  retryRemoteLocalities: value => typeof value === 'boolean',
  retryIgnorePreviousHosts: value => typeof value === 'boolean',
};

type RetryPolicy = NonNullable<WorkspaceSettings['mesh']['defaultHttpRetryPolicy']>;

function isRetryPolicy(value: unknown): value is RetryPolicy {
  return isRecord(value) && Object.entries(value).every(([key, field]) => RETRY_FIELDS[key]?.(field) === true);
}

function isDuration(value: unknown): boolean {
  return typeof value === 'string' && DURATION.test(value);
}

function isPolicy(value: unknown): value is 'ALLOW_ANY' | 'REGISTRY_ONLY' {
  return typeof value === 'string' && POLICIES.includes(value);
}
