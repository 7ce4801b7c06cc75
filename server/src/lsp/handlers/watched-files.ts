import { FileChangeType } from 'vscode-languageserver';
import { readField, readList, readString } from '../from-protocol.ts';
import type { Session } from '../session.ts';
import { isYaml } from '../uri.ts';

/** Files that were made, changed or deleted outside the editor, and folders that came or went. */
export async function didChangeWatchedFiles(session: Session, params: unknown): Promise<void> {
  const gone: string[] = [];
  const there: string[] = [];
  for (const change of readList(params, 'changes')) {
    const uri = readString(change, 'uri');
    const type = readField(change, 'type');
    if (type === FileChangeType.Deleted) gone.push(uri);
    else if (isYaml(uri) || type === FileChangeType.Created) there.push(uri);
  }
  await moved(session, gone, there);
}

/** Files and folders that were renamed in the editor. */
export async function didRenameFiles(session: Session, params: unknown): Promise<void> {
  const files = readList(params, 'files');
  await moved(
    session,
    files.map(file => readString(file, 'oldUri')),
    files.map(file => readString(file, 'newUri')),
  );
}

/** Files and folders that were deleted in the editor. */
export async function didDeleteFiles(session: Session, params: unknown): Promise<void> {
  await moved(session, readUris(params), []);
}

/** Files and folders that were made in the editor. */
export async function didCreateFiles(session: Session, params: unknown): Promise<void> {
  await moved(session, [], readUris(params));
}

function readUris(params: unknown): readonly string[] {
  return readList(params, 'files').map(file => readString(file, 'uri'));
}

async function moved(session: Session, gone: readonly string[], there: readonly string[]): Promise<void> {
  if (gone.length > 0) session.forget(gone);
  if (there.length > 0) await session.refresh(there);
}
