/** What everything is compared with: npm's `yaml` parsing the same text, and nothing else. */

import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { parseAllDocuments } from 'yaml';
import { Samples } from './measure.ts';

/** Milliseconds on the clock, and of CPU. */
export interface Cost {
  readonly ms: number;
  readonly cpu: number;
}

/** How long the library takes in this warm process: the middle of some runs. */
export function bareParse(text: string, runs = 5): Cost {
  const [ms, cpu] = [new Samples(), new Samples()];
  for (let run = 0; run < runs; run++) {
    const cost = costOf(() => parseAllDocuments(text));
    ms.add(cost.ms);
    cpu.add(cost.cpu);
  }
  return { ms: ms.p50 ?? 0, cpu: cpu.p50 ?? 0 };
}

/** Brings the library's code to speed. */
export function warmUp(text: string): void {
  const end = performance.now() + 500;
  while (performance.now() < end) parseAllDocuments(text);
}

/** The first word of the arguments that make this program parse files and nothing else. */
export const BARE = '--bare';

/** How long the library takes for these files, one after the other, in a process that has just started. */
export function bareParseCold(files: readonly string[]): Cost {
  const input = JSON.stringify(files);
  return JSON.parse(execFileSync(process.execPath, [process.argv[1] ?? '', BARE], { input, encoding: 'utf8' })) as Cost;
}

/** The other side of `bareParseCold`: reads the list from the standard input. */
export function runBare(): void {
  const texts = (JSON.parse(readFileSync(0, 'utf8')) as string[]).map(file => readFileSync(file, 'utf8'));
  const cost = costOf(() => {
    for (const text of texts) parseAllDocuments(text);
  });
  process.stdout.write(JSON.stringify(cost));
}

function costOf(work: () => unknown): Cost {
  const before = process.cpuUsage();
  const start = performance.now();
  work();
  const ms = performance.now() - start;
  const { user, system } = process.cpuUsage(before);
  return { ms, cpu: (user + system) / 1000 };
}
