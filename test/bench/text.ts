import type { Position, Range } from './client.ts';
import { scattered, spread } from './measure.ts';

/** A file as the bench sees it. Its lines never change: every edit is taken back. */
export interface Text {
  readonly uri: string;
  readonly file: string;
  readonly text: string;
  readonly lines: readonly string[];
}

/** A line of a text that an expression matches. */
export interface Place {
  readonly text: Text;
  readonly line: number;
  readonly match: RegExpExecArray;
}

export function textOf(uri: string, file: string, text: string): Text {
  return { uri, file, text, lines: text.split('\n') };
}

/** At most `count` lines that match, spread over the texts, in a scattered order. */
export function places(texts: readonly Text[], pattern: RegExp, count: number): readonly Place[] {
  const all = texts.flatMap(text =>
    text.lines.flatMap((line, index) => {
      const match = pattern.exec(line);
      return match === null ? [] : [{ text, line: index, match }];
    }),
  );
  return scattered(spread(all, count));
}

/** The document (between `---` lines) that holds a line. */
export function documentAt({ lines }: Text, line: number): string {
  let start = line;
  while (start > 0 && lines[start] !== '---') start--;
  let end = line + 1;
  while (end < lines.length && lines[end] !== '---') end++;
  return lines.slice(start, end).join('\n');
}

/** The item of the outermost list of its document that holds a line. */
export function itemAt({ lines }: Text, line: number): string {
  const isBorder = (index: number): boolean => /^(?: {0,4}- | {0,3}\S)/.test(lines[index] ?? '');
  let start = line;
  while (start > 0 && !isBorder(start)) start--;
  let end = line + 1;
  while (end < lines.length && !isBorder(end)) end++;
  return lines.slice(start, end).join('\n');
}

export function at(line: number, character: number): Position {
  return { line, character };
}

export function range(line: number, start: number, end: number, endLine = line): Range {
  return { start: at(line, start), end: at(endLine, end) };
}
