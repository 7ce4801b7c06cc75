import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import path from 'node:path';
import * as vscode from 'vscode';
import { eventually, fileUri, find, insert, open } from './helpers.ts';

const NO_CHANGE = /^No request goes anywhere else/m;
const PAGE = vscode.Uri.from({ scheme: 'istio-compare', path: 'Routes compared with Git HEAD.md' });

/** The comparison with the last commit, by VS Code's own Git extension. Makes the open folder a repository meanwhile. */
export function describeCompare(): void {
  describe('the comparison with Git HEAD', function () {
    // Git, the server and the Markdown preview all take their time on a busy machine, and one test asks several times.
    this.timeout(120_000);
    const setGit = (enabled: boolean | undefined): Thenable<void> =>
      vscode.workspace.getConfiguration('git').update('enabled', enabled, vscode.ConfigurationTarget.Workspace);
    const repository = (): string => path.join(fileUri('storefront.yaml').fsPath, '..');

    before(async function () {
      if (spawnSync('git', ['--version']).status !== 0) this.skip();
      const git = (...args: string[]): void => {
        execFileSync('git', ['-c', 'user.name=Tester', '-c', 'user.email=tester@example.com', ...args], {
          cwd: repository(),
        });
      };
      git('init', '--quiet');
      git('add', '--all');
      git('commit', '--quiet', '--message', 'the shop');
      await setGit(true);
    });

    after(async () => {
      await setGit(undefined);
      rmSync(path.join(repository(), '.git'), { recursive: true, force: true });
    });

    it('says that nothing has changed', async () => {
      await open('storefront.yaml');
      await compared(NO_CHANGE);
    });

    it('shows what an edit changes before it is saved, and after', async () => {
      const document = await open('storefront.yaml');
      const at = find(document, 'prefix: /checkout/v1');
      await insert(document, at, '0');
      const page = await compared(/\/checkout\/v1\//);
      assert.match(page, /storefront\.yaml:\d+/);
      await saved(document);
      assert.equal(await compared(/\/checkout\/v1\//), page);
      await removeText(document, new vscode.Range(at, at.translate(0, 1)));
      await saved(document);
      await compared(NO_CHANGE);
    });

    it('sees a file that is gone', async () => {
      // No test opens it: VS Code keeps a document for a while, and as long the server takes its text.
      const uri = fileUri('checkout.yaml');
      const bytes = await vscode.workspace.fs.readFile(uri);
      await vscode.workspace.fs.delete(uri);
      await compared(/checkout\.yaml:\d+/);
      await vscode.workspace.fs.writeFile(uri, bytes);
      await compared(NO_CHANGE);
    });
  });
}

async function removeText(document: vscode.TextDocument, range: vscode.Range): Promise<void> {
  const change = new vscode.WorkspaceEdit();
  change.delete(document.uri, range);
  assert.ok(await vscode.workspace.applyEdit(change));
}

/** Saves a document. VS Code may be saving it by itself at the moment, and refuses then. */
async function saved(document: vscode.TextDocument): Promise<void> {
  await eventually('the document to be saved', async () => (await document.save()) || !document.isDirty);
}

/** Runs the command until the page that opens says what is expected, and gives its text. */
async function compared(expected: RegExp): Promise<string> {
  let text = '';
  const wanted = eventually(`a page with ${expected.source}`, async () => {
    await vscode.commands.executeCommand('istio.compareRoutes');
    const tab = await eventually('the page', () =>
      vscode.window.tabGroups.all
        .flatMap(({ tabs }) => tabs)
        .find(({ input }) => input instanceof vscode.TabInputWebview && input.viewType.includes('markdown')),
    );
    assert.match(tab.label, /Routes compared with Git HEAD/);
    text = (await vscode.workspace.openTextDocument(PAGE)).getText();
    await vscode.window.tabGroups.close(tab);
    return expected.test(text) && text;
  });
  return wanted.catch((error: unknown) => {
    throw new Error(`${error instanceof Error ? error.message : String(error)}; it says\n${text}`);
  });
}
