import type { Span } from '../../text/range.ts';
import type { SourceFile } from '../../workspace/file.ts';

/**
 * The start of a file, for what concerns it as a whole: its first line, as far as that can be shown.
 *
 * @param start offset of another line, for what concerns that one
 */
export function startOf(file: SourceFile, start = 0): Span {
  const line = file.text.slice(start, start + 80).search(/[\r\n\0]|$/);
  return { anchor: file.whole, start, end: start + line };
}
