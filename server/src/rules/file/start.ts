import type { Span } from '../../text/range.ts';
import type { SourceFile } from '../../workspace/file.ts';

/** The start of a file, for what concerns it as a whole: its first line, as far as that can be shown. */
export function startOf(file: SourceFile): Span {
  const line = file.text.slice(0, 80).search(/[\r\n\0]|$/);
  return { anchor: file.whole, start: 0, end: line };
}
