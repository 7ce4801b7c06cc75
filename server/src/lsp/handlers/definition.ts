import type { DefinitionLink, Location } from 'vscode-languageserver';
import type { Session } from '../session.ts';
import { toDefinition } from '../to-protocol.ts';
import { placeOf } from './at.ts';

/** Where the name at a place is defined. */
export function definition(session: Session, params: unknown): DefinitionLink[] | Location[] | undefined {
  const at = placeOf(session, params);
  const found = at === undefined ? undefined : session.features.definition(at.snapshot, at.file.file, at.offset);
  return at === undefined || found === undefined ? undefined : toDefinition(at.view, found);
}
