import type { CST } from 'yaml';
import type { TextRange } from '../text/range.ts';
import { partsOf } from './tokens.ts';

/** Quotes and brackets that are opened and never closed, in order; of nested ones the innermost. */
export function unclosedIn(tokens: readonly CST.Token[]): readonly TextRange[] {
  const found: number[] = [];
  // A token to look at, or the number of what was found before a bracket whose inside has been seen.
  const pending: (CST.Token | number)[] = [...tokens].reverse();
  for (let token = pending.pop(); token !== undefined; token = pending.pop()) {
    if (typeof token === 'number') {
      if (found.length > token + 1) found.splice(token, 1);
    } else if (token.type === 'single-quoted-scalar' || token.type === 'double-quoted-scalar') {
      if (!isClosedQuote(token.source)) found.push(token.offset);
    } else {
      if (token.type === 'flow-collection' && !isClosedBracket(token)) {
        pending.push(found.length);
        found.push(token.start.offset);
      }
      for (const part of partsOf(token).reverse()) pending.push(part);
    }
  }
  return found.map(start => ({ start, end: start + 1 }));
}

/**
 * The closing bracket that belongs to an opening one, if indentation does not count; `undefined` when there is none.
 * Comments are not known here: this is a guess, good enough to tell what is wrong.
 */
export function closingOf(text: string, opening: number): number | undefined {
  const expected: string[] = [];
  for (let i = opening; i < text.length; i++) {
    const character = text[i] ?? '';
    if (character === '"' || character === "'") {
      i = text.indexOf(character, i + 1);
      if (i < 0) return undefined;
    } else if (CLOSING[character] !== undefined) expected.push(CLOSING[character]);
    else if (character === ']' || character === '}') {
      if (expected.pop() !== character) return undefined;
      if (expected.length === 0) return i;
    }
  }
  return undefined;
}

const CLOSING: Readonly<Record<string, string>> = { '[': ']', '{': '}' };

function isClosedBracket(token: CST.FlowCollection): boolean {
  return token.end.some(({ source }) => source === CLOSING[token.start.source]);
}

/** The source of a quoted scalar ends with a quote that is not part of its text. */
function isClosedQuote(source: string): boolean {
  const quote = source[0];
  const marker = quote === '"' ? '\\' : "'";
  if (source.length < 2 || source.at(-1) !== quote) return false;
  let markers = 0;
  for (let i = source.length - 2; i > 0 && source[i] === marker; i--) markers++;
  return markers % 2 === 0;
}
