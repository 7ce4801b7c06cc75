import { DESCRIPTIONS } from './generator/workspaces.ts';
import { brief, type Measures } from './measure.ts';
import type { SessionResult } from './session.ts';

export interface Target {
  readonly name: string;
  /** The measured value and its limit, both in `unit`; `undefined` where it could not be measured. */
  readonly value: number | undefined;
  readonly limit: number | undefined;
  readonly unit: 'ms' | 'MB' | 'times';
  readonly met: boolean | undefined;
}

/** The measures of a table, each with what it is compared with. */
const ROWS: readonly (readonly [name: string, base: string | undefined])[] = [
  ['start', undefined],
  ['folder read', 'bare parse of all Istio files, new process'],
  ['CPU of the folder read', 'CPU of the bare parse of all Istio files, new process'],
  ['folder read, second session', 'bare parse of all Istio files, new process'],
  ['CPU of the folder read, second session', 'CPU of the bare parse of all Istio files, new process'],
  ['first open to diagnostics', 'bare parse, new process'],
  ['first open to diagnostics, second session', 'bare parse, new process'],
  ['first open to all findings', 'bare parse, new process'],
  ['CPU of the first open', 'CPU of the bare parse, new process'],
  ['open to diagnostics', 'bare parse'],
  ['CPU of one open', 'CPU of the bare parse'],
  ['edit to diagnostics', 'bare parse of the edited document'],
  ['CPU of one edit', 'CPU of the bare parse of the edited document'],
  ['misspelt key to its finding', 'bare parse of the edited document'],
  ['edit to finding in another file', undefined],
  ['CPU of one crossing', undefined],
  ['completion', undefined],
  ['completion while typing', 'bare parse of the edited document'],
  ['completion after a burst', 'bare parse of the edited document'],
  ['last key of a burst to its finding', 'bare parse of the edited document'],
  ['hover', undefined],
  ['bare parse', undefined],
  ['bare parse, new process', undefined],
  ['bare parse of all Istio files, new process', undefined],
  ['bare parse of the edited document', undefined],
  ['bare parse of the edited item', undefined],
  ['memory after the start', undefined],
  ['memory at the end', undefined],
  ['memory at its peak', undefined],
];

/** A table of one session in Markdown, and what was wrong in it. */
export function sessionText({ size, measures, answers, peer, ...counts }: SessionResult): string {
  const name = peer?.name ?? 'no other server';
  const lines = [
    `## ${size}: ${DESCRIPTIONS[size]}`,
    '',
    `${counts.lines} lines, ${counts.documents} documents, ${counts.files} files, ${counts.istioFiles} of them Istio's.`,
    '',
    `| ms (memory: MB) | p50 | p95 | number | p50 to bare parse | ${name}: p50 | p95 | number | its p50 to ours |`,
    '| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |',
  ];
  for (const [row, base] of ROWS) {
    const samples = measures.of(row);
    if (samples.count === 0) continue;
    const compared = base === undefined ? undefined : measures.of(base).p50;
    const ratio = compared === undefined || samples.p50 === undefined ? '' : `× ${brief(samples.p50 / compared)}`;
    const other = peer?.measures.of(row);
    const isCompared = other !== undefined && other.count > 0 && !row.includes('bare parse');
    const times = isCompared ? ratioOf(samples.p50, other.p50) : undefined;
    lines.push(
      `| ${row} | ${brief(samples.p50)} | ${brief(samples.p95)} | ${samples.count} | ${ratio} | ${
        isCompared ? `${brief(other.p50)} | ${brief(other.p95)} | ${other.count} | × ${brief(times)}` : ' | | | '
      } |`,
    );
  }
  lines.push('');
  for (const [kind, { asked, right, wrong }] of Object.entries(answers.toJSON())) {
    if (asked === right) continue;
    lines.push(`WRONG: ${kind}: ${right} of ${asked} right`, ...wrong.map(example => `  ${example}`));
  }
  const judged = Object.values(answers.toJSON()).reduce((sum, { asked }) => sum + asked, 0);
  if (answers.areRight) lines.push(`All ${judged} answers are right.`);
  if (peer !== undefined) {
    const counts = Object.values(peer.answers.toJSON());
    const [asked, right] = [counts.reduce((n, c) => n + c.asked, 0), counts.reduce((n, c) => n + c.right, 0)];
    lines.push(`${peer.name}: ${right} of ${asked} answers are right, of those that a schema can give.`);
  }
  return `${lines.join('\n')}\n`;
}

/** How many times as much the other server needs; above 1 ours is better. */
export function ratioOf(own: number | undefined, other: number | undefined): number | undefined {
  return own === undefined || other === undefined || own === 0 ? undefined : other / own;
}

/** What the server waits before it judges an edit, as far as it can be seen: time without work. */
export function waitingOf(measures: Measures): number | undefined {
  const [wall, cpu] = [measures.of('edit to diagnostics').p50, measures.of('CPU of one edit').p50];
  return wall === undefined || cpu === undefined ? undefined : Math.max(0, wall - cpu);
}

