// `npm run fuzz [-- --times N] [FILE…]`: the property tests with other values each time, 10 times or as often as told.
// Ends at the first failure; fast-check tells the smallest case, which belongs into a test of its own.
import './editor/node-version.mjs';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { run } from './editor/processes.mjs';

const root = path.join(import.meta.dirname, '..');
process.chdir(root);
const { values, positionals } = parseArgs({
  options: { times: { type: 'string', default: '10' } },
  allowPositionals: true,
});
const times = Number(values.times);
if (!Number.isInteger(times) || times < 1) {
  console.error(`--times takes a whole number above 0, not "${values.times}"`);
  process.exit(2);
}
const files = positionals.length > 0 ? positionals : propertyTests('test/unit').concat(propertyTests('test/lsp'));
for (let time = 1; time <= times; time++) {
  const seed = Math.floor(Math.random() * 2 ** 31);
  console.log(`\n▸ ${time} of ${times}, FUZZ_SEED=${seed}\n`);
  const env = { ...process.env, FUZZ_SEED: String(seed) };
  const code = await run(process.execPath, ['node_modules/vitest/vitest.mjs', 'run', ...files], { env });
  if (code !== 0) process.exit(code);
}

function propertyTests(folder) {
  return readdirSync(folder, { recursive: true })
    .filter(name => name.endsWith('.test.ts'))
    .map(name => path.join(folder, name))
    .filter(file => /\bfc\.(?:assert|property)\b/.test(readFileSync(file, 'utf8')));
}
