import type { TextRange } from '../text/range.ts';

// Only `\n` and `\r` end a line here: JavaScript's own `^` also knows U+2028, which YAML takes for text.
const MARKER = /(?<![^\r\n])---(?![^ \t\r\n])/g;
const ONLY_PREAMBLE = /^\uFEFF?(?:[ \t]*(?:#.*)?\r?\n|%.*\r?\n)*$/;

/**
 * Cuts a text at its document markers (`---` at the start of a line, which YAML allows nowhere else, not even inside
 * a block scalar). Each piece begins with its marker and is a YAML stream of one document, so that a broken document
 * cannot swallow the next one. Comments and directives before the first marker belong to the first document.
 */
export function splitDocuments(text: string): TextRange[] {
  const pieces: TextRange[] = [];
  let start = 0;
  for (const match of text.matchAll(MARKER)) {
    if (match.index === start) continue;
    if (start === 0 && pieces.length === 0 && ONLY_PREAMBLE.test(text.slice(0, match.index))) continue;
    pieces.push({ start, end: match.index });
    start = match.index;
  }
  pieces.push({ start, end: text.length });
  return pieces;
}
