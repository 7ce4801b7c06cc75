import * as vscode from 'vscode';
import type { RouteTestResult, RouteTestView } from '../../../server/src/contract/route-tests.ts';
import type { LanguageServer } from '../language-server.ts';

const PATTERN = '**/*.routes.test.{yaml,yml}';
const MAX_FILES = 1000;
/** Milliseconds without an edit until the tests of a document are read again. */
const AFTER_EDIT = 300;

/**
 * The tests of all `*.routes.test.yaml` files, file by file. The texts of open documents count; the server reads and
 * runs them against the manifests of the workspace.
 */
export class RouteTests implements vscode.Disposable {
  private readonly controller = vscode.tests.createTestController('istio-routes', 'Istio Routes');
  private readonly changed = new vscode.EventEmitter<void>();
  private readonly subscriptions: vscode.Disposable[] = [];
  private readonly timers = new Map<string, ReturnType<typeof setTimeout>>();
  private found: Promise<void> | undefined;

  /** Fires when tests have come, gone or moved. */
  readonly onDidChange = this.changed.event;

  constructor(private readonly server: LanguageServer) {
    const watcher = vscode.workspace.createFileSystemWatcher(PATTERN);
    this.controller.createRunProfile(
      'Run',
      vscode.TestRunProfileKind.Run,
      async (request, token) => void (await this.runRequest(request, token)),
      true,
    );
    this.controller.resolveHandler = item => (item === undefined ? this.discover() : this.refresh(item.uri));
    this.controller.refreshHandler = () => {
      this.found = undefined;
      return this.discover();
    };
    this.subscriptions.push(
      this.controller,
      this.changed,
      watcher,
      watcher.onDidCreate(uri => void this.refresh(uri)),
      watcher.onDidChange(uri => void this.refresh(uri)),
      watcher.onDidDelete(uri => this.controller.items.delete(uri.toString())),
      vscode.workspace.onDidOpenTextDocument(document => void this.refresh(document.uri)),
      vscode.workspace.onDidChangeTextDocument(({ document }) => this.later(document.uri)),
    );
    for (const { uri } of vscode.workspace.textDocuments) void this.refresh(uri);
  }

  /** Runs the tests of a file, one of them, or all there are; resolves when all have their results. */
  async run(uri: vscode.Uri | undefined, index: number | undefined): Promise<readonly RouteTestResult[]> {
    if (uri === undefined) await this.discover();
    else await this.refresh(uri);
    const file = uri === undefined ? undefined : this.controller.items.get(uri.toString());
    const test = index === undefined ? undefined : file?.children.get(String(index));
    const include = test ?? file;
    const request = new vscode.TestRunRequest(include === undefined ? undefined : [include]);
    return this.runRequest(request, new vscode.CancellationTokenSource().token);
  }

  /** The tests of a file as they are now. */
  async read(uri: vscode.Uri): Promise<readonly RouteTestView[]> {
    return this.server.routeTests({ uri: uri.toString(), text: await textOf(uri) });
  }

  dispose(): void {
    for (const timer of this.timers.values()) clearTimeout(timer);
    for (const subscription of this.subscriptions.splice(0)) subscription.dispose();
  }

  private discover(): Promise<void> {
    this.found ??= this.find().catch((error: unknown) => {
      this.found = undefined;
      throw error;
    });
    return this.found;
  }

  private async find(): Promise<void> {
    const files = await vscode.workspace.findFiles(PATTERN, '**/node_modules/**', MAX_FILES);
    await Promise.all(files.map(uri => this.refresh(uri)));
  }

  private later(uri: vscode.Uri): void {
    const key = uri.toString();
    clearTimeout(this.timers.get(key));
    this.timers.set(
      key,
      setTimeout(() => void this.refresh(uri), AFTER_EDIT),
    );
  }

