/** What is done with open documents, and how long it takes. Every phase leaves the texts as they were. */

import { type Answers, hoverText, labelsOf } from './answers.ts';
import { bareParse } from './bare.ts';
import type { Client } from './client.ts';
import type { Probe } from './generator/writer.ts';
import { type Measures, sleep } from './measure.ts';
import { at, documentAt, itemAt, type Place, places, range, type Text } from './text.ts';

export interface Bench {
  readonly client: Client;
  readonly texts: readonly Text[];
  readonly measures: Measures;
  readonly answers: Answers;
  /** How often each thing is done at most. */
  readonly times: number;
  /** How long a phase may go on, in seconds. */
  readonly seconds: number;
}

/** Keys that only Istio's resources have. */
const KEYS =
  'destination|host|subset|weight|route|match|uri|method|timeout|retries|attempts|perTryTimeout|retryOn|fault|delay|fixedDelay|percentage|corsPolicy|allowOrigins|trafficPolicy|loadBalancer|simple|connectionPool|outlierDetection|baseEjectionTime|servers|credentialName|gateways|http';
const KEY = new RegExp(`^(\\s+(?:- )?)(${KEYS}):`);
const ROUTE_NAME = /^(\s+- )name: route-\d+$/;
/** Milliseconds between two keys of a fast typist. */
const KEYSTROKE = 60;
/** An edit and what takes it back. */
const TWO_EDITS = 2;

