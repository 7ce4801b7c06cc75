/**
 * Turns the committed facts and documentation into what the programs load: compiled validators, and one JSON file each.
 * Part of the build: `node scripts/run-ts.mjs schemas/build-data.ts TARGET`.
 */

import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { Ajv } from 'ajv';
import standaloneModule from 'ajv/dist/standalone/index.js';
import { build } from 'esbuild';
import type { EnvoyFacts } from '../server/src/schema/envoy-facts.ts';
import type { Facts } from '../server/src/schema/facts.ts';
import { readDocumentation } from './documentation.ts';
import { readEnvoyWords } from './envoy-words.ts';
import { jsonSchemas } from './json-schema.ts';

const standalone = standaloneModule as unknown as typeof import('ajv/dist/standalone').default;
const root = process.cwd();
const target = path.resolve(process.argv[2] ?? path.join(root, 'out/data'));
mkdirSync(target, { recursive: true });

const facts = JSON.parse(readFileSync(path.join(root, 'schemas/generated/facts.json'), 'utf8')) as Facts;
const { documentation, faults } = readDocumentation(path.join(root, 'schemas/documentation'), facts);
if (faults.length > 0) throw new Error(`documentation: ${faults.slice(0, 5).join('; ')} …`);

const ajv = new Ajv({
  allErrors: true,
  messages: false,
  strict: false,
  inlineRefs: false,
  code: { source: true, optimize: 1 },
  schemas: jsonSchemas(facts),
});
const names = Object.fromEntries(Object.keys(facts.types).map(name => [name, name]));
const { outputFiles } = await build({
  stdin: { contents: standalone(ajv, names), resolveDir: root, loader: 'js' },
  bundle: true,
  minify: true,
  platform: 'node',
  format: 'cjs',
  write: false,
});
writeFileSync(path.join(target, 'validators.js'), outputFiles[0]?.text ?? '');
writeFileSync(path.join(target, 'facts.json'), JSON.stringify(facts));
const envoy = JSON.parse(readFileSync(path.join(root, 'schemas/generated/envoy.json'), 'utf8')) as EnvoyFacts;
writeFileSync(path.join(target, 'envoy.json'), JSON.stringify(envoy));
const envoyWords = readEnvoyWords(path.join(root, 'schemas/envoy-documentation.yaml'), envoy);
writeFileSync(path.join(target, 'envoy-words.json'), JSON.stringify(envoyWords));
writeFileSync(path.join(target, 'documentation.json'), JSON.stringify(documentation));
