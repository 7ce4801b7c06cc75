import * as vscode from 'vscode';
import { registerCompareRoutes } from './compare-routes.ts';
import { followIstioContent } from './istio-content.ts';
import { DOCUMENTS, LanguageServer } from './language-server.ts';
import { registerPreview } from './preview/register.ts';
import { registerRouteTests } from './route-tests/register.ts';
import { registerRuleDocumentation } from './rule-documentation.ts';
import { registerStatus } from './status.ts';

let server: LanguageServer | undefined;

/**
 * Called by VS Code with the first YAML document, the first of our commands, or a restored preview.
 * Registers what VS Code must know at once; the server, and all libraries with it, follow afterwards.
 */
export function activate(context: vscode.ExtensionContext): void {
  const own = new LanguageServer(context);
  server = own;
  context.subscriptions.push(
    own,
    vscode.commands.registerCommand('istio.restartServer', () => restart(own)),
    registerStatus(own, DOCUMENTS),
    registerRuleDocumentation(context, DOCUMENTS),
    registerPreview(context, own),
    registerRouteTests(own),
    registerCompareRoutes(own),
    followIstioContent(),
  );
  setImmediate(() => void own.start().catch(reportFailure));
}

/** Called by VS Code before the window closes, or when the extension is switched off; waits for the server to end. */
export function deactivate(): Promise<void> | undefined {
  return server?.stop();
}

async function restart(own: LanguageServer): Promise<void> {
  try {
    await vscode.window.withProgress(
      { location: vscode.ProgressLocation.Window, title: 'Restarting the Istio language server' },
      () => own.restart(),
    );
  } catch (error) {
    await reportFailure(error);
  }
}

async function reportFailure(error: unknown): Promise<void> {
  const restartAction = 'Restart Server';
  const reason = error instanceof Error ? error.message : String(error);
  const answer = await vscode.window.showErrorMessage(
    `The Istio language server could not be started: ${reason}`,
    restartAction,
  );
  if (answer === restartAction) await vscode.commands.executeCommand('istio.restartServer');
}
