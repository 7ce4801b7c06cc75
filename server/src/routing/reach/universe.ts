import type { Atom } from './atoms.ts';
import type { Dimension } from './literals.ts';

/**
 * Which values of a dimension can arrive at a route. There are two bounds: what is *possible* holds everything that may
 * get there, so that nothing outside of it has to be reached; what is *sure* is left as it is by every client and proxy
 * on the way, so that a request made of it can be shown. What is between them is never shown and never denied.
 */
export interface Universe {
  /** There may be no value. */
  readonly optional: boolean;
  /** All possible values are ASCII. */
  readonly ascii: boolean;
  readonly possible: Bounds;
  readonly sure: Bounds;
  /** Values that one would choose first; the first one where nothing is asked. */
  readonly natural: readonly string[];
}

/** The texts that belong to all atoms of the first list and to none of the second. */
export interface Bounds {
  readonly all: readonly Atom[];
  readonly none: readonly Atom[];
  readonly has: (text: string) => boolean;
}

/** Bounds from patterns that both RE2 and JavaScript read alike; they are ours, never a user's. */
export function bounds(pattern: string, without?: string): Bounds {
  const [inside, outside] = [whole(pattern), without === undefined ? undefined : whole(without)];
  return {
    all: [{ kind: 'regex', regex: pattern }],
    none: without === undefined ? [] : [{ kind: 'regex', regex: without }],
    has: text => inside.test(text) && outside?.test(text) !== true,
  };
}

function whole(pattern: string): RegExp {
  return new RegExp(`^(?:${pattern.replace(/\\x\{([0-9a-f]+)\}/g, '\\u{$1}')})$`, 'u');
}

const DOT_SEGMENTS = '.*/\\.\\.?(/.*)?';

/** Escapes that normalisation leaves: of no letter, digit or `-._~`. */
const ESCAPES = '%(2[0-9A-CF]|3[A-F]|40|5[B-E]|60|7[B-D])';

/**
 * Istio lets Envoy normalise paths (`pathNormalization: BASE`): dot segments are resolved, `\` becomes `/`, and what a
 * path cannot hold is escaped (`PILOT.md` 6). `*` is the path of `OPTIONS *`.
 */
const PATH: Universe = {
  optional: false,
  ascii: true,
  possible: bounds('/[!"$->@-\\[\\]-~]*|\\*', DOT_SEGMENTS),
  sure: bounds(`/([A-Za-z0-9_.~!$&()*+,;=:@/\\-]|${ESCAPES})*`, DOT_SEGMENTS),
  natural: ['/', '/x', '/other', '/index.html'],
};

const METHOD: Universe = {
  optional: false,
  ascii: true,
  possible: bounds("[!#$%&'*+.^_`|~0-9A-Za-z\\-]+"),
  sure: bounds('[A-Za-z][A-Za-z0-9_\\-]*', 'CONNECT'),
  natural: ['GET', 'POST', 'PUT', 'DELETE', 'PATCH', 'HEAD', 'OPTIONS'],
};

const HEADER: Universe = {
  optional: true,
  ascii: false,
  possible: bounds('([!-~\\x{80}-\\x{10ffff}]([\\t !-~\\x{80}-\\x{10ffff}]*[!-~\\x{80}-\\x{10ffff}])?)?'),
  sure: bounds('([!-~]([ -~]*[!-~])?)?'),
  natural: ['x', 'true', '1', 'other', ''],
};

const QUERY: Universe = {
  optional: true,
  ascii: false,
  possible: bounds('[!"$%\'-~\\x{80}-\\x{10ffff}]*'),
  sure: bounds("([A-Za-z0-9._~:@/,;!*()$'+=?\\-]|%[0-9A-F]{2})*"),
  natural: ['x', 'true', '1', 'other', ''],
};

const NOTHING_SURE: Bounds = { all: [], none: [{ kind: 'any' }], has: () => false };

/** What a claim holds cannot be made up: the witness says only that it is fulfilled. */
const CLAIM: Universe = {
  optional: true,
  ascii: true,
  possible: bounds('x'),
  sure: bounds('x'),
  natural: ['x'],
};

export type SpecialDimension = ':authority' | ':scheme';

/** The universe of a dimension; authority and scheme depend on the virtual host. */
export function universeOf(dimension: Dimension, special: Readonly<Record<SpecialDimension, Universe>>): Universe {
  if (dimension === 'path') return PATH;
  if (dimension === ':method') return METHOD;
  if (dimension === ':authority' || dimension === ':scheme') return special[dimension];
  const name = dimension.slice(dimension.indexOf(' ') + 1);
  if (dimension.startsWith('query ')) return /^[\w.~-]+$/.test(name) ? QUERY : { ...QUERY, sure: NOTHING_SURE };
  if (dimension.startsWith('claim ')) return CLAIM;
  // `:path` under `headers` is the path with its query, which are dimensions of their own.
  return name.startsWith(':') ? { ...HEADER, sure: NOTHING_SURE } : HEADER;
}

/** @param first the scheme that clients of the port use */
export function schemeUniverse(first: 'http' | 'https'): Universe {
  return {
    optional: false,
    ascii: true,
    possible: bounds('[Hh][Tt][Tt][Pp][Ss]?'),
    sure: bounds('https?'),
    natural: first === 'http' ? ['http', 'https'] : ['https', 'http'],
  };
}
