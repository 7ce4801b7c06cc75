import {
  type CompletionItem,
  CompletionItemKind,
  CompletionItemTag,
  InsertTextFormat,
  InsertTextMode,
  MarkupKind,
  type Range,
} from 'vscode-languageserver';
import type * as analysis from '../analysis.ts';
import { toRange, type View } from './to-protocol.ts';

const KINDS: Readonly<Record<analysis.CompletionItem['kind'], CompletionItemKind>> = {
  field: CompletionItemKind.Property,
  value: CompletionItemKind.Value,
  enumValue: CompletionItemKind.EnumMember,
  reference: CompletionItemKind.Reference,
  snippet: CompletionItemKind.Snippet,
};

/**
 * One item as the client can take it.
 *
 * @param offset where the completion was asked for
 */
export function toCompletionItem(
  view: View,
  file: analysis.SourceFile,
  offset: number,
  item: analysis.CompletionItem,
): CompletionItem {
  const { client } = view;
  const isSnippet = item.isSnippet && client.snippets;
  const text = item.isSnippet && !isSnippet ? withoutPlaceholders(item.insertText) : item.insertText;
  // Who takes snippets indents their further lines; of other texts that is sure only where the client says so.
  const indents = client.adjustsIndentation || isSnippet;
  const newText = indents ? text : text.replaceAll('\n', `\n${indentation(file, item.replace.start)}`);
  const kind = client.completionMarkdown ? MarkupKind.Markdown : MarkupKind.PlainText;
  return {
    label: item.label,
    kind: KINDS[item.kind],
    detail: item.detail,
    sortText: item.sortText,
    insertTextFormat: isSnippet ? InsertTextFormat.Snippet : InsertTextFormat.PlainText,
    textEdit: { newText, ...target(view, file, offset, item.replace) },
    ...(item.documentation !== '' && { documentation: { kind, value: item.documentation } }),
    ...(item.filterText !== undefined && { filterText: item.filterText }),
    ...(client.adjustsIndentation && newText.includes('\n') && { insertTextMode: InsertTextMode.adjustIndentation }),
    ...(item.deprecated && (client.completionTags ? { tags: [CompletionItemTag.Deprecated] } : { deprecated: true })),
    ...(item.retrigger &&
      client.suggestCommand !== undefined && { command: { title: 'Suggest', command: client.suggestCommand } }),
  };
}

/**
 * What is replaced. Where a word goes on behind the cursor, clients that can let the user choose whether its rest is
 * replaced, too. A quote or an operator that ends there always is: left behind, it would be one too many.
 */
function target(
  { client }: View,
  file: analysis.SourceFile,
  offset: number,
  replace: analysis.TextRange,
): { range: Range } | { insert: Range; replace: Range } {
  const range = toRange(file, replace);
  if (!client.insertReplace || !/^[\w./-]+$/.test(file.text.slice(offset, replace.end))) return { range };
  return { insert: toRange(file, { start: replace.start, end: offset }), replace: range };
}

/** The white space before the first character of the line that holds an offset. */
function indentation({ text, lines }: analysis.SourceFile, offset: number): string {
  const start = lines.lineStart(lines.position(offset).line);
  return /^[ \t]*/.exec(text.slice(start, offset))?.[0] ?? '';
}

/** The text of a snippet as its placeholders stand: `${1:name}` is `name`, `${1|a,b|}` is `a`, `$0` is nothing. */
export function withoutPlaceholders(snippet: string): string {
  let text = snippet;
  let before: string;
  do {
    before = text;
    text = text.replace(
      /(?<!\\)\$(?:\d+|\{\d+\}|\{\d+:((?:\\.|[^\\{}])*)\}|\{\d+\|((?:\\.|[^\\,|])*)[^|]*\|\})/g,
      '$1$2',
    );
  } while (text !== before);
  return text.replace(/\\([$}\\])/g, '$1');
}
