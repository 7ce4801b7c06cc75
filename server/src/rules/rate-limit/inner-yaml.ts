import type { Span } from '../../text/range.ts';
import type { YamlDocument } from '../../yaml/document.ts';
import type { ScalarNode } from '../../yaml/node.ts';
import { parseDocument } from '../../yaml/parse.ts';

/** YAML that stands in a block text of another document. */
export interface InnerYaml {
  readonly document: YamlDocument;
  /** Where a range of it stands in the document around it. */
  place(range: { readonly start: number; readonly end: number }): Span;
}

/** @returns `undefined` for texts that are not written as a block with `|`, whose places are not simply found */
export function innerYaml(outer: YamlDocument, scalar: ScalarNode): InnerYaml | undefined {
  const header = /^\|[-+]?[ \t]*(#[^\n]*)?\r?\n/.exec(outer.text.slice(scalar.start));
  if (scalar.style !== 'literal' || header === null) return undefined;
  const begin = scalar.start + header[0].length;
  const block = outer.text.slice(begin, scalar.end);
  const indent = /^(?:[ \t]*\r?\n)*( +)/.exec(block)?.[1]?.length ?? 0;
  const starts: { readonly inner: number; readonly outer: number }[] = [];
  let inner = 0;
  let line = begin;
  for (const text of block.split('\n')) {
    const cut = Math.min(indent, text.replace(/\r$/, '').length);
    starts.push({ inner, outer: line + cut });
    inner += text.replace(/\r$/, '').length - cut + 1;
    line += text.length + 1;
  }
  const outside = (offset: number): number => {
    const start = starts.findLast(candidate => candidate.inner <= offset) ?? { inner: 0, outer: begin };
    return start.outer + offset - start.inner;
  };
  return {
    document: parseDocument(outer.file, scalar.source),
    place: ({ start, end }) => ({ anchor: outer, start: outside(start), end: outside(end) }),
  };
}
