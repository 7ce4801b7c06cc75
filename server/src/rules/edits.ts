import type { SpanEdit } from '../text/edit.ts';
import type { Located, Span } from '../text/range.ts';
import type { YamlDocument } from '../yaml/document.ts';
import { type MapNode, resolve, type SeqNode, type YamlNode } from '../yaml/node.ts';
import { resolvePlain } from '../yaml/scalar.ts';
import type { Fix } from './rule.ts';

/** Puts another text in the place of a span. */
export function replaceWith(at: Span, newText: string): SpanEdit {
  return { anchor: at.anchor, start: at.start, end: at.end, newText };
}

/**
 * Puts another text in the place of a string, in the quotes that it has. A bare text that YAML would read as something
 * else gets quotes.
 */
export function replaceString(document: YamlDocument, at: Span, text: string): SpanEdit {
  const { text: whole } = document;
  // The range of a block scalar ends behind its last line break.
  const range = { anchor: at.anchor, start: at.start, end: Math.max(at.start, trimmedEnd(whole, at.end)) };
  const quote = whole[at.start];
  if (quote === '"' || quote === "'") return replaceWith(range, `${quote}${text}${quote}`);
  // A bare text with a comma does not stand in a flow list, so the new one may have commas too.
  const bare = whole.slice(at.start, at.end).includes(',') ? /^\w[\w./,-]*$/ : /^\w[\w./-]*$/;
  return replaceWith(range, bare.test(text) && typeof resolvePlain(text) === 'string' ? text : `"${text}"`);
}

/** The repair that puts another text in the place of a string, as `replaceString` does. */
export function changeTo(document: YamlDocument, at: Span, text: string): Fix {
  return { title: `Change to "${text}"`, edits: [replaceString(document, at, text)] };
}

/** The map that has a span, as the model's `at` does. */
export function mapAt(document: YamlDocument, at: Span): MapNode | undefined {
  const node = nodeWithin(document.root, at, 'map');
  return node?.kind === 'map' ? node : undefined;
}

/** The key under which a node with a span stands; the span itself where it stands under none. */
export function keyAt(document: YamlDocument, value: Span): Span {
  let node: YamlNode | undefined = document.root;
  while (node !== undefined) {
    const found: MapNode['entries'][number] | undefined =
      node.kind === 'map'
        ? node.entries.find(entry => entry.value.start === value.start && entry.value.end === value.end)
        : undefined;
    if (found !== undefined) return { anchor: document, start: found.key.start, end: found.key.end };
    node = childAround(node, value);
  }
  return value;
}

/** The list that holds an item with a span. */
export function listOf(document: YamlDocument, item: Span): { list: SeqNode; index: number } | undefined {
  let node: YamlNode | undefined = document.root;
  while (node !== undefined) {
    if (node.kind === 'seq') {
      const { items } = node;
      const isItem = (index: number): boolean => items[index]?.start === item.start && items[index]?.end === item.end;
      let index = indexAround(items.length, at => items[at], item);
      // Items that are left empty may stand in one place: the first of them is meant.
      while (isItem(index - 1)) index--;
      if (isItem(index)) return { list: node, index };
    }
    node = childAround(node, item);
  }
  return undefined;
}

function nodeWithin(root: YamlNode | undefined, at: Span, kind: YamlNode['kind']): YamlNode | undefined {
  let node = root;
  while (node !== undefined) {
    if (node.kind === kind && node.start === at.start && node.end === at.end) return node;
    node = childAround(node, at);
  }
  return undefined;
}

/** The child that holds a span: the last one that begins at or before it. Children stand in the order of the text. */
function childAround(node: YamlNode, at: Span): YamlNode | undefined {
  if (node.kind !== 'map' && node.kind !== 'seq') return undefined;
  const childAt = (index: number): YamlNode | undefined =>
    node.kind === 'map' ? node.entries[index]?.value : node.items[index];
  const child = childAt(indexAround(node.kind === 'map' ? node.entries.length : node.items.length, childAt, at));
  return child !== undefined && at.end <= child.end ? child : undefined;
}

