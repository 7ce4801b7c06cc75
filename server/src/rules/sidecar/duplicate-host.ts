import type { Sidecar } from '../../model/sidecar.ts';
import type { Located } from '../../text/range.ts';
import { listOf, removeItem } from '../edits.ts';
import { acceptedWithWarning } from '../fields.ts';
import { type Finding, workspaceRule } from '../rule.ts';
import { quoted } from '../words.ts';

export const duplicateHost = workspaceRule({
  id: 'sidecar/duplicate-host',
  severity: 'warning',
  on: ['Sidecar'],
  ignores: 'VirtualService',
  codes: ['IST0133', 'SC-34', 'SC-35'],
  summary: 'An egress host that another entry covers already.',
  why: 'It adds nothing, and who reads it thinks that the list is narrower than it is: `*/*` for instance lets everything through.',
  remedy: 'Remove the entry, or the wider one that was not meant.',
  invalid: `
apiVersion: networking.istio.io/v1
kind: Sidecar
metadata: { name: default, namespace: shop }
spec:
  egress: [{ hosts: ["./*", "./reviews.shop.svc.cluster.local"] }]
`,
  valid: `
apiVersion: networking.istio.io/v1
kind: Sidecar
metadata: { name: default, namespace: shop }
spec:
  egress: [{ hosts: ["./*", "istio-system/*"] }]
`,
  *check(sidecar, { settings }) {
    const isForMesh = sidecar.namespace === settings.mesh.rootNamespace && sidecar.workloadSelector === undefined;
    for (const { hosts } of sidecar.egress) yield* judge(hosts, sidecar, isForMesh);
  },
});

/** Follows Istio's `ValidateSidecar`, which looks at one entry after the other. */
function* judge(hosts: readonly Located<string>[], sidecar: Sidecar, isForMesh: boolean): Generator<Finding> {
  const byNamespace = new Map<string, Map<string, Located<string>>>();
  const said = new Set<Located<string>>();
  for (const host of hosts) {
    const slash = host.value.indexOf('/');
    if (slash < 0 || host.value.startsWith('~')) continue;
    const written = host.value.slice(0, slash);
    const namespace = written === '.' ? sidecar.namespace : written;
    const service = host.value.slice(slash + 1);
    const known = byNamespace.get(namespace) ?? new Map<string, Located<string>>();
    byNamespace.set(namespace, known);
    const first = service === '*' ? [...known.values()][0] : (known.get(service) ?? known.get('*'));
    if (first !== undefined) {
      said.add(host);
      const isWider = service === '*' && first.value !== host.value;
      if (isForMesh && host.value.startsWith('./') !== first.value.startsWith('./')) {
        yield {
          at: host,
          message: `Istio will warn that ${quoted(host.value)} and ${quoted(first.value)} are the same: in the root namespace they are not, since "." stands for the namespace of each pod there`,
          related: [{ at: first, message: 'the other entry' }],
          ...acceptedWithWarning('SC-34'),
          severity: 'information',
        };
        known.set(service, host);
        continue;
      }
      yield {
        at: host,
        message: isWider
          ? `${quoted(host.value)} covers ${quoted(first.value)} before it, which adds nothing`
          : `${quoted(host.value)} adds nothing: ${quoted(first.value)} covers it already`,
        related: [{ at: first, message: isWider ? 'the entry that adds nothing' : 'the entry that covers it' }],
        ...removal(sidecar, isWider ? first : host),
        ...acceptedWithWarning('SC-34'),
      };
    }
    known.set(service, host);
  }
  const everything = byNamespace.get('*')?.get('*');
  if (everything === undefined || byNamespace.size < 2 || said.has(everything)) return;
  yield {
    at: everything,
    message: '"*/*" covers everything, so the other entries add nothing',
    ...acceptedWithWarning('SC-35'),
  };
}

function removal(sidecar: Sidecar, item: Located<string>): Pick<Finding, 'fixes'> {
  const found = listOf(sidecar.document, item);
  const edit = found === undefined ? undefined : removeItem(sidecar.document, found.list, found.index);
  return edit === undefined ? {} : { fixes: [{ title: `Remove "${item.value}"`, edits: [edit] }] };
}
