import * as vscode from 'vscode';
import type { ServerStatus } from '../../server/src/contract.ts';
import type { LanguageServer, ServerState } from './language-server.ts';
import { statusReport } from './status-report.ts';

const SCHEME = 'istio-status';
const REPORT = vscode.Uri.from({ scheme: SCHEME, path: 'Istio Language Server.md' });
const POLL = 1000;

/** The language status item of YAML documents, and the command that shows the whole status as a document. */
export function registerStatus(server: LanguageServer, documents: vscode.DocumentSelector): vscode.Disposable {
  const item = vscode.languages.createLanguageStatusItem('istio.server', documents);
  item.name = 'Istio Language Server';
  item.command = { command: 'istio.showServerStatus', title: 'Show Status' };
  let timer: ReturnType<typeof setTimeout> | undefined;
  const poll = async (): Promise<void> => {
    const status = await server.status().catch(() => undefined);
    if (status === undefined || server.state !== 'running') return;
    show(item, server.state, status);
    if (status.indexing) timer = setTimeout(poll, POLL);
  };
  const refresh = (delay: number): void => {
    clearTimeout(timer);
    show(item, server.state, undefined);
    if (server.state === 'running') timer = setTimeout(poll, delay);
  };
  const report = new StatusReport(server);
  refresh(0);
  return vscode.Disposable.from(
    item,
    report,
    server.onStateChanged(() => refresh(0)),
    server.onRoutesChanged(() => {
      clearTimeout(timer);
      timer = setTimeout(poll, POLL);
    }),
    vscode.workspace.registerTextDocumentContentProvider(SCHEME, report),
    vscode.commands.registerCommand('istio.showServerStatus', () => report.open()),
    { dispose: () => clearTimeout(timer) },
  );
}

/** The status as a read-only document, made anew each time it is asked for. */
class StatusReport implements vscode.TextDocumentContentProvider, vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<vscode.Uri>();
  readonly onDidChange = this.changed.event;

  constructor(private readonly server: LanguageServer) {}

  async provideTextDocumentContent(): Promise<string> {
    if (this.server.state === 'failed') return statusReport('failed', undefined);
    try {
      return statusReport(this.server.state, await this.server.status());
    } catch {
      return statusReport(this.server.state, undefined);
    }
  }

  async open(): Promise<void> {
    this.changed.fire(REPORT);
    const document = await vscode.workspace.openTextDocument(REPORT);
    await vscode.window.showTextDocument(document, { preview: true });
  }

  dispose(): void {
    this.changed.dispose();
  }
}

function show(item: vscode.LanguageStatusItem, state: ServerState, status: ServerStatus | undefined): void {
  item.busy = state === 'starting' || status?.indexing === true;
  item.severity =
    state === 'failed' || state === 'stopped'
      ? vscode.LanguageStatusSeverity.Error
      : vscode.LanguageStatusSeverity.Information;
  switch (state) {
    case 'starting':
      item.text = 'Istio: starting';
      break;
    case 'running':
      item.text = status?.indexing === true ? 'Istio: reading the workspace' : 'Istio: ready';
      break;
    case 'stopped':
      item.text = 'Istio: stopped';
      break;
    case 'failed':
      item.text = 'Istio: could not be started';
      break;
  }
  item.detail = status === undefined ? '' : `${status.resources} resources in ${status.files} files`;
}
