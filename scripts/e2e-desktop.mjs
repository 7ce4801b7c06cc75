// `npm run test:desktop`: the Mocha suite of `test/e2e/host` in a desktop VS Code, which @vscode/test-electron downloads
// into .vscode-test/. Where none can be had this says why and ends with 1.
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { summary } from './counts.mjs';
import { buildHostSuite, report, resultsFile } from './e2e-host.mjs';
import { run } from './editor/processes.mjs';

const root = path.join(import.meta.dirname, '..');
process.chdir(root);
const { downloadAndUnzipVSCode, runTests } = await import('@vscode/test-electron');
let vscodeExecutablePath;
try {
  vscodeExecutablePath = await downloadAndUnzipVSCode({
    version: process.env['VSCODE_VERSION'] ?? 'stable',
    cachePath: '.vscode-test',
  });
} catch (error) {
  console.error(`test:desktop: no desktop VS Code can be had here: ${error.message}`);
  console.error('The same suite runs in the VS Code of code-server: npm run e2e -- host');
  process.exit(1);
}
if ((await run(process.execPath, ['scripts/build.mjs'])) !== 0) process.exit(1);
const { folder, entry } = await buildHostSuite();
const results = resultsFile();
const data = mkdtempSync(path.join(tmpdir(), 'istio-yaml-desktop-'));
const workspace = path.join(data, 'examples');
cpSync('examples', workspace, { recursive: true });
try {
  await runTests({
    vscodeExecutablePath,
    extensionDevelopmentPath: [root, folder],
    extensionTestsPath: entry,
    extensionTestsEnv: { ISTIO_TEST_RESULTS: results },
    launchArgs: [
      workspace,
      '--disable-extensions',
      '--disable-workspace-trust',
      `--user-data-dir=${path.join(data, 'user')}`,
    ],
  });
} catch {
  // The results tell what failed.
} finally {
  rmSync(data, { recursive: true, force: true, maxRetries: 3 });
}
const counts = report(results);
console.log(summary(counts));
process.exit(counts.failed > 0 ? 1 : 0);
