// Installs the VS Code that the npm package code-server carries into .vscode-host/, from the npm registry alone:
// no compiler, no root, nothing downloaded but packages. About half a minute, once.
import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { npm } from './processes.mjs';

const root = path.join(import.meta.dirname, '../..');
const recipe = path.join(import.meta.dirname, 'host');
const QUIET = ['--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
/** Node from which the carried VS Code runs. */
const NODE_MAJOR = 24;
/** Parts that neither an extension nor its tests need; together a third of the size. */
const UNUSED = ['node_modules/@github', 'node_modules/@microsoft/mxc-sdk', 'extensions/copilot'];

/**
 * Gives the Node and the server script of the carried VS Code, installed first where they are not there yet.
 * Throws with a sentence for people when that is not possible.
 */
export async function editorHost({
  folder = process.env.VSCODE_HOST_DIR ?? path.join(root, '.vscode-host'),
  log = console.log,
} = {}) {
  const vscode = path.join(folder, 'node_modules/code-server/lib/vscode');
  const stamp = path.join(folder, 'installed');
  const wanted = readFileSync(path.join(recipe, 'package-lock.json'), 'utf8');
  if (!existsSync(stamp) || readFileSync(stamp, 'utf8') !== wanted) {
    if (process.platform === 'win32')
      throw new Error(
        'the VS Code of code-server does not run on Windows; install the desktop VS Code and its command "code"',
      );
    log(
      `Installing VS Code (npm package code-server, about 550 MB, once) into ${path.relative(process.cwd(), folder) || folder} …`,
    );
    await install(folder, vscode);
    writeFileSync(stamp, wanted);
  }
  return { node: findNode(folder), entry: path.join(vscode, 'out/server-main.js') };
}

async function install(folder, vscode) {
  mkdirSync(folder, { recursive: true });
  for (const name of ['package.json', 'package-lock.json'])
    copyFileSync(path.join(recipe, name), path.join(folder, name));
  const failed = 'VS Code could not be installed from the npm registry (see the lines above)';
  if ((await npm(['ci', ...QUIET], { cwd: folder })) !== 0) throw new Error(failed);
  // What code-server's postinstall would do, without its native builds. Its shrinkwrap pins the versions; `npm ci` refuses it as out of step.
  const PATH = `${path.dirname(findNode(folder))}${path.delimiter}${process.env.PATH}`;
  if ((await npm(['install', '--omit=dev', ...QUIET], { cwd: vscode, env: { ...process.env, PATH } })) !== 0)
    throw new Error(failed);
  for (const part of UNUSED) rmSync(path.join(vscode, part), { recursive: true, force: true });
}

function findNode(folder) {
  const packaged = path.join(folder, 'node_modules', `node-${process.platform}-${process.arch}`, 'bin/node');
  if (existsSync(packaged)) return packaged;
  if (Number.parseInt(process.versions.node, 10) >= NODE_MAJOR) return process.execPath;
  throw new Error(
    `the VS Code of code-server needs Node ${NODE_MAJOR} on this machine; run this again with it, or install the desktop VS Code`,
  );
}
