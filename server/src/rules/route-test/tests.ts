import { decodeRouteTests, type TestProblem } from '../../model/route-test/decode.ts';
import { isRouteTestFile } from '../../model/route-test/fields.ts';
import type { YamlDocument } from '../../yaml/document.ts';

/** The problems of one kind in a document of route tests; none in any other document. */
export function testProblems(document: YamlDocument, kind: TestProblem['kind']): readonly TestProblem[] {
  if (!isRouteTestFile(document.file)) return [];
  return decodeRouteTests(document).problems.filter(problem => problem.kind === kind);
}

const PLACES: Readonly<Record<TestProblem['type'], string>> = {
  test: 'a test',
  request: '"request"',
  from: '"from"',
  expect: '"expect"',
};

/** `a test`, `"expect"`: the object in which a field stands. */
export function placeOf({ type }: TestProblem): string {
  return PLACES[type];
}
