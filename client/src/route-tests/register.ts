import * as vscode from 'vscode';
import type { LanguageServer } from '../language-server.ts';
import { RouteTestLenses } from './lenses.ts';
import { RouteTests } from './route-tests.ts';

/** Route tests in the Testing view, and above each test in its file. */
export function registerRouteTests(server: LanguageServer): vscode.Disposable {
  const tests = new RouteTests(server);
  return vscode.Disposable.from(
    tests,
    vscode.languages.registerCodeLensProvider({ pattern: '**/*.routes.test.{yaml,yml}' }, new RouteTestLenses(tests)),
    vscode.commands.registerCommand('istio.runRouteTests', (uri: unknown, index: unknown) =>
      tests.run(uri instanceof vscode.Uri ? uri : undefined, typeof index === 'number' ? index : undefined),
    ),
  );
}
