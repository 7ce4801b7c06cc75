import type { DocumentSymbol, SymbolInformation } from 'vscode-languageserver';
import type { Session } from '../session.ts';
import { toSymbols } from '../to-protocol.ts';
import { fileOf } from './at.ts';

/** The outline of a file. */
export function documentSymbol(session: Session, params: unknown): DocumentSymbol[] | SymbolInformation[] | undefined {
  const of = fileOf(session, params);
  if (of === undefined) return undefined;
  return toSymbols(of.view, of.file, session.features.documentSymbols(of.snapshot, of.file.file));
}
