import type { HttpMatch, StringMatch } from '../../model/virtual-service.ts';

/** Methods that change something each time they are sent. */
export const REPEATED_WITH_HARM: readonly string[] = ['POST', 'PATCH', 'DELETE'];
/** Methods that one may send twice without changing anything more (RFC 9110, 9.2.2), DELETE left out on purpose. */
const HARMLESS: readonly string[] = ['GET', 'HEAD', 'OPTIONS', 'TRACE', 'PUT'];
const METHODS = [...HARMLESS, ...REPEATED_WITH_HARM, 'CONNECT'];

/** The methods that a condition names; `any` without a condition, `unknown` for a pattern that is not a list of words. */
export function methodsOf(condition: StringMatch | undefined): readonly string[] | 'any' | 'unknown' {
  if (condition === undefined || condition.kind === 'present') return 'any';
  const text = condition.value?.value ?? '';
  if (condition.kind === 'exact') return [text];
  if (condition.kind === 'prefix') return METHODS.filter(method => method.startsWith(text));
  if (text === '.*' || text === '.+') return 'any';
  const words = /^\^?\(?(?:\?:)?([A-Z|]+)\)?\$?$/.exec(text)?.[1]?.split('|');
  return words ?? 'unknown';
}

/** Whether every request that the matches of a rule let through may be sent twice. */
export function areHarmless(matches: readonly HttpMatch[]): boolean {
  return (
    matches.length > 0 &&
    matches.every(match => {
      const methods = methodsOf(match.method);
      return typeof methods !== 'string' && methods.every(method => HARMLESS.includes(method));
    })
  );
}
