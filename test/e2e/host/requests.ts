import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { closeTabs, diagnostic, eventually, fileUri, insert, open, previews, undoAll } from './helpers.ts';

/** Requests that are explained, and tests of routes. Called behind the tests that see the extension start. */
export function describeRequests(): void {
  describe('requests and route tests', () => {
    it('opens the form that explains a request, in the preview', async () => {
      await open('storefront.yaml');
      await vscode.commands.executeCommand('istio.explainRequest', {
        method: 'GET',
        scheme: 'https',
        authority: 'shop.example.com',
        path: '/api/reviews/42',
        query: '',
        headers: [],
      });
      const tab = await eventually('the preview', () => previews()[0]);
      await vscode.window.tabGroups.close(tab);
    });

    it('runs route tests, as the Testing view does', async () => {
      const uri = fileUri('shop.routes.test.yaml');
      const request = '  request: GET https://shop.example.com/api/checkout\n';
      const text = `- name: checkout\n${request}  expect: { destination: checkout.shop }\n- name: reviews\n${request}  expect: { destination: reviews }\n`;
      await vscode.workspace.fs.writeFile(uri, new TextEncoder().encode(text));
      const run = (...args: readonly unknown[]): Thenable<readonly { name: string; status: string }[]> =>
        vscode.commands.executeCommand('istio.runRouteTests', uri, ...args);
      const statuses = (await run()).map(({ name, status }) => `${name}: ${status}`);
      assert.deepEqual(statuses, ['checkout: passed', 'reviews: failed']);
      assert.equal((await run(1)).length, 1);
      const document = await open('shop.routes.test.yaml');
      const lenses = await eventually('the code lenses', async () => {
        const found = await vscode.commands.executeCommand<vscode.CodeLens[]>('vscode.executeCodeLensProvider', uri);
        return found.length === 2 && found;
      });
      assert.deepEqual(
        lenses.map(({ range }) => range.start.line),
        [0, 3],
      );
      await insert(document, document.lineAt(2).range.end, '\n  from: nowhere');
      await eventually('the finding', () => diagnostic(uri, 'route-test/invalid-value'));
      await undoAll(document);
      await closeTabs(({ path }) => path === uri.path);
      await vscode.workspace.fs.delete(uri);
    });
  });
}
