import type { TypedResource } from '../model/decode.ts';
import { annotation } from '../model/resource.ts';
import type { YamlDocument } from '../yaml/document.ts';

const COMMENT = /^(.*?)#\s*istio-yaml-ignore(-document)?(?:[ \t]+([^\n\r]*?))?[ \t]*$/gm;
const ANNOTATION = 'galley.istio.io/analyze-suppress';

/** What comments and annotations of a document switch off. */
export interface Suppression {
  /** Whether a finding of a rule, at an offset of the document, is not wanted. */
  covers(rule: string, codes: readonly string[], offset: number): boolean;
}

interface Span {
  readonly start: number;
  readonly end: number;
  /** Rules and codes; empty: all. */
  readonly names: ReadonlySet<string>;
}

const cache = new WeakMap<YamlDocument, Suppression>();

/**
 * Reads `# istio-yaml-ignore [RULE, …]`: behind a line it covers that line, on a line of its own the next one, with
 * `-document` the whole document. Istio's own annotation `galley.istio.io/analyze-suppress` covers its resource.
 */
export function suppressionOf(document: YamlDocument, resources: readonly TypedResource[]): Suppression {
  const known = cache.get(document);
  if (known !== undefined) return known;
  const spans = [...fromComments(document.text), ...fromAnnotations(resources)];
  const suppression: Suppression = {
    covers: (rule, codes, offset) =>
      spans.some(
        span =>
          span.start <= offset &&
          offset <= span.end &&
          (span.names.size === 0 || span.names.has(rule) || codes.some(code => span.names.has(code))),
      ),
  };
  cache.set(document, suppression);
  return suppression;
}

function fromComments(text: string): Span[] {
  if (!text.includes('istio-yaml-ignore')) return [];
  const spans: Span[] = [];
  for (const match of text.matchAll(COMMENT)) {
    const [line, before = '', whole, rest = ''] = match;
    const list = rest.split(/\s--\s|\s--$|^--\s/)[0] ?? '';
    const names = new Set(list.split(/[\s,]+/).filter(name => name !== ''));
    if (whole !== undefined) spans.push({ start: 0, end: text.length, names });
    else if (before.trim() !== '') spans.push({ start: match.index, end: match.index + line.length, names });
    else spans.push({ ...nextLine(text, match.index + line.length), names });
  }
  return spans;
}

/** The next line that is no comment. */
function nextLine(text: string, from: number): { start: number; end: number } {
  let start = text.indexOf('\n', from) + 1;
  while (start > 0) {
    const end = text.indexOf('\n', start);
    const line = text.slice(start, end < 0 ? text.length : end);
    if (line.trim() !== '' && !line.trimStart().startsWith('#')) return { start, end: start + line.length };
    if (end < 0) break;
    start = end + 1;
  }
  return { start: text.length, end: text.length };
}

function fromAnnotations(resources: readonly TypedResource[]): Span[] {
  return resources.flatMap(resource => {
    const value = annotation(resource, ANNOTATION)?.value;
    if (value === undefined) return [];
    const codes = value.split(',').map(code => code.trim());
    return [{ start: resource.at.start, end: resource.at.end, names: new Set(codes.includes('*') ? [] : codes) }];
  });
}
