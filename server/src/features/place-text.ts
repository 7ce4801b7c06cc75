import type { Span } from '../text/range.ts';
import type { Snapshot } from '../workspace/snapshot.ts';

/** ` · services.yaml:12`, to be put behind a heading: the name of the file and the 1-based line. Empty when it is gone. */
export function placeText(snapshot: Snapshot, span: Span): string {
  const found = snapshot.position(span);
  if (found === undefined) return '';
  return ` · ${fileName(found.file)}:${found.position.line + 1}`;
}

/** The last part of a path or URI, as plain text that is no Markdown. */
function fileName(file: string): string {
  const name = file.slice(Math.max(file.lastIndexOf('/'), file.lastIndexOf('\\')) + 1);
  return decoded(name).replaceAll(/[[\]`*_<>()!\\]/g, '\\$&');
}

function decoded(name: string): string {
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}
