import { automatonOf, Budget } from './automaton.ts';
import { shortestText } from './product.ts';
import { Unsupported } from './re2-classes.ts';
import { parseRe2 } from './re2-parser.ts';

const MAX_LETTERS = 40;
const WORK = 300_000;
/** A literal text at the beginning, one lookahead of literal alternatives, and anything behind. */
const FORM = /^\^?((?:[\w/~@%!,;:=&-]|\\[./+-])*)\(\?([=!])((?:[\w/~@%!,;:=&|-]|\\[./+-])+)(\$)?\)(\.[*+])\$?$/;

/**
 * A pattern of RE2 that matches the same whole texts as one with a lookahead in the usual form: `/(?!admin|api).*` or
 * `^(?!/admin).*$`. `undefined` for other forms. Whether it is the same is proved before it is given.
 */
export function withoutLookahead(pattern: string): string | undefined {
  const [, start = '', kind, inside = '', end, rest = ''] = FORM.exec(pattern) ?? [];
  if (kind === undefined) return undefined;
  const words = inside.split('|').map(word => word.replace(/\\(.)/g, '$1'));
  if (words.some(word => word === '') || words.join('').length > MAX_LETTERS) return undefined;
  if (kind === '=') {
    // One word alone is a prefix, which is not written as a pattern.
    return end !== undefined || rest !== '.*' || words.length === 1 ? undefined : `${start}(${inside}).*`;
  }
  const written = start + avoiding(words, end !== undefined, rest === '.+');
  const excluded = words.map(word => start + escaped(word) + (end === undefined ? '.*' : ''));
  return isRest(written, `${start}${rest}`, excluded) ? written : undefined;
}

/** What begins with none of the words, or is none of them: letter by letter. */
function avoiding(words: readonly string[], whole: boolean, nonEmpty: boolean): string {
  const here = words.includes('');
  if (here && !whole) return '';
  const longer = words.filter(word => word !== '');
  const letters = [...new Set(longer.map(word => word.charAt(0)))];
  if (letters.length === 0) return here ? '.+' : '.*';
  const others = `[^${letters.map(letter => (/[\w/]/.test(letter) ? letter : `\\${letter}`)).join('')}].*`;
  const branches = letters.flatMap(letter => {
    const behind = longer.filter(word => word.startsWith(letter)).map(word => word.slice(1));
    const next = avoiding(behind, whole, false);
    return next === '' ? [] : [escaped(letter) + next];
  });
  return `(${[others, ...branches].join('|')})${nonEmpty || here ? '' : '?'}`;
}

function escaped(text: string): string {
  return text.replace(/[^\w/]/g, '\\$&');
}

/** Whether a pattern is all of one and none of others, for texts without line breaks. */
function isRest(pattern: string, all: string, without: readonly string[]): boolean {
  try {
    const budget = new Budget(WORK);
    const automaton = (text: string) => automatonOf(parseRe2(text).root, budget);
    const [own, whole, line] = [automaton(pattern), automaton(all), automaton('.*')];
    const excluded = without.map(automaton);
    return (
      shortestText([line, whole], [own, ...excluded], budget) === undefined &&
      shortestText([line, own], [whole], budget) === undefined &&
      excluded.every(one => shortestText([own, one, line], [], budget) === undefined)
    );
  } catch (error) {
    if (error instanceof Unsupported) return false;
    throw error;
  }
}
