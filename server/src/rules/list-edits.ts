import type { SpanEdit } from '../text/edit.ts';
import type { Span } from '../text/range.ts';
import type { YamlDocument } from '../yaml/document.ts';
import { listOf } from './edits.ts';

/**
 * Adds an item behind the last one of a list.
 *
 * @param sibling an item of the list, as it stands in the document
 * @param item one line
 * @returns `undefined` where the list is written in a way that this cannot follow
 */
export function addItem(document: YamlDocument, sibling: Span, item: string): SpanEdit | undefined {
  const place = listOf(document, sibling);
  const last = place?.list.items.at(-1);
  if (place === undefined || last === undefined) return undefined;
  const { text } = document;
  if (place.list.flow) return { anchor: document, start: last.end, end: last.end, newText: `, ${item}` };
  const dash = text.lastIndexOf('-', last.start);
  const line = text.lastIndexOf('\n', dash) + 1;
  if (dash < 0 || text.slice(line, dash).trim() !== '') return undefined;
  const next = text.indexOf('\n', last.end - (text[last.end - 1] === '\n' ? 1 : 0));
  const end = next < 0 ? text.length : next;
  const eol = text[end - 1] === '\r' ? '\r\n' : '\n';
  const at = text[end - 1] === '\r' ? end - 1 : end;
  return { anchor: document, start: at, end: at, newText: `${eol}${text.slice(line, dash)}- ${item}` };
}
