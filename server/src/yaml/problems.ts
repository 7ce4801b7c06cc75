import type { CST, YAMLError } from 'yaml';
import type { TextRange } from '../text/range.ts';
import type { YamlProblem, YamlProblemCode } from './document.ts';
import { closingOf, unclosedIn } from './openings.ts';
import { tokensOf } from './tokens.ts';

export const CONFLICT = /^(?:<{7}|={7}|>{7})(?=[ \r\n]|$)/m;
/** What the library says of a quote or bracket that is not closed: at the place where it has noticed. */
const UNCLOSED = /^Missing closing|end with an? \S$/;
const CLOSABLE = /[[{]/;
const LEADING_TAB = /^ *\t/m;
// What YAML's character set leaves out.
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
export const CONTROL = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F\uFFFE\uFFFF]/;
/** A document ends here; what follows belongs to no document that `kubectl` or Istio would read. */
export const END_MARKER = /^\.\.\.(?=[ \t\r\n]|$)/m;

/** More of them help nobody. */
const MAX_PROBLEMS = 50;
/** More of the library's errors than this are not looked at: most are echoes, and there may be one for each sign. */
const MAX_ERRORS = 1000;

/**
 * The library's errors as problems of ours, each at the place that one would look at and edit. Of several errors on
 * one line, and of all that follow from a quote or bracket that is not closed, only the first is kept: the others are
 * its echo.
 */
export function problemsOf(errors: readonly YAMLError[], tokens: readonly CST.Token[], text: string): YamlProblem[] {
  const others = [...controlCharacter(text), ...furtherDocument(text)];
  if (errors.length === 0) return others;
  const conflict = CONFLICT.exec(text);
  if (conflict !== null) return [{ code: 'conflict-marker', ...lineFrom(text, conflict.index) }];
  const open = unclosed(tokens, text);
  const readable = open[0]?.start ?? Number.POSITIVE_INFINITY;
  const kept: YamlProblem[] = [];
  let lastLine = -2;
  for (const error of errors.toSorted((a, b) => a.pos[0] - b.pos[0]).slice(0, MAX_ERRORS)) {
    if (error.pos[0] >= readable || kept.length >= MAX_PROBLEMS) break;
    if (UNCLOSED.test(error.message)) continue;
    const problem = problemOf(error, text);
    const line = text.lastIndexOf('\n', (problem?.start ?? 0) - 1);
    // An unexpected token is news only in a document that could be read until there.
    if (problem === undefined || line === lastLine || (problem.code === 'syntax' && kept.length > 0)) continue;
    lastLine = line;
    kept.push(problem);
    if (problem.code === 'unexpected-close' || problem.code === 'block-header') break;
  }
  return [...kept, ...open, ...others];
}

/** What is not closed; where only tabs or indentation keep a bracket from reaching its end, those. */
function unclosed(tokens: readonly CST.Token[], text: string): readonly YamlProblem[] {
  const open = unclosedIn(tokens);
  const [first] = open;
  if (first === undefined) return [];
  if (
    LEADING_TAB.test(text) &&
    unclosedIn(tokensOf(text.replace(/^[ \t]+/gm, white => white.replaceAll('\t', ' '.repeat(8)))).tokens).length <
      open.length
  ) {
    const tab = /^ *\t+/gm;
    tab.lastIndex = first.start;
    const match = tab.exec(text);
    if (match !== null) return [{ ...tabAt(text, match.index), other: first }];
  }
  const word = bracketedWord(text, first.start, open.length);
  if (word !== undefined) return [word];
  const shallow = shallowLine(text, first.start);
  if (shallow !== undefined) return [shallow];
  return open.slice(0, MAX_PROBLEMS).map(range => ({ code: 'unclosed', detail: text[range.start] ?? '', ...range }));
}

/** A bare word with brackets in it, such as `request.headers[x-user]`. */
const BRACKETED = /[\w.*/-]+[[{][^\s[\]{},"']*[\]}][\w.*/-]*/g;

/** A bare word inside brackets that has some itself: YAML reads them as brackets of its own. With quotes it is well. */
function bracketedWord(text: string, opening: number, count: number): YamlProblem | undefined {
  BRACKETED.lastIndex = opening;
  const match = BRACKETED.exec(text);
  if (match === null || text.slice(opening, match.index).includes('\n')) return undefined;
  const range = { start: match.index, end: match.index + match[0].length };
  const quoted = `${text.slice(0, range.start)}'${match[0]}'${text.slice(range.end)}`;
  return unclosedIn(tokensOf(quoted).tokens).length < count
    ? { code: 'bracket-in-text', detail: text[opening] ?? '', ...range }
    : undefined;
}

/** The first line inside brackets that is indented no deeper than the line with the opening one. */
function shallowLine(text: string, opening: number): YamlProblem | undefined {
  const closing = CLOSABLE.test(text[opening] ?? '') ? closingOf(text, opening) : undefined;
  if (closing === undefined) return undefined;
  const depth = /^[ -]*/.exec(text.slice(text.lastIndexOf('\n', opening - 1) + 1))?.[0].length ?? 0;
  const line = /^( *)[^\s#]/gm;
  line.lastIndex = opening + 1;
  for (let match = line.exec(text); match !== null && match.index < closing; match = line.exec(text)) {
    if ((match[1] ?? '').length > depth) continue;
    return { ...lineProblem('indentation', match.index, text), other: { start: opening, end: opening + 1 } };
  }
  return undefined;
}

function problemOf({ code, message, pos }: YAMLError, text: string): YamlProblem | undefined {
  const [start, end] = pos;
  switch (code) {
    case 'BAD_ALIAS': // An empty alias is found by the tree, as one that leads nowhere.
      return message.startsWith('Anchor') ? { code: 'reserved', detail: '&', ...valueFrom(text, start) } : undefined;
    case 'TAB_AS_INDENT':
      return tabAt(text, start);
    case 'BAD_SCALAR_START':
      return { code: 'reserved', detail: text[start] ?? '', ...valueFrom(text, start) };
    case 'BAD_DQ_ESCAPE':
      return { code: 'bad-escape', detail: text.slice(start, start + 2), start, end: start + 2 };
    case 'RESOURCE_EXHAUSTION':
      return { code: 'too-deep', ...visible(start, start + 1, text) };
    case 'BAD_INDENT':
      return lineProblem('indentation', start, text);
    case 'MULTILINE_IMPLICIT_KEY':
    case 'BLOCK_AS_IMPLICIT_KEY':
      return keyProblem(message, start, end, text);
    case 'BLOCK_IN_FLOW':
      return commaProblem(start, end, text);
    case 'MISSING_CHAR':
      return missing(message, start, end, text);
    case 'UNEXPECTED_TOKEN':
      return unexpected(message, start, end, text);
    default:
      return { code: 'syntax', ...visible(start, end, text) };
  }
}

function missing(message: string, start: number, end: number, text: string): YamlProblem {
  if (message.startsWith('Comments must')) return { code: 'missing-space', detail: '#', start, end: start + 1 };
  if (message.startsWith('Missing space after'))
    return { code: 'missing-space', detail: ':', ...visible(start, end, text) };
  if (message.startsWith('Missing ,'))
    return { code: 'missing-comma', ...visible(start, start + wordAt(text, start).length, text) };
  if (message.startsWith('Sequence item')) return lineProblem('indentation', start, text);
  if (message.startsWith('Implicit map keys')) return colonProblem(visible(start, end, text), text);
  return { code: 'syntax', ...visible(start, end, text) };
}

function unexpected(message: string, start: number, end: number, text: string): YamlProblem {
  const range = visible(start, end, text);
  const character = text[start] ?? '';
  if (message.startsWith('Unexpected , ')) return { code: 'extra-comma', detail: ',', ...range };
  if (message.startsWith('Block scalar header')) return { code: 'block-header', ...range };
  if (message.includes('in YAML stream') && /[\]}]/.test(character))
    return { code: 'unexpected-close', detail: character, ...range };
  if (message.includes('at node end')) {
    if (isBlank(lineBefore(text, start))) return { code: 'indentation', detail: wordAt(text, start), ...range };
    if (/["'][ \t]*$/.test(text.slice(Math.max(0, start - 80), start)))
      return { code: 'after-quote', ...valueFrom(text, start) };
  }
  if (/[|>][-+0-9]*[ \t]+$/.test(lineBefore(text, start))) return { code: 'block-header', ...range };
  return { code: 'syntax', ...range };
}

/** A value in brackets that runs into the next key: the comma is missing before that key. */
function commaProblem(start: number, end: number, text: string): YamlProblem {
  const [, before, key] = /^([^:]*\s)(\S+?)\s*:/.exec(text.slice(start, end)) ?? [];
  const at = start + (before?.length ?? 0);
  return { code: 'missing-comma', ...visible(at, at + (key ?? wordAt(text, at)).length, text) };
}

/** A key that reaches over several lines is either a word without colon, or a value with deeper lines below it. */
function keyProblem(message: string, start: number, end: number, text: string): YamlProblem {
  if (message.includes('block sequence')) {
    const item = start + text.slice(start).search(/\S|$/);
    return { code: 'mixed-list', ...visible(item, item + 1, text) };
  }
  const isValue = /:[ \t]+$/.test(lineBefore(text, start));
  const line = lineFrom(text, start);
  if (!isValue) return colonProblem(visible(start, end, text), text);
  if (/:(?:\s|$)/.test(text.slice(line.start, line.end))) return { code: 'nested-value', ...valueFrom(text, start) };
  const next = line.end + text.slice(line.end).search(/\S|$/);
  return lineProblem('indentation', next, text);
}

function colonProblem(range: TextRange, text: string): YamlProblem {
  const word = text.slice(range.start, range.end).trimEnd();
  const end = range.start + word.length;
  if (/^[\w.-]+:\S/.test(word)) return { code: 'missing-space', detail: ':', start: range.start, end };
  return { code: 'missing-colon', detail: word, start: range.start, end };
}

/** A problem of a whole line: at its first word, or at the tab before it. */
function lineProblem(code: YamlProblemCode, at: number, text: string): YamlProblem {
  const start = text.lastIndexOf('\n', at - 1) + 1;
  if (/^ *\t/.test(text.slice(start, lineFrom(text, start).end))) return tabAt(text, start);
  const word = at + text.slice(at).search(/\S|$/);
  const range = visible(word, word + Math.max(1, wordAt(text, word).length), text);
  return { code, detail: text.slice(range.start, range.end), ...range };
}

function tabAt(text: string, at: number): YamlProblem {
  const line = text.lastIndexOf('\n', at - 1) + 1;
  const start = text.indexOf('\t', line);
  const length = /^\t+/.exec(text.slice(start))?.[0].length ?? 1;
  return { code: 'tab', start, end: start + length };
}

function controlCharacter(text: string): YamlProblem[] {
  const match = CONTROL.exec(text);
  if (match === null) return [];
  const number = match[0].charCodeAt(0).toString(16).toUpperCase().padStart(4, '0');
  return [{ code: 'control-character', detail: `U+${number}`, start: match.index, end: match.index + 1 }];
}

function furtherDocument(text: string): YamlProblem[] {
  const marker = text.includes('...') ? END_MARKER.exec(text) : null;
  if (marker === null) return [];
  const content = /^(?![ \t]*(?:#|\r?$)|\.\.\.).+/gm;
  content.lastIndex = lineFrom(text, marker.index).end;
  const match = content.exec(text);
  return match === null ? [] : [{ code: 'several-documents', ...lineFrom(text, match.index) }];
}

/** A bare value: to the end of its line or to its comment. */
function valueFrom(text: string, start: number): TextRange {
  const line = text.slice(start, lineFrom(text, start).end);
  const value = (line.split(/[ \t]#/)[0] ?? '').trimEnd();
  return { start, end: start + Math.max(1, value.length) };
}

/** From an offset to the end of its line, without spaces behind it. */
function lineFrom(text: string, start: number): TextRange {
  const length = text.slice(start).search(/[\r\n]|$/);
  return { start, end: start + text.slice(start, start + length).trimEnd().length };
}

function lineBefore(text: string, at: number): string {
  return text.slice(text.lastIndexOf('\n', at - 1) + 1, at);
}

function wordAt(text: string, at: number): string {
  return /^[^\s:,#[\]{}]+/.exec(text.slice(at, at + 200))?.[0] ?? text[at] ?? '';
}

function isBlank(text: string): boolean {
  return text.trim() === '';
}

/** A range that shows: inside the text, not empty, not reaching over the end of its first line. */
function visible(start: number, end: number, text: string): TextRange {
  let from = Math.min(start, text.length);
  while (from > 0 && from >= text.length - 1 && isBlank(text[from] ?? ' ')) from--;
  const line = lineFrom(text, from).end;
  return { start: from, end: Math.max(Math.min(line, Math.max(end, from + 1)), Math.min(from + 1, text.length)) };
}
