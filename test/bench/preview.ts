/**
 * Times the route preview on long tables: `npm run bench:preview -- [--rules LIST] [--runs N] [--json]`. The model is
 * made by the core from YAML and drawn by the built page in a real browser; between them stands one transfer as JSON.
 * Times are those of the processor, so that other work on the machine shows less; a rule has up to three routes. Only
 * the first table of a process is opened by code that has not run before: `--rules 1000` alone.
 */

import path from 'node:path';
import { parseArgs } from 'node:util';
import type { Page } from 'playwright-core';
import {
  createHost,
  DEFAULT_SETTINGS,
  drain,
  fileFindings,
  routeModel,
  type Snapshot,
  type ToPlace,
} from '../../server/src/analysis.ts';
import type { RouteModel } from '../../server/src/contract.ts';
import { loadSchemas } from '../../server/src/node/schemas.ts';
import { startBrowser } from '../e2e/harness/browser.ts';
import { openPreview } from '../e2e/preview/page.ts';
import { generateRouting } from './generator/routing.ts';
import { machine } from './machine.ts';
import { brief, Measures } from './measure.ts';

const { values } = parseArgs({
  options: {
    rules: { type: 'string', default: '100,550,1000' },
    runs: { type: 'string', default: '5' },
    json: { type: 'boolean', default: false },
  },
});
const runs = Number(values.runs);
const schemas = loadSchemas(path.resolve('out/data'));
const EDITED = 'virtual-services.yaml';
/** As many as the panel asks for at first. */
const FIRST_ROUTES = 100;
/** Edits before the times count: until then the program is being compiled. */
const WARM_UP = 6;

const browser = await startBrowser();
const results: Record<string, Measures> = {};
if (!values.json) console.log(`# The route preview\n\n${machine()}\n`);
for (const count of values.rules.split(',').map(Number)) {
  const [name, measures] = await timeTable(count);
  results[name] = measures;
  if (!values.json) console.log(tableOf(name, measures));
}
await browser.close();
if (values.json) console.log(JSON.stringify({ machine: machine(), results }, undefined, 2));

async function timeTable(rules: number): Promise<readonly [string, Measures]> {
  const { files } = generateRouting({ seed: 1, virtualServices: 1, routes: rules, hosts: 1, gateways: 1 });
  const measures = new Measures();
  const text = files.find(file => file.path === EDITED)?.text ?? '';
  const host = createHost(schemas);
  timed(measures, 'before: core reads the files', () => {
    host.apply({ settings: DEFAULT_SETTINGS, files: new Map(files.map(file => [file.path, file.text])) });
  });
  timed(measures, 'before: core judges the files', () => {
    for (const { path: file } of files) judge(host.snapshot(), file);
  });
  const first = timed(measures, 'open: core makes the first rows', () => modelOf(host.snapshot(), FIRST_ROUTES));
  timed(measures, 'open: first rows to JSON and back', () => JSON.parse(JSON.stringify(first)));
  const opened = timed(measures, 'open: core makes the whole model', () => modelOf(host.snapshot()));
  timed(measures, 'open: whole model to JSON and back', () => JSON.parse(JSON.stringify(opened)));
  const models: RouteModel[] = [opened];
  for (let run = 0; run < WARM_UP + runs; run++) {
    // Another path in a route in the middle.
    const edited = editedText(text, run);
    const into = run < WARM_UP ? new Measures() : measures;
    timed(into, 'edit: core reads and judges the file', () => {
      host.apply({ files: new Map([[EDITED, edited]]) });
      judge(host.snapshot(), EDITED);
    });
    const model = timed(into, 'edit: core makes the model', () => modelOf(host.snapshot()));
    const json = timed(into, 'edit: model to JSON', () => JSON.stringify(model));
    timed(into, 'edit: JSON to model', () => JSON.parse(json));
    into.add('size of the model (KB)', json.length / 1024);
    models.push(model);
  }
  const { page, close } = await openPreview(browser, { width: 900, height: 1000 });
  const clock = await threadClock(page);
  measures.add('open: page draws the first rows', await draw(page, clock, first));
  measures.add('open: page takes the whole table', await draw(page, clock, opened));
  measures.add('open: rows made (number)', await page.locator('[role=row]').count());
  const sum = (stages: readonly string[]): number =>
    stages.reduce((total, stage) => total + (measures.of(`open: ${stage}`).p50 ?? 0), 0);
  const shown = sum(['core makes the first rows', 'first rows to JSON and back', 'page draws the first rows']);
  measures.add('open: sum until the first rows are seen', shown);
  measures.add(
    'open: sum until the whole table is there',
    shown + sum(['core makes the whole model', 'whole model to JSON and back', 'page takes the whole table']),
  );
  await page.evaluate(() => document.querySelector('.main')?.scrollTo(0, 20_000));
  await page.locator('.route').nth(50).waitFor();
  for (const model of models.slice(1)) measures.add('edit: page draws the table', await draw(page, clock, model));
  await close();
  const count = opened.selected?.virtualHosts.reduce((sum, { routes }) => sum + routes.length, 0);
  return [`${rules} rules with ${count} routes`, measures];
}

