/**
 * Istio's proxies normalise the path before they choose a route (`PILOT.md` 6; `meshConfig.pathNormalization` BASE:
 * Envoy's `normalize_path`, which canonicalises as browsers do).
 */

/** Characters that stay as they are; those of `UNRESERVED` are also taken out of their escapes. */
const KEPT = /[!$&'()*+,/:;=@[\]]/;
const UNRESERVED = /[A-Za-z0-9._~-]/;
const ESCAPE = /^%([0-9A-Fa-f]{2})/;

/** What is left of a path, or why Envoy answers 400. */
export type NormalPath = { readonly path: string } | { readonly fault: string };

/** The path as routes see it: `/%61pi` → `/api`, `/z/../api` → `/api`; `//` and `%2F` stay. */
export function normalPath(path: string): NormalPath {
  if (path === '*') return { path };
  if (!path.startsWith('/')) return { fault: 'a path begins with /' };
  if (path.includes('#')) return { fault: 'a path with # is refused' };
  if (/%00|\0/.test(path)) return { fault: 'a path with the character 0 is refused' };
  const segments: string[] = [];
  const written = path.slice(1).split(/[/\\]/);
  for (const [i, segment] of written.entries()) {
    const text = canonicalSegment(segment);
    const isLast = i === written.length - 1;
    if (text === '..') segments.pop();
    if (text === '.' || text === '..') {
      if (isLast) segments.push('');
    } else segments.push(text);
  }
  return { path: `/${segments.join('/')}` };
}

function canonicalSegment(segment: string): string {
  let text = '';
  for (let i = 0; i < segment.length; ) {
    const code = ESCAPE.exec(segment.slice(i, i + 3))?.[1];
    if (code !== undefined) {
      const character = String.fromCharCode(Number.parseInt(code, 16));
      text += UNRESERVED.test(character) ? character : `%${code}`;
      i += 3;
      continue;
    }
    const character = String.fromCodePoint(segment.codePointAt(i) ?? 0);
    text += character === '%' || KEPT.test(character) || UNRESERVED.test(character) ? character : escaped(character);
    i += character.length;
  }
  return text;
}

/** The escapes of a character's bytes in UTF-8; half a surrogate pair has none. */
function escaped(character: string): string {
  return /[\ud800-\udfff]/.test(character) && character.length === 1 ? '%EF%BF%BD' : encodeURIComponent(character);
}
