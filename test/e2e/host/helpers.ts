import assert from 'node:assert/strict';
import * as vscode from 'vscode';

const PATIENCE = 15_000;

/** Asks again until there is an answer; fails with `what` when none comes. */
export async function eventually<T>(
  what: string,
  ask: () => T | undefined | false | Promise<T | undefined | false>,
): Promise<T> {
  const end = Date.now() + PATIENCE;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined && answer !== false) return answer;
    if (Date.now() > end) throw new Error(`waited in vain for ${what}`);
    await new Promise(resolve => setTimeout(resolve, 50));
  }
}

export function fileUri(name: string): vscode.Uri {
  const [folder] = vscode.workspace.workspaceFolders ?? [];
  assert.ok(folder, 'no folder is open');
  return vscode.Uri.joinPath(folder.uri, name);
}

/** Opens a file in a tab that the next one does not replace: VS Code tells the server when a document is gone. */
export async function open(name: string): Promise<vscode.TextDocument> {
  const document = await vscode.workspace.openTextDocument(fileUri(name));
  await eventually(`an editor for ${name}`, () => isShown(document));
  return document;
}

/** Shows a document; false where another editor has opened meanwhile. */
async function isShown(document: vscode.TextDocument): Promise<boolean> {
  try {
    await vscode.window.showTextDocument(document, { preview: false });
    return true;
  } catch {
    return false;
  }
}

/** The position behind a text of the document, or `offset` characters behind its start. */
export function find(document: vscode.TextDocument, text: string, offset = text.length): vscode.Position {
  const at = document.getText().indexOf(text);
  assert.notEqual(at, -1, `"${text}" is not in the document`);
  return document.positionAt(at + offset);
}

export function codeOf({ code }: vscode.Diagnostic): unknown {
  return typeof code === 'object' ? code.value : code;
}

export function diagnostic(uri: vscode.Uri, code: string): vscode.Diagnostic | undefined {
  return vscode.languages.getDiagnostics(uri).find(found => codeOf(found) === code);
}

export async function insert(document: vscode.TextDocument, at: vscode.Position, text: string): Promise<void> {
  const edit = new vscode.WorkspaceEdit();
  edit.insert(document.uri, at, text);
  assert.ok(await vscode.workspace.applyEdit(edit));
}

export function textOf(hovers: readonly vscode.Hover[]): string {
  return hovers
    .flatMap(({ contents }) => contents)
    .map(content => (typeof content === 'string' ? content : content.value))
    .join('\n');
}

/** Takes back what was not saved. VS Code reverts what is in the active editor, so the document comes there first. */
export async function undoAll(document: vscode.TextDocument): Promise<void> {
  await eventually(`${document.uri.path} to be as it was`, async () => {
    if (await isShown(document)) await vscode.commands.executeCommand('workbench.action.files.revert');
    return !document.isDirty;
  });
}

/** Closes the tabs of some documents, whichever editor is active. */
export async function closeTabs(isClosed: (uri: vscode.Uri) => boolean): Promise<void> {
  const tabs = vscode.window.tabGroups.all
    .flatMap(group => group.tabs)
    .filter(({ input }) => input instanceof vscode.TabInputText && isClosed(input.uri));
  await vscode.window.tabGroups.close(tabs);
}

export function previews(): readonly vscode.Tab[] {
  return vscode.window.tabGroups.all
    .flatMap(({ tabs }) => tabs)
    .filter(({ input }) => input instanceof vscode.TabInputWebview && input.viewType.endsWith('istio.routes'));
}
