import type { Hover } from 'vscode-languageserver';
import type { Session } from '../session.ts';
import { toHover } from '../to-protocol.ts';
import { placeOf } from './at.ts';

/** What is to be said of the word at a place. */
export function hover(session: Session, params: unknown): Hover | undefined {
  const at = placeOf(session, params);
  const found = at === undefined ? undefined : session.features.hover(at.snapshot, at.file.file, at.offset);
  return at === undefined || found === undefined ? undefined : toHover(at.view, found);
}
