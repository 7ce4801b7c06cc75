/**
 * The columns at which a line may begin, by the lines above it: those of the keys that are still open, or of the list
 * items for a line that is one itself.
 *
 * @param offset of the first word of the line, or of its dash
 * @returns columns, 0-based, the smallest first
 */
export function columnsAbove(text: string, offset: number): readonly number[] {
  const isItem = /^-(?:\s|$)/.test(text.slice(offset, offset + 2));
  const columns = new Set<number>();
  let limit = Number.POSITIVE_INFINITY;
  const lines = text
    .slice(0, text.lastIndexOf('\n', offset - 1) + 1)
    .split('\n')
    .slice(-MAX_LINES)
    .reverse();
  for (const line of lines) {
    const [, indentation = '', dashes = '', rest = ''] = /^( *)((?:- +)*)(.*)$/.exec(line.trimEnd()) ?? [];
    if (rest === '' || rest.startsWith('#') || rest === '---' || indentation.length >= limit) continue;
    const key = indentation.length + dashes.length;
    if (isItem && dashes !== '') columns.add(indentation.length);
    if (key < limit && /:(?:\s|$)/.test(rest)) columns.add(key);
    limit = indentation.length;
    if (limit === 0) break;
  }
  return [...columns].sort((a, b) => a - b);
}

/** What opens a line's place is not farther away in practice, and no broken file may cost more. */
const MAX_LINES = 2000;
