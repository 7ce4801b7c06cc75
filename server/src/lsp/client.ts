import { URI } from 'vscode-uri';
import { isRecord } from './settings.ts';

/** What the client is and can do, as far as answers depend on it. */
export interface Client {
  /** URIs of the workspace folders at the start. */
  readonly folders: readonly string[];
  /** Settings sent with the first message, for clients that cannot be asked for them. */
  readonly settings: unknown;
  /** Command of the client that offers completions, for keys whose value is offered next. */
  readonly suggestCommand: string | undefined;
  /** A folder of the disk in which the server may keep what makes its next start faster. */
  readonly cacheFolder: string | undefined;
  readonly configuration: boolean;
  readonly registersConfiguration: boolean;
  readonly registersWatchers: boolean;
  readonly workspaceFolders: boolean;
  readonly snippets: boolean;
  readonly insertReplace: boolean;
  /** The client can be told to indent further lines of a completion. */
  readonly adjustsIndentation: boolean;
  readonly completionMarkdown: boolean;
  readonly completionTags: boolean;
  readonly hoverMarkdown: boolean;
  readonly definitionLinks: boolean;
  readonly hierarchicalSymbols: boolean;
  readonly foldingLimit: number;
  readonly codeActionLiterals: boolean;
  readonly preferredActions: boolean;
  readonly documentChanges: boolean;
  readonly relatedInformation: boolean;
  readonly codeDescriptions: boolean;
  readonly diagnosticTags: readonly number[];
}

/** Values of the protocol that are asked for here. */
const ADJUST_INDENTATION = 2;
const DEPRECATED = 1;

/** Reads the parameters of `initialize`; what is missing or wrong there is something the client cannot do. */
export function readClient(params: unknown): Client {
  const at = (...path: readonly string[]): unknown => get(params, ['capabilities', ...path]);
  const can = (...path: readonly string[]): boolean => at(...path) === true;
  const has = (value: unknown, ...path: readonly string[]): boolean => list(at(...path)).includes(value);
  const item = ['textDocument', 'completion', 'completionItem'];
  const suggest = get(params, ['initializationOptions', 'suggestCommand']);
  const cacheFolder = get(params, ['initializationOptions', 'cacheFolder']);
  return {
    folders: foldersOf(params),
    settings: get(params, ['initializationOptions', 'istio']),
    suggestCommand: typeof suggest === 'string' ? suggest : undefined,
    cacheFolder: typeof cacheFolder === 'string' && cacheFolder !== '' ? cacheFolder : undefined,
    configuration: can('workspace', 'configuration'),
    registersConfiguration: can('workspace', 'didChangeConfiguration', 'dynamicRegistration'),
    registersWatchers: can('workspace', 'didChangeWatchedFiles', 'dynamicRegistration'),
    workspaceFolders: can('workspace', 'workspaceFolders'),
    snippets: can(...item, 'snippetSupport'),
    insertReplace: can(...item, 'insertReplaceSupport'),
    adjustsIndentation: has(ADJUST_INDENTATION, ...item, 'insertTextModeSupport', 'valueSet'),
    completionMarkdown: has('markdown', ...item, 'documentationFormat'),
    completionTags: has(DEPRECATED, ...item, 'tagSupport', 'valueSet'),
    hoverMarkdown: has('markdown', 'textDocument', 'hover', 'contentFormat'),
    definitionLinks: can('textDocument', 'definition', 'linkSupport'),
    hierarchicalSymbols: can('textDocument', 'documentSymbol', 'hierarchicalDocumentSymbolSupport'),
    foldingLimit: Number(at('textDocument', 'foldingRange', 'rangeLimit') ?? Number.POSITIVE_INFINITY),
    codeActionLiterals: isRecord(at('textDocument', 'codeAction', 'codeActionLiteralSupport')),
    preferredActions: can('textDocument', 'codeAction', 'isPreferredSupport'),
    documentChanges: can('workspace', 'workspaceEdit', 'documentChanges'),
    relatedInformation: can('textDocument', 'publishDiagnostics', 'relatedInformation'),
    codeDescriptions: can('textDocument', 'publishDiagnostics', 'codeDescriptionSupport'),
    diagnosticTags: list(at('textDocument', 'publishDiagnostics', 'tagSupport', 'valueSet')).filter(
      tag => typeof tag === 'number',
    ),
  };
}

/** `workspaceFolders`, else `rootUri`, else `rootPath`: the older ones are for older clients. */
function foldersOf(params: unknown): readonly string[] {
  const folders = get(params, ['workspaceFolders']);
  if (Array.isArray(folders)) return folders.map(folder => get(folder, ['uri'])).filter(uri => typeof uri === 'string');
  const uri = get(params, ['rootUri']);
  if (typeof uri === 'string') return [uri];
  const path = get(params, ['rootPath']);
  return typeof path === 'string' && path !== '' ? [URI.file(path).toString()] : [];
}

function get(value: unknown, path: readonly string[]): unknown {
  let found = value;
  for (const key of path) found = isRecord(found) ? found[key] : undefined;
  return found;
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
