/** The table that readers see, made of what was measured. */

import { readFileSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import { brief } from './measure.ts';
import { ratioOf } from './report.ts';
import type { SessionResult } from './session.ts';

/** What is shown of which size, in words. */
const SHOWN: readonly (readonly [size: string, row: string, words: string])[] = [
  ['large', 'edit to diagnostics', 'edit to diagnostics, 20,000 lines in one VirtualService'],
  ['large', 'CPU of one edit', 'computing for one such edit'],
  ['medium', 'edit to diagnostics', 'edit to diagnostics, 2,000 lines in many documents'],
  ['large', 'last key of a burst to its finding', 'last key of a burst to its finding, 20,000 lines'],
  ['large', 'completion while typing', 'completion while typing, 20,000 lines'],
  ['large', 'completion', 'completion, 20,000 lines'],
  ['large', 'hover', 'hover, 20,000 lines'],
  ['large', 'open to diagnostics', 'open to diagnostics, 20,000 lines'],
  ['large', 'memory after the start', 'memory with 20,000 lines open (MB)'],
  ['large', 'memory at its peak', 'memory at its peak, after seven such files and all of the above (MB)'],
  ['small', 'start', 'start to first answer'],
  ['small', 'edit to diagnostics', 'edit to diagnostics, 100 lines'],
  ['folder', 'first open to diagnostics', '2,000 files, 10,000 resources: the open file at the start'],
  ['folder', 'all findings of the folder', 'all findings of such a folder'],
  ['folder', 'all findings of the folder, second session', 'the same in the next session'],
  ['folder', 'edit to diagnostics', 'edit to diagnostics in such a folder'],
];

const [START, END] = ['<!-- bench -->', '<!-- /bench -->'];

/** A table in Markdown, with the machine named. */
export function readmeTable(results: readonly SessionResult[]): string {
  const peer = results.find(result => result.peer !== undefined)?.peer?.name ?? 'no other server';
  const lines = [`| p50 in ms | this server | ${peer} | ratio |`, '| --- | ---: | ---: | ---: |'];
  for (const [size, row, words] of SHOWN) {
    const result = results.find(known => known.size === size);
    const own = result?.measures.of(row).p50;
    if (result === undefined || own === undefined) continue;
    const other = result.peer?.measures.of(row).p50;
    const ratio = ratioOf(own, other);
    lines.push(`| ${words} | ${brief(own)} | ${brief(other)} | ${ratio === undefined ? '–' : `× ${brief(ratio)}`} |`);
  }
  const bare = results.find(({ size }) => size === 'large')?.measures.of('bare parse').p50;
  lines.push(
    '',
    `Both in turns on one machine with ${os.cpus().length} cores (Node ${process.version}), by \`npm run bench\`, which checks the answers too.${
      bare === undefined ? '' : ` A bare parse of the 20,000 lines by npm's \`yaml\` took ${brief(bare)} ms there.`
    }`,
    '',
  );
  return lines.join('\n');
}

/** Puts the table between the two comments of a file. */
export function writeReadme(file: string, results: readonly SessionResult[]): void {
  const text = readFileSync(file, 'utf8');
  const [start, end] = [text.indexOf(START), text.indexOf(END)];
  if (start < 0 || end < start) throw new Error(`${file} has no ${START} … ${END}`);
  writeFileSync(file, `${text.slice(0, start + START.length)}\n${readmeTable(results)}${text.slice(end)}`);
}
