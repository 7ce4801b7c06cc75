import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { Answers, hasAll, judge } from './answers.ts';
import { bareParse, bareParseCold, warmUp } from './bare.ts';
import { Client } from './client.ts';
import { generate, type Size } from './generator/workspaces.ts';
import type { Workspace } from './generator/writer.ts';
import { Measures, spread } from './measure.ts';
import type { Server } from './peer.ts';
import {
  type Bench,
  bursts,
  completions,
  completionsWhileTyping,
  crossings,
  edits,
  hovers,
  misspellings,
} from './phases.ts';
import { type Text, textOf } from './text.ts';

export interface SessionOptions {
  /** The server that is measured, and one to compare it with. They take turns, so that a busy machine is busy for both. */
  readonly servers: readonly Server[];
  /** A folder for the files. */
  readonly folder: string;
  readonly seed: number;
  readonly files: number;
  readonly times: number;
  readonly seconds: number;
  /** How often each server is started and used. */
  readonly rounds: number;
}

/** What one server has done. */
export interface Played {
  readonly name: string;
  readonly measures: Measures;
  readonly answers: Answers;
}

export interface SessionResult {
  readonly size: Size;
  readonly lines: number;
  readonly files: number;
  readonly istioFiles: number;
  readonly documents: number;
  readonly measures: Measures;
  readonly answers: Answers;
  readonly peer: Played | undefined;
}

/** Texts of other seeds that are opened in a server that is at speed, all rounds together. */
const VARIANTS = 6;
/** Files of a folder that are open while it is measured. */
const OPEN_FILES = 30;
const PROBES = 5;

/** Servers for one workspace, one after the other in turns, each used from its start to its end. */
export async function runSession(size: Size, options: SessionOptions): Promise<SessionResult> {
  const workspace = generate(size, options);
  const folder = path.join(options.folder, size);
  write(workspace, folder);
  const played = options.servers.map(
    ({ name }): Played => ({ name, measures: new Measures(), answers: new Answers() }),
  );
  for (let round = 0; round < options.rounds; round++) {
    for (let turn = 0; turn < played.length; turn++) {
      const which = (turn + round) % played.length;
      const [server, into] = [options.servers[which], played[which]];
      if (server !== undefined && into !== undefined)
        await play(workspace, folder, { size, round, server, options, measures: into.measures, answers: into.answers });
    }
  }
  const text = workspace.files.map(file => file.text).join('');
  const [own = { measures: new Measures(), answers: new Answers() }, peer] = played;
  return {
    size,
    lines: text.split('\n').length - 1,
    files: workspace.files.length,
    istioFiles: workspace.files.filter(({ isIstio }) => isIstio).length,
    documents: text.split(/^---$/m).length - 1,
    measures: own.measures,
    answers: own.answers,
    peer,
  };
}

/** One server from its start to its end. */
async function play(workspace: Workspace, folder: string, into: Into): Promise<void> {
  const { size, server, options, measures, answers } = into;
  const cache = `${folder}-cache`;
  rmSync(cache, { recursive: true, force: true });
  const { client, main } = await start(workspace, { folder, cache }, into);
  try {
    const judged = (await client.settle()) - client.initializedAt;
    if (size === 'folder' && server.readsFolder) measures.add('all findings of the folder', judged);
    measures.add('memory after the start', client.usage().resident);
    const all = workspace.files.map(file => file.path).filter(file => server.readsFolder || file === workspace.main);
    const mistakes = workspace.mistakes.filter(({ file }) => all.includes(file));
    judge(client, all, mistakes, answers, server.knows);
    if (size !== 'folder') await openVariants(client, into);
    const texts = [main, ...(size === 'folder' ? openMore(client, workspace) : [])];
    const times = Math.ceil(options.times / options.rounds);
    const bench: Bench = { client, texts, measures, answers, times, seconds: options.seconds };
    await hovers(bench);
    await completions(bench);
    await edits(bench);
    await misspellings(bench);
    await completionsWhileTyping(bench);
    await bursts(bench);
    if (server.readsFolder) await crossings(bench, workspace.probes.slice(0, PROBES));
    await client.settle();
    // Every edit has been taken back: what is found now is what was found at the start.
    judge(client, all, mistakes, answers, server.knows);
    const { resident, peak } = client.usage();
    measures.add('memory at the end', resident);
    measures.add('memory at its peak', peak);
  } finally {
    await client.stop();
  }
  if (size === 'folder' && server.readsFolder) await startAgain(workspace, { folder, cache }, into);
}

/** The same folder in a new server, with what the server before has kept of it. */
async function startAgain(workspace: Workspace, { folder, cache }: Folders, into: Into): Promise<void> {
  const { server, measures, answers } = into;
  const client = new Client(server, folder, cache);
  try {
    const main = openable(client, workspace, workspace.main);
    await client.initialize();
    const before = client.usage().cpu ?? Number.NaN;
    measures.add(
      'first open to diagnostics, second session',
      await client.diagnosed(main.uri, () => client.open(main.uri, main.text)),
    );
    const indexed = await client.until(() => client.indexedAt);
    const read = client.usage().cpu;
    measures.add('folder read, second session', indexed === undefined ? undefined : indexed - client.initializedAt);
    measures.add('CPU of the folder read, second session', read === undefined ? undefined : read - before);
    measures.add('all findings of the folder, second session', (await client.settle()) - client.initializedAt);
    const files = workspace.files.map(file => file.path);
    judge(client, files, workspace.mistakes, answers, server.knows);
  } finally {
    await client.stop();
  }
}

