import { writeFileSync } from 'node:fs';
import path from 'node:path';
import * as vscode from 'vscode';

/** What the suite tells the program that started VS Code. */
export interface HostResults {
  readonly vscode: string;
  readonly node: string;
  readonly passed: readonly { readonly title: string; readonly milliseconds: number }[];
  readonly failed: readonly { readonly title: string; readonly error: string }[];
  readonly skipped: readonly string[];
  /** Lines for people, such as measured times. */
  readonly notes: readonly string[];
}

const notes: string[] = [];

/** Adds a line to the results. */
export function note(line: string): void {
  notes.push(line);
}

/** Called by VS Code inside its extension host: runs the Mocha suite that lies beside this file. */
export async function run(): Promise<void> {
  const { default: Mocha } = await import('mocha');
  // A loaded machine can starve a whole VS Code for seconds: a second try tells that from a fault, and is told.
  const mocha = new Mocha({ ui: 'bdd', timeout: 30_000, color: false, reporter: 'spec', retries: 1 });
  Object.assign(globalThis, { note });
  mocha.addFile(path.join(__dirname, 'suite.js'));
  await mocha.loadFilesAsync();
  const passed: HostResults['passed'][number][] = [];
  const failed: HostResults['failed'][number][] = [];
  const skipped: string[] = [];
  await new Promise<void>(resolve => {
    mocha
      .run(() => resolve())
      .on('pass', test => passed.push({ title: test.fullTitle(), milliseconds: test.duration ?? 0 }))
      .on('retry', (test, error: Error) => note(`second try of "${test.fullTitle()}": ${error.message}`))
      .on('fail', (test, error: Error) => failed.push({ title: test.fullTitle(), error: error.stack ?? String(error) }))
      .on('pending', test => skipped.push(test.fullTitle()));
  });
  const results: HostResults = { vscode: vscode.version, node: process.version, passed, failed, skipped, notes };
  const file = process.env['ISTIO_TEST_RESULTS'];
  if (file !== undefined) writeFileSync(file, JSON.stringify(results, undefined, 2));
  if (failed.length > 0) throw new Error(`${failed.length} tests failed`);
}
