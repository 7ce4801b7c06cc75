#!/usr/bin/env node
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { loadSchemas } from '../node/schemas.ts';
import { run } from './run.ts';

/** The bundle lies in `out/cli`, beside `out/data` and below `package.json`. */
const root = path.join(__dirname, '../..');
const { version } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as { version: string };

async function readStdin(): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of process.stdin) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

// A reader that goes away (`| head`) ends the program quietly.
process.stdout.on('error', error => process.exit((error as NodeJS.ErrnoException).code === 'EPIPE' ? 0 : 2));

run(process.argv.slice(2), {
  schemas: loadSchemas(path.join(root, 'out/data')),
  version,
  stdin: readStdin,
  write: text => process.stdout.write(text),
  complain: text => process.stderr.write(text),
}).then(
  code => {
    process.exitCode = code;
  },
  error => {
    process.stderr.write(`istio-yaml: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
    process.exitCode = 2;
  },
);
