import * as vscode from 'vscode';
import type { FromWebview } from '../../../server/src/contract.ts';
import type { LanguageServer } from '../language-server.ts';
import { columnBeside } from './column.ts';

type Choice = Pick<Extract<FromWebview, { type: 'export' }>, 'format' | 'to'>;

const LANGUAGES: Readonly<Record<Choice['format'], string>> = { markdown: 'markdown', json: 'json', envoy: 'json' };

interface Source {
  readonly server: LanguageServer;
  readonly panel: vscode.WebviewPanel;
  readonly viewpoint: string;
}

/** Puts a table onto the clipboard, or opens it as a new, unsaved document. */
export async function exportTable({ server, panel, viewpoint }: Source, { format, to }: Choice): Promise<void> {
  try {
    const content = await server.exportRoutes({ viewpoint, format });
    if (to === 'clipboard') {
      await vscode.env.clipboard.writeText(content);
      vscode.window.setStatusBarMessage('$(check) Copied the route table', 3000);
      return;
    }
    const document = await vscode.workspace.openTextDocument({ language: LANGUAGES[format], content });
    await vscode.window.showTextDocument(document, columnBeside(panel));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    void vscode.window.showErrorMessage(`The route table could not be exported: ${reason}`);
  }
}
