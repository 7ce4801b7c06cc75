// The tests that need a browser: `npm run e2e [-- preview|host|editor …] [-- --images]`.
//   preview  the page of the route preview alone
//   host     Mocha inside the extension host of a real VS Code, with the packaged extension
//   editor   what a person sees in that VS Code; with --images the pictures of the README are written
// `npm test` runs them all. Without a browser they are skipped; with CI=true that is a failure.
import './editor/node-version.mjs';
import { mkdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { NOTHING, plus, summary, unavailable, vitestCounts } from './counts.mjs';
import { runHostSuite } from './e2e-host.mjs';
import { getBrowser } from './editor/browser.mjs';
import { editorHost } from './editor/install.mjs';
import { capture, run } from './editor/processes.mjs';

const root = path.join(import.meta.dirname, '..');
const SUITES = ['preview', 'host', 'editor'];

/**
 * Runs suites and gives their counts.
 *
 * @param options.suites names of suites
 * @param options.images write the pictures of the README
 */
export async function runEndToEnd({ suites = SUITES, images = false } = {}) {
  process.chdir(root);
  const browser = await getBrowser();
  if (browser === undefined) return withoutEditor(suites, 'there is no browser, and none could be installed');
  process.env['BROWSER'] = browser;
  const vsix = path.join(root, 'out/e2e/istio-yaml.vsix');
  const inEditor = suites.some(suite => suite !== 'preview');
  let obstacle;
  if (inEditor) {
    const { code, output } = await capture(process.execPath, ['scripts/package.mjs', vsix]);
    if (code !== 0) {
      console.log(output);
      return { passed: 0, failed: 1, skipped: 0 };
    }
    obstacle = await editorHost().then(
      () => undefined,
      error => error.message,
    );
  } else if ((await run(process.execPath, ['scripts/build.mjs', 'preview', 'preview-style'])) !== 0) {
    return { passed: 0, failed: 1, skipped: 0 };
  }
  let counts = NOTHING;
  for (const suite of suites) {
    console.log(`\n▸ End to end: ${suite}\n`);
    if (suite !== 'preview' && obstacle !== undefined) counts = plus(counts, withoutEditor([suite], obstacle));
    else if (suite === 'host') counts = plus(counts, await hostSuite(vsix, browser));
    else counts = plus(counts, await browserSuite(suite, { vsix, images }));
  }
  return counts;
}

async function hostSuite(vsix, browserPath) {
  try {
    return await runHostSuite({ vsix, browserPath });
  } catch (error) {
    return { ...NOTHING, failed: 1, failures: [`host (end to end): ${error.message}`] };
  }
}

async function browserSuite(suite, { vsix, images }) {
  const results = path.join(root, `test/e2e/results/${suite}.json`);
  mkdirSync(path.dirname(results), { recursive: true });
  rmSync(results, { force: true });
  const env = { ...process.env, ISTIO_VSIX: vsix, ...(images ? { ISTIO_IMAGES: path.join(root, 'docs/images') } : {}) };
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile=${results}`];
  const args = [
    'node_modules/vitest/vitest.mjs',
    'run',
    '--config',
    'test/e2e/vitest.config.mts',
    `test/e2e/${suite}/`,
    ...reporters,
  ];
  const code = await run(process.execPath, args, { env });
  return vitestCounts(results, code);
}

function withoutEditor(suites, reason) {
  return unavailable(`${suites.join(', ')} (end to end): ${reason}`, suites.length);
}

if (process.argv[1] === import.meta.filename) {
  const args = process.argv.slice(2);
  const images = args.includes('--images');
  const names = args.filter(arg => arg !== '--images');
  const unknown = names.find(name => !SUITES.includes(name));
  if (unknown !== undefined) {
    console.error(`there is no suite "${unknown}": ${SUITES.join(', ')}`);
    process.exit(2);
  }
  const suites = names.length > 0 ? names : images ? ['editor'] : SUITES;
  const counts = await runEndToEnd({ suites, images });
  console.log(summary(counts));
  process.exit(counts.failed > 0 ? 1 : 0);
}
