import type { FoldingRange } from 'vscode-languageserver';
import type { Session } from '../session.ts';
import { toFoldingRanges } from '../to-protocol.ts';
import { fileOf } from './at.ts';

/** The parts of a file that can be folded. */
export function foldingRange(session: Session, params: unknown): FoldingRange[] | undefined {
  const of = fileOf(session, params);
  return of === undefined
    ? undefined
    : toFoldingRanges(of.view, session.features.foldingRanges(of.snapshot, of.file.file));
}
