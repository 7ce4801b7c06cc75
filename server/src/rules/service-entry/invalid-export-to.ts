import type { Located } from '../../text/range.ts';
import { listOf, removeItem } from '../edits.ts';
import { Fields, refused } from '../fields.ts';
import { isDnsLabel } from '../names.ts';
import { type Finding, type Fix, resourceRule } from '../rule.ts';
import { quoted } from '../words.ts';

export const invalidExportTo = resourceRule({
  id: 'service-entry/invalid-export-to',
  severity: 'error',
  on: ['ServiceEntry'],
  refuses: true,
  codes: ['IST0106', 'SE-39', 'COM-21', 'COM-22', 'COM-23', 'COM-24'],
  summary: 'An `exportTo` with an entry that is none, or that contradicts another.',
  why: '`exportTo` lists namespaces, `.` for its own, or stands for all (`*`) or none (`~`) alone. Istio refuses anything else.',
  remedy: 'Keep `*` or `~` alone, and name each namespace once.',
  invalid: `
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: { name: external }
spec:
  hosts: [api.example.com]
  resolution: DNS
  ports: [{ number: 443, name: tls, protocol: TLS }]
  exportTo: ["*", shop]
`,
  valid: `
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: { name: external }
spec:
  hosts: [api.example.com]
  resolution: DNS
  ports: [{ number: 443, name: tls, protocol: TLS }]
  exportTo: [".", shop]
`,
  *check(entry) {
    const spec = Fields.spec(entry, 'ServiceEntry');
    if (spec === undefined) return;
    const all = spec.strings('exportTo');
    const own = entry.namespaceAt === undefined ? undefined : entry.namespace;
    const seen = new Map<string, Located<string>>();
    for (const item of all) {
      const key = item.value === '.' ? (own ?? '.') : item.value;
      const first = seen.get(key);
      if (first !== undefined) {
        const message =
          first.value === item.value
            ? `${quoted(item.value)} is listed twice`
            : `${quoted(item.value)} is the same as ${quoted(first.value)}: the namespace of this object`;
        const related = [{ at: first, message: 'the first one' }];
        yield { at: item, message, related, fixes: removal(entry.document, item), ...refused('SE-39', 'COM-21') };
        continue;
      }
      seen.set(key, item);
      if (!['.', '*', '~'].includes(item.value) && !isDnsLabel(item.value)) {
        const message = `${quoted(item.value)} is no namespace: "exportTo" takes their names, ".", "*" or "~"`;
        yield { at: item, message, ...refused('SE-39', 'COM-22') };
      }
    }
    if (all.length > 1) yield* alone(all);
  },
});

/** `*` and `~` leave no room for other entries. */
function* alone(all: readonly Located<string>[]): Generator<Finding> {
  const everybody = all.find(({ value }) => value === '*');
  const nobody = all.find(({ value }) => value === '~');
  const at = everybody ?? nobody;
  if (at === undefined || new Set(all.map(({ value }) => value)).size < 2) return;
  yield everybody === undefined
    ? { at, message: '"~" exports to no namespace, so it stands alone', ...refused('SE-39', 'COM-24') }
    : { at, message: '"*" exports to every namespace already, so it stands alone', ...refused('SE-39', 'COM-23') };
}

function removal(document: Parameters<typeof listOf>[0], item: Located<string>): readonly Fix[] {
  const found = listOf(document, item);
  const edit = found === undefined ? undefined : removeItem(document, found.list, found.index);
  return edit === undefined ? [] : [{ title: `Remove "${item.value}"`, edits: [edit], preferred: true }];
}
