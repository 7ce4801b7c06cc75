import * as vscode from 'vscode';

/** Set while the active editor shows YAML with something of Istio's: decides whether the preview's button is shown. */
const CONTEXT = 'istio.activeEditorHasIstioContent';
const LOOKED_AT = 200_000;
const DELAY = 300;

/** Keeps the context key true to the active editor's text. */
export function followIstioContent(): vscode.Disposable {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let known: boolean | undefined;
  const update = (): void => {
    const present = hasIstioContent(vscode.window.activeTextEditor?.document);
    if (present === known) return;
    known = present;
    void vscode.commands.executeCommand('setContext', CONTEXT, present);
  };
  const later = (): void => {
    clearTimeout(timer);
    timer = setTimeout(update, DELAY);
  };
  update();
  return vscode.Disposable.from(
    vscode.window.onDidChangeActiveTextEditor(update),
    vscode.workspace.onDidChangeTextDocument(({ document }) => {
      if (document === vscode.window.activeTextEditor?.document) later();
    }),
    { dispose: () => clearTimeout(timer) },
  );
}

function hasIstioContent(document: vscode.TextDocument | undefined): boolean {
  if (document?.languageId !== 'yaml') return false;
  const end = document.positionAt(LOOKED_AT);
  return /\bistio\.io\/v/.test(document.getText(new vscode.Range(new vscode.Position(0, 0), end)));
}
