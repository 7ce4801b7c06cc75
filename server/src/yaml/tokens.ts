import { type CST, Lexer, Parser } from 'yaml';
import type { YamlProblem } from './document.ts';

/** Deeper nesting than any manifest has, and shallow enough for every recursive walk. */
export const MAX_DEPTH = 200;
/** With more levels open than this a text is read no further: closing a million of them takes the library a minute. */
const MAX_OPEN = 1000;
/** Of more signs than these in a row that stand where none may the rest is left out: each would be a mistake of its own. */
const MAX_STRAY = 1000;

/** A text as the library's tokens, which hold no more than `MAX_DEPTH` levels. */
export interface Tokens {
  readonly tokens: readonly CST.Token[];
  /** Where the first value that is too deep began. */
  readonly problems: readonly YamlProblem[];
}

/**
 * Reads a text into tokens. What is too deep is emptied here, where nothing recurses: composing it would exhaust the
 * stack, and take the process with it where that happens inside a regular expression of the library.
 */
export function tokensOf(text: string): Tokens {
  const tokens = shortened([...parse(text)], ({ type }) => type === 'error');
  const problems: YamlProblem[] = [];
  let level: readonly CST.Token[] = tokens;
  for (let depth = 0; level.length > 0; depth++) {
    const next: CST.Token[] = [];
    for (const token of level) {
      leaveOutStray(token);
      if (depth > MAX_DEPTH && 'items' in token && token.items.length > 0) {
        problems.push({ code: 'too-deep', start: token.offset, end: token.offset + 1 });
        token.items = [];
      } else for (const part of partsOf(token)) next.push(part);
    }
    level = next;
  }
  return { tokens, problems: problems.sort((a, b) => a.start - b.start).slice(0, 1) };
}

/** The keys and values directly inside a token, in order. */
export function partsOf(token: CST.Token): CST.Token[] {
  if (token.type === 'document') return token.value === undefined ? [] : [token.value];
  if (token.type !== 'block-map' && token.type !== 'block-seq' && token.type !== 'flow-collection') return [];
  const parts: CST.Token[] = [];
  for (const { key, value } of token.items) {
    if (key !== undefined && key !== null) parts.push(key);
    if (value !== undefined) parts.push(value);
  }
  return parts;
}

function* parse(text: string): Generator<CST.Token> {
  const parser = new Parser();
  for (const lexeme of new Lexer().lex(text)) {
    yield* parser.next(lexeme);
    if (parser.stack.length > MAX_OPEN) break;
  }
  yield* parser.end();
}

/** Shortens the rows of signs in a token that stand where none may. */
function leaveOutStray(token: CST.Token): void {
  if ('end' in token && token.end !== undefined) token.end = shortened(token.end, isSign);
  if (token.type !== 'block-map' && token.type !== 'block-seq' && token.type !== 'flow-collection') return;
  const collection: { items: CST.CollectionItem[] } = token;
  collection.items = shortened(collection.items, isEmpty);
  for (const item of collection.items) {
    item.start = shortened(item.start, isSign);
    if (item.sep !== undefined) item.sep = shortened(item.sep, isSign);
  }
}

/** A row without what is stray and has `MAX_STRAY` others of that before it. */
function shortened<T>(row: T[], isStray: (member: T) => boolean): T[] {
  if (row.length <= MAX_STRAY) return row;
  let stray = 0;
  return row.filter(member => !isStray(member) || ++stray <= MAX_STRAY);
}

function isSign({ type }: CST.SourceToken): boolean {
  return type !== 'space' && type !== 'newline' && type !== 'comment';
}

function isEmpty({ key, sep, value }: CST.CollectionItem): boolean {
  return (key ?? value) === undefined && sep === undefined;
}
