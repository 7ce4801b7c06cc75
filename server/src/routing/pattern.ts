import { RE2JS } from 're2js';

/** A compiled RE2 pattern, or why it is none. Patterns of users are never given to JavaScript's own engine. */
export type Pattern = { readonly matches: (text: string) => boolean } | { readonly fault: string };

/** Istio refuses longer ones (`VALIDATION.md` COM-27), so they are not worth compiling. */
const MAX_LENGTH = 1024;
const MAX_CACHED = 2000;
const cache = new Map<string, Pattern>();

/** Compiles a pattern of RE2's syntax; `matches` wants the whole text, as Envoy does. */
export function compilePattern(regex: string): Pattern {
  const known = cache.get(regex);
  if (known !== undefined) return known;
  const pattern = compile(regex);
  if (cache.size >= MAX_CACHED) cache.clear();
  cache.set(regex, pattern);
  return pattern;
}

function compile(regex: string): Pattern {
  if (regex.length > MAX_LENGTH) return { fault: 'too long' };
  try {
    const compiled = RE2JS.compile(regex);
    return { matches: text => compiled.matches(text) };
  } catch (error) {
    return { fault: error instanceof Error ? error.message : String(error) };
  }
}

/** Whether a text is matched as a whole; `undefined` when the pattern is none. */
export function fullMatch(regex: string, text: string): boolean | undefined {
  const pattern = compilePattern(regex);
  return 'matches' in pattern ? pattern.matches(text) : undefined;
}
