// `npm start`: shows what the tools know of `examples/` in the terminal, then opens VS Code there with the extension.
// `npm start -- --no-editor` stops after the terminal part. Needs Node and npm, and nothing else.
import './editor/node-version.mjs';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { ensureInstalled } from './editor/dependencies.mjs';
import { capture, run } from './editor/processes.mjs';

const root = path.join(import.meta.dirname, '..');
const examples = path.join(root, 'examples');
const cli = path.join(root, 'out/cli/istio-yaml.js');
const known = ['--no-editor', '--browser'];
const unknown = process.argv.slice(2).find(arg => !known.includes(arg));
if (unknown !== undefined) {
  fail(
    `unknown option "${unknown}"\nusage: npm start [-- --no-editor | --browser]\n  --no-editor  stop after the terminal part\n  --browser    take the VS Code of code-server even where a desktop VS Code is there`,
  );
}

process.chdir(root);
const node = await ensureInstalled(root);
if (!node) fail('the packages could not be installed (see above)');
step('Building');
if ((await run(process.execPath, ['scripts/build.mjs'])) !== 0) fail('the build failed (see above)');

step('Effective routes of examples/    istio-yaml routes examples');
const routes = await run(process.execPath, [cli, 'routes', 'examples']);
step('Findings in examples/            istio-yaml check examples');
// Exit code 1 says that there are errors: examples/mistakes.yaml is full of them.
const check = await run(process.execPath, [cli, 'check', 'examples']);
if (routes !== 0 || check > 1) fail('the command line tool failed (see above)');
if (process.argv.includes('--no-editor')) process.exit(0);

const desktop = process.argv.includes('--browser') ? undefined : await desktopCode();
if (desktop === undefined) await openInBrowser();
else await openOnDesktop(desktop);

async function openOnDesktop(command) {
  step('Opening VS Code on examples/');
  const file = path.join(examples, 'storefront.yaml');
  const args = [`--extensionDevelopmentPath=${root}`, '--new-window', examples, ...(existsSync(file) ? [file] : [])];
  const shell = process.platform === 'win32';
  if ((await run(command, args, { shell })) !== 0)
    fail(`"${command}" could not open a window; try npm start -- --browser`);
  console.log('In VS Code: open a YAML file, then press F1 and run “Istio: Preview Effective Routes”.');
}

async function openInBrowser() {
  step('Starting VS Code');
  console.log('There is no desktop VS Code (command "code"): taking the one of the npm package code-server.');
  const { startHost } = await import('./editor/host.mjs');
  const { name, version } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));
  const vsix = path.join(root, `out/${name}-${version}.vsix`);
  try {
    const { code, output } = await capture(process.execPath, ['scripts/package.mjs', vsix]);
    if (code !== 0) throw new Error(`the extension could not be packaged:\n${output}`);
    const host = await startHost({ vsix, workspace: examples });
    const file = host.remote('storefront.yaml');
    console.log(`\n  VS Code with the extension:  ${host.window([['openFile', file]])}\n`);
    console.log('There, press F1 and run “Istio: Preview Effective Routes”.');
    console.log('It can be reached from this machine only. Ctrl+C stops it.');
    await host.ended;
    fail('VS Code has ended');
  } catch (error) {
    fail(error instanceof Error ? error.message : String(error));
  }
}

/** The command of a desktop VS Code, if one answers. */
async function desktopCode() {
  for (const command of ['code', 'code-insiders', 'codium']) {
    // Inside a terminal of a remote window `code` opens files in that window, and takes no extension to develop.
    if (process.env['VSCODE_IPC_HOOK_CLI'] !== undefined) return undefined;
    const { code, output } = await capture(command, ['--version'], { shell: process.platform === 'win32' });
    if (code === 0 && /^\d+\.\d+\.\d+/.test(output)) return command;
  }
  return undefined;
}

function step(title) {
  console.log(`\n▸ ${title}\n`);
}

function fail(reason) {
  console.error(`start: ${reason}`);
  process.exit(1);
}
