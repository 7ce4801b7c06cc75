import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import {
  exportRouterCheck,
  generateRouteTests,
  importRouterCheck,
  isRouteTestFile,
  readTestFile,
  runRouteTests,
  type Snapshot,
} from '../analysis.ts';
import { listYamlFiles } from '../node/yaml-files.ts';
import type { TestCommand } from './arguments-test.ts';
import type { Output } from './explain.ts';
import type { InputFile } from './input.ts';
import { type FileResults, junitXml, resultsText, summaryOf } from './report/tests.ts';

/** Where the manifests are that tests are about: beside them, where only test files are named. */
export function manifestPaths(paths: readonly string[]): readonly string[] {
  const others = paths.filter(name => !isRouteTestFile(name));
  return others.length > 0 ? others : [...new Set(paths.map(name => path.dirname(name)))];
}

/** The files of route tests that are named, and those below folders; paths that cannot be read are told elsewhere. */
export async function readTests(paths: readonly string[], exclude: readonly string[]): Promise<readonly InputFile[]> {
  const names = new Set<string>();
  for (const name of paths) {
    if (isRouteTestFile(name)) names.add(shown(name));
    else if ((await stat(name).catch(() => undefined))?.isDirectory() === true) {
      for (const file of await listYamlFiles(name, exclude)) if (isRouteTestFile(file)) names.add(shown(file));
    }
  }
  const files: InputFile[] = [];
  for (const name of names) {
    const text = await readFile(name, 'utf8').catch(() => undefined);
    if (text !== undefined) files.push({ path: name, text });
  }
  return files;
}

/**
 * `istio-yaml test`.
 *
 * @returns the exit code: 0 all hold, 1 one does not, 2 one cannot be run, or there are none
 */
export function test(snapshot: Snapshot, files: readonly InputFile[], command: TestCommand, output: Output): number {
  if (command.action === 'generate') {
    const { text, warnings } = generateRouteTests(snapshot);
    return converted({ text, warnings }, output);
  }
  if (files.length === 0) {
    output.complain('istio-yaml: there is no file *.routes.test.yaml; --generate writes one\n');
    return 2;
  }
  const read = files.map(file => readTestFile(file.path, file.text));
  if (command.action === 'export')
    return converted(
      exportRouterCheck(
        snapshot,
        read.flatMap(({ tests }) => tests),
      ),
      output,
    );
  const results = read.map(
    (file): FileResults => ({ path: file.file, problems: file.problems, tests: runRouteTests(snapshot, file) }),
  );
  output.write(reportOf(results, command.format));
  const { errors, failed } = summaryOf(results);
  return errors > 0 ? 2 : failed > 0 ? 1 : 0;
}

function reportOf(results: readonly FileResults[], format: TestCommand['format']): string {
  if (format === 'text') return resultsText(results);
  if (format === 'junit') return junitXml(results);
  const tests = results.flatMap(({ path: file, tests: own }) =>
    own.map(({ name, line, status, failures, outcome }) => ({
      path: file,
      line,
      name,
      status,
      outcome,
      failures: failures.map(({ line: at, message, expected = null, actual = null }) => ({
        line: at,
        message,
        expected,
        actual,
      })),
    })),
  );
  const problems = results.flatMap(({ path: file, problems: own }) => own.map(problem => ({ path: file, ...problem })));
  return `${JSON.stringify({ ...summaryOf(results), tests, problems }, null, 2)}\n`;
}

/** `istio-yaml test --import FILE`. */
export async function importTests(file: string, output: Output): Promise<number> {
  const text = await readFile(file, 'utf8').catch(() => undefined);
  const result =
    text === undefined ? { fault: 'there is no such file, or it may not be read' } : importRouterCheck(text);
  if ('fault' in result) {
    output.complain(`istio-yaml: ${file}: ${result.fault}\n`);
    return 2;
  }
  return converted(result, output);
}

function converted({ text, warnings }: { text: string; warnings: readonly string[] }, output: Output): number {
  output.write(text);
  for (const warning of warnings) output.complain(`istio-yaml: ${warning}\n`);
  return 0;
}

function shown(file: string): string {
  return path.normalize(file).split(path.sep).join('/');
}
