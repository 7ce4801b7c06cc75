import { isRegular } from './convert.ts';
import type { MapEntry, ScalarNode, YamlNode } from './node.ts';
import { QuickScalars } from './quick-scalars.ts';
import { MapTree, ScalarTree, SeqTree } from './tree.ts';

/** Signs after which the end of a line, an offset or a character may mean something else than it seems. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const UNUSUAL = /[\u0000-\u0009\u000B-\u001F\u007F-\u009F\u2028\u2029\uFEFF\uFFFE\uFFFF]/;
/** Deeper nesting is left to the library, which counts it. */
const MAX_QUICK_DEPTH = 50;
/** The column of a line that fits nowhere: a marker of documents, a directive. */
const NOWHERE = Number.MAX_SAFE_INTEGER;

/**
 * Reads the YAML that nearly every manifest is written in, in one pass and without tokens: block style, plain and
 * quoted values on one line, brackets on one line, literal block texts, comments. Whatever else a text holds, every
 * mistake, every anchor, tag, directive, tab or value of several lines makes it give up. What it reads is what the
 * library reads, to the last offset (`test/unit/yaml/quick.test.ts`).
 *
 * @param text of one document
 * @returns the root; `undefined` where the library has to read the text
 */
export function readQuickly(text: string): MapTree | SeqTree | undefined {
  return UNUSUAL.test(text) ? undefined : new QuickReader(text).document();
}

/** Every method that reads something gives `undefined` to give up. */
class QuickReader extends QuickScalars {
  /** The first sign of the next line that says something. */
  #at = 0;
  /** The column of that sign; -1 at the end of the text. */
  #column = 0;

  document(): MapTree | SeqTree | undefined {
    this.#seek(0);
    if (this.#column === NOWHERE && this.text.startsWith('---', this.#at)) {
      const end = this.endOfLine(this.#at + 3);
      if (end === undefined) return undefined;
      this.#seek(end);
    }
    if (this.#column < 0) return undefined;
    const root = this.#block(0);
    return this.#column < 0 ? root : undefined;
  }

  /** Goes to the first sign behind an offset, which stands before nothing but spaces and comments on its line. */
  #seek(from: number): void {
    const { text } = this;
    let line = from;
    let at = from;
    for (; at < text.length; at++) {
      const unit = text.charCodeAt(at);
      if (unit === 10) line = at + 1;
      else if (unit === 35) {
        const end = text.indexOf('\n', at);
        at = (end < 0 ? text.length : end) - 1;
      } else if (unit !== 32) break;
    }
    this.#at = at;
    this.#column = at >= text.length ? -1 : at === line && isOutOfPlace(text, at) ? NOWHERE : at - line;
  }

  /** The collection that begins with the next line. */
  #block(depth: number): MapTree | SeqTree | undefined {
    if (depth > MAX_QUICK_DEPTH || this.#column === NOWHERE) return undefined;
    return this.#isDash(this.#at) ? this.#sequence(depth) : this.#map(depth);
  }

  #isDash(at: number): boolean {
    return this.text.charCodeAt(at) === 45 && this.isGap(at + 1);
  }

