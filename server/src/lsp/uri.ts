import { URI } from 'vscode-uri';
import type { FileId } from '../analysis.ts';

/** The id of a file: its URI in normal form, as editors escape characters in different ways. */
export function fileIdOf(uri: string): FileId {
  try {
    return URI.parse(uri).toString();
  } catch {
    return uri;
  }
}

/** Whether a URI is that of a folder, or of something below it. Both in normal form. */
export function isWithin(uri: string, folder: string): boolean {
  if (uri === folder) return true;
  return uri.startsWith(folder.endsWith('/') ? folder : `${folder}/`);
}

/** The path of a file relative to a folder that holds it, with `/`, for reading and for patterns. */
export function relativePath(uri: string, folder: string): string {
  return decode(uri.slice(folder.length)).replace(/^\//, '');
}

/** The path of a URI for people; the URI itself where it has none. */
export function readablePath(uri: string): string {
  try {
    const parsed = URI.parse(uri);
    return parsed.scheme === 'file' ? parsed.fsPath : parsed.path || uri;
  } catch {
    return uri;
  }
}

/** Whether a URI names a YAML file by its ending. */
export function isYaml(uri: string): boolean {
  return /\.ya?ml$/i.test(uri);
}

function decode(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
