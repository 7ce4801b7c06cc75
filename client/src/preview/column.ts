import * as vscode from 'vscode';

/**
 * The column in which to show a text so that the preview stays in view: the one that shows the document already, else
 * one with a text editor, else any other, else a new one.
 */
export function columnBeside({ viewColumn: taken }: vscode.WebviewPanel, uri?: vscode.Uri): vscode.ViewColumn {
  const editors = vscode.window.visibleTextEditors.filter(
    ({ viewColumn }) => viewColumn !== undefined && viewColumn !== taken,
  );
  const showing = uri && editors.find(({ document }) => document.uri.toString() === uri.toString());
  const column = (showing ?? editors[0])?.viewColumn;
  if (column !== undefined) return column;
  const groups = vscode.window.tabGroups.all.map(({ viewColumn }) => viewColumn);
  return groups.find(group => group !== taken) ?? vscode.ViewColumn.Beside;
}