/** What is wanted of the sizes: a p50 (of `of`, where that is another row), a p95, and how many times faster. */
const GOALS: readonly {
  readonly size: string;
  readonly row: string;
  readonly of?: string;
  readonly goal: number;
  readonly p95?: number;
  readonly ratio: number;
}[] = [
  { size: 'large', row: 'edit to diagnostics', of: 'CPU of one edit', goal: 16, p95: 40, ratio: 40 },
  { size: 'medium', row: 'edit to diagnostics', of: 'CPU of one edit', goal: 5, ratio: 15 },
  { size: 'large', row: 'last key of a burst to its finding', goal: 100, ratio: 50 },
  { size: 'large', row: 'completion while typing', goal: 10, p95: 20, ratio: 80 },
  { size: 'large', row: 'hover', goal: 3, ratio: 80 },
  { size: 'large', row: 'memory after the start', goal: 200, ratio: 2 },
  { size: 'small', row: 'start', goal: 250, ratio: 2 },
  { size: 'folder', row: 'all findings of the folder', goal: 6000, ratio: 1 },
  { size: 'folder', row: 'all findings of the folder, second session', goal: 1000, ratio: 1 },
  { size: 'folder', row: 'first open to diagnostics', goal: 300, ratio: 1 },
];

const MS_TO_OPEN = 50;
const MS_TO_ANSWER = 20;
/** What the messages of an edit and of its findings may cost. */
const MS_OF_AN_EDIT = 10;
/** What an edit may cost in ten times the documents, where 1 would be just its own document. */
const GROWTH = 1.5;
const MEMORY = 400;

/** The targets that the measured sizes are judged by. */
export function targets(results: readonly SessionResult[]): readonly Target[] {
  return results.flatMap(({ size, measures, peer }) => {
    const p50 = (name: string): number | undefined => measures.of(name).p50;
    const p95 = (name: string): number | undefined => measures.of(name).p95;
    const list: Target[] = [];
    const add = (
      name: string,
      value: number | undefined,
      limit: number | undefined,
      unit: Target['unit'] = 'ms',
    ): void => {
      const isKnown = value !== undefined && limit !== undefined;
      const met = !isKnown ? undefined : unit === 'times' ? value >= limit : value <= limit;
      list.push({ name: `${size}: ${name}`, value, limit, unit, met });
    };
    for (const { row, of, goal, p95: slow, ratio } of GOALS.filter(entry => entry.size === size)) {
      const unit = row.startsWith('memory') ? 'MB' : 'ms';
      add(`${of ?? row}, p50`, p50(of ?? row), goal, unit);
      if (slow !== undefined) add(`${row}, p95`, p95(row), slow);
      if (peer !== undefined)
        add(`${row}, better than ${peer.name}`, ratioOf(p50(row), peer.measures.of(row).p50), ratio, 'times');
    }
    const times = (factor: number, base: number | undefined, more: number): number | undefined =>
      base === undefined ? undefined : factor * base + more;
    if (size !== 'folder') {
      const warmLimit = times(1.3, p50('bare parse'), 0);
      if (size === 'large') add('open to diagnostics ≤ 1.3 × bare parse', p50('open to diagnostics'), warmLimit);
      const cold = times(2, p50('bare parse, new process'), MS_TO_OPEN);
      add(
        'first open to all findings ≤ 2 × bare parse in a new process + 50 ms',
        p50('first open to all findings'),
        cold,
      );
      const warm = times(2, p50('bare parse'), MS_TO_OPEN);
      add('open to diagnostics ≤ 2 × bare parse + 50 ms', p50('open to diagnostics'), warm);
    }
    if (size === 'medium') {
      const own = times(2, p50('CPU of the bare parse of the edited document'), MS_OF_AN_EDIT);
      add('CPU of an edit ≤ 2 × bare parse of its own document + 10 ms', p50('CPU of one edit'), own);
    }
    const fewer = results.find(other => other.size === 'medium')?.measures.of('CPU of one edit').p50;
    if (size === 'many') {
      add('CPU of an edit ≤ 1.5 × that in a tenth of the documents', p50('CPU of one edit'), times(GROWTH, fewer, 0));
    }
    if (size === 'medium') {
      for (const name of ['completion', 'completion while typing', 'hover'])
        add(`${name} p95 < 20 ms`, p95(name), MS_TO_ANSWER);
    }
    if (size === 'folder') {
      const limit = times(4, p50('bare parse of all Istio files, new process'), 0);
      add("folder read ≤ 4 × bare parse of Istio's files in a new process", p50('folder read'), limit);
      add('memory with the folder open < 400 MB', p50('memory at the end'), MEMORY, 'MB');
    }
    return list;
  });
}

export function targetText(list: readonly Target[]): string {
  const rows = list.map(({ name, value, limit, unit, met }) => {
    const verdict = met === undefined ? 'not measured' : met ? 'met' : 'MISSED';
    return `| ${name} | ${brief(value)} ${unit} | ${brief(limit)} ${unit} | ${verdict} |`;
  });
  return ['## Targets', '', '| target | measured | limit | |', '| --- | ---: | ---: | --- |', ...rows, ''].join('\n');
}
