import { lineAt, longLineStart } from '../text/line-index.ts';
import type { TextRange } from '../text/range.ts';
import type { WorkspaceSettings } from './settings.ts';

/** How much a file may hold; one that holds more is not read. */
export type Limits = Pick<WorkspaceSettings, 'maxFileSize' | 'maxDocuments' | 'maxLineLength'>;

/** Why a file is not read. */
export type Omission = 'too-large' | 'too-many-documents' | 'line-too-long' | 'binary';

/** How far a file is past a limit. */
export interface Excess {
  /** In the unit of the limit; the size of a file whose text is not kept is in bytes. */
  readonly found: number;
  readonly allowed: number;
  /** 0-based offset in the text of what is too long: of the line, or of the file. */
  readonly start: number;
}

/** That a file is not read, and why; a binary file is past no limit. */
export interface Omitted {
  readonly reason: Omission;
  readonly excess?: Excess | undefined;
}

/**
 * Why a text is not read; `undefined` for one that is. It costs next to nothing on each edit: a text is searched for
 * long lines in steps of the length of one, and is split once for this and for parsing.
 *
 * @param split cuts the text into its documents; called only where all else is in order
 */
export function omittedFor(text: string, limits: Limits, split: () => readonly TextRange[]): Omitted | undefined {
  const { maxFileSize, maxDocuments, maxLineLength } = limits;
  if (text.length > maxFileSize) return past('too-large', text.length, maxFileSize);
  if (text.includes('\0')) return { reason: 'binary' };
  const start = longLineStart(text, maxLineLength);
  if (start !== undefined) {
    const line = lineAt(text, start);
    return past('line-too-long', line.end - line.start, maxLineLength, start);
  }
  const documents = split().length;
  return documents > maxDocuments ? past('too-many-documents', documents, maxDocuments) : undefined;
}

/** A file that holds more than a limit allows. */
export function past(reason: Omission, found: number, allowed: number, start = 0): Omitted {
  return { reason, excess: { found, allowed, start } };
}
