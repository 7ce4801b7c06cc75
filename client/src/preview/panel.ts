import { randomBytes } from 'node:crypto';
import * as vscode from 'vscode';
import type { RequestView } from '../../../server/src/contract/explain.ts';
import type { FromWebview, ToWebview } from '../../../server/src/contract.ts';
import type { LanguageServer } from '../language-server.ts';
import { exportTable } from './export.ts';
import { previewHtml } from './html.ts';
import { openPlace } from './open-place.ts';

export const VIEW_TYPE = 'istio.routes';
const TITLE = 'Effective Routes';
const CURSOR_DELAY = 60;
/** Routes that fill more than a window: a table that is not seen yet is shown with them until the whole is there. */
const FIRST_ROUTES = 100;

/**
 * The webview with the route table. It asks the server for a table when it is shown and whenever one may have changed,
 * one request at a time, and passes on where the cursor is.
 */
export class PreviewPanel implements vscode.Disposable {
  private readonly subscriptions: vscode.Disposable[] = [];
  /** The last message with a table, as text, to send nothing twice. */
  private sent = '';
  private ready = false;
  /** The page does not show the wanted table yet. */
  private isNew = true;
  /** The form for a request is to be shown as soon as there is a table. */
  private form: Extract<ToWebview, { type: 'explain' }> | undefined;
  private refresh: 'idle' | 'running' | 'again' = 'idle';
  private cursorTimer: ReturnType<typeof setTimeout> | undefined;

  /** Fires when the panel was closed. */
  readonly onDidDispose: vscode.Event<void>;

  static create(extension: vscode.Uri, server: LanguageServer, source: vscode.Uri | undefined): PreviewPanel {
    const column = { viewColumn: vscode.ViewColumn.Beside, preserveFocus: true };
    return new PreviewPanel(
      vscode.window.createWebviewPanel(VIEW_TYPE, TITLE, column),
      extension,
      server,
      source,
      undefined,
    );
  }

  /** Takes over a panel that VS Code kept over a reload of the window. */
  static restore(
    panel: vscode.WebviewPanel,
    extension: vscode.Uri,
    server: LanguageServer,
    viewpoint: string | undefined,
  ): PreviewPanel {
    return new PreviewPanel(panel, extension, server, undefined, viewpoint);
  }

  private constructor(
    private readonly panel: vscode.WebviewPanel,
    extension: vscode.Uri,
    private readonly server: LanguageServer,
    private source: vscode.Uri | undefined,
    private viewpoint: string | undefined,
  ) {
    const { webview } = panel;
    this.onDidDispose = panel.onDidDispose;
    const folder = vscode.Uri.joinPath(extension, 'out', 'client');
    panel.iconPath = vscode.Uri.joinPath(extension, 'client', 'images', 'icon.svg');
    webview.options = { enableScripts: true, localResourceRoots: [folder] };
    this.subscriptions.push(
      webview.onDidReceiveMessage((message: FromWebview) => void this.receive(message)),
      panel.onDidDispose(() => this.release()),
      panel.onDidChangeViewState(() => this.update()),
      server.onRoutesChanged(() => this.update()),
      server.onStateChanged(state => state === 'failed' && this.update()),
      vscode.window.onDidChangeTextEditorSelection(({ textEditor }) => this.followCursor(textEditor)),
      vscode.window.onDidChangeActiveTextEditor(editor => this.followCursor(editor)),
    );
    const resource = (name: string): string => webview.asWebviewUri(vscode.Uri.joinPath(folder, name)).toString();
    webview.html = previewHtml({
      script: resource('preview.js'),
      style: resource('preview.css'),
      styleSource: webview.cspSource,
      nonce: randomBytes(16).toString('base64'),
    });
  }

  /** Brings the panel to the front, with the table that fits a document. */
  show(source: vscode.Uri | undefined): void {
    if (source) {
      this.source = source;
      this.viewpoint = undefined;
      this.isNew = true;
    }
    this.panel.reveal(undefined, true);
    this.update();
  }

