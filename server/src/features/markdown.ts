/** Pieces of Markdown for hovers and completion. No HTML: editors show it as text, or not at all. */

const MAX_CODE = 120;

/** A text as inline code, on one line, cut when it is long. Everything a user wrote goes through here. */
export function code(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ').trim();
  const short = line.length > MAX_CODE ? `${line.slice(0, MAX_CODE - 1)}…` : line;
  if (short === '') return '`""`';
  if (!short.includes('`')) return `\`${short}\``;
  const fence = '`'.repeat(longestRun(short) + 1);
  return `${fence} ${short} ${fence}`;
}

function longestRun(text: string): number {
  return Math.max(...[...text.matchAll(/`+/g)].map(([run]) => run.length));
}

/** Several texts as code: `a`, `b`, `c`; behind `limit` entries it ends with the number of further ones. */
export function codes(texts: readonly string[], limit = 8): string {
  const shown = texts.slice(0, limit).map(code).join(', ');
  return texts.length > limit ? `${shown} and ${texts.length - limit} more` : shown;
}

export function bold(text: string): string {
  return `**${text}**`;
}

export function link(text: string, address: string): string {
  return `[${text}](${address})`;
}

/** One block: a list with one line for each entry. Lists that follow each other need different marks to stay two. */
export function bullets(lines: readonly string[], mark: '-' | '*' = '-'): string {
  return lines.map(line => `${mark} ${line}`).join('\n');
}

/** A table. Cells are Markdown; `|` in them is escaped. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const row = (cells: readonly string[]): string => `| ${cells.map(cell => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [row(head), row(head.map(() => '---')), ...rows.map(row)].join('\n');
}

/** What people fall into: it must be seen. */
export function warning(text: string): string {
  return `⚠️ ${text}`;
}

/** Blocks, parted by blank lines; empty ones are left out. */
export function blocks(parts: readonly (string | undefined)[]): string {
  return parts.filter(part => part !== undefined && part !== '').join('\n\n');
}
