import type { Snapshot, ToPlace } from '../../server/src/analysis.ts';

/** Places as the edges make them: file names as they are, lines and columns 1-based. */
export function placesOf(snapshot: Snapshot): ToPlace {
  return span => {
    const range = snapshot.locate(span);
    const lines = range === undefined ? undefined : snapshot.file(range.file)?.lines;
    if (range === undefined || lines === undefined) return undefined;
    const [start, end] = [lines.position(range.start), lines.position(range.end)];
    return {
      uri: range.file,
      path: range.file,
      line: start.line + 1,
      column: start.character + 1,
      endLine: end.line + 1,
      endColumn: end.character + 1,
    };
  };
}
