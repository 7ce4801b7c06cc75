import * as vscode from 'vscode';
import type { CompareParams } from '../../server/src/contract.ts';
import type { LanguageServer } from './language-server.ts';

/** The part of the API of VS Code's own Git extension that is used here. */
interface Git {
  /** Without it `getAPI` throws. */
  readonly enabled: boolean;
  getAPI(version: 1): GitApi;
}

interface GitApi {
  /** Until it is `initialized` the repositories of the window are not known. */
  readonly state: 'uninitialized' | 'initialized';
  readonly onDidChangeState: vscode.Event<unknown>;
  readonly repositories: readonly Repository[];
}

interface Repository {
  /** Looks for changes now: after a file was saved the extension itself takes its time. */
  status(): Promise<void>;
  readonly rootUri: vscode.Uri;
  readonly state: {
    readonly workingTreeChanges: readonly Change[];
    readonly indexChanges: readonly Change[];
    readonly untrackedChanges?: readonly Change[];
  };
  /** Rejects for a file that is not in the revision. */
  show(ref: string, path: string): Promise<string>;
}

interface Change {
  readonly uri: vscode.Uri;
  readonly originalUri: vscode.Uri;
}

const SCHEME = 'istio-compare';
const PAGE = vscode.Uri.from({ scheme: SCHEME, path: 'Routes compared with Git HEAD.md' });

/** The command that compares the route tables with those of the last commit, and the page that shows the difference. */
export function registerCompareRoutes(server: LanguageServer): vscode.Disposable {
  let page = '';
  const changed = new vscode.EventEmitter<vscode.Uri>();
  return vscode.Disposable.from(
    changed,
    vscode.workspace.registerTextDocumentContentProvider(SCHEME, {
      onDidChange: changed.event,
      provideTextDocumentContent: () => page,
    }),
    vscode.commands.registerCommand('istio.compareRoutes', async () => {
      try {
        const files = await changedFiles();
        const { markdown } = await vscode.window.withProgress(
          { location: vscode.ProgressLocation.Window, title: 'Comparing routes with Git HEAD' },
          () => server.compareRoutes({ files }),
        );
        page = markdown;
        changed.fire(PAGE);
        await vscode.commands.executeCommand('markdown.showPreview', PAGE);
      } catch (error) {
        const reason = error instanceof Error ? error.message : String(error);
        await vscode.window.showErrorMessage(`The routes could not be compared: ${reason}`);
      }
    }),
  );
}

/** What stood in the last commit in the YAML files that have changed since. Documents that are not saved count as changed. */
async function changedFiles(): Promise<CompareParams['files']> {
  const extension = vscode.extensions.getExtension<Git>('vscode.git');
  const git = extension?.isActive ? extension.exports : await extension?.activate();
  if (git === undefined || !git.enabled) throw new Error('the Git extension of VS Code is switched off');
  const { repositories } = await initialized(git.getAPI(1));
  if (repositories.length === 0) throw new Error('no folder of this window is in a Git repository');
  const files = new Map<string, string | null>();
  for (const repository of repositories) {
    await repository.status();
    const { workingTreeChanges, indexChanges, untrackedChanges = [] } = repository.state;
    const unsaved = vscode.workspace.textDocuments.filter(
      ({ isDirty, uri }) => isDirty && isWithin(uri, repository.rootUri),
    );
    const uris = [
      ...[...workingTreeChanges, ...indexChanges, ...untrackedChanges].flatMap(({ uri, originalUri }) => [
        uri,
        originalUri,
      ]),
      ...unsaved.map(({ uri }) => uri),
    ];
    for (const uri of uris) {
      if (!/\.ya?ml$/i.test(uri.path) || files.has(uri.toString())) continue;
      files.set(uri.toString(), await repository.show('HEAD', uri.fsPath).catch(() => null));
    }
  }
  return [...files].map(([uri, text]) => ({ uri, text }));
}

/** The API once it knows the repositories; a window that has just been opened looks for them first. */
function initialized(api: GitApi): Promise<GitApi> {
  if (api.state === 'initialized') return Promise.resolve(api);
  return new Promise(resolve => {
    const subscription = api.onDidChangeState(() => {
      if (api.state !== 'initialized') return;
      subscription.dispose();
      resolve(api);
    });
  });
}

function isWithin(uri: vscode.Uri, root: vscode.Uri): boolean {
  return uri.scheme === root.scheme && uri.path.startsWith(`${root.path}/`);
}
