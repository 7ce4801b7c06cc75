import type { DocumentChange } from '../documents.ts';
import { readChange, readList, readString, readVersion } from '../from-protocol.ts';
import type { Session } from '../session.ts';
import { fileIdOf } from '../uri.ts';

/** The text of the editor counts from now on, whatever stands on the disk. */
export function didOpen(session: Session, params: unknown): void {
  const uri = readString(params, 'textDocument', 'uri');
  const text = readString(params, 'textDocument', 'text');
  if (session.documents.has(fileIdOf(uri)))
    session.runtime.log('warn', `${uri} is opened twice: the last text is taken`);
  const { id } = session.documents.open(uri, readVersion(params), text);
  session.put(new Map([[id, text]]));
  session.diagnostics.renew(id);
  session.diagnostics.changed('other');
}

/** Edits are never lost: a version that is out of order is told, and the edit applied all the same. */
export function didChange(session: Session, params: unknown): void {
  const uri = readString(params, 'textDocument', 'uri');
  const version = readVersion(params);
  const changes = readChanges(session, uri, params);
  const before = session.documents.get(fileIdOf(uri));
  if (before === undefined) {
    openWholeText(session, uri, version, changes);
    return;
  }
  if (version <= before.version) {
    session.runtime.log('warn', `${uri}: version ${version} comes after version ${before.version}`);
  }
  const after = session.documents.change(uri, version, changes);
  if (after !== undefined) session.put(new Map([[after.id, after.text]]));
  session.diagnostics.changed('edit');
}

/** The text of the disk counts again; a document that is in no workspace folder is forgotten. */
export async function didClose(session: Session, params: unknown): Promise<void> {
  const uri = readString(params, 'textDocument', 'uri');
  const id = fileIdOf(uri);
  if (!session.documents.close(uri)) {
    session.runtime.log('warn', `${uri} is closed and was not open`);
    return;
  }
  session.diagnostics.renew(id);
  if (session.files.isInWorkspace(id)) await session.refresh([uri]);
  else session.put(new Map([[id, undefined]]));
  session.diagnostics.changed('other');
}

/** A change of a document that was never opened can be understood when it brings the whole text. */
function openWholeText(session: Session, uri: string, version: number, changes: readonly DocumentChange[]): void {
  const whole = changes.findLastIndex(({ range }) => range === undefined);
  const first = changes[whole];
  if (first === undefined) {
    session.runtime.log('warn', `${uri} is changed and was not opened: the change is left out`);
    return;
  }
  session.runtime.log('warn', `${uri} is changed and was not opened: it is taken as open`);
  session.documents.open(uri, version, first.text);
  const document = session.documents.change(uri, version, changes.slice(whole + 1));
  if (document !== undefined) session.put(new Map([[document.id, document.text]]));
  session.diagnostics.changed('other');
}

/** The changes that can be understood; the others are told. */
function readChanges(session: Session, uri: string, params: unknown): readonly DocumentChange[] {
  const changes: DocumentChange[] = [];
  for (const change of readList(params, 'contentChanges')) {
    try {
      changes.push(readChange(change));
    } catch (fault) {
      session.runtime.log('warn', `${uri}: a change is left out: ${fault instanceof Error ? fault.message : fault}`);
    }
  }
  return changes;
}
