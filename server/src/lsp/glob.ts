import { RE2JS } from 're2js';

/** Alternatives in braces that are written out; more are taken literally. */
const MAX_ALTERNATIVES = 100;

/**
 * A test of paths against glob patterns: `*` and `?` within a name, `**` for any number of folders, `{a,b}`, `[a-z]`.
 * A pattern that matches a folder matches all that is below it; one without `/` matches at every depth. The patterns are
 * a user's: they run on an engine that takes linear time. What is no pattern matches nothing.
 *
 * @returns a test of a path that is relative to the workspace folder, with `/`
 */
export function globMatcher(patterns: readonly string[]): (path: string) => boolean {
  const compiled = patterns.map(compile).filter(expression => expression !== undefined);
  return path => compiled.some(expression => expression.testExact(path));
}

/** Whether a text can be understood as a pattern. */
export function isGlob(pattern: string): boolean {
  return compile(pattern) !== undefined;
}

function compile(glob: string): RE2JS | undefined {
  const pattern = glob.replace(/^\.?\//, '').replace(/(\/\*\*)?\/*$/, '');
  if (pattern === '') return undefined;
  const alternatives = braces(pattern).map(toExpression);
  try {
    return RE2JS.compile(`(?:${alternatives.join('|')})(?:/.*)?`, RE2JS.DOTALL);
  } catch {
    return undefined; // a set like [z-a]
  }
}

function toExpression(pattern: string): string {
  const anywhere = pattern.includes('/') ? '' : '(?:.*/)?';
  let expression = '';
  for (let i = 0; i < pattern.length; i++) {
    const rest = pattern.slice(i);
    const set = /^\[(!?)([^\]/]+)\]/.exec(rest);
    if (rest.startsWith('**/') && (i === 0 || pattern[i - 1] === '/')) {
      expression += '(?:.*/)?';
      i += 2;
    } else if (rest.startsWith('**')) {
      expression += '.*';
      i++;
    } else if (rest.startsWith('*')) expression += '[^/]*';
    else if (rest.startsWith('?')) expression += '[^/]';
    else if (set?.[2] !== undefined) {
      expression += `[${set[1] === '!' ? '^' : ''}${set[2].replace(/[\\^[]/g, '\\$&')}]`;
      i += set[0].length - 1;
    } else expression += RE2JS.quote(pattern[i] ?? '');
  }
  return anywhere + expression;
}

/** Writes the alternatives of `{a,b}` out. */
function braces(pattern: string): readonly string[] {
  let done: readonly string[] = [pattern];
  for (;;) {
    const next = done.flatMap(text => {
      const match = /\{([^{}]*)\}/.exec(text);
      if (match?.[1] === undefined) return [text];
      const rest = text.slice(match.index + match[0].length);
      return match[1].split(',').map(choice => text.slice(0, match.index) + choice + rest);
    });
    if (next.length > MAX_ALTERNATIVES || next.every((text, i) => text === done[i])) return done;
    done = next;
  }
}
