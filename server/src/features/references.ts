import type { FileId, FileRange } from '../text/range.ts';
import type { Snapshot } from '../workspace/snapshot.ts';
import { declarationsOf, nameAt, usesOf } from './names.ts';

/**
 * Every place that uses the name at an offset of a file; its definitions too when `declarations` is set. The place may
 * be a use or a definition. Sorted by file and offset, each place once.
 */
export function references(
  snapshot: Snapshot,
  file: FileId,
  offset: number,
  options: { readonly declarations: boolean },
): readonly FileRange[] {
  const place = nameAt(snapshot, file, offset);
  if (place === undefined) return [];
  const declared = options.declarations ? declarationsOf(snapshot, place).map(({ nameAt: name }) => name) : [];
  const ranges = [...usesOf(snapshot, place.names), ...declared].flatMap(span => snapshot.locate(span) ?? []);
  const unique = new Map(ranges.map(range => [`${range.file} ${range.start} ${range.end}`, range]));
  return [...unique.values()].sort((a, b) => (a.file < b.file ? -1 : a.file > b.file ? 1 : a.start - b.start));
}