interface Folders {
  readonly folder: string;
  readonly cache: string;
}

interface Into {
  readonly size: Size;
  readonly round: number;
  readonly server: Server;
  readonly options: SessionOptions;
  readonly measures: Measures;
  readonly answers: Answers;
}

/** Starts a server, opens the main file at once, as an editor does, and waits until everything is read and shown. */
async function start(
  workspace: Workspace,
  { folder, cache }: Folders,
  { server, measures, answers }: Into,
): Promise<{ client: Client; main: Text }> {
  const istio = workspace.files.filter(({ isIstio }) => isIstio).map(file => path.join(folder, file.path));
  const bare = bareParseCold([path.join(folder, workspace.main)]);
  measures.add('bare parse, new process', bare.ms);
  measures.add('CPU of the bare parse, new process', bare.cpu);
  const bareOfAll = bareParseCold(istio);
  measures.add('bare parse of all Istio files, new process', bareOfAll.ms);
  measures.add('CPU of the bare parse of all Istio files, new process', bareOfAll.cpu);
  const client = new Client(server, folder, cache);
  const main = openable(client, workspace, workspace.main);
  const mistakes = workspace.mistakes.filter(mistake => mistake.file === workspace.main && server.knows(mistake));
  await client.initialize();
  const before = client.usage().cpu ?? Number.NaN;
  measures.add('start', client.startup);
  const first = client.diagnosed(main.uri, () => client.open(main.uri, main.text));
  const begin = performance.now();
  const complete = await client.until(() => {
    const published = client.published.get(main.uri);
    return published !== undefined && hasAll(mistakes, published.diagnostics) ? published.at : undefined;
  });
  const after = client.usage().cpu;
  measures.add('first open to diagnostics', await first);
  measures.add('first open to all findings', complete === undefined ? undefined : complete - begin);
  measures.add('CPU of the first open', after === undefined ? undefined : after - before);
  answers.add('all mistakes shown after the first open', complete !== undefined, main.file);
  if (!server.readsFolder) return { client, main };
  const indexed = await client.until(() => client.indexedAt);
  const read = client.usage().cpu;
  measures.add('folder read', indexed === undefined ? undefined : indexed - client.initializedAt);
  measures.add('CPU of the folder read', read === undefined ? undefined : read - before);
  return { client, main };
}

function openable(client: Client, { files }: Workspace, file: string): Text {
  return textOf(client.uri(file), file, files.find(known => known.path === file)!.text);
}

function openMore(client: Client, workspace: Workspace): readonly Text[] {
  const texts = chosen(workspace).map(file => openable(client, workspace, file));
  for (const { uri, text } of texts) client.open(uri, text);
  return texts;
}

function write(workspace: Workspace, folder: string): void {
  for (const file of workspace.files) {
    const target = path.join(folder, file.path);
    mkdirSync(path.dirname(target), { recursive: true });
    writeFileSync(target, file.text);
  }
}

/** Files of the same size and other content, opened one after the other in a server that is at speed. */
async function openVariants(client: Client, { size, round, server, options, measures, answers }: Into): Promise<void> {
  const count = Math.ceil(VARIANTS / options.rounds);
  for (let variant = 1 + round * count; variant <= (round + 1) * count; variant++) {
    const { main, files, mistakes } = generate(size, {
      ...options,
      seed: options.seed + variant,
      suffix: `-${variant}`,
    });
    const text = files.find(({ path: file }) => file === main)!.text;
    const file = `variant-${variant}.yaml`;
    const wanted = mistakes.filter(mistake => mistake.file === main && server.knows(mistake));
    const uri = client.uri(file);
    if (variant === 1 + round * count) warmUp(text);
    const bare = bareParse(text);
    measures.add('bare parse', bare.ms);
    measures.add('CPU of the bare parse', bare.cpu);
    const before = client.usage().cpu ?? Number.NaN;
    const open = (): void => client.open(uri, text);
    const ms = await client.diagnosed(uri, open, list => hasAll(wanted, list));
    const after = client.usage().cpu;
    measures.add('open to diagnostics', ms);
    measures.add('CPU of one open', after === undefined ? undefined : after - before);
    answers.add('all mistakes shown after an open', ms !== undefined, file);
    client.close(uri);
    await client.settle();
  }
}

/** Files of a folder to keep open: those of the probes, some with mistakes, and others from everywhere. */
function chosen({ main, files, probes, mistakes }: Workspace): readonly string[] {
  const wanted = new Set([
    ...probes.slice(0, PROBES).map(({ edit }) => edit.file),
    ...spread(mistakes, 5).map(({ file }) => file),
    ...spread(
      files.filter(({ isIstio }) => isIstio),
      OPEN_FILES,
    ).map(file => file.path),
  ]);
  wanted.delete(main);
  return [...wanted].slice(0, OPEN_FILES);
}
