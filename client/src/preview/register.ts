import * as vscode from 'vscode';
import type { RequestView } from '../../../server/src/contract/explain.ts';
import type { ToWebview } from '../../../server/src/contract.ts';
import type { LanguageServer } from '../language-server.ts';
import { PreviewPanel, VIEW_TYPE } from './panel.ts';

const MOVES: Readonly<Record<string, Extract<ToWebview, { type: 'command' }>['command']>> = {
  'istio.preview.nextProblem': 'next',
  'istio.preview.previousProblem': 'previous',
  'istio.preview.filter': 'filter',
};

/** The command that opens the route preview, its commands, and its return after a reload of the window. */
export function registerPreview(context: vscode.ExtensionContext, server: LanguageServer): vscode.Disposable {
  let current: PreviewPanel | undefined;
  const adopt = (panel: PreviewPanel): void => {
    current = panel;
    panel.onDidDispose(() => {
      if (current === panel) current = undefined;
    });
  };
  const preview = (uri?: vscode.Uri): void => {
    const source = uri ?? vscode.window.activeTextEditor?.document.uri;
    if (current) current.show(source);
    else adopt(PreviewPanel.create(context.extensionUri, server, source));
  };
  return vscode.Disposable.from(
    vscode.commands.registerCommand('istio.previewRoutes', (uri: unknown) =>
      preview(uri instanceof vscode.Uri ? uri : undefined),
    ),
    vscode.commands.registerCommand('istio.explainRequest', (request: unknown) => {
      if (current === undefined) preview();
      current?.explain(isRequest(request) ? request : undefined);
    }),
    ...Object.entries(MOVES).map(([id, command]) =>
      vscode.commands.registerCommand(id, () => current?.post({ type: 'command', command })),
    ),
    vscode.window.registerWebviewPanelSerializer(VIEW_TYPE, {
      async deserializeWebviewPanel(panel: vscode.WebviewPanel, state: unknown): Promise<void> {
        adopt(PreviewPanel.restore(panel, context.extensionUri, server, viewpointOf(state)));
      },
    }),
    { dispose: () => current?.dispose() },
  );
}

/** Other extensions, and our own, may give the request that the form is to hold. */
function isRequest(value: unknown): value is RequestView {
  return typeof value === 'object' && value !== null && 'authority' in value && 'path' in value && 'headers' in value;
}

function viewpointOf(state: unknown): string | undefined {
  if (typeof state !== 'object' || state === null || !('viewpoint' in state)) return undefined;
  return typeof state.viewpoint === 'string' ? state.viewpoint : undefined;
}
