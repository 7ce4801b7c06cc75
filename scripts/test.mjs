// `npm test`: everything that must hold before a change goes in. Installs and builds what is missing first.
// The last line is the sum of all suites. `npm test -- --fast` leaves out what needs a browser
// or an Envoy.
import './editor/node-version.mjs';
import { rmSync } from 'node:fs';
import path from 'node:path';
import { NOTHING, plus, summary, vitestCounts } from './counts.mjs';
import { ensureInstalled } from './editor/dependencies.mjs';
import { run } from './editor/processes.mjs';

const root = path.join(import.meta.dirname, '..');
process.chdir(root);
const unknown = process.argv.slice(2).find(arg => arg !== '--fast');
if (unknown !== undefined) {
  console.error(`unknown option "${unknown}"\nusage: npm test [-- --fast]`);
  process.exit(2);
}

const FAILURE = { ...NOTHING, failed: 1 };
let counts = NOTHING;
if (!(await ensureInstalled(root))) {
  console.error('test: the packages could not be installed (see above)');
  finish(FAILURE);
}
await check('Build', ['scripts/build.mjs']);
await check('Types', [bin('typescript', 'bin/tsc'), '-b']);
await check('Lint and format', [bin('@biomejs/biome', 'bin/biome'), 'ci', '--log-level=warn']);

step('Unit, fixture, LSP and CLI tests');
const report = path.join(root, 'out/test/vitest.json');
rmSync(report, { force: true });
const reporters = ['--reporter=default', '--reporter=json', `--outputFile=${report}`];
const code = await run(process.execPath, [bin('vitest', 'vitest.mjs'), 'run', ...reporters]);
counts = plus(counts, vitestCounts(report, code));

if (!process.argv.includes('--fast')) {
  step('Route tables in a real Envoy');
  const { runEnvoyTests } = await import('./envoy.mjs');
  counts = plus(counts, await runEnvoyTests());
  const { runEndToEnd } = await import('./e2e.mjs');
  counts = plus(counts, await runEndToEnd());
}
finish(counts);

/** A step that passes or fails as a whole: only a failure is counted. */
async function check(title, args) {
  step(title);
  if ((await run(process.execPath, args)) === 0) return;
  counts = plus(counts, { ...FAILURE, failures: [title] });
}

function bin(name, file) {
  return path.join(root, 'node_modules', name, file);
}

function step(title) {
  console.log(`\n▸ ${title}\n`);
}

function finish(result) {
  console.log(summary(result));
  process.exit(result.failed > 0 ? 1 : 0);
}
