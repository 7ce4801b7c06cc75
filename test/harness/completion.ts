import { type CompletionItem, completion, type Snapshot } from '../../server/src/analysis.ts';
import { plainSnippet } from '../../server/src/features/completion/snippet-text.ts';

/** The items at a place in the order in which an editor shows them. */
export function completionsAt(snapshot: Snapshot, file: string, offset: number): readonly CompletionItem[] {
  return [...completion(snapshot, file, offset)].sort(
    (a, b) => compare(a.sortText, b.sortText) || compare(a.label, b.label),
  );
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/**
 * The text after an item was accepted, as an editor does it that adjusts indentation: further lines get the spaces with
 * which the line of the replaced range begins. Places to fill in hold their defaults.
 */
export function accept(text: string, item: CompletionItem): string {
  const { start, end } = item.replace;
  return text.slice(0, start) + insertedText(text, item) + text.slice(end);
}

/** What `accept` inserts. */
export function insertedText(text: string, item: CompletionItem): string {
  const { start } = item.replace;
  const lineStart = text.lastIndexOf('\n', start - 1) + 1;
  const margin = /^\uFEFF?([ \t]*)/.exec(text.slice(lineStart, start))?.[1] ?? '';
  const plain = item.isSnippet ? plainSnippet(item.insertText) : item.insertText;
  return plain.replaceAll('\n', `\n${margin}`);
}