  /** Shows the form for a request, filled where one is given. */
  explain(request: RequestView | undefined): void {
    this.form = { type: 'explain', ...(request && { request }) };
    this.panel.reveal(undefined, false);
    if (this.sent !== '') this.showForm();
  }

  post(message: ToWebview): void {
    void this.panel.webview.postMessage(message);
  }

  dispose(): void {
    this.panel.dispose();
  }

  private release(): void {
    clearTimeout(this.cursorTimer);
    this.ready = false;
    for (const subscription of this.subscriptions.splice(0)) subscription.dispose();
  }

  private async receive(message: FromWebview): Promise<void> {
    switch (message.type) {
      case 'ready':
        // Also after the panel was hidden: its page is made anew then.
        this.ready = true;
        this.sent = '';
        this.isNew = true;
        this.update();
        return;
      case 'viewpoint':
        this.viewpoint = message.id;
        this.isNew = true;
        this.update();
        return;
      case 'open':
        return openPlace(message.place, { beside: message.beside, panel: this.panel });
      case 'copy':
        return vscode.env.clipboard.writeText(message.text);
      case 'explain':
        return this.answer(message);
      case 'export': {
        const { server, panel, viewpoint } = this;
        return viewpoint === undefined ? undefined : exportTable({ server, panel, viewpoint }, message);
      }
      default:
        return unknownMessage(message);
    }
  }

  /** Asks for the table and shows it. Calls during a request lead to one further request. */
  private update(): void {
    if (!this.ready || !this.panel.visible) return;
    if (this.server.state === 'failed') {
      // A request would try to start it again, and again.
      this.fail('The Istio language server could not be started.');
      return;
    }
    if (this.refresh !== 'idle') {
      this.refresh = 'again';
      return;
    }
    this.refresh = 'running';
    void this.fetch().finally(() => {
      const again = this.refresh === 'again';
      this.refresh = 'idle';
      if (again) this.update();
    });
  }

  private async fetch(): Promise<void> {
    const { source, viewpoint, isNew } = this;
    this.isNew = false;
    try {
      const model = await this.server.routes({
        ...(viewpoint === undefined ? {} : { viewpoint }),
        ...(source === undefined ? {} : { uri: source.toString() }),
        ...(isNew ? { first: FIRST_ROUTES } : {}),
      });
      if (model.rest !== undefined) this.refresh = 'again';
      // A choice made meanwhile wins over what the answer says.
      if (this.viewpoint === viewpoint) this.viewpoint = model.selected?.id;
      const text = JSON.stringify(model);
      if (text !== this.sent) this.post({ type: 'model', model });
      this.sent = text;
      this.showForm();
      this.followCursor(vscode.window.activeTextEditor);
    } catch (error) {
      this.fail(error instanceof Error ? error.message : String(error));
    }
  }

  private showForm(): void {
    if (this.form !== undefined) this.post(this.form);
    this.form = undefined;
  }

  private async answer({ id, params }: Extract<FromWebview, { type: 'explain' }>): Promise<void> {
    const answer = await this.server
      .explain(params)
      .catch((error: unknown) => ({ fault: error instanceof Error ? error.message : String(error) }));
    this.post({ type: 'explained', id, answer });
  }

  private fail(message: string): void {
    this.sent = '';
    this.isNew = true;
    this.post({ type: 'failed', message });
  }

  private followCursor(editor: vscode.TextEditor | undefined): void {
    if (editor?.document.languageId !== 'yaml') return;
    clearTimeout(this.cursorTimer);
    this.cursorTimer = setTimeout(() => {
      if (!this.ready) return;
      this.post({ type: 'reveal', uri: editor.document.uri.toString(), line: editor.selection.active.line + 1 });
    }, CURSOR_DELAY);
  }
}

/** A message of another version of the page, kept by a window that was not reloaded. */
function unknownMessage(_message: never): void {}
