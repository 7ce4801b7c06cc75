import * as vscode from 'vscode';
import type { LanguageClient } from 'vscode-languageclient/node';
import type { ExplainAnswer, ExplainParams } from '../../server/src/contract/explain.ts';
import type {
  RouteTestResult,
  RouteTestsParams,
  RouteTestView,
  RunRouteTestsParams,
} from '../../server/src/contract/route-tests.ts';
import {
  type CompareParams,
  type CompareResult,
  type ExportParams,
  METHOD,
  type RouteModel,
  type RoutesParams,
  type ServerStatus,
} from '../../server/src/contract.ts';

export type ServerState = 'starting' | 'running' | 'stopped' | 'failed';

/** The documents the server sees. Others (`git:`, `output:` …) are older or foreign copies of them. */
export const DOCUMENTS = ['file', 'untitled', 'vscode-vfs'].map(scheme => ({ language: 'yaml', scheme }));

/**
 * The language server of this window: one process, started once and restarted on demand.
 * Nothing of the protocol's library is loaded before `start`.
 */
export class LanguageServer implements vscode.Disposable {
  private readonly stateChanged = new vscode.EventEmitter<ServerState>();
  private readonly routesChanged = new vscode.EventEmitter<void>();
  private client: LanguageClient | undefined;
  private starting: Promise<void> | undefined;
  private current: ServerState = 'stopped';

  /** Fires with the new state. */
  readonly onStateChanged = this.stateChanged.event;
  /** Fires when a route table may have changed, and after each start. */
  readonly onRoutesChanged = this.routesChanged.event;

  constructor(private readonly context: vscode.ExtensionContext) {}

  get state(): ServerState {
    return this.current;
  }

  /** Starts the server unless it runs; resolves when it answers. Rejects when it cannot be started. */
  start(): Promise<void> {
    this.starting ??= this.launch().catch(async (error: unknown) => {
      await this.stop();
      this.enter('failed');
      throw error;
    });
    return this.starting;
  }

  /** Ends the server if it runs and starts it anew. */
  async restart(): Promise<void> {
    if (this.client === undefined) return this.start();
    this.enter('starting');
    try {
      await this.client.restart();
    } catch {
      // A server that crashed too often cannot be shut down in good order: take a new client.
      await this.stop();
      await this.start();
    }
  }

  /** The view model of the route preview. */
  async routes(params: RoutesParams): Promise<RouteModel> {
    return (await this.running()).sendRequest<RouteModel>(METHOD.routes, params);
  }

  /** What a proxy would do with a request. */
  async explain(params: ExplainParams): Promise<ExplainAnswer> {
    return (await this.running()).sendRequest<ExplainAnswer>(METHOD.explain, params);
  }

  /** The tests of a file of route tests. */
  async routeTests(params: RouteTestsParams): Promise<readonly RouteTestView[]> {
    return (await this.running()).sendRequest<readonly RouteTestView[]>(METHOD.routeTests, params);
  }

  async runRouteTests(params: RunRouteTestsParams): Promise<readonly RouteTestResult[]> {
    return (await this.running()).sendRequest<readonly RouteTestResult[]>(METHOD.runRouteTests, params);
  }

  /** Which requests go somewhere else since older texts. */
  async compareRoutes(params: CompareParams): Promise<CompareResult> {
    return (await this.running()).sendRequest<CompareResult>(METHOD.compareRoutes, params);
  }

  /** A table as text. Rejects when it is gone. */
  async exportRoutes(params: ExportParams): Promise<string> {
    return (await this.running()).sendRequest<string>(METHOD.exportRoutes, params);
  }

  async status(): Promise<ServerStatus> {
    return (await this.running()).sendRequest<ServerStatus>(METHOD.status);
  }

  /** The server's log. */
  showLog(): void {
    this.client?.outputChannel.show(true);
  }

  /** Ends the server. Never rejects: one that is gone already has ended. */
  async stop(): Promise<void> {
    const { client } = this;
    this.client = undefined;
    this.starting = undefined;
    await client?.dispose().catch(() => undefined);
  }

  dispose(): void {
    void this.stop();
    this.stateChanged.dispose();
    this.routesChanged.dispose();
  }

  private async running(): Promise<LanguageClient> {
    await this.start();
    if (this.client === undefined) throw new Error('the Istio language server is stopped');
    return this.client;
  }

  private async launch(): Promise<void> {
    this.enter('starting');
    const { LanguageClient, State, TransportKind } = await import('./language-client.ts');
    const module = this.context.asAbsolutePath('out/server/server.js');
    const client = new LanguageClient(
      'istio',
      'Istio',
      {
        run: { module, transport: TransportKind.ipc },
        debug: { module, transport: TransportKind.ipc, options: { execArgv: ['--nolazy', '--enable-source-maps'] } },
      },
      {
        documentSelector: DOCUMENTS,
        // The server asks for settings and file events itself.
        initializationOptions: {
          suggestCommand: 'editor.action.triggerSuggest',
          // A window without a folder has none, and nothing to remember.
          cacheFolder: this.context.storageUri?.scheme === 'file' ? this.context.storageUri.fsPath : undefined,
        },
        markdown: { isTrusted: false, supportHtml: false },
      },
    );
    this.client = client;
    client.onDidChangeState(({ newState }) => {
      if (this.client !== client) return;
      if (newState === State.Running) {
        this.enter('running');
        this.routesChanged.fire();
      } else if (newState === State.Starting) this.enter('starting');
      else this.enter('stopped');
    });
    client.onNotification(METHOD.routesChanged, () => this.routesChanged.fire());
    await client.start();
  }

  private enter(state: ServerState): void {
    if (this.current === state) return;
    this.current = state;
    this.stateChanged.fire(state);
  }
}