  #sequence(depth: number): SeqTree | undefined {
    if (depth > MAX_QUICK_DEPTH) return undefined;
    const start = this.#at;
    const column = this.#column;
    const items: YamlNode[] = [];
    let end = start;
    while (this.#column === column && this.#isDash(this.#at)) {
      const item = this.#item(column, depth);
      if (item === undefined) return undefined;
      items.push(item);
      end = item.end;
    }
    return this.#column > column ? undefined : new SeqTree({ start, end }, false, items);
  }

  /** What stands behind a dash. */
  #item(column: number, depth: number): YamlNode | undefined {
    const dash = this.#at;
    const at = this.afterSpaces(dash + 1);
    const unit = this.text.charCodeAt(at);
    if (at >= this.text.length || unit === 10 || unit === 35) {
      this.#seek(at);
      return this.#column > column ? this.#block(depth + 1) : empty(at);
    }
    if (this.#isDash(at)) {
      this.#goTo(at, column + at - dash);
      return this.#sequence(depth + 1);
    }
    if (unit === 123 || unit === 91 || unit === 124) return this.#rest(at, column, depth);
    const scalar = this.scalar(at, false);
    if (scalar === undefined) return undefined;
    if (!this.#isColon(this.afterSpaces(this.position))) return this.#ended(scalar);
    this.#goTo(at, column + at - dash);
    return this.#map(depth + 1);
  }

  #goTo(at: number, column: number): void {
    this.#at = at;
    this.#column = column;
  }

  #isColon(at: number): boolean {
    return this.text.charCodeAt(at) === 58 && this.isGap(at + 1);
  }

  #map(depth: number): MapTree | undefined {
    if (depth > MAX_QUICK_DEPTH) return undefined;
    const start = this.#at;
    const column = this.#column;
    const entries: MapEntry[] = [];
    let end = start;
    while (this.#column === column) {
      const key = this.#key();
      if (key === undefined) return undefined;
      const value = this.#value(this.afterSpaces(this.position), column, depth);
      if (value === undefined) return undefined;
      entries.push({ key, value });
      end = value.end;
    }
    if (this.#column > column || !isRegular(entries)) return undefined;
    return new MapTree({ start, end }, false, entries, false);
  }

  /** A key with its colon; `position` is behind that. */
  #key(): ScalarNode | undefined {
    const key = this.key(this.#at, false);
    const colon = this.afterSpaces(this.position);
    if (key === undefined || !this.#isColon(colon)) return undefined;
    this.position = colon + 1;
    return key;
  }

  /** What stands behind a colon, on its line or below. */
  #value(at: number, column: number, depth: number): YamlNode | undefined {
    const unit = this.text.charCodeAt(at);
    if (at < this.text.length && unit !== 10 && unit !== 35) return this.#rest(at, column, depth);
    this.#seek(at);
    if (this.#column > column) return this.#block(depth + 1);
    if (this.#column === column && this.#isDash(this.#at)) return this.#sequence(depth + 1);
    return empty(at);
  }

  /** A value that begins on a line behind a key or a dash. */
  #rest(at: number, column: number, depth: number): YamlNode | undefined {
    const unit = this.text.charCodeAt(at);
    if (unit === 124) {
      const literal = this.literal(at, column);
      if (literal !== undefined) this.#seek(this.position);
      return literal;
    }
    return this.#ended(unit === 123 || unit === 91 ? this.#flow(at, depth + 1) : this.scalar(at, false));
  }

  /** A value behind which its line holds nothing but a comment. */
  #ended<T extends YamlNode>(value: T | undefined): T | undefined {
    const end = value === undefined ? undefined : this.endOfLine(this.position);
    if (end === undefined) return undefined;
    this.#seek(end);
    return value;
  }

  /** A collection in brackets, on one line; `position` is behind it. */
  #flow(start: number, depth: number): MapTree | SeqTree | undefined {
    if (depth > MAX_QUICK_DEPTH) return undefined;
    const isMap = this.text.charCodeAt(start) === 123;
    const closing = isMap ? 125 : 93;
    const items: YamlNode[] = [];
    const entries: MapEntry[] = [];
    let at = this.afterSpaces(start + 1);
    let isMore = this.text.charCodeAt(at) !== closing;
    while (isMore) {
      const key = isMap ? this.key(at, true) : undefined;
      if (isMap) {
        const colon = this.afterSpaces(this.position);
        if (key === undefined || this.text.charCodeAt(colon) !== 58 || this.text.charCodeAt(colon + 1) !== 32)
          return undefined;
        at = this.afterSpaces(colon + 1);
      }
      const unit = this.text.charCodeAt(at);
      const value = unit === 123 || unit === 91 ? this.#flow(at, depth + 1) : this.scalar(at, true);
      if (value === undefined) return undefined;
      if (key === undefined) items.push(value);
      else entries.push({ key, value });
      at = this.afterSpaces(this.position);
      isMore = this.text.charCodeAt(at) === 44;
      if (isMore) at = this.afterSpaces(at + 1);
    }
    if (this.text.charCodeAt(at) !== closing || !isRegular(entries)) return undefined;
    this.position = at + 1;
    const range = { start, end: at + 1 };
    return isMap ? new MapTree(range, true, entries, false) : new SeqTree(range, true, items);
  }
}

function isOutOfPlace(text: string, at: number): boolean {
  const unit = text.charCodeAt(at);
  return unit === 37 || (unit === 45 && text.startsWith('---', at)) || (unit === 46 && text.startsWith('...', at));
}

function empty(at: number): ScalarNode {
  return new ScalarTree({ start: at, end: at }, null, '', 'plain');
}
