import type { FileId, Snapshot, SourceFile } from '../../analysis.ts';
import { offsetOf, readField, readPosition, readString } from '../from-protocol.ts';
import type { Session } from '../session.ts';
import type { View } from '../to-protocol.ts';
import { fileIdOf } from '../uri.ts';

/** A file that a question is about, in the snapshot that answers. */
export interface Subject {
  readonly snapshot: Snapshot;
  readonly view: View;
  readonly file: SourceFile;
}

/** The file of `textDocument`; `undefined` for one that is neither open nor in the workspace. */
export function fileOf(session: Session, params: unknown): Subject | undefined {
  return subjectIn(session, session.snapshot(), fileIdOf(readString(params, 'textDocument', 'uri')));
}

/** A file in a snapshot; `undefined` for one that it does not know. */
export function subjectIn(session: Session, snapshot: Snapshot, id: FileId): Subject | undefined {
  const file = snapshot.file(id);
  return file === undefined ? undefined : { snapshot, view: session.view(snapshot), file };
}

/** The file of `textDocument`, and the offset of `position` in it. */
export function placeOf(session: Session, params: unknown): (Subject & { readonly offset: number }) | undefined {
  const position = readPosition(readField(params, 'position'));
  const subject = fileOf(session, params);
  return subject === undefined ? undefined : { ...subject, offset: offsetOf(subject.file, position) };
}
