import type { EnvoyHeaderMatcher, EnvoyQueryMatcher, EnvoyRouteMatch } from '../envoy.ts';
import { ANY, type Atom, atomKey, atomOf, belongs } from './atoms.ts';

/**
 * What a condition speaks of: `path`, `:method`, `:authority`, `:scheme`, `header x-user`, `query v`, or a claim of a JWT,
 * which is taken as one thing that holds or does not. A request is a value, or none, for each.
 */
export type Dimension = string;

/** One condition on one dimension; a match is all of its literals together. */
export interface Literal {
  readonly dimension: Dimension;
  readonly atom: Atom;
  /** The value must not belong to the atom. */
  readonly negated: boolean;
  /** Whether the condition holds where there is no value. */
  readonly onAbsent: boolean;
}

const PSEUDO: ReadonlySet<string> = new Set([':method', ':authority', ':scheme']);

/** The conditions of a match with Envoy's semantics (`PILOT.md` 6); none for one that takes everything. */
export function literalsOf(match: EnvoyRouteMatch): readonly Literal[] {
  return [
    ...pathLiterals(match),
    ...(match.headers ?? []).map(headerLiteral),
    ...(match.queryParameters ?? []).map(queryLiteral),
    ...(match.dynamicMetadata ?? []).map(({ filter, path, value, invert }) => ({
      dimension: `claim ${JSON.stringify(path.map(({ key }) => key))} ${JSON.stringify([filter, value])}`,
      atom: ANY,
      negated: invert === true,
      onAbsent: invert === true,
    })),
  ];
}

function pathLiterals(match: EnvoyRouteMatch): readonly Literal[] {
  const { prefix, path, safeRegex, caseSensitive } = match;
  const atom = atomOf(
    {
      ...(path === undefined ? {} : { exact: path }),
      ...(prefix === undefined ? {} : { prefix }),
      ...(safeRegex === undefined ? {} : { safeRegex }),
    },
    caseSensitive === false,
  );
  return atom.kind === 'any' ? [] : [{ dimension: 'path', atom, negated: false, onAbsent: false }];
}

function headerLiteral(matcher: EnvoyHeaderMatcher): Literal {
  const { stringMatch, presentMatch, invertMatch = false, treatMissingHeaderAsEmpty } = matcher;
  const atom = presentMatch === true || stringMatch === undefined ? ANY : atomOf(stringMatch);
  const onAbsent =
    presentMatch === true ? invertMatch : treatMissingHeaderAsEmpty === true && belongs('', atom) !== invertMatch;
  return { dimension: headerDimension(matcher.name), atom, negated: invertMatch, onAbsent };
}

/** `host` is the authority to Envoy; names have no case. */
function headerDimension(name: string): Dimension {
  const lower = name.toLowerCase();
  if (lower === 'host') return ':authority';
  return PSEUDO.has(lower) ? lower : `header ${lower}`;
}

function queryLiteral({ name, stringMatch, presentMatch }: EnvoyQueryMatcher): Literal {
  const atom = presentMatch === true || stringMatch === undefined ? ANY : atomOf(stringMatch);
  return { dimension: `query ${name}`, atom, negated: false, onAbsent: false };
}

/** What holds where the literal does not. */
export function opposite(literal: Literal): Literal {
  return { ...literal, negated: !literal.negated, onAbsent: !literal.onAbsent };
}

/** Whether a value, or none, fulfils a literal. */
export function fulfils(value: string | undefined, { atom, negated, onAbsent }: Literal): boolean {
  return value === undefined ? onAbsent : belongs(value, atom) !== negated;
}

export function literalKey({ dimension, atom, negated, onAbsent }: Literal): string {
  return `${dimension} ${negated ? 'not ' : ''}${onAbsent ? 'or-none ' : ''}${atomKey(atom)}`;
}
