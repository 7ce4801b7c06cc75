import type { Explanation } from '../../contract/explain.ts';
import type { RouteTestFailure, RouteTestResult, RouteTestView } from '../../contract/route-tests.ts';
import type { RouteTest, TestProblem } from '../../model/route-test/decode.ts';
import { parseTestRequest } from '../../routing/explain/test-request.ts';
import type { Snapshot } from '../../workspace/snapshot.ts';
import { explain } from '../explain/explain.ts';
import type { AskedProxy } from '../explain/viewpoint.ts';
import { failuresOf } from './expect.ts';
import type { TestFile } from './read.ts';

/** The tests of a file by name and line. */
export function routeTestViews(file: TestFile): readonly RouteTestView[] {
  return file.tests.map((test, index) => viewOf(file, test, index));
}

function viewOf({ lineOf, endLineOf }: TestFile, { name, at }: RouteTest, index: number): RouteTestView {
  const shown = name.value === '' ? `test ${index + 1}` : name.value;
  return { index, name: shown, line: lineOf(at), endLine: endLineOf(at) };
}

/**
 * Runs tests against the routes of a workspace.
 *
 * @param wanted 0-based places of the tests; all without it
 */
export function runRouteTests(
  snapshot: Snapshot,
  file: TestFile,
  wanted?: readonly number[],
): readonly RouteTestResult[] {
  return file.tests.flatMap((test, index) =>
    wanted === undefined || wanted.includes(index) ? [runOne(snapshot, file, test, index)] : [],
  );
}

function runOne(snapshot: Snapshot, file: TestFile, test: RouteTest, index: number): RouteTestResult {
  const view = viewOf(file, test, index);
  const error = (line: number, message: string): RouteTestResult => ({
    ...view,
    status: 'error',
    failures: [{ line, message, expected: undefined, actual: undefined }],
    outcome: '',
  });
  const [problem] = test.problems;
  if (problem !== undefined) return error(file.lineOf(problem.at), problemSentence(problem));
  const answer = answerTo(snapshot, test);
  if ('fault' in answer) return error(file.lineOf(test.request.at), answer.fault);
  const failures = failuresOf(test.expect, answer).map(
    ({ at, ...failure }): RouteTestFailure => ({ line: file.lineOf(at), ...failure }),
  );
  return { ...view, status: failures.length === 0 ? 'passed' : 'failed', failures, outcome: answer.headline };
}

/** What comes of the request of a test. */
export function answerTo(snapshot: Snapshot, { request, from }: RouteTest): Explanation | { readonly fault: string } {
  const parsed = parseTestRequest(request);
  if ('fault' in parsed) return parsed;
  if (from.gateway !== undefined && from.sidecar !== undefined)
    return { fault: 'a request comes to a gateway or to a sidecar, not to both' };
  if (from.labels !== undefined && from.sidecar === undefined)
    return { fault: 'labels belong to a pod: say in which namespace, with "sidecar"' };
  const asked: AskedProxy = {
    ...(from.gateway !== undefined && { gateway: from.gateway }),
    ...(from.sidecar !== undefined && { sidecar: from.sidecar }),
    ...(from.labels !== undefined && { labels: from.labels }),
  };
  return explain(snapshot, parsed, asked, undefined);
}

function problemSentence({ kind, field, wanted = '' }: TestProblem): string {
  switch (kind) {
    case 'unknown-field':
      return `unknown field "${field}"`;
    case 'missing-field':
      return `"${field}" is missing`;
    case 'invalid-value':
      return `"${field}" has to be ${wanted}`;
  }
}
