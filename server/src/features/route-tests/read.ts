import { decodeRouteTests, type RouteTest } from '../../model/route-test/decode.ts';
import { LineIndex } from '../../text/line-index.ts';
import type { FileId, Span } from '../../text/range.ts';
import { parseFile } from '../../yaml/parse.ts';

/** The tests of a file, with what turns their places into lines of its text. */
export interface TestFile {
  readonly file: FileId;
  readonly tests: readonly RouteTest[];
  /** 1-based line of the start of a span. */
  readonly lineOf: (span: Span) => number;
  readonly endLineOf: (span: Span) => number;
  /** What keeps the file from being read as tests, with its 1-based line. */
  readonly problems: readonly { readonly line: number; readonly message: string }[];
}

/** Reads a text as route tests, whatever its name. */
export function readTestFile(file: FileId, text: string): TestFile {
  const { documents } = parseFile(file, text, () => true);
  const lines = new LineIndex(text);
  const offsets = new Map(documents.map(({ document, offset }) => [document, offset] as const));
  const at = (span: Span, offset: number): number => {
    const base = offsets.get(span.anchor as (typeof documents)[number]['document']) ?? 0;
    return lines.position(base + offset).line + 1;
  };
  const lineOf = (span: Span): number => at(span, span.start);
  const decoded = documents.map(({ document }) => ({ document, ...decodeRouteTests(document) }));
  return {
    file,
    tests: decoded.flatMap(({ tests }) => tests),
    lineOf,
    // A block ends behind the line break of its last line.
    endLineOf: span => at(span, Math.max(span.start, span.end - 1)),
    problems: decoded.flatMap(({ document, tests, problems }) => {
      const own = new Set(tests.flatMap(test => test.problems));
      const syntax = document.problems.map(({ start, end }) => ({
        line: lineOf({ anchor: document, start, end }),
        message: 'this YAML cannot be read',
      }));
      const shape = problems
        .filter(problem => !own.has(problem))
        .map(({ at: where, wanted = '' }) => ({ line: lineOf(where), message: `here has to be ${wanted}` }));
      return [...syntax, ...shape];
    }),
  };
}
