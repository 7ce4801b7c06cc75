import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { describeCompare } from './compare.ts';
import {
  closeTabs,
  diagnostic,
  eventually,
  fileUri,
  find,
  insert,
  open,
  previews,
  textOf,
  undoAll,
} from './helpers.ts';
import { describeRequests } from './requests.ts';

declare function note(line: string): void;

const EXTENSION = 'istio-yaml.istio-yaml';
/** What VS Code itself has measured of the start of the extension. */
async function activationTimes(): Promise<string> {
  await vscode.commands.executeCommand('perfview.show');
  const cells = await eventually('the measured times', () => {
    const report = vscode.workspace.textDocuments.find(({ uri }) => uri.scheme === 'perf');
    const line = report
      ?.getText()
      .split('\n')
      .find(text => text.startsWith(`| ${EXTENSION} `));
    return line?.split('|').map(cell => cell.trim());
  });
  await closeTabs(({ scheme }) => scheme === 'perf');
  return `activation: ${cells[3]} ms to load the code, ${cells[4]} ms to call it, ${cells[5]} ms to finish`;
}

describe('the extension in VS Code', () => {
  let mistakes: vscode.TextDocument;

  before(async () => {
    const extension = vscode.extensions.getExtension(EXTENSION);
    assert.ok(extension, 'the extension is not installed');
    assert.equal(extension.isActive, false, 'it must not start before it is needed');
    await extension.activate();
    note(await activationTimes());
    mistakes = await open('mistakes.yaml');
    // It tells of another file: from now on the whole workspace is known.
    await finding('virtual-service/unknown-subset');
  });

  // What a failed test leaves behind is not the next one's. Other dirty documents are VS Code's own: settings that it writes.
  afterEach(async () => {
    const isLeft = ({ isDirty, isUntitled, languageId }: vscode.TextDocument): boolean =>
      isDirty && !isUntitled && languageId === 'yaml';
    for (const document of vscode.workspace.textDocuments.filter(isLeft)) await undoAll(document);
  });

  it('registers its commands', async () => {
    const commands = await vscode.commands.getCommands(true);
    const wanted = [
      'istio.previewRoutes',
      'istio.restartServer',
      'istio.showServerStatus',
      'istio.showRuleDocumentation',
    ];
    assert.deepEqual(
      wanted.filter(command => !commands.includes(command)),
      [],
    );
  });

  it('shows findings with their rule, at the text that is wrong', async () => {
    const found = await finding('schema/unknown-field');
    assert.equal(mistakes.getText(found.range), 'timeuot');
    assert.equal(found.severity, vscode.DiagnosticSeverity.Error);
    assert.equal(found.source, 'istio');
    assert.match(found.message, /did you mean "timeout"/);
  });

  it('finds what other files of the workspace lack', async () => {
    const found = await finding('virtual-service/unknown-subset');
    assert.match(found.message, /"v1" and "v2"/);
  });

  it('says nothing of files that are right', async () => {
    for (const name of ['storefront.yaml', 'gateway.yaml', 'reviews.yaml', 'checkout.yaml', 'services.yaml']) {
      assert.deepEqual(
        vscode.languages.getDiagnostics(fileUri(name)).map(({ message }) => message),
        [],
        name,
      );
    }
  });

  it('fades what has no effect, and leads to the reason', async () => {
    const found = await finding('virtual-service/unreachable-rule');
    assert.ok((found.relatedInformation ?? []).length > 0);
    assert.ok(
      vscode.languages
        .getDiagnostics(mistakes.uri)
        .some(({ tags }) => tags?.includes(vscode.DiagnosticTag.Unnecessary)),
    );
  });

  it('repairs a misspelt field', async () => {
    const isRepair = ({ edit, title }: vscode.CodeAction): boolean => edit !== undefined && title.includes('timeout');
    const { edit } = await offered('schema/unknown-field', isRepair, vscode.CodeActionKind.QuickFix);
    assert.ok(edit && (await vscode.workspace.applyEdit(edit)));
    await eventually('the finding to go', () => diagnostic(mistakes.uri, 'schema/unknown-field') === undefined);
    assert.match(mistakes.getText(), /^ {6}timeout: 5s$/m);
    await undoAll(mistakes);
    await finding('schema/unknown-field');
  });

  it('offers the page of a rule at its finding, and shows the packaged one', async () => {
    const title = 'Show documentation of schema/unknown-field';
    const { command } = await offered('schema/unknown-field', action => action.title === title);
    assert.ok(command);
    assert.deepEqual(command.arguments, ['schema/unknown-field']);
    await vscode.commands.executeCommand(command.command, ...(command.arguments ?? []));
    const isPage = ({ label }: vscode.Tab): boolean => label.includes('unknown-field');
    const tab = await eventually('the page', () =>
      vscode.window.tabGroups.all.flatMap(({ tabs }) => tabs).find(isPage),
    );
    await vscode.window.tabGroups.close(tab);
  });

  it('completes keys where only the indentation tells the parent', async () => {
    const document = await open('storefront.yaml');
    const at = find(document, 'timeout: 10s\n');
    await insert(document, at, '      \n');
    const position = new vscode.Position(at.line, 6);
    const labels = await labelsAt(document.uri, position);
    assert.ok(labels.includes('corsPolicy'), labels.join(' '));
    assert.ok(!labels.includes('timeout'), 'a key that is there already is offered');
    await undoAll(document);
  });

  it('completes subsets of the host from another file', async () => {
    const document = await open('storefront.yaml');
    const at = find(document, 'subset: v2', 'subset: '.length);
    assert.deepEqual((await labelsAt(document.uri, at)).filter(label => /^v\d$/.test(label)).sort(), ['v1', 'v2']);
  });

  it('explains a field, with the values in force', async () => {
    const document = await open('reviews.yaml');
    const hovers = await vscode.commands.executeCommand<vscode.Hover[]>(
      'vscode.executeHoverProvider',
      document.uri,
      find(document, 'outlierDetection', 3),
    );
    const text = textOf(hovers);
    assert.match(text, /outlierDetection/);
    assert.match(text, /maxEjectionPercent/);
  });

  it('goes from a subset to its definition', async () => {
    const document = await open('storefront.yaml');
    const targets = await vscode.commands.executeCommand<(vscode.Location | vscode.LocationLink)[]>(
      'vscode.executeDefinitionProvider',
      document.uri,
      find(document, 'subset: v2', 'subset: v'.length),
    );
    const uris = targets.map(target => ('targetUri' in target ? target.targetUri : target.uri));
    assert.deepEqual(
      uris.map(({ path }) => path.split('/').at(-1)),
      ['reviews.yaml'],
    );
  });

  it('finds the references of a service', async () => {
    const document = await open('services.yaml');
    const found = await vscode.commands.executeCommand<vscode.Location[]>(
      'vscode.executeReferenceProvider',
      document.uri,
      find(document, 'name: reviews\n', 'name: r'.length),
    );
    const files = new Set(found.map(({ uri }) => uri.path.split('/').at(-1)));
    assert.ok(files.has('storefront.yaml') && files.has('reviews.yaml'), [...files].join(' '));
  });

  it('outlines a document', async () => {
    const symbols = await vscode.commands.executeCommand<vscode.DocumentSymbol[]>(
      'vscode.executeDocumentSymbolProvider',
      fileUri('storefront.yaml'),
    );
    const names = (list: readonly vscode.DocumentSymbol[]): string[] =>
      list.flatMap(({ name, children }) => [name, ...names(children)]);
    const all = names(symbols).join('\n');
    assert.match(all, /storefront/);
    assert.match(all, /reviews-canary/);
  });

  it('reads documents that were never saved', async () => {
    const content = 'apiVersion: networking.istio.io/v1\nkind: Gateway\nmetadata:\n  name: x\nspec:\n  serverss: []\n';
    const document = await vscode.workspace.openTextDocument({ language: 'yaml', content });
    await eventually('the finding', () => diagnostic(document.uri, 'schema/unknown-field'));
    await vscode.window.showTextDocument(document);
    await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
  });

  it('leaves other YAML alone', async () => {
    const document = await vscode.workspace.openTextDocument({
      language: 'yaml',
      content: 'version: 3\nhosts: [a]\nweight: -1\n',
    });
    const end = document.positionAt(document.getText().length);
    assert.deepEqual(vscode.languages.getDiagnostics(document.uri), []);
    assert.ok(!(await labelsAt(document.uri, end)).includes('corsPolicy'));
  });

  it('obeys the setting of a rule', async () => {
    const rules = (value: unknown): Thenable<void> =>
      vscode.workspace.getConfiguration('istio').update('rules', value, vscode.ConfigurationTarget.Workspace);
    await finding('virtual-service/uneven-weights');
    await rules({ 'virtual-service/uneven-weights': 'off', schema: 'warning' });
    await eventually(
      'the finding to go',
      () => diagnostic(mistakes.uri, 'virtual-service/uneven-weights') === undefined,
    );
    const changed = await eventually('the other severity', () => {
      const found = diagnostic(mistakes.uri, 'schema/unknown-field');
      return found?.severity === vscode.DiagnosticSeverity.Warning && found;
    });
    assert.ok(changed);
    await rules(undefined);
    await finding('virtual-service/uneven-weights');
  });

  it('sees files that others write', async () => {
    const uri = fileUri('later.yaml');
    const text =
      'apiVersion: networking.istio.io/v1\nkind: Gateway\nmetadata:\n  name: shop\n  namespace: shop\nspec: {}\n';
    await vscode.workspace.fs.writeFile(uri, new TextEncoder().encode(text));
    await eventually(
      'the Gateway to be known',
      () => diagnostic(mistakes.uri, 'virtual-service/unknown-gateway') === undefined,
    );
    await vscode.workspace.fs.delete(uri);
    await eventually('the Gateway to be forgotten', () => diagnostic(mistakes.uri, 'virtual-service/unknown-gateway'));
  });

  it('opens the preview beside the editor, once', async () => {
    await open('storefront.yaml');
    await vscode.commands.executeCommand('istio.previewRoutes');
    const tab = await eventually('the preview', () => previews()[0]);
    assert.equal(tab.label, 'Effective Routes');
    assert.notEqual(tab.group.viewColumn, vscode.window.activeTextEditor?.viewColumn);
    await vscode.commands.executeCommand('istio.previewRoutes');
    assert.equal(previews().length, 1);
    await vscode.window.tabGroups.close(tab);
    await eventually('the preview to close', () => previews().length === 0);
  });

  it('shows the status of the server', async () => {
    await vscode.commands.executeCommand('istio.showServerStatus');
    const editor = await eventually('the status', () => {
      const { activeTextEditor } = vscode.window;
      return activeTextEditor?.document.uri.scheme === 'istio-status' && activeTextEditor;
    });
    assert.match(editor.document.getText(), /State: running/);
    assert.match(editor.document.getText(), /Workspace: \d\d resources in \d files/);
    assert.match(editor.document.getText(), /## Faults\n\nNone\./);
    await closeTabs(({ scheme }) => scheme === 'istio-status');
  });

  it('works on after a restart of the server', async () => {
    await vscode.commands.executeCommand('istio.restartServer');
    await finding('virtual-service/unknown-subset');
    const labels = await labelsAt(mistakes.uri, find(mistakes, 'subset: v3', 'subset: '.length));
    assert.ok(labels.includes('v1'), labels.join(' '));
  });

  it('serves every manifest of the article', async function () {
    this.timeout(120_000);
    const folder = vscode.Uri.joinPath(vscode.Uri.file(__dirname), '../../../test/fixtures/routing');
    const names = (await vscode.workspace.fs.readDirectory(folder)).map(([name]) => name);
    const manifests = names.filter(name => /^seed-.*\.yaml$/.test(name));
    assert.equal(manifests.length, 20);
    for (const name of manifests) {
      const bytes = await vscode.workspace.fs.readFile(vscode.Uri.joinPath(folder, name));
      await serves(name, new TextDecoder().decode(bytes));
    }
  });

  /** A field of the text is explained, a slip in its name is found, and completion knows the right one. */
  async function serves(name: string, content: string): Promise<void> {
    const document = await vscode.workspace.openTextDocument({ language: 'yaml', content });
    const { uri } = document;
    const head = /^apiVersion: [\w.]*istio\.io\/[\s\S]*?^spec:\n {2}(\w+)/m.exec(content);
    if (head?.[1] === undefined) {
      // A Deployment, a Service and a ConfigMap: known for their names, and not ours to judge.
      assert.doesNotMatch(content, /istio\.io/);
      assert.deepEqual(vscode.languages.getDiagnostics(uri), []);
      return;
    }
    const key = head[1];
    const end = document.positionAt(head.index + head[0].length);
    const hovers = await vscode.commands.executeCommand<vscode.Hover[]>('vscode.executeHoverProvider', uri, end);
    assert.match(textOf(hovers), new RegExp(`\\b${key}\\b`), name);
    assert.equal(diagnostic(uri, 'schema/unknown-field'), undefined, name);
    await insert(document, end, 'x');
    const found = await eventually(`the slip in ${name}`, () => diagnostic(uri, 'schema/unknown-field'));
    assert.equal(document.getText(found.range), `${key}x`);
    assert.ok((await labelsAt(uri, end)).includes(key), name);
  }

  function finding(rule: string): Promise<vscode.Diagnostic> {
    return eventually(`a finding of ${rule}`, () => diagnostic(mistakes.uri, rule));
  }

  /** An action at a finding. VS Code drops the answers of all providers when another extension registers one meanwhile. */
  function offered(
    rule: string,
    isWanted: (action: vscode.CodeAction) => boolean,
    kind?: vscode.CodeActionKind,
  ): Promise<vscode.CodeAction> {
    return eventually(`an action at the finding of ${rule}`, async () => {
      const { range } = await finding(rule);
      const actions = await vscode.commands.executeCommand<vscode.CodeAction[]>(
        'vscode.executeCodeActionProvider',
        mistakes.uri,
        range,
        kind?.value,
      );
      return actions.find(isWanted);
    });
  }

  async function labelsAt(uri: vscode.Uri, position: vscode.Position): Promise<readonly string[]> {
    const list = await vscode.commands.executeCommand<vscode.CompletionList>(
      'vscode.executeCompletionItemProvider',
      uri,
      position,
    );
    return list.items.map(({ label }) => (typeof label === 'string' ? label : label.label));
  }
});

describeRequests();
describeCompare();
