import { resolveGatewayName } from '../../model/host.ts';
import { gatewayNames } from '../../model/references.ts';
import { cover } from '../../text/range.ts';
import { mapAt, removeEntry } from '../edits.ts';
import { resourceRule } from '../rule.ts';
import { allOf, quoted } from '../words.ts';

export const ineffectiveSourceLabels = resourceRule({
  id: 'virtual-service/ineffective-source-labels',
  severity: 'warning',
  on: ['VirtualService'],
  per: 'route',
  summary: 'A match names gateways and says where requests come from.',
  why: 'Where a match has `gateways`, Istio does not look at its `sourceLabels` and `sourceNamespace`: the rule is for every client.',
  remedy: 'Leave `gateways` out of the match: with `sourceLabels` it is for sidecars anyway.',
  invalid: `
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: reviews }
spec:
  hosts: [reviews]
  http:
    - match: [{ gateways: [mesh], sourceLabels: { app: tester } }]
      route: [{ destination: { host: reviews } }]
`,
  valid: `
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: reviews }
spec:
  hosts: [reviews]
  http:
    - match: [{ sourceLabels: { app: tester } }]
      route: [{ destination: { host: reviews } }]
`,
  *check(vs) {
    const keyOf = (name: string): string => resolveGatewayName(name, vs.namespace);
    const bound = new Set(gatewayNames(vs).map(keyOf));
    for (const rule of [...vs.http, ...vs.tcp, ...vs.tls]) {
      for (const { at, gateways: named, sourceLabels, sourceNamespace } of rule.match) {
        const [first] = sourceLabels;
        const last = sourceLabels.at(-1);
        // Where the VirtualService is not bound to a gateway the match is for nobody, which is another finding.
        const gateways = vs.hosts.length === 0 ? named : named.filter(({ value }) => bound.has(keyOf(value)));
        if (gateways.length === 0) continue;
        const labels = first === undefined || last === undefined ? undefined : cover(first.key, last.value);
        const names = [
          ...(labels === undefined ? [] : ['"sourceLabels"']),
          ...(sourceNamespace?.value ? ['"sourceNamespace"'] : []),
        ];
        const place = labels ?? (sourceNamespace?.value ? sourceNamespace : undefined);
        if (place === undefined) continue;
        const isMeshOnly = named.every(({ value }) => value === 'mesh');
        const map = mapAt(vs.document, at);
        const edit = map === undefined || !isMeshOnly ? undefined : removeEntry(vs.document, map, 'gateways');
        yield {
          at: place,
          message: `beside "gateways" Istio does not look at ${allOf(names)}, so this match is for every client of ${allOf(gateways.map(({ value }) => quoted(value)))}`,
          fixes:
            edit === undefined ? [] : [{ title: 'Remove "gateways" from the match', edits: [edit], preferred: true }],
        };
      }
    }
  },
});