  /** Reads a file again. Items that are still there stay, with their results. */
  private async refresh(uri: vscode.Uri | undefined): Promise<void> {
    if (uri === undefined || !/\.routes\.test\.ya?ml$/i.test(uri.path)) return;
    const views = await this.read(uri).catch(() => undefined);
    if (views === undefined) return;
    const key = uri.toString();
    const file = this.controller.items.get(key) ?? this.addFile(uri, key);
    const items = views.map(({ index, name, line, endLine }) => {
      const item = file.children.get(String(index)) ?? this.controller.createTestItem(String(index), name, uri);
      item.label = name;
      item.range = new vscode.Range(line - 1, 0, endLine - 1, 0);
      return item;
    });
    file.children.replace(items);
    this.changed.fire();
  }

  private addFile(uri: vscode.Uri, key: string): vscode.TestItem {
    const file = this.controller.createTestItem(key, vscode.workspace.asRelativePath(uri), uri);
    this.controller.items.add(file);
    return file;
  }

  private async runRequest(
    request: vscode.TestRunRequest,
    token: vscode.CancellationToken,
  ): Promise<readonly RouteTestResult[]> {
    const run = this.controller.createTestRun(request);
    const results: RouteTestResult[] = [];
    try {
      for (const [file, items] of this.chosen(request)) {
        if (token.isCancellationRequested) break;
        for (const item of items) run.started(item);
        results.push(...(await this.runFile(run, file, items)));
      }
    } finally {
      run.end();
    }
    return results;
  }

  private async runFile(
    run: vscode.TestRun,
    file: vscode.TestItem,
    items: readonly vscode.TestItem[],
  ): Promise<readonly RouteTestResult[]> {
    const { uri } = file;
    if (uri === undefined) return [];
    try {
      const tests = items.map(({ id }) => Number(id));
      const results = await this.server.runRouteTests({ uri: uri.toString(), text: await textOf(uri), tests });
      for (const item of items) {
        const result = results.find(({ index }) => String(index) === item.id);
        if (result === undefined) run.skipped(item);
        else report(run, item, result);
      }
      return results;
    } catch (error) {
      const message = new vscode.TestMessage(error instanceof Error ? error.message : String(error));
      for (const item of items) run.errored(item, message);
      return [];
    }
  }

  /** The tests that a request asks for, by file. */
  private chosen({
    include,
    exclude,
  }: vscode.TestRunRequest): ReadonlyMap<vscode.TestItem, readonly vscode.TestItem[]> {
    const left = new Set(exclude);
    const chosen = new Map<vscode.TestItem, vscode.TestItem[]>();
    const add = (item: vscode.TestItem): void => {
      if (left.has(item)) return;
      if (item.parent === undefined) {
        for (const [, child] of item.children) add(child);
      } else chosen.set(item.parent, [...(chosen.get(item.parent) ?? []), item]);
    };
    if (include === undefined) for (const [, file] of this.controller.items) add(file);
    else for (const item of include) add(item);
    return chosen;
  }
}

function report(run: vscode.TestRun, item: vscode.TestItem, { status, failures, outcome }: RouteTestResult): void {
  if (outcome !== '') run.appendOutput(`${item.label}: ${outcome}\r\n`, undefined, item);
  const messages = failures.map(({ line, message, expected, actual }) => {
    const text =
      expected === undefined || actual === undefined
        ? new vscode.TestMessage(message)
        : vscode.TestMessage.diff(message, expected, actual);
    if (item.uri !== undefined) text.location = new vscode.Location(item.uri, new vscode.Position(line - 1, 0));
    return text;
  });
  if (status === 'passed') run.passed(item);
  else if (status === 'failed') run.failed(item, messages);
  else run.errored(item, messages);
}

/** The text of the editor, where the file is open. */
async function textOf(uri: vscode.Uri): Promise<string> {
  const open = vscode.workspace.textDocuments.find(document => document.uri.toString() === uri.toString());
  if (open !== undefined) return open.getText();
  return new TextDecoder().decode(await vscode.workspace.fs.readFile(uri));
}