/** The index of the last child that begins at or before a span, of `count`; -1 where each begins behind its start. */
function indexAround(count: number, childAt: (index: number) => YamlNode | undefined, at: Span): number {
  let [low, high] = [0, count];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((childAt(middle)?.start ?? 0) <= at.start) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/**
 * Adds an entry behind the last one of a map.
 *
 * @param entry one line, such as `weight: 10`; its value in flow style, which fits everywhere
 */
export function addEntry(document: YamlDocument, map: MapNode, entry: string): SpanEdit {
  const { text } = document;
  const last = map.entries.at(-1);
  if (last === undefined) return at(document, map.start + 1, map.start + 1, ` ${entry} `);
  const end = Math.max(last.value.end, last.key.end);
  if (map.flow) return at(document, end, end, `, ${entry}`);
  const lineEnd = endOfLine(text, trimmedEnd(text, end));
  const isLastLine = lineEnd === text.length;
  const eol = !isLastLine && text[lineEnd] === '\r' ? '\r\n' : '\n';
  return at(document, lineEnd, lineEnd, `${eol}${indentation(text, map.start)}${entry}`);
}

/** Removes an entry of a map, with its line where it has one for itself; `undefined` where that cannot be done simply. */
export function removeEntry(document: YamlDocument, map: MapNode, key: string): SpanEdit | undefined {
  const { text } = document;
  const index = map.entries.findIndex(entry => entry.key.source === key);
  const entry = map.entries[index];
  if (entry === undefined || map.entries.length < 2) return undefined;
  const next = map.entries[index + 1];
  const previous = map.entries[index - 1];
  const end = Math.max(entry.value.end, entry.key.end);
  if (map.flow) {
    if (next !== undefined) return at(document, entry.key.start, next.key.start, '');
    return at(document, Math.max(previous?.value.end ?? 0, previous?.key.end ?? 0), end, '');
  }
  const line = startOfLine(text, entry.key.start);
  if (isBlank(text.slice(line, entry.key.start))) return removeLines(document, line, trimmedEnd(text, end));
  return next === undefined ? undefined : at(document, entry.key.start, next.key.start, '');
}

/** Removes an item of a list, with its lines; `undefined` where that cannot be done simply. */
export function removeItem(document: YamlDocument, list: SeqNode, index: number): SpanEdit | undefined {
  const { text } = document;
  const item = list.items[index];
  if (item === undefined || list.items.length < 2) return undefined;
  if (list.flow) {
    const next = list.items[index + 1];
    if (next !== undefined) return at(document, item.start, next.start, '');
    return at(document, list.items[index - 1]?.end ?? item.start, item.end, '');
  }
  let dash = item.start - 1;
  while (dash >= 0 && /\s/.test(text[dash] ?? '')) dash--;
  const line = startOfLine(text, dash);
  if (text[dash] !== '-' || !isBlank(text.slice(line, dash))) return undefined;
  return removeLines(document, line, trimmedEnd(text, item.end));
}

/** The words of a comma list in one string, each at its place; at the place of the whole where it is written with escapes. */
export function listWords(document: YamlDocument, list: Located<string>): readonly Located<string>[] {
  const { text } = document;
  const offset = text[list.start] === '"' || text[list.start] === "'" ? list.start + 1 : list.start;
  const isPlain = text.slice(offset, offset + list.value.length) === list.value;
  let start = offset;
  return list.value.split(',').map(word => {
    const found = isPlain ? { anchor: list.anchor, start, end: start + word.length } : list;
    start += word.length + 1;
    return { anchor: list.anchor, start: found.start, end: found.end, value: word };
  });
}

/** The value of a key of a map, aliases followed; read for fields that the model leaves out. */
export function hasEntry(map: MapNode | undefined, key: string): boolean {
  return map?.entries.some(entry => entry.key.source === key && resolve(entry.value) !== undefined) ?? false;
}

function removeLines(document: YamlDocument, start: number, end: number): SpanEdit {
  const { text } = document;
  const lineEnd = endOfLine(text, end);
  if (lineEnd < text.length) return at(document, start, text.indexOf('\n', lineEnd) + 1 || text.length, '');
  return at(document, Math.max(0, start - 1), text.length, '');
}

function at(document: YamlDocument, start: number, end: number, newText: string): SpanEdit {
  return { anchor: document, start, end, newText };
}

/** Spaces that bring a new line under the column of an offset. */
function indentation(text: string, offset: number): string {
  return ' '.repeat(offset - startOfLine(text, offset));
}

function startOfLine(text: string, offset: number): number {
  return text.lastIndexOf('\n', offset - 1) + 1;
}

/** Where the line of an offset ends, before its line break. */
function endOfLine(text: string, offset: number): number {
  const end = text.indexOf('\n', offset);
  if (end < 0) return text.length;
  return text[end - 1] === '\r' ? end - 1 : end;
}

/** The end without white space behind it: block scalars end with a line break. */
function trimmedEnd(text: string, end: number): number {
  return text.slice(0, end).trimEnd().length;
}

function isBlank(text: string): boolean {
  return text.trim() === '';
}
