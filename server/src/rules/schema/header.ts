import type { TypedResource } from '../../model/decode.ts';
import type { Span } from '../../text/range.ts';

/** The places of group and version in the `apiVersion` of a resource; both the whole where it is written with escapes. */
export function apiVersionParts({ apiVersion, document }: TypedResource): {
  readonly group: Span;
  readonly version: Span;
} {
  const raw = document.text.slice(apiVersion.start, apiVersion.end);
  const offset = raw.indexOf(apiVersion.value);
  const slash = apiVersion.value.indexOf('/');
  if (offset < 0 || slash < 0) return { group: apiVersion, version: apiVersion };
  const start = apiVersion.start + offset;
  return {
    group: { anchor: document, start, end: start + slash },
    version: { anchor: document, start: start + slash + 1, end: start + apiVersion.value.length },
  };
}
