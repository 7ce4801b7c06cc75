// The Mocha suite inside VS Code's extension host: builds it, and runs it in the VS Code of code-server.
import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { build } from 'esbuild';

const root = path.join(import.meta.dirname, '..');
const sources = path.join(root, 'test/e2e/host');
const PATIENCE = 180_000;

/** Builds the suite and gives its folder, which VS Code takes as an extension under development. */
export async function buildHostSuite() {
  const folder = path.join(root, 'out/e2e/host');
  await build({
    entryPoints: ['index', 'suite'].map(name => path.join(sources, `${name}.ts`)),
    outdir: folder,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    external: ['vscode', 'mocha'],
    sourcemap: 'inline',
    logLevel: 'warning',
  });
  copyFileSync(path.join(sources, 'package.json'), path.join(folder, 'package.json'));
  return { folder, entry: path.join(folder, 'index.js') };
}

/** Where the suite writes its results; an older file is removed. */
export function resultsFile() {
  const file = path.join(root, 'test/e2e/results/host.json');
  mkdirSync(path.dirname(file), { recursive: true });
  rmSync(file, { force: true });
  return file;
}

/** Tells the results of the suite and gives their counts. */
export function report(file) {
  if (!existsSync(file)) {
    console.log('  FAIL the suite ended without results');
    return { passed: 0, failed: 1, skipped: 0 };
  }
  const { vscode, node, passed, failed, skipped, notes } = JSON.parse(readFileSync(file, 'utf8'));
  console.log(`VS Code ${vscode}, extension host on Node ${node}`);
  for (const { title, milliseconds } of passed) console.log(`  ok   ${title} (${milliseconds} ms)`);
  for (const title of skipped) console.log(`  skip ${title}`);
  for (const { title, error } of failed) console.log(`  FAIL ${title}\n${error.replace(/^/gm, '       ')}`);
  for (const note of notes) console.log(`  note ${note}`);
  const failures = failed.map(({ title, error }) => `${title}\n${error.split('\n', 1)[0]}`);
  return { passed: passed.length, failed: failed.length, skipped: skipped.length, failures };
}

/** Runs the suite against the packaged extension, in the VS Code of code-server and a browser. */
export async function runHostSuite({ vsix, browserPath }) {
  const [{ chromium }, { startHost }, { BROWSER_FLAGS }] = await Promise.all([
    import('playwright-core'),
    import('./editor/host.mjs'),
    import('./editor/browser.mjs'),
  ]);
  const { folder, entry } = await buildHostSuite();
  const results = resultsFile();
  // Without the driver VS Code ignores the addresses of extension and tests, and tells no exit code.
  const flags = ['--enable-smoke-test-driver'];
  const workspace = path.join(root, 'examples');
  const host = await startHost({ vsix, workspace, copy: true, flags, env: { ISTIO_TEST_RESULTS: results } });
  const browser = await chromium.launch({ executablePath: browserPath, headless: true, args: BROWSER_FLAGS });
  try {
    const page = await browser.newPage({ viewport: { width: 1400, height: 900 } });
    const log = [];
    const ended = new Promise(resolve => page.exposeFunction('codeAutomationExit', resolve));
    await page.exposeFunction('codeAutomationLog', (type, args) => log.push(`[${type}] ${args.join(' ')}`));
    await page.route(
      url => url.hostname !== '127.0.0.1',
      route => route.abort(),
    );
    const payload = [
      ['extensionDevelopmentPath', host.remote(folder)],
      ['extensionTestsPath', host.remote(entry)],
    ];
    await page.goto(host.window(payload));
    let timer;
    const late = new Promise(resolve => {
      timer = setTimeout(() => resolve('late'), PATIENCE);
    });
    if ((await Promise.race([ended, late])) === 'late') {
      console.log(
        `  the extension host did not end within ${PATIENCE / 1000} s; its last lines:\n${log.slice(-20).join('\n')}`,
      );
    }
    clearTimeout(timer);
    return report(results);
  } finally {
    await browser.close();
    await host.stop();
  }
}
