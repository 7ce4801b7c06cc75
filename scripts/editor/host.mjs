// Starts the VS Code that code-server carries, on loopback only, with data folders of its own.
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { editorHost } from './install.mjs';
import { capture, start, stop } from './processes.mjs';

/** Quiet, and without anything that asks the network. */
const SETTINGS = {
  'chat.disableAIFeatures': true,
  'extensions.autoCheckUpdates': false,
  'extensions.autoUpdate': false,
  'extensions.ignoreRecommendations': true,
  'git.enabled': false,
  'security.workspace.trust.enabled': false,
  'telemetry.telemetryLevel': 'off',
  'update.mode': 'none',
  'workbench.enableExperiments': false,
  'workbench.startupEditor': 'none',
  'workbench.tips.enabled': false,
  'workbench.welcomePage.walkthroughs.openOnInstall': false,
};
const PATIENCE = 60_000;

/**
 * Starts a VS Code and gives where it is.
 *
 * @param options.vsix       package of an extension to install first
 * @param options.workspace  folder to open; with `copy` a copy of it, which tests may change
 * @param options.port       0 for any free one
 * @param options.settings   settings of the user, besides those that keep it quiet
 * @param options.env        further environment of the server and of its extension hosts
 * @param options.flags      further arguments of the server
 */
export async function startHost(options) {
  const { vsix, workspace, copy = false, port = 0, settings = {}, env = {}, flags = [], log = console.log } = options;
  const { node, entry } = await editorHost({ log });
  const data = mkdtempSync(path.join(tmpdir(), 'istio-yaml-editor-'));
  const clean = () => rmSync(data, { recursive: true, force: true, maxRetries: 3 });
  process.once('exit', clean);
  for (const folder of ['server', 'user/User', 'extensions', 'home'])
    mkdirSync(path.join(data, folder), { recursive: true });
  writeFileSync(path.join(data, 'user/User/settings.json'), JSON.stringify({ ...SETTINGS, ...settings }, null, 2));
  const folder = copy ? path.join(data, path.basename(workspace)) : path.resolve(workspace);
  if (copy) cpSync(workspace, folder, { recursive: true });
  const folders = [
    ...['--server-data-dir', path.join(data, 'server')],
    ...['--user-data-dir', path.join(data, 'user')],
    ...['--extensions-dir', path.join(data, 'extensions')],
  ];
  const environment = {
    ...process.env,
    HOME: path.join(data, 'home'),
    NODE_OPTIONS: '',
    EXTENSIONS_GALLERY: '{"serviceUrl":""}',
    ...env,
  };
  if (vsix !== undefined) {
    const { code, output } = await capture(
      node,
      [entry, ...folders, '--install-extension', path.resolve(vsix), '--force'],
      { env: environment },
    );
    if (code !== 0 || !output.includes('successfully installed'))
      throw new Error(`the extension could not be installed:\n${output}`);
  }
  const quiet = ['--without-connection-token', '--accept-server-license-terms', '--disable-telemetry'];
  const args = [entry, '--host', '127.0.0.1', '--port', String(port), ...quiet, ...folders, ...flags];
  const server = start(node, args, { env: environment, stdio: ['ignore', 'pipe', 'pipe'] });
  const origin = await address(server);
  return {
    origin,
    /** Host and port, as `vscode-remote:` addresses name them. */
    authority: new URL(origin).host,
    /** The folder that is open. */
    folder,
    /** Resolves when the server has ended. */
    ended: new Promise(resolve => server.once('exit', resolve)),
    /** The address of a window. `payload` are pairs for the workbench, such as a file to open. */
    window(payload = []) {
      const query = new URLSearchParams({ folder });
      if (payload.length > 0) query.set('payload', JSON.stringify(payload));
      return `${origin}/?${query}`;
    },
    /** The address of a file inside the window. */
    remote: file => `vscode-remote://${new URL(origin).host}${path.resolve(folder, file)}`,
    async stop() {
      await stop(server);
      process.off('exit', clean);
      clean();
    },
  };
}

/** Where a server listens, once it says so. */
function address(server) {
  return new Promise((resolve, reject) => {
    let output = '';
    const timer = setTimeout(
      () => reject(new Error(`VS Code did not start within ${PATIENCE / 1000} s:\n${output}`)),
      PATIENCE,
    );
    const read = data => {
      output = `${output}${data}`.slice(-20_000);
      const found = /Web UI available at http:\/\/[^:\s]+:(\d+)/.exec(output);
      if (found === null) return;
      clearTimeout(timer);
      resolve(`http://127.0.0.1:${found[1]}`);
    };
    server.stdout.on('data', read);
    server.stderr.on('data', read);
    server.once('error', reject);
    server.once('exit', code => {
      clearTimeout(timer);
      reject(new Error(`VS Code ended at once (${code}):\n${output}`));
    });
  });
}
