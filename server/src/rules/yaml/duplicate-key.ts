import type { TextRange } from '../../text/range.ts';
import type { YamlDocument } from '../../yaml/document.ts';
import { locationAt } from '../../yaml/node.ts';
import { removeEntry } from '../edits.ts';
import { documentRule, type Fix } from '../rule.ts';
import { quoted } from '../words.ts';

export const duplicateKey = documentRule({
  id: 'yaml/duplicate-key',
  severity: 'error',
  summary: 'A key that stands twice in one object.',
  why: '`istioctl` takes the last one and forgets the others without a word; `kubectl` refuses the manifest.',
  remedy: 'Keep one of them; two lists or objects under the same key have to be joined by hand.',
  invalid: `
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: reviews }
spec:
  hosts: [reviews]
  http:
    - timeout: 1s
      timeout: 2s
      route: [{ destination: { host: reviews } }]
`,
  valid: `
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: reviews }
spec:
  hosts: [reviews]
  http:
    - timeout: 2s
      route: [{ destination: { host: reviews } }]
`,
  *check(document) {
    const found = document.problems.filter(({ code }) => code === 'duplicate-key');
    for (const { start, end, detail = '', other } of found) {
      if (other === undefined) continue;
      const written = document.text.slice(start, end);
      // A bare `on` is the key `true`.
      const name =
        written.includes(detail) || /^["']/.test(written)
          ? quoted(detail)
          : `${quoted(written)}, which reads as ${quoted(detail)},`;
      yield {
        at: { anchor: document, start, end },
        message: `${name} is set twice in this object: \`istioctl\` takes the last one, \`kubectl\` refuses the manifest`,
        related: [{ at: { anchor: document, ...other }, message: 'the first one' }],
        fixes: found.some(more => more.start !== start && more.other?.start === other.start)
          ? []
          : removal(document, other, detail),
      };
    }
  },
});

/** Without the first one things stay as `istioctl` has them. */
function removal(document: YamlDocument, first: TextRange, key: string): readonly Fix[] {
  const map = locationAt(document.root, first.start)?.parents.at(-1);
  if (map?.kind !== 'map') return [];
  const edit = removeEntry(document, map, key);
  return edit === undefined ? [] : [{ title: `Remove the first "${key}"`, edits: [edit] }];
}
