import * as vscode from 'vscode';
import type { RouteTests } from './route-tests.ts';

/** “Run” above each test. */
export class RouteTestLenses implements vscode.CodeLensProvider {
  readonly onDidChangeCodeLenses: vscode.Event<void>;

  constructor(private readonly tests: RouteTests) {
    this.onDidChangeCodeLenses = tests.onDidChange;
  }

  async provideCodeLenses(document: vscode.TextDocument): Promise<vscode.CodeLens[]> {
    const views = await this.tests.read(document.uri).catch(() => []);
    return views.map(({ index, line }) => {
      const range = new vscode.Range(line - 1, 0, line - 1, 0);
      return new vscode.CodeLens(range, {
        command: 'istio.runRouteTests',
        title: '$(play) Run',
        tooltip: 'Run this route test',
        arguments: [document.uri, index],
      });
    });
  }
}
