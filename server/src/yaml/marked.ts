import { Composer, type CST, type YAMLError } from 'yaml';
import type { TextRange } from '../text/range.ts';
import { depthOf, lineOfPart, partCount } from './blocks.ts';
import { type Converted, convert } from './convert.ts';
import type { YamlProblem } from './document.ts';
import { unclosedIn } from './openings.ts';
import { problemsOf } from './problems.ts';
import { readQuickly } from './quick.ts';
import { tokensOf } from './tokens.ts';
import { MapTree, SeqTree } from './tree.ts';

/** Further parts around the block: when each is read as one, nothing in the block reaches over its ends. */
const MARK = 'istio-yaml.end-of-block';
/** The library's words for `|` or `>` behind a value: where the lines after it belong depends on all that stands around. */
const STRAY_BLOCK_SCALAR = /Unexpected block-scalar-header/;
const MAX_BLOCK_DEPTH = 50;

/** Scalars are typed by us, merge keys and duplicates are handled by the tree: the library does neither. */
export const COMPOSING = { schema: 'failsafe', prettyErrors: false, uniqueKeys: false, logLevel: 'silent' } as const;

/** What stands in the place of some neighbouring parts. Offsets of problems count from the start of the block. */
export interface Block {
  readonly tree: MapTree | SeqTree | undefined;
  /** Its first parts that do not count: the mark before the block. */
  readonly skipped: number;
  /** Where the lines of the parts that count begin in `text`. */
  readonly lines: readonly number[];
  readonly errors: readonly number[];
  readonly ofText: readonly YamlProblem[];
  readonly ofTree: readonly YamlProblem[];
  /** The text of the block and of the marks around it. */
  readonly text: string;
}

/** The line of a mark, for parts of a kind that begin in a column. */
export function markOf(kind: 'map' | 'seq', column: number): string {
  return `${' '.repeat(column)}${kind === 'seq' ? `- ${MARK}` : `${MARK}: x`}\n`;
}

/** A block between marks. */
export interface Marked {
  readonly text: string;
  readonly before: string;
  readonly after: string;
  readonly column: number;
  readonly kind: 'map' | 'seq';
}

/**
 * Reads a block alone: between marks, which must come out as they were put in.
 *
 * @returns `undefined` where it is not what it would be in its document, or that cannot be told
 */
export function readMarked({ text, before, after, column, kind }: Marked): Block | undefined {
  const whole = before + text + after;
  const read = readWhole(whole);
  if (read === undefined) return undefined;
  const { root, problems } = read.converted;
  if (!(root instanceof MapTree || root instanceof SeqTree)) return undefined;
  if (root.kind !== kind || root.flow || root.start !== column || depthOf(root) > MAX_BLOCK_DEPTH) return undefined;
  const skipped = before === '' ? 0 : 1;
  const count = partCount(root) - skipped - (after === '' ? 0 : 1);
  if (count < 1 || (before !== '' && !isMark(root, 0, column))) return undefined;
  if (after !== '' && !isMark(root, skipped + count, before.length + text.length + column)) return undefined;
  const lines: number[] = [];
  for (let index = skipped; index < skipped + count; index++) {
    const line = lineOfPart(root, index, column, whole);
    if (line === undefined) return undefined;
    lines.push(line);
  }
  if (lines[0] !== before.length) return undefined;
  const ofText = textProblems(read.errors, read.tokens, {
    whole,
    start: before.length,
    end: before.length + text.length,
  });
  const isInside = ({ start, end }: YamlProblem): boolean =>
    start >= before.length && end <= before.length + text.length;
  if (ofText === undefined || !problems.every(isInside)) return undefined;
  const own = (problem: YamlProblem): YamlProblem => movedBy(problem, -before.length);
  return {
    tree: root,
    skipped,
    lines,
    errors: read.errors.map(({ pos }) => pos[0] - before.length),
    ofText: ofText.map(own),
    ofTree: problems.map(own),
    text: whole,
  };
}

interface Read {
  readonly errors: readonly YAMLError[];
  readonly tokens: readonly CST.Token[];
  readonly converted: Converted;
}

/** Reads a text that is one document without anchors and aliases; `undefined` where it is not. */
function readWhole(text: string): Read | undefined {
  const root = readQuickly(text);
  if (root !== undefined) return { errors: [], tokens: [], converted: { root, problems: [], hasReferences: false } };
  const { tokens, problems: deep } = tokensOf(text);
  if (deep.length > 0) return undefined;
  const [parsed, ...more] = new Composer(COMPOSING).compose(tokens, true, text.length);
  if (parsed === undefined || more.length > 0) return undefined;
  const converted = convert(parsed.contents, text);
  return converted.hasReferences ? undefined : { errors: parsed.errors, tokens, converted };
}

/** The problems of a block; `undefined` where they cannot be told without the rest of the document. */
function textProblems(
  errors: readonly YAMLError[],
  tokens: readonly CST.Token[],
  { whole, start, end }: TextRange & { readonly whole: string },
): readonly YamlProblem[] | undefined {
  if (errors.length === 0) return [];
  if (unclosedIn(tokens).length > 0 || errors.some(({ message }) => STRAY_BLOCK_SCALAR.test(message))) return undefined;
  const isInside = (range: TextRange): boolean => range.start >= start && range.end <= end;
  if (errors.some(({ pos }) => pos[0] < start || pos[0] >= end)) return undefined;
  const problems = problemsOf(errors, tokens, whole);
  return problems.every(problem => isInside(problem) && (problem.other === undefined || isInside(problem.other)))
    ? problems
    : undefined;
}

function isMark(root: MapTree | SeqTree, index: number, at: number): boolean {
  if (root.kind === 'map') {
    const entry = root.entries[index];
    return (
      entry?.key.source === MARK &&
      entry.key.start === at &&
      entry.value.kind === 'scalar' &&
      entry.value.source === 'x'
    );
  }
  const item = root.items[index];
  return item?.kind === 'scalar' && item.source === MARK && item.start === at + 2;
}

/** The same problem further on by some units. */
export function movedBy(problem: YamlProblem, shift: number): YamlProblem {
  const { start, end, other } = problem;
  return {
    ...problem,
    start: start + shift,
    end: end + shift,
    ...(other !== undefined && { other: { start: other.start + shift, end: other.end + shift } }),
  };
}
