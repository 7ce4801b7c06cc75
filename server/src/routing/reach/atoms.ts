import type { EnvoyStringMatcher } from '../envoy.ts';
import { compilePattern, fullMatch } from '../pattern.ts';
import { type Automaton, automatonOf, type Budget } from './automaton.ts';
import { patternFacts } from './pattern-facts.ts';
import { Unsupported } from './re2-classes.ts';
import { parseRe2 } from './re2-parser.ts';
import type { Re2Node } from './re2-syntax.ts';

/** A language of texts, as conditions name them. `fold`: ASCII letters in any case. */
export type Atom =
  | { readonly kind: 'any' }
  | { readonly kind: 'exact'; readonly text: string; readonly fold: boolean }
  | { readonly kind: 'prefix'; readonly text: string; readonly fold: boolean }
  | { readonly kind: 'regex'; readonly regex: string };

export const ANY: Atom = { kind: 'any' };

/** The atom of a matcher; a pattern that says no more than an exact text or a prefix becomes that. */
export function atomOf(matcher: EnvoyStringMatcher, fold = false): Atom {
  if (matcher.exact !== undefined) return { kind: 'exact', text: matcher.exact, fold };
  if (matcher.prefix !== undefined) return matcher.prefix === '' ? ANY : { kind: 'prefix', text: matcher.prefix, fold };
  const regex = matcher.safeRegex?.regex;
  if (regex === undefined) return ANY;
  // Patterns always tell letters of different case apart (`PILOT.md` 6).
  const plain = patternFacts(regex).plain;
  return plain === undefined ? { kind: 'regex', regex } : atomOf(plain);
}

/** Whether a text belongs to an atom. A pattern that RE2 refuses has no texts. */
export function belongs(text: string, atom: Atom): boolean {
  switch (atom.kind) {
    case 'any':
      return true;
    case 'exact':
      return atom.fold ? foldAscii(text) === foldAscii(atom.text) : text === atom.text;
    case 'prefix':
      return atom.fold ? foldAscii(text).startsWith(foldAscii(atom.text)) : text.startsWith(atom.text);
    case 'regex':
      // The start is compared first: running a pattern costs more.
      return text.startsWith(patternFacts(atom.regex).start) && fullMatch(atom.regex, text) === true;
  }
}

/** Envoy ignores the case of ASCII letters alone. */
export function foldAscii(text: string): string {
  return text.replace(/[A-Z]+/g, letters => letters.toLowerCase());
}

/** Whether all texts of `inner` surely belong to `outer`, without an automaton; `false` proves nothing. */
export function surelyWithin(inner: Atom, outer: Atom): boolean {
  if (outer.kind === 'any') return true;
  if (outer.kind === 'regex') return inner.kind === 'regex' && inner.regex === outer.regex;
  const start = startOf(inner);
  if (outer.kind === 'prefix') {
    return outer.fold
      ? foldAscii(start).startsWith(foldAscii(outer.text))
      : !isFolded(inner) && start.startsWith(outer.text);
  }
  return inner.kind === 'exact' && (inner.fold ? outer.fold : true) && belongs(inner.text, outer);
}

/** Whether no text surely belongs to both, without an automaton; `false` proves nothing. */
export function surelyApart(a: Atom, b: Atom): boolean {
  if (a.kind === 'exact' && !a.fold) return !belongs(a.text, b);
  if (b.kind === 'exact' && !b.fold) return !belongs(b.text, a);
  const [x, y] = [foldAscii(startOf(a)), foldAscii(startOf(b))];
  const exact = (atom: Atom): boolean => atom.kind === 'exact';
  if (exact(a) && exact(b)) return x !== y;
  if (exact(a)) return !x.startsWith(y);
  if (exact(b)) return !y.startsWith(x);
  return !x.startsWith(y) && !y.startsWith(x);
}

function isFolded(atom: Atom): boolean {
  return (atom.kind === 'exact' || atom.kind === 'prefix') && atom.fold;
}

/** The text with which all texts of an atom begin, up to case where it folds. */
export function startOf(atom: Atom): string {
  if (atom.kind === 'any') return '';
  return atom.kind === 'regex' ? patternFacts(atom.regex).start : atom.text;
}

/** One text for each language; atoms with the same key are the same. */
export function atomKey(atom: Atom): string {
  switch (atom.kind) {
    case 'any':
      return '*';
    case 'regex':
      return `~${atom.regex}`;
    default:
      return `${atom.kind === 'exact' ? '=' : '^'}${atom.fold ? 'i' : ''} ${atom.text}`;
  }
}

/** An automaton, or that there is none within the bounds. Made once for each language. */
const automata = new Map<string, Automaton | Unsupported>();
const MAX_AUTOMATA = 500;
/**
 * The automaton of an atom.
 *
 * @param ascii the texts in question are ASCII: classes of Unicode are known there
 * @throws Unsupported where it would be too large or cannot be known
 */
export function automatonFor(atom: Atom, ascii: boolean, budget: Budget): Automaton {
  const facts = atom.kind === 'regex' ? patternFacts(atom.regex) : undefined;
  if (facts !== undefined && (facts.tree === undefined || (!facts.tree.exact && !ascii)))
    throw new Unsupported('unknown');
  const key = atomKey(atom);
  let found = automata.get(key);
  if (found === undefined) {
    found = tryAutomaton(facts?.tree?.root ?? parseRe2(regexOf(atom)).root, budget);
    if (automata.size >= MAX_AUTOMATA) automata.clear();
    automata.set(key, found);
  }
  if (found instanceof Unsupported) throw found;
  return found;
}

/** The failure is kept as well: but for one that only the budget of this question has caused. */
function tryAutomaton(root: Re2Node, budget: Budget): Automaton | Unsupported {
  try {
    return automatonOf(root, budget);
  } catch (error) {
    if (error instanceof Unsupported && !budget.isSpent) return error;
    throw error;
  }
}

/** A condition as a pattern. */
function regexOf(atom: Atom): string {
  if (atom.kind === 'any') return '(?s).*';
  if (atom.kind === 'regex') return atom.regex;
  const text = [...atom.text].map(character => inAnyCase(character, atom.fold)).join('');
  return atom.kind === 'exact' ? text : `${text}(?s:.*)`;
}

function inAnyCase(character: string, fold: boolean): string {
  if (fold && /[A-Za-z]/.test(character)) return `[${character.toUpperCase()}${character.toLowerCase()}]`;
  return /[A-Za-z0-9]/.test(character) ? character : `\\x{${(character.codePointAt(0) ?? 0).toString(16)}}`;
}

/** Whether RE2 takes the pattern of an atom; what one that it refuses was meant to say is not known. */
export function isReadable(atom: Atom): boolean {
  return atom.kind !== 'regex' || !('fault' in compilePattern(atom.regex));
}
