import * as vscode from 'vscode';
import type { Place } from '../../../server/src/contract.ts';
import { columnBeside } from './column.ts';

/** Shows a place in a text editor: the one that has the file open, else one that is not hidden by the preview. */
export async function openPlace(
  place: Place,
  { beside, panel }: { readonly beside: boolean; readonly panel: vscode.WebviewPanel },
): Promise<void> {
  try {
    const uri = vscode.Uri.parse(place.uri, true);
    const document = await vscode.workspace.openTextDocument(uri);
    await vscode.window.showTextDocument(document, {
      viewColumn: beside ? vscode.ViewColumn.Beside : columnBeside(panel, uri),
      selection: document.validateRange(
        new vscode.Range(place.line - 1, place.column - 1, place.line - 1, place.column - 1),
      ),
    });
  } catch {
    void vscode.window.showWarningMessage(`“${place.path}” cannot be opened; it may have been moved or deleted.`);
  }
}
