import type { RouteTestResult } from '../../contract/route-tests.ts';

/** What came of the tests of one file. */
export interface FileResults {
  readonly path: string;
  readonly problems: readonly { readonly line: number; readonly message: string }[];
  readonly tests: readonly RouteTestResult[];
}

export interface Summary {
  readonly passed: number;
  readonly failed: number;
  /** Tests that cannot be run, and mistakes of a whole file. */
  readonly errors: number;
}

export function summaryOf(files: readonly FileResults[]): Summary {
  const count = (status: RouteTestResult['status']): number =>
    files.reduce((sum, { tests }) => sum + tests.filter(test => test.status === status).length, 0);
  const broken = files.reduce((sum, { problems }) => sum + problems.length, 0);
  return { passed: count('passed'), failed: count('failed'), errors: count('error') + broken };
}

const MARKS = { passed: '✓', failed: '✗', error: '!' } as const;

/** For people: file by file, each failure with its line, and a last line that counts. */
export function resultsText(files: readonly FileResults[]): string {
  const lines: string[] = [];
  for (const { path, problems, tests } of files) {
    lines.push(path);
    for (const { line, message } of problems) lines.push(`  ! ${line}: ${message}`);
    for (const { name, line, status, failures, outcome } of tests) {
      lines.push(`  ${MARKS[status]} ${name}${status === 'passed' ? '' : ` (line ${line})`}`);
      for (const failure of failures) lines.push(`      ${failure.line}: ${failure.message}`);
      if (status === 'failed') lines.push(`      → ${outcome}`);
    }
    lines.push('');
  }
  const { passed, failed, errors } = summaryOf(files);
  const all = files.reduce((sum, { tests }) => sum + tests.length, 0);
  const bad = errors === 0 ? '' : `, ${errors} ${errors === 1 ? 'error' : 'errors'}`;
  lines.push(`${all} ${all === 1 ? 'test' : 'tests'}: ${passed} passed, ${failed} failed${bad}`);
  return `${lines.join('\n')}\n`;
}

/** For build servers: the form that JUnit's reports have. */
export function junitXml(files: readonly FileResults[]): string {
  const { failed, errors } = summaryOf(files);
  const all = files.reduce((sum, { tests, problems }) => sum + tests.length + problems.length, 0);
  const suites = files.map(file => {
    const own = summaryOf([file]);
    const broken = file.problems.map(({ line, message }) =>
      testcase(file.path, `line ${line}`, line, [element('error', message, `${file.path}:${line}: ${message}`)]),
    );
    const cases = file.tests.map(({ name, line, status, failures, outcome }) => {
      const [first] = failures;
      if (first === undefined) return testcase(file.path, name, line, []);
      const text = [...failures.map(one => `${file.path}:${one.line}: ${one.message}`), outcome].filter(Boolean);
      return testcase(file.path, name, line, [
        element(status === 'error' ? 'error' : 'failure', first.message, text.join('\n')),
      ]);
    });
    const count = file.tests.length + file.problems.length;
    return [
      `  <testsuite name="${escaped(file.path)}" tests="${count}" failures="${own.failed}" errors="${own.errors}">`,
      ...broken,
      ...cases,
      '  </testsuite>',
    ].join('\n');
  });
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="istio-yaml" tests="${all}" failures="${failed}" errors="${errors}">`,
    ...suites,
    '</testsuites>',
    '',
  ].join('\n');
}

function testcase(file: string, name: string, line: number, children: readonly string[]): string {
  const head = `    <testcase classname="${escaped(file)}" name="${escaped(name)}" file="${escaped(file)}" line="${line}"`;
  return children.length === 0 ? `${head}/>` : `${head}>\n${children.join('\n')}\n    </testcase>`;
}

function element(tag: 'failure' | 'error', message: string, text: string): string {
  return `      <${tag} message="${escaped(message)}">${escaped(text)}</${tag}>`;
}

const ENTITIES: Readonly<Record<string, string>> = {
  '<': '&lt;',
  '>': '&gt;',
  '&': '&amp;',
  '"': '&quot;',
  "'": '&apos;',
};

/** Text in XML; characters that XML forbids become a mark. */
function escaped(text: string): string {
  return text
    .replace(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, '\ufffd')
    .replace(/[<>&"']/g, character => ENTITIES[character] ?? character);
}
