import type { SpanEdit } from '../text/edit.ts';
import type { YamlDocument } from '../yaml/document.ts';

/**
 * Adds a manifest as a document of its own behind a document.
 *
 * @param manifest its text without `---`; line breaks are `\n`
 */
export function addDocument(document: YamlDocument, manifest: string): SpanEdit {
  const { text } = document;
  const eol = text.includes('\r\n') ? '\r\n' : '\n';
  const open = text === '' || text.endsWith('\n') ? '' : eol;
  const newText = `${open}---${eol}${manifest.trim().replaceAll('\n', eol)}${eol}`;
  return { anchor: document, start: text.length, end: text.length, newText };
}

/** `metadata` of a manifest to be made: with the namespace only where the manifest that asks for it writes one. */
export function metadataText(name: string, namespace: string | undefined): string {
  return namespace === undefined
    ? `metadata:\n  name: ${name}`
    : `metadata:\n  name: ${name}\n  namespace: ${namespace}`;
}
