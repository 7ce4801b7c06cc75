import { quoted } from '../words.ts';

/** What is wrong with a pattern, in words, and where in it. */
export interface Fault {
  readonly message: string;
  readonly start: number;
  readonly end: number;
}

/**
 * Turns the message of an RE2 parser into words.
 *
 * @param parserMessage such as ``error parsing regexp: missing closing ): `(a` ``
 */
export function faultOf(pattern: string, parserMessage: string): Fault {
  const [, reason = parserMessage, fragment = ''] =
    /^error parsing regexp: ([^`]*?)(?:: `(.*)`)?$/s.exec(parserMessage) ?? [];
  const start = Math.max(0, pattern.indexOf(fragment));
  const range = { start, end: start + fragment.length };
  switch (reason) {
    case 'missing argument to repetition operator': {
      const at = operatorAt(pattern, fragment) ?? start;
      return {
        message: `${quoted(fragment)} repeats nothing; a wildcard is ".*"`,
        start: at,
        end: at + fragment.length,
      };
    }
    case 'invalid nested repetition operator':
      return { message: `${quoted(fragment)} repeats a repetition`, ...range };
    case 'invalid repeat count':
      return { message: countText(fragment), ...range };
    case 'missing closing )': {
      const at = openGroup(pattern);
      return { message: 'this "(" is not closed', start: at, end: at + 1 };
    }
    case 'unexpected )': {
      const at = strayClose(pattern);
      return { message: 'this ")" closes nothing', start: at, end: at + 1 };
    }
    case 'missing closing ]':
      return { message: 'this "[" is not closed', start, end: start + 1 };
    case 'invalid character class range':
      return { message: `${quoted(fragment)} is no range of characters`, ...range };
    case 'invalid escape sequence':
      return {
        message: /^\\[1-9k]/.test(fragment)
          ? `it has no backreferences such as ${quoted(fragment)}`
          : `${quoted(fragment)} means nothing`,
        ...range,
      };
    case 'trailing backslash at end of expression':
      return { message: 'the backslash at the end escapes nothing', start: pattern.length - 1, end: pattern.length };
    case 'invalid or unsupported Perl syntax':
    case 'invalid named capture':
      return {
        message: perl(pattern.slice(start)),
        ...range,
        end: start + (/^\(\?<?[=!]?/.exec(pattern.slice(start))?.[0].length ?? 1),
      };
    default:
      return { message: fragment === '' ? reason : `${reason}, ${quoted(fragment)}`, ...range };
  }
}

const MOST = 1000;

function countText(count: string): string {
  const [least = 0, most = least] = (count.match(/\d+/g) ?? []).map(Number);
  if (least > MOST || most > MOST) return `${quoted(count)} is no count that RE2 takes, which ends at ${MOST}`;
  if (least > most) return `${quoted(count)} is no count: it begins above its end`;
  return `${quoted(count)} multiplies with the counts around it, and RE2 takes ${MOST} repetitions in all`;
}

function perl(rest: string): string {
  if (/^\(\?<?[=!]/.test(rest)) return `it has no lookarounds such as ${quoted(/^\(\?<?[=!]/.exec(rest)?.[0] ?? '')}`;
  if (rest.startsWith('(?>')) return 'it has no atomic groups "(?>"';
  return `it does not know the group ${quoted(rest.slice(0, 3))}`;
}

/** The first place where a repetition has nothing before it. */
function operatorAt(pattern: string, operator: string): number | undefined {
  for (let at = pattern.indexOf(operator); at >= 0; at = pattern.indexOf(operator, at + 1)) {
    if (at === 0 || /[(|^]/.test(pattern[at - 1] ?? '')) return at;
  }
  return undefined;
}

/** The last group that is opened and not closed. */
function openGroup(pattern: string): number {
  return groups(pattern).open.at(-1) ?? 0;
}

/** The first closing parenthesis without a group. */
function strayClose(pattern: string): number {
  return groups(pattern).stray[0] ?? 0;
}

function groups(pattern: string): { open: readonly number[]; stray: readonly number[] } {
  const open: number[] = [];
  const stray: number[] = [];
  let inClass = false;
  for (let i = 0; i < pattern.length; i++) {
    const character = pattern[i];
    if (character === '\\') i++;
    else if (inClass) inClass = character !== ']';
    else if (character === '[') {
      inClass = true;
      // A bracket that comes first in a class is one of its characters.
      if (pattern[i + 1] === '^') i++;
      if (pattern[i + 1] === ']') i++;
    } else if (character === '(') open.push(i);
    else if (character === ')' && open.pop() === undefined) stray.push(i);
  }
  return { open, stray };
}
