import { resolveGatewayName } from '../../model/host.ts';
import { gatewayNames } from '../../model/references.ts';
import type { VirtualService } from '../../model/virtual-service.ts';
import type { Located } from '../../text/range.ts';
import { changeTo } from '../edits.ts';
import { nearest } from '../nearest.ts';
import { type Fix, resourceRule } from '../rule.ts';
import { allOf, quoted } from '../words.ts';
import { gatewayNameFault } from './invalid-gateway-name.ts';

export const unknownMatchGateway = resourceRule({
  id: 'virtual-service/unknown-match-gateway',
  severity: 'warning',
  on: ['VirtualService'],
  per: 'route',
  summary: 'A match names a gateway to which the VirtualService is not bound.',
  why: 'A VirtualService is applied only at its own `gateways` (without any, only at `mesh`). A match for another one never takes part.',
  remedy: 'Write the gateway as it stands in `gateways` of the VirtualService, or add it there.',
  invalid: `
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: shop, namespace: shop }
spec:
  hosts: [shop.example.com]
  gateways: [istio-ingress/public]
  http:
    - match: [{ gateways: [public], uri: { prefix: /cart } }]
      route: [{ destination: { host: cart } }]
`,
  valid: `
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: shop, namespace: shop }
spec:
  hosts: [shop.example.com]
  gateways: [istio-ingress/public]
  http:
    - match: [{ gateways: [istio-ingress/public], uri: { prefix: /cart } }]
      route: [{ destination: { host: cart } }]
`,
  *check(vs) {
    // A delegate is applied at the gateways of those who delegate to it.
    if (vs.hosts.length === 0) return;
    const bound = gatewayNames(vs);
    const keys = new Set(bound.map(name => resolveGatewayName(name, vs.namespace)));
    for (const match of [...vs.http, ...vs.tls, ...vs.tcp].flatMap(rule => [...rule.match])) {
      for (const name of match.gateways) {
        if (keys.has(resolveGatewayName(name.value, vs.namespace)) || gatewayNameFault(name.value) !== undefined)
          continue;
        const effect = match.gateways.length === 1 ? 'this match never applies' : 'this entry has no effect';
        const own =
          vs.gateways.length === 0
            ? 'it has no gateways, which means "mesh"'
            : `its gateways are ${allOf(bound.map(quoted))}`;
        yield {
          at: name,
          message: `the VirtualService is not bound to ${quoted(name.value)}, so ${effect}; ${own}`,
          fixes: fixesFor(
            vs,
            name,
            match.gateways.map(({ value }) => value),
          ),
        };
      }
    }
  },
});

function fixesFor(vs: VirtualService, name: Located<string>, present: readonly string[]): readonly Fix[] {
  const bound = gatewayNames(vs).filter(
    gateway => !present.includes(gateway) && gatewayNameFault(gateway) === undefined,
  );
  const simple = (text: string): string => text.slice(text.indexOf('/') + 1);
  const meant = bound.find(gateway => simple(gateway) === simple(name.value)) ?? nearest(name.value, bound);
  if (meant === undefined) return [];
  return [{ ...changeTo(vs.document, name, meant), preferred: true }];
}
