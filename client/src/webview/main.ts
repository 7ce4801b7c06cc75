import type { FromWebview, ToWebview } from '../../../server/src/contract.ts';
import { App } from './app.ts';
import { restored, type SavedState, saved } from './view-state.ts';

/** What VS Code gives a webview. */
declare function acquireVsCodeApi(): {
  postMessage(message: FromWebview): void;
  getState(): unknown;
  setState(state: SavedState): void;
};

const vscode = acquireVsCodeApi();
const app = new App(restored(vscode.getState()), {
  post: message => vscode.postMessage(message),
  save: state => vscode.setState(saved(state)),
});
window.addEventListener('message', ({ data }: MessageEvent<ToWebview>) => app.receive(data));
vscode.postMessage({ type: 'ready' });