/** What the server does for diagnostics, before and beside the preview. */
function judge(snapshot: Snapshot, file: string): void {
  drain(fileFindings(snapshot, file, { severities: {}, onFault: () => undefined }));
}

function editedText(text: string, run: number): string {
  const lines = text.split('\n');
  const middle = lines.findIndex((line, i) => i > lines.length / 2 && /^\s+(exact|prefix): /.test(line));
  lines[middle] = `${lines[middle]}-${run}`;
  return lines.join('\n');
}

function modelOf(snapshot: Snapshot, first?: number): RouteModel {
  const toPlace: ToPlace = span => {
    const range = snapshot.locate(span);
    const lines = range === undefined ? undefined : snapshot.file(range.file)?.lines;
    if (range === undefined || lines === undefined) return undefined;
    const [start, end] = [lines.position(range.start), lines.position(range.end)];
    return {
      uri: `file:///bench/${range.file}`,
      path: range.file,
      line: start.line + 1,
      column: start.character + 1,
      endLine: end.line + 1,
      endColumn: end.character + 1,
    };
  };
  return routeModel(snapshot, first === undefined ? {} : { first }, toPlace);
}

/** Gives a model to the page, and tells what it costs until the frame that shows it. */
async function draw(page: Page, clock: Clock, model: RouteModel): Promise<number> {
  // As a text first: how a test hands over an object is no part of the product.
  await page.evaluate(json => Object.assign(window, { nextModel: JSON.parse(json) }), JSON.stringify(model));
  return clock(() =>
    page.evaluate(async () => {
      const { nextModel } = window as unknown as { readonly nextModel: unknown };
      window.dispatchEvent(new MessageEvent('message', { data: { type: 'model', model: nextModel } }));
      await new Promise(resolve => requestAnimationFrame(() => setTimeout(resolve)));
    }),
  );
}

type Clock = (work: () => Promise<void>) => Promise<number>;

/** Tells what some work costs the page's main thread, in milliseconds of the processor, layout and painting included. */
async function threadClock(page: Page): Promise<Clock> {
  const session = await page.context().newCDPSession(page);
  await session.send('Performance.enable', { timeDomain: 'threadTicks' });
  const seconds = async (): Promise<number> => {
    const { metrics } = await session.send('Performance.getMetrics');
    return metrics.find(({ name }) => name === 'TaskDuration')?.value ?? 0;
  };
  return async work => {
    const before = await seconds();
    await work();
    return ((await seconds()) - before) * 1000;
  };
}

function timed<T>(measures: Measures, name: string, work: () => T): T {
  const start = process.cpuUsage().user;
  const result = work();
  measures.add(name, (process.cpuUsage().user - start) / 1000);
  return result;
}

function tableOf(name: string, measures: Measures): string {
  const rows = Object.entries(measures.toJSON()).map(
    ([measure, samples]) => `| ${measure} | ${brief(samples.p50)} | ${brief(samples.p95)} |`,
  );
  return [`## ${name}`, '', '| ms | p50 | p95 |', '| --- | ---: | ---: |', ...rows, ''].join('\n');
}
