import type { Anchor, FileId, TextRange } from '../text/range.ts';
import type { YamlNode } from './node.ts';

/** One YAML document of a file. Offsets in it are relative to its own start. */
export interface YamlDocument extends Anchor {
  readonly file: FileId;
  readonly text: string;
  /** `undefined` when the document is empty or could not be read at all. */
  readonly root: YamlNode | undefined;
  readonly problems: readonly YamlProblem[];
}

export interface YamlProblem extends TextRange {
  readonly code: YamlProblemCode;
  /** What the problem is about: a key, an alias, a character. */
  readonly detail?: string;
  /** The other place that belongs to it: the first of two equal keys, the bracket in which a line stands. */
  readonly other?: TextRange;
}

/** Everything that can be wrong with a document as YAML, each at the place that one would edit. */
export type YamlProblemCode =
  /** Anything else that cannot be read. */
  | 'syntax'
  /** A line whose indentation fits nothing above it; at its first word. */
  | 'indentation'
  /** A tab where the indentation stands; at the tab. */
  | 'tab'
  /** A quote or bracket that is opened and not closed; at the opening one. */
  | 'unclosed'
  /** Brackets in a bare text inside brackets; `detail` is the bracket that holds it. */
  | 'bracket-in-text'
  /** A closing bracket without an opening one. */
  | 'unexpected-close'
  /** A word where a key has to stand; at the word. */
  | 'missing-colon'
  /** A colon, comma or comment sign that wants a space; `detail` is the sign. */
  | 'missing-space'
  /** Two values in brackets without a comma between them; at the second. */
  | 'missing-comma'
  /** A comma with nothing before it. */
  | 'extra-comma'
  /** A list item among the keys of an object; at its dash. */
  | 'mixed-list'
  /** A second `: ` behind a key; at the value that holds it. */
  | 'nested-value'
  /** A bare value that begins with a character of YAML's own; at the value. */
  | 'reserved'
  /** A backslash in double quotes that escapes nothing. */
  | 'bad-escape'
  /** Text behind a closing quote. */
  | 'after-quote'
  /** Text behind the `|` or `>` of a block text. */
  | 'block-header'
  /** A line that a version control system has left behind. */
  | 'conflict-marker'
  /** A character that YAML forbids; `detail` is its number, such as `U+0007`. */
  | 'control-character'
  | 'duplicate-key'
  | 'unknown-alias'
  | 'alias-bomb'
  | 'too-deep'
  /** A further document behind `...`, which only `---` may start; at its first line. */
  | 'several-documents';

/** Problems that leave the rest of the tree as its author means it. */
const LOCAL: readonly YamlProblemCode[] = [
  'duplicate-key',
  'unknown-alias',
  'several-documents',
  'too-deep',
  'reserved',
  'bad-escape',
  'extra-comma',
  'control-character',
];

/** Where the tree of a document stops being what its author means: at the first problem of syntax that is not local. */
export function soundUntil(document: YamlDocument): number {
  return document.problems.reduce(
    (end, { code, start }) => (LOCAL.includes(code) ? end : Math.min(end, start)),
    Number.POSITIVE_INFINITY,
  );
}

/** A document and where it starts in the current text of its file. */
export interface PlacedDocument {
  readonly document: YamlDocument;
  readonly offset: number;
}

/** The current text of a file and its documents. */
export interface YamlFile {
  readonly file: FileId;
  readonly text: string;
  readonly documents: readonly PlacedDocument[];
}
