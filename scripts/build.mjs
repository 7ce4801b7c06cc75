// Builds everything that runs into out/: `node scripts/build.mjs [--watch] [NAME…]`, names as in `bundles` below.
// Bundles find the schema data (out/data) relative to their own file. Source maps lie beside the bundles and stay out
// of the package.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { context } from 'esbuild';

const root = path.join(import.meta.dirname, '..');
const { version } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));
const minify = !process.argv.includes('--watch');

/**
 * `refa` brings Unicode's tables for the syntax of JavaScript's regular expressions and parses them at the start of the
 * program. Only its automata are used, so the tables and the parser stay out of the bundles.
 */
const automataOnly = {
  name: 'automata-only',
  setup({ onLoad, onResolve }) {
    onLoad({ filter: /[\\/]refa[\\/]index\.js$/ }, ({ path: file }) => ({
      contents: readFileSync(file, 'utf8')
        .replace(/JSON\.parse\('(?:[^'\\]|\\.)*'\)/g, '[]')
        .replace(/\[\[\d+(?:,\d+)*\](?:,\[\d+(?:,\d+)*\]){20,}\]/g, '[]'),
      loader: 'js',
    }));
    onResolve({ filter: /^@eslint-community\/regexpp$/ }, () => ({ path: 'none', namespace: 'automata-only' }));
    onLoad({ filter: /.*/, namespace: 'automata-only' }, () => ({ contents: '', loader: 'js' }));
  },
};

/** Settings that all bundles share. */
const common = {
  absWorkingDir: root,
  bundle: true,
  minify,
  sourcemap: 'linked',
  legalComments: 'none',
  logLevel: 'warning',
  // The modules of some packages are wrapped so that a bundler cannot follow them: take their ES modules.
  mainFields: ['module', 'main'],
  plugins: [automataOnly],
  define: { __VERSION__: JSON.stringify(version) },
};
/** A program for Node: a CommonJS file, as package.json names no `type`. */
const program = { ...common, platform: 'node', format: 'cjs', target: 'node20' };
const executable = { ...program, banner: { js: '#!/usr/bin/env node' } };

/** One bundle for each entry point. */
const bundles = {
  server: { ...executable, entryPoints: ['server/src/node/main.ts'], outfile: 'out/server/server.js' },
  cli: { ...program, entryPoints: ['server/src/cli/main.ts'], outfile: 'out/cli/istio-yaml.js' },
  client: {
    ...program,
    entryPoints: ['client/src/extension.ts'],
    outfile: 'out/client/extension.js',
    external: ['vscode'],
    plugins: [
      {
        // What is imported on demand stays a file of its own, so that starting the extension does not read it.
        name: 'on-demand',
        setup: ({ onResolve }) =>
          onResolve({ filter: /\.ts$/ }, ({ kind, path: module }) =>
            kind === 'dynamic-import' ? { path: module.replace(/\.ts$/, '.js'), external: true } : undefined,
          ),
      },
    ],
  },
  'language-client': {
    ...program,
    entryPoints: ['client/src/language-client.ts'],
    outfile: 'out/client/language-client.js',
    external: ['vscode'],
  },
  preview: {
    ...common,
    entryPoints: ['client/src/webview/main.ts'],
    outfile: 'out/client/preview.js',
    platform: 'browser',
    format: 'iife',
    target: 'chrome120',
  },
  'preview-style': { ...common, entryPoints: ['client/src/webview/preview.css'], outfile: 'out/client/preview.css' },
};

const [watch, names] = parse(process.argv.slice(2));
buildData();
let failed = false;
for (const name of names) {
  const options = bundles[name];
  if (!existsSync(path.join(root, options.entryPoints[0]))) {
    console.warn(`${name}: there is no ${options.entryPoints[0]} yet`);
    continue;
  }
  const bundler = await context({ ...options, write: watch });
  if (watch) await bundler.watch();
  else {
    failed = !(await build(bundler)) || failed;
    await bundler.dispose();
  }
}
if (watch) console.log('watching …');
if (failed) process.exit(1);

/** Whether a bundle could be built; the bundler has told its errors. Who runs it meanwhile sees the old one or the new. */
async function build(bundler) {
  try {
    const { outputFiles } = await bundler.rebuild();
    for (const { path: file, contents, text } of outputFiles) {
      const draft = `${file}.${process.pid}`;
      mkdirSync(path.dirname(file), { recursive: true });
      writeFileSync(draft, contents, { mode: text.startsWith('#!') ? 0o755 : 0o644 });
      renameSync(draft, file);
    }
    return true;
  } catch (error) {
    if (error.errors === undefined) console.error(error.message);
    return false;
  }
}

/** Builds the schema data when it is older than what it is made of. */
function buildData() {
  const sources = ['schemas', 'schemas/documentation', 'schemas/generated'].flatMap(files);
  const targets = ['facts.json', 'envoy.json', 'envoy-words.json', 'documentation.json', 'validators.js'].map(name =>
    path.join(root, 'out/data', name),
  );
  const built = Math.min(...targets.map(modified));
  if (built > Math.max(...sources.map(modified))) return;
  const { status } = spawnSync(process.execPath, ['scripts/run-ts.mjs', 'schemas/build-data.ts', 'out/data'], {
    cwd: root,
    stdio: 'inherit',
  });
  if (status !== 0) process.exit(status ?? 1);
}

/** The files and folders directly in a folder. */
function files(folder) {
  return readdirSync(path.join(root, folder)).map(name => path.join(root, folder, name));
}

/** When a file was written; 0 for one that is not there. */
function modified(file) {
  return statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}

function parse(args) {
  const wanted = args.filter(arg => arg !== '--watch');
  const unknown = wanted.find(name => !(name in bundles));
  if (unknown !== undefined) {
    console.error(`there is no bundle "${unknown}": ${Object.keys(bundles).join(', ')}`);
    process.exit(2);
  }
  return [args.includes('--watch'), wanted.length > 0 ? wanted : Object.keys(bundles)];
}
