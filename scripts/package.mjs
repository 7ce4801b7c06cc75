// Makes the package of the extension: `npm run package [-- FILE]`. Says what is in it, and fails when it is not as it must be.
import { existsSync, mkdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { createVSIX, listFiles } from '@vscode/vsce';
import { run } from './editor/processes.mjs';

const root = path.join(import.meta.dirname, '..');
const LIMIT = 2_000_000;
const NEEDED = [
  'package.json',
  'README.md',
  'CHANGELOG.md',
  'LICENSE',
  'client/images/icon.png',
  'out/client/extension.js',
  'out/client/language-client.js',
  'out/client/preview.js',
  'out/client/preview.css',
  'out/server/server.js',
  'out/data/facts.json',
  'out/data/envoy.json',
  'out/data/envoy-words.json',
  'docs/rules/README.md',
];

const { name, version } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));
const target = path.resolve(process.argv[2] ?? path.join(root, `${name}-${version}.vsix`));
process.chdir(root);
if ((await run(process.execPath, ['scripts/build.mjs'])) !== 0) fail('the build failed');
const missing = NEEDED.filter(file => !existsSync(path.join(root, file)));
if (missing.length > 0) fail(`these files are missing: ${missing.join(', ')}`);
const files = await listFiles({ cwd: root, packagedDependencies: [] });
const foreign = files.filter(
  file => file.includes('node_modules/') || file.endsWith('.map') || file.startsWith('test/'),
);
if (foreign.length > 0) fail(`these files do not belong into the package: ${foreign.slice(0, 5).join(', ')}`);
mkdirSync(path.dirname(target), { recursive: true });
await createVSIX({
  cwd: root,
  packagePath: target,
  dependencies: false,
  allowMissingRepository: true,
  rewriteRelativeLinks: false,
});
const { size } = statSync(target);
console.log(`${path.relative(process.cwd(), target)}: ${files.length} files, ${(size / 1000).toFixed(0)} kB`);
if (size > LIMIT) fail(`the package is larger than ${LIMIT / 1000} kB`);

function fail(reason) {
  console.error(`package: ${reason}`);
  process.exit(1);
}
