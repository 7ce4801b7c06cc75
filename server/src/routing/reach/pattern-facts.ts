import { compilePattern } from '../pattern.ts';
import { negated, single } from './char-ranges.ts';
import { Unsupported } from './re2-classes.ts';
import { parseRe2 } from './re2-parser.ts';
import type { Re2Node, Re2Tree } from './re2-syntax.ts';
import { samplesOf } from './samples.ts';

/** What is known of a pattern without an automaton. */
export interface PatternFacts {
  /** `undefined` where the tree cannot be had; such a pattern is tested and never reasoned about. */
  readonly tree: Re2Tree | undefined;
  /** The text with which all its matches begin. */
  readonly start: string;
  /** The plain condition that says the same of texts without line breaks. */
  readonly plain: { readonly exact: string } | { readonly prefix: string } | undefined;
  /** Some texts that it matches, natural ones first, made one by one. */
  readonly samples: () => Iterable<string>;
}

const MAX_KEPT = 5000;
const kept = new Map<string, PatternFacts>();
const NOTHING: PatternFacts = { tree: undefined, start: '', plain: undefined, samples: () => [] };

/** The facts of a pattern, kept for the next question; of one that RE2 refuses nothing is known. */
export function patternFacts(regex: string): PatternFacts {
  const known = kept.get(regex);
  if (known !== undefined) return known;
  const facts = read(regex);
  if (kept.size >= MAX_KEPT) kept.clear();
  kept.set(regex, facts);
  return facts;
}

function read(regex: string): PatternFacts {
  const pattern = compilePattern(regex);
  if ('fault' in pattern) return NOTHING;
  try {
    const tree = parseRe2(regex);
    const { text, rest } = literal(tree.root);
    const plain =
      rest.length === 0 ? { exact: text } : rest.length === 1 && isAnything(rest[0]) ? { prefix: text } : undefined;
    return { tree, start: text, plain, samples: () => samplesOf(tree.root) };
  } catch (error) {
    if (error instanceof Unsupported) return NOTHING;
    throw error;
  }
}

/** The characters at the beginning that are one only, and what comes behind them. */
function literal(root: Re2Node): { text: string; rest: readonly Re2Node[] } {
  const items = root.kind === 'sequence' ? root.items : [root];
  let text = '';
  for (const [index, item] of items.entries()) {
    const character = item.kind === 'set' ? single(item.set) : undefined;
    if (character === undefined) return { text: text + commonStart(item), rest: items.slice(index) };
    text += String.fromCodePoint(character);
  }
  return { text, rest: [] };
}

/** With what every alternative begins. */
function commonStart(node: Re2Node): string {
  if (node.kind === 'repeat') return node.min > 0 ? literal(node.item).text : '';
  if (node.kind !== 'choice') return '';
  const starts = node.items.map(item => literal(item).text);
  let common = starts[0] ?? '';
  for (const start of starts) while (!start.startsWith(common)) common = common.slice(0, -1);
  return common;
}

/** `.*`: every text without a line break. */
function isAnything(node: Re2Node | undefined): boolean {
  if (node?.kind !== 'repeat' || node.min !== 0 || node.max !== Infinity || node.item.kind !== 'set') return false;
  const missing = negated(node.item.set);
  return missing.length === 0 || single(missing) === LINE_BREAK;
}

const LINE_BREAK = 10;
