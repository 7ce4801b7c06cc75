/**
 * What the editor's questions are answered with: plain data with file offsets.
 *
 * This layer answers questions about one place of one snapshot. It does not know the protocol, nor what a client can do.
 */

import type { FileRange, TextRange } from '../text/range.ts';

export interface CompletionItem {
  readonly label: string;
  readonly kind: 'field' | 'value' | 'enumValue' | 'reference' | 'snippet';
  /** Short text behind the label: type, owner, file. */
  readonly detail: string;
  /** Markdown. */
  readonly documentation: string;
  /**
   * Text to insert; in snippet syntax (`$1`, `${1:name}`, `\$`) when `isSnippet`. Lines after the first carry only the
   * spaces beyond those with which the line of `replace` begins: who inserts the text adds these (the protocol's
   * `adjustIndentation`).
   */
  readonly insertText: string;
  readonly isSnippet: boolean;
  /** Text that is replaced: offsets of the file. */
  readonly replace: TextRange;
  /** Orders the list; equal for equal rank. */
  readonly sortText: string;
  /** What the typed text is compared with, where that is not the label. */
  readonly filterText: string | undefined;
  readonly deprecated: boolean;
  /** Offer further completions at once: the value of the key that was inserted. */
  readonly retrigger: boolean;
}

export interface Hover {
  readonly range: FileRange;
  /** Markdown. */
  readonly markdown: string;
}

/** A place to go to. */
export interface Target {
  /** What is defined there, for example a whole resource. */
  readonly range: FileRange;
  /** The name inside it. */
  readonly nameRange: FileRange;
}

export interface DefinitionResult {
  /** The word the question was asked on. */
  readonly origin: FileRange;
  readonly targets: readonly Target[];
}

export interface SymbolNode {
  readonly name: string;
  readonly detail: string;
  readonly kind:
    | 'resource'
    | 'host'
    | 'route'
    | 'match'
    | 'destination'
    | 'subset'
    | 'server'
    | 'port'
    | 'policy'
    | 'rule';
  readonly range: FileRange;
  readonly nameRange: FileRange;
  readonly children: readonly SymbolNode[];
}

/** 0-based lines, both included. */
export interface FoldingRange {
  readonly startLine: number;
  readonly endLine: number;
  readonly kind: 'document' | 'block' | 'comment';
}
