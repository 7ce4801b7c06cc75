/**
 * Texts in the protocol's snippet syntax: `$1` and `${1:default}` are places to fill in, a backslash before `$`, `}` or
 * a backslash takes its meaning away.
 */

const PART = /\\([\\$}])|\$(\d+)|\$\{(\d+)(?::((?:\\.|[^\\}])*))?\}/g;

/** A text without any meaning as a snippet. */
export function escapeSnippet(text: string): string {
  return text.replaceAll(/[\\$}]/g, '\\$&');
}

/** What is inserted when nothing is filled in: places are empty, or hold their default. */
export function plainSnippet(template: string): string {
  return template.replaceAll(PART, (_whole, escaped?: string, _number?: string, _named?: string, preset?: string) =>
    escaped === undefined ? (preset ?? '').replaceAll(/\\(.)/g, '$1') : escaped,
  );
}

/** A template as an item carries it: plain where a snippet would only put the cursor at the end of the text. */
export function snippetInsertion(template: string): { readonly insertText: string; readonly isSnippet: boolean } {
  const stops = [...template.matchAll(PART)].filter(match => match[1] === undefined);
  const [first] = stops;
  const atEnd = first !== undefined && first[4] === undefined && first.index + first[0].length === template.length;
  if (stops.length === 0 || (stops.length === 1 && atEnd))
    return { insertText: plainSnippet(template), isSnippet: false };
  return { insertText: template, isSnippet: true };
}
