import type { ScalarNode } from './node.ts';
import { resolvePlain } from './scalar.ts';
import { ScalarTree } from './tree.ts';

/** Longer keys than the library takes are left to it, to say so. */
const MAX_KEY = 1000;
/** What no plain value may begin with, or begins something else: `,[]{}#&*!|>'"%@` and the backquote, `?` and `:`. */
const INDICATORS: ReadonlySet<number> = new Set([...',[]{}#&*!|>\'"%@`?:'].map(sign => sign.charCodeAt(0)));
/** Escapes of one sign that are read here. */
const ESCAPES: Readonly<Record<string, string>> = { '\\': '\\', '"': '"', '/': '/', n: '\n', t: '\t', r: '\r' };

/** Reads values of one line, and literal block texts; see `readQuickly`. */
export class QuickScalars {
  readonly text: string;
  /** Behind what was read last. */
  position = 0;

  constructor(text: string) {
    this.text = text;
  }

  /** A space, the end of a line or of the text. */
  isGap(at: number): boolean {
    const unit = this.text.charCodeAt(at);
    return unit === 32 || unit === 10 || at >= this.text.length;
  }

  afterSpaces(at: number): number {
    let end = at;
    while (this.text.charCodeAt(end) === 32) end++;
    return end;
  }

  /** The end of a line that holds nothing more than a comment; `undefined` where it does. */
  endOfLine(at: number): number | undefined {
    const end = this.afterSpaces(at);
    const unit = this.text.charCodeAt(end);
    if (unit === 10 || end >= this.text.length) return end;
    if (unit !== 35 || end === at) return undefined;
    const line = this.text.indexOf('\n', end);
    return line < 0 ? this.text.length : line;
  }

  /** A key as the tree has it: what is not text is the key of its JSON. */
  key(at: number, inFlow: boolean): ScalarNode | undefined {
    const key = this.scalar(at, inFlow);
    if (key === undefined || this.position - at > MAX_KEY || key.source === '<<') return undefined;
    if (key.style !== 'plain') return key;
    if (typeof key.value === 'string') {
      const name = nameOf(key.source);
      return new ScalarTree({ start: at, end: key.end }, name, name, 'plain');
    }
    return new ScalarTree({ start: at, end: key.end }, key.value, String(key.value), 'plain');
  }

  /** A plain or quoted value that ends on its line. */
  scalar(at: number, inFlow: boolean): ScalarNode | undefined {
    const unit = this.text.charCodeAt(at);
    if (unit === 34) return this.#doubleQuoted(at);
    if (unit === 39) return this.#singleQuoted(at);
    return this.#plain(at, inFlow);
  }

  #plain(start: number, inFlow: boolean): ScalarNode | undefined {
    const { text } = this;
    const first = text.charCodeAt(start);
    if (INDICATORS.has(first)) return undefined;
    if (first === 45 && (this.isGap(start + 1) || (inFlow && isFlowSign(text.charCodeAt(start + 1))))) return undefined;
    let at = start;
    let end = start;
    for (; at < text.length; at++) {
      const unit = text.charCodeAt(at);
      if (unit === 10 || (inFlow && isFlowSign(unit))) break;
      if (unit === 58) {
        if (this.isGap(at + 1) || (inFlow && isFlowSign(text.charCodeAt(at + 1)))) break;
        end = at + 1;
      } else if (unit !== 32) end = at + 1;
      else if (text.charCodeAt(at + 1) === 35) break;
    }
    if (end === start) return undefined;
    this.position = end;
    const source = text.slice(start, end);
    return new ScalarTree({ start, end }, resolvePlain(source), source, 'plain');
  }

  #singleQuoted(start: number): ScalarNode | undefined {
    const { text } = this;
    let end = text.indexOf("'", start + 1);
    while (end >= 0 && text.charCodeAt(end + 1) === 39) end = text.indexOf("'", end + 2);
    if (end < 0) return undefined;
    const inside = text.slice(start + 1, end);
    return this.#quoted(start, end, inside.includes("'") ? inside.replaceAll("''", "'") : inside, 'single');
  }

  #doubleQuoted(start: number): ScalarNode | undefined {
    const { text } = this;
    let value = '';
    let from = start + 1;
    for (let at = from; at < text.length; at++) {
      const unit = text.charCodeAt(at);
      if (unit === 34) return this.#quoted(start, at, value + text.slice(from, at), 'double');
      if (unit === 10) return undefined;
      if (unit !== 92) continue;
      const escaped = ESCAPES[text[at + 1] ?? ''];
      if (escaped === undefined) return undefined;
      value += text.slice(from, at) + escaped;
      from = at + 2;
      at++;
    }
    return undefined;
  }

  /** @param end of the closing quote */
  #quoted(start: number, end: number, value: string, style: 'single' | 'double'): ScalarNode | undefined {
    if (style === 'single' && value.includes('\n')) return undefined;
    this.position = end + 1;
    return new ScalarTree({ start, end: end + 1 }, value, value, style);
  }

  /** A block text behind `|`, with `-` or without; `position` is at the start of the line behind it. */
  literal(start: number, column: number): ScalarNode | undefined {
    const { text } = this;
    const isStripped = text.charCodeAt(start + 1) === 45;
    const header = this.afterSpaces(start + (isStripped ? 2 : 1));
    if (text.charCodeAt(header) !== 10) return undefined;
    const lines: string[] = [];
    let indent = -1;
    let count = 0;
    let end = header;
    let line = header + 1;
    let deepest = 0;
    while (line < text.length) {
      const first = this.afterSpaces(line);
      const found = text.indexOf('\n', first);
      const lineEnd = found < 0 ? text.length : found;
      if (first < lineEnd) {
        if (indent < 0) indent = first - line;
        if (indent <= column || deepest > indent || (first - line < indent && first - line > column)) return undefined;
        if (first - line < indent) break;
        lines.push(text.slice(line + indent, lineEnd));
        count = lines.length;
        end = lineEnd;
      } else if (indent < 0) {
        deepest = Math.max(deepest, first - line);
        lines.push('');
      } else if (first - line > indent) return undefined;
      else lines.push('');
      line = lineEnd + 1;
    }
    if (count === 0) return undefined;
    this.position = Math.min(line, text.length);
    const value = lines.slice(0, count).join('\n') + (isStripped ? '' : '\n');
    while (text.charCodeAt(end - 1) === 32) end--;
    return new ScalarTree({ start, end }, value, value, 'literal');
  }
}

/** Keys that were read: manifests have few different ones, and equal strings that are the same are compared at once. */
const names = new Map<string, string>();
const MAX_NAMES = 5000;

function nameOf(key: string): string {
  const known = names.get(key);
  if (known !== undefined) return known;
  // The name of a property stands once in the engine, the same as in the code that asks for it.
  const [name = key] = Object.keys({ [key]: true });
  if (names.size < MAX_NAMES) names.set(name, name);
  return name;
}

function isFlowSign(unit: number): boolean {
  return unit === 44 || unit === 91 || unit === 93 || unit === 123 || unit === 125;
}
