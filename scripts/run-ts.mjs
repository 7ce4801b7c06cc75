// Runs a TypeScript file of this repository with the Node that is there: `node scripts/run-ts.mjs FILE [ARG…]`.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import path from 'node:path';
import { build } from 'esbuild';

const [file, ...args] = process.argv.slice(2);
const folder = mkdtempSync(path.join(process.cwd(), 'node_modules', '.run-ts-'));
const outfile = path.join(folder, 'main.mjs');
let status = 1;
try {
  await build({
    entryPoints: [file],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    packages: 'external',
    sourcemap: 'inline',
    logLevel: 'warning',
  });
  status = spawnSync(process.execPath, ['--enable-source-maps', outfile, ...args], { stdio: 'inherit' }).status ?? 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
process.exit(status);
