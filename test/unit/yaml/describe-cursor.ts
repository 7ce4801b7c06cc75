import { cursorAt } from '../../../server/src/yaml/cursor.ts';

/**
 * What the cursor says of the place of `|` in a text, in one line: what is written there, the path, and whatever is not
 * usual: `keys` of the map at hand, the `word` that is replaced, the `gap` before it, a missing `dash` and so on.
 */
export function at(text: string): string {
  const offset = text.indexOf('|');
  const clean = text.slice(0, offset) + text.slice(offset + 1);
  const cursor = cursorAt(clean, offset);
  if (cursor === undefined) return 'nothing';
  const { path, place, levels, word, prefix, quote, flow, gap, column, needsDash, besides } = cursor;
  const parts = [`${place} of ${path.join('.') || 'root'}`];
  const own = place === 'key' ? levels.find(level => level.depth === path.length) : undefined;
  if (own !== undefined && own.keys.size > 0) parts.push(`keys ${[...own.keys.keys()].join(' ')}`);
  const replaced = clean.slice(word.start, word.end);
  if (replaced !== '') parts.push(`word ${JSON.stringify(replaced)}`);
  if (prefix !== replaced && prefix !== '') parts.push(`prefix ${JSON.stringify(prefix)}`);
  if (quote !== undefined) parts.push(`quote ${quote}`);
  if (flow) parts.push('flow');
  if (gap !== '') parts.push(`gap ${gap.length}`);
  if (place === 'key' && !flow) parts.push(`column ${column}`);
  if (needsDash) parts.push('dash missing');
  if (besides !== undefined) parts.push(`or item ${besides.path.join('.')}`);
  if (cursor.needsComma) parts.push('comma missing');
  if (cursor.colonFollows) parts.push('colon follows');
  if (cursor.contentFollows) parts.push('content follows');
  return parts.join(', ');
}

/** Lines as a text. */
export function lines(...list: readonly string[]): string {
  return `${list.join('\n')}\n`;
}
