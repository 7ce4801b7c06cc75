import type { TypedResource } from '../../model/decode.ts';
import { Reader } from '../../model/reader.ts';
import type { Located } from '../../text/range.ts';
import { isNull } from '../../yaml/node.ts';
import { refusal } from '../codes.ts';
import { listOf, removeItem } from '../edits.ts';
import { isDnsLabel } from '../names.ts';
import { type Finding, type Fix, resourceRule } from '../rule.ts';
import { quoted } from '../words.ts';

export const invalidExportTo = resourceRule({
  id: 'schema/invalid-export-to',
  severity: 'error',
  on: ['VirtualService', 'DestinationRule'],
  summary: 'A list of namespaces in `exportTo` that says something twice, or nothing.',
  why: 'Entries are `.` for the own namespace, `*` for all, or the name of a namespace. Istio refuses other words, entries that stand twice, and `*` beside others. A DestinationRule with a `workloadSelector` may only be for its own namespace.',
  remedy: 'Keep one of the entries, or name namespaces alone.',
  invalid: `
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: reviews }
spec:
  hosts: [reviews]
  exportTo: ["*", shop]
  http:
    - route: [{ destination: { host: reviews } }]
`,
  valid: `
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: reviews }
spec:
  hosts: [reviews]
  exportTo: [., shop]
  http:
    - route: [{ destination: { host: reviews } }]
`,
  codes: ['IST0106', 'COM-21', 'COM-22', 'COM-23', 'VS-92', 'DR-06', 'DR-07', 'DR-08'],
  refuses: true,
  *check(resource) {
    const own = resource.kind === 'VirtualService' ? 'VS-92' : 'DR-06';
    const distinct = new Map<string, Located<string>>();
    for (const entry of resource.exportTo) {
      const key = entry.value === '.' ? resource.namespace : entry.value;
      const first = distinct.get(key);
      if (first === undefined) {
        if (entry.value !== '*' && !isDnsLabel(key)) yield notANamespace(entry, own);
        else distinct.set(key, entry);
        continue;
      }
      yield {
        at: entry,
        message: `${quoted(entry.value)} names the same namespace as ${quoted(first.value)} before it, and Istio refuses what stands twice`,
        related: [{ at: first, message: 'the first one' }],
        fixes: removal(resource, entry),
        codes: refusal(own, 'COM-21'),
      };
    }
    const star = distinct.get('*');
    if (star !== undefined && resource.exportTo.length > 1) {
      yield {
        at: star,
        message: '"*" exports to every namespace, so it stands alone: Istio refuses it beside other entries',
        codes: refusal(own, 'COM-23'),
      };
    } else yield* withSelector(resource, distinct);
  },
});

function notANamespace(entry: Located<string>, own: string): Finding {
  const message =
    entry.value === '~'
      ? '"~" hides a ServiceEntry; for this kind Istio refuses it, and "." keeps it in its own namespace'
      : `${quoted(entry.value)} is no namespace: write a name, "." for the own one, or "*" for all`;
  return { at: entry, message, codes: refusal(own, 'COM-22') };
}

function removal({ document }: TypedResource, entry: Located<string>): readonly Fix[] {
  const found = listOf(document, entry);
  const edit = found === undefined ? undefined : removeItem(document, found.list, found.index);
  return edit === undefined ? [] : [{ title: `Remove "${entry.value}"`, edits: [edit] }];
}

/** Istio `validateExportTo`: a rule for some workloads of a namespace is not for other namespaces. */
function* withSelector(resource: TypedResource, distinct: ReadonlyMap<string, Located<string>>): Generator<Finding> {
  if (resource.kind !== 'DestinationRule' || distinct.size === 0) return;
  if (isNull(new Reader(resource.document).value(resource.spec, 'workloadSelector'))) return;
  const others = [...distinct].filter(([namespace]) => namespace !== resource.namespace);
  const [first] = others;
  if (first === undefined) return;
  // Without a namespace in the file, a name may well be that of the own one.
  if (resource.namespaceAt === undefined && others.every(([namespace]) => namespace !== '*')) return;
  yield {
    at: first[1],
    message: `with a "workloadSelector" the rule is for workloads of its own namespace, so Istio refuses ${quoted(first[1].value)} in "exportTo"`,
    codes: refusal('DR-06', others.length === distinct.size ? 'DR-08' : 'DR-07'),
  };
}
