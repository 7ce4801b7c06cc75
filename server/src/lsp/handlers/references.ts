import type { Location } from 'vscode-languageserver';
import { readField } from '../from-protocol.ts';
import type { Session } from '../session.ts';
import { toLocations } from '../to-protocol.ts';
import { placeOf } from './at.ts';

/** The places that use the name at a place. */
export function references(session: Session, params: unknown): Location[] | undefined {
  const at = placeOf(session, params);
  if (at === undefined) return undefined;
  const declarations = readField(params, 'context', 'includeDeclaration') === true;
  return toLocations(at.view, session.features.references(at.snapshot, at.file.file, at.offset, { declarations }));
}
