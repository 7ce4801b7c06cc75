import { readTestFile, routeTestViews, runRouteTests as runTests } from '../../analysis.ts';
import type { RouteTestResult, RouteTestView } from '../../contract/route-tests.ts';
import { invalid, readField, readString } from '../from-protocol.ts';
import type { Session } from '../session.ts';
import { fileIdOf } from '../uri.ts';

/** `istio/routeTests`: the tests of a text. */
export function routeTests(_session: Session, params: unknown): readonly RouteTestView[] {
  return routeTestViews(readFile(params));
}

/** `istio/runRouteTests`: what comes of the tests of a text, by the manifests of the workspace. */
export function runRouteTests(session: Session, params: unknown): readonly RouteTestResult[] {
  const file = readFile(params);
  const wanted = readField(params, 'tests');
  if (wanted === undefined || wanted === null) return runTests(session.snapshot(), file);
  if (!isIndices(wanted)) throw invalid('"tests" is not a list of numbers');
  return runTests(session.snapshot(), file, wanted);
}

function readFile(params: unknown): ReturnType<typeof readTestFile> {
  return readTestFile(fileIdOf(readString(params, 'uri')), readString(params, 'text'));
}

function isIndices(value: unknown): value is readonly number[] {
  return Array.isArray(value) && value.every(Number.isInteger);
}