/** One character is typed into a value, and removed. */
export async function edits(bench: Bench): Promise<void> {
  const { client, texts, measures, answers, times } = bench;
  const found = places(texts, /^(\s+(?:- )?(?:exact|prefix|name): )(\S+)$/, times);
  for (const { text, line } of found) {
    const bare = bareParse(documentAt(text, line));
    measures.add('bare parse of the edited document', bare.ms);
    measures.add('CPU of the bare parse of the edited document', bare.cpu);
    measures.add('bare parse of the edited item', bareParse(itemAt(text, line)).ms);
  }
  // From one edit to the next: what is computed behind the diagnostics counts as well.
  let before: number | undefined;
  const count = (): void => {
    const now = client.usage().cpu;
    if (before !== undefined && now !== undefined) measures.add('CPU of one edit', now - before);
    before = now;
  };
  const end = await begin(bench);
  for (const { text, line } of found) {
    if (performance.now() > end) break;
    const column = text.lines[line]!.replace(/"$/, '').length;
    const [here, behind] = [range(line, column, column), range(line, column, column + 1)];
    for (const [where, what] of [[here, 'x'] as const, [behind, ''] as const]) {
      count();
      const ms = await client.diagnosed(text.uri, () => client.change(text.uri, where, what));
      measures.add('edit to diagnostics', ms);
      answers.add('diagnostics after an edit', ms !== undefined, `${text.file}:${line + 1}`);
    }
  }
  await client.settle();
  count();
}

/** A key is misspelt: a finding comes at its line, and goes when it is mended. */
export async function misspellings(bench: Bench): Promise<void> {
  const { client, texts, measures, answers, times } = bench;
  await phase(
    bench,
    'misspelling',
    async go => {
      for (const { text, line, match } of places(
        texts,
        /^(\s+(?:- )?)(host|number|uri|attempts|weight):/,
        Math.ceil(times / 4),
      )) {
        if (!go()) return;
        const column = match[1]!.length + match[2]!.length;
        const isThere = (list: readonly { readonly range: { readonly start: { readonly line: number } } }[]): boolean =>
          list.some(diagnostic => diagnostic.range.start.line === line);
        const had = isThere(client.published.get(text.uri)?.diagnostics ?? []);
        const shown = await client.diagnosed(
          text.uri,
          () => client.change(text.uri, range(line, column, column), 'x'),
          isThere,
        );
        const gone = await client.diagnosed(
          text.uri,
          () => client.change(text.uri, range(line, column, column + 1), ''),
          list => isThere(list) === had,
        );
        measures.add('misspelt key to its finding', shown);
        answers.add(
          'misspelt key found and forgotten',
          shown !== undefined && gone !== undefined,
          `${text.file}:${line + 1}`,
        );
      }
    },
    TWO_EDITS,
  );
}

/** Completion in a document that has not changed: of keys and of values. */
export async function completions(bench: Bench): Promise<void> {
  const { texts, times } = bench;
  const half = Math.ceil(times / 2);
  const asked = [
    ...places(texts, KEY, half).map(place => ({
      ...place,
      column: place.match[1]!.length + 2,
      expected: place.match[2]!,
    })),
    ...places(texts, /^(\s+(?:- )?(?:subset|simple|mode): )(v[12]|ROUND_ROBIN|RANDOM|LEAST_REQUEST|SIMPLE)$/, half).map(
      place => ({
        ...place,
        column: place.match[1]!.length,
        expected: place.match[2]!,
      }),
    ),
  ];
  await phase(bench, 'completion', async go => {
    for (const { text, line, column, expected } of asked) {
      if (!go()) return;
      await complete(bench, 'completion', { text, line, column, expected });
    }
  });
}

/** Completion of a key that is just being typed on a new line: the server must read the new text first. */
export async function completionsWhileTyping(bench: Bench): Promise<void> {
  const { client, texts, times } = bench;
  await phase(bench, 'completion while typing', async go => {
    for (const { text, line, match } of places(texts, ROUTE_NAME, Math.ceil(times / 2))) {
      if (!go()) return;
      const end = text.lines[line]!.length;
      const indent = match[1]!.length;
      client.change(text.uri, range(line, end, end), `\n${' '.repeat(indent)}mi`);
      await complete(bench, 'completion while typing', {
        text,
        line: line + 1,
        column: indent + 2,
        expected: 'mirror',
      });
      await client.diagnosed(text.uri, () => client.change(text.uri, range(line, end, indent + 2, line + 1), ''));
    }
  });
}

async function complete(
  { client, measures, answers }: Bench,
  name: string,
  {
    text,
    line,
    column,
    expected,
  }: { readonly text: Text; readonly line: number; readonly column: number; readonly expected: string },
): Promise<void> {
  const start = performance.now();
  const result = await client.request('textDocument/completion', {
    textDocument: { uri: text.uri },
    position: at(line, column),
    context: { triggerKind: 1 },
  });
  measures.add(name, performance.now() - start);
  const labels = labelsOf(result);
  answers.add(
    name,
    labels.includes(expected),
    `${text.file}:${line + 1} without ${expected}: ${labels.slice(0, 8).join(', ')}`,
  );
}

export async function hovers(bench: Bench): Promise<void> {
  const { client, texts, measures, answers, times } = bench;
  await phase(bench, 'hover', async go => {
    for (const { text, line, match } of places(texts, KEY, times)) {
      if (!go()) return;
      const start = performance.now();
      const position = at(line, match[1]!.length + 1);
      const result = await client.request('textDocument/hover', { textDocument: { uri: text.uri }, position });
      measures.add('hover', performance.now() - start);
      answers.add('hover', hoverText(result) !== '', `${text.file}:${line + 1} ${match[2]}`);
    }
  });
}

/** `mirro:` is typed quickly on a new line. Completion is asked for at each key, and the request before is taken back. */
export async function bursts(bench: Bench): Promise<void> {
  await phase(bench, 'burst', async go => {
    for (const place of places(bench.texts, ROUTE_NAME, 5)) {
      if (!go()) return;
      await burst(bench, place);
    }
  });
}

const WORD = 'mirro';

async function burst({ client, measures, answers }: Bench, { text, line, match }: Place): Promise<void> {
  const end = text.lines[line]!.length;
  const indent = match[1]!.length;
  const press = (key: string, index: number): void =>
    client.change(text.uri, range(line + 1, indent + index, indent + index), key);
  client.change(text.uri, range(line, end, end), `\n${' '.repeat(indent)}`);
  let asked: ReturnType<Client['ask']> | undefined;
  let begin = 0;
  for (const [index, key] of [...WORD].entries()) {
    await sleep(KEYSTROKE);
    asked?.cancel();
    begin = performance.now();
    press(key, index);
    const position = at(line + 1, indent + index + 1);
    asked = client.ask('textDocument/completion', {
      textDocument: { uri: text.uri },
      position,
      context: { triggerKind: 1 },
    });
    asked.answer.catch(() => undefined);
  }
  const labels = labelsOf(await asked?.answer.catch(() => undefined));
  measures.add('completion after a burst', performance.now() - begin);
  answers.add('completion after a burst', labels.includes('mirror'), `${text.file}:${line + 2}`);
  const isShown = (list: readonly { readonly message: string }[]): boolean =>
    list.some(({ message }) => message.includes(WORD));
  const ms = await client.diagnosed(text.uri, () => press(':', WORD.length), isShown);
  measures.add('last key of a burst to its finding', ms);
  answers.add('finding after a burst', ms !== undefined, `${text.file}:${line + 2}`);
  await client.diagnosed(text.uri, () =>
    client.change(text.uri, range(line, end, indent + WORD.length + 1, line + 1), ''),
  );
}

/** A subset is renamed in one file: the file that uses it gets a finding, open or not. */
export async function crossings(bench: Bench, probes: readonly Probe[]): Promise<void> {
  const { client, texts, measures, answers } = bench;
  await phase(bench, 'crossing', async go => {
    for (const { edit, expect } of probes) {
      const text = texts.find(({ file }) => file === edit.file);
      if (!go() || text === undefined) continue;
      const line = edit.line - 1;
      const column = text.lines[line]!.indexOf(edit.find);
      const other = client.uri(expect.file);
      const isThere = (list: readonly { readonly range: { readonly start: { readonly line: number } } }[]): boolean =>
        list.some(diagnostic => diagnostic.range.start.line === expect.line - 1);
      const had = isThere(client.published.get(other)?.diagnostics ?? []);
      const start = performance.now();
      client.change(text.uri, range(line, column, column + edit.find.length), edit.replace);
      const shown = await client.until(
        () => (isThere(client.published.get(other)?.diagnostics ?? []) ? performance.now() : undefined),
        10_000,
      );
      client.change(text.uri, range(line, column, column + edit.replace.length), edit.find);
      const gone = await client.until(
        () => (isThere(client.published.get(other)?.diagnostics ?? []) === had ? true : undefined),
        10_000,
      );
      if (shown !== undefined) measures.add('edit to finding in another file', shown - start);
      answers.add(
        'finding in another file comes and goes',
        shown !== undefined && gone === true,
        `${expect.file}:${expect.line}`,
      );
    }
  });
}

/** Waits until the server has nothing to do, and gives the time until which a phase may go on. */
async function begin({ client, seconds }: Bench): Promise<number> {
  await client.settle();
  return performance.now() + seconds * 1000;
}

/** Runs a phase with the CPU that the server uses for one step of it, and ends it when its time is over. */
async function phase(
  bench: Bench,
  name: string,
  run: (go: () => boolean) => Promise<void>,
  editsPerStep = 1,
): Promise<void> {
  const { client, measures } = bench;
  const end = await begin(bench);
  const before = client.usage().cpu;
  let steps = 0;
  await run(() => {
    if (performance.now() > end) return false;
    steps++;
    return true;
  });
  await client.settle();
  const after = client.usage().cpu;
  if (steps > 0 && before !== undefined && after !== undefined)
    measures.add(`CPU of one ${name}`, (after - before) / (steps * editsPerStep));
}
